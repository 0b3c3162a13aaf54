import { Command } from 'commander';
import type { App } from '../../app.ts';
import { snapshotArgument } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { SNAPSHOT } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import { deletedSnapshotView } from '../../views/snapshots.ts';

export function snapshotDeleteCommand(app: App): Command {
  return new Command('delete')
    .addArgument(snapshotArgument())
    .addHelpText('after', '\nExample:\n  $ cliffracer snapshot delete before-the-storm')
    .action(async (given: string | undefined) => {
      const name = await which(app, SNAPSHOT, given);
      const endpoint = (await app.endpoint()).value;
      const done = await control<{ deleted: string }>(endpoint, app.clock.now, {
        ...{ method: 'DELETE', path: `/snapshots/${encodeURIComponent(name)}`, what: 'a snapshot' },
      });
      await app.print.result(done, deletedSnapshotView);
    });
}
