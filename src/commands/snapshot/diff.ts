import { Command } from 'commander';
import type { App } from '../../app.ts';
import { count, snapshotArgument, snapshotName } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { SNAPSHOT } from '../../questions/offers.ts';
import { which, whichIfAny } from '../../questions/which.ts';
import { type DifferenceView, differenceView } from '../../views/snapshots.ts';

export interface SnapshotDiffOptions {
  limit?: number;
  exitCode?: boolean;
}

export function snapshotDiffCommand(app: App): Command {
  return new Command('diff')
    .addArgument(snapshotArgument())
    .argument('[other]', 'the snapshot to compare it with (default: the present)', snapshotName)
    .option('-L, --limit <n>', 'show at most so many differences (default 100)', count)
    .option('--exit-code', 'exit 1 when they differ')
    .addHelpText('after', '\nExample, what the last order changed:\n  $ cliffracer snapshot diff before-the-storm')
    .action(async (given: string | undefined, compared: string | undefined, options: SnapshotDiffOptions) => {
      const name = await which(app, SNAPSHOT, given);
      const other = await whichIfAny(app, SNAPSHOT, compared);
      const data = await snapshotDiff(app, name, other, options);
      await app.print.result(data, differenceView);
      if (options.exitCode && data.totals.length > 0) app.fail('check_failed');
    });
}

/** What has come, gone and changed, by resource. */
export async function snapshotDiff(
  app: App,
  name: string,
  other: string | undefined,
  { limit }: SnapshotDiffOptions,
): Promise<DifferenceView> {
  const query = new URLSearchParams();
  if (other !== undefined) query.set('with', other);
  if (limit !== undefined) query.set('limit', String(Math.min(limit, 10_000)));
  const endpoint = (await app.endpoint()).value;
  return control<DifferenceView>(endpoint, app.clock.now, {
    ...{ path: `/snapshots/${encodeURIComponent(name)}/diff?${query}`, what: 'a snapshot' },
  });
}
