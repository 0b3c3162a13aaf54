import { Command } from 'commander';
import type { App } from '../../app.ts';
import { snapshotName } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { deletedSnapshotView } from '../../views/snapshots.ts';

export function snapshotDeleteCommand(app: App): Command {
  return new Command('delete')
    .argument('<name>', 'name of the snapshot', snapshotName)
    .addHelpText('after', '\nExample:\n  $ cliffracer snapshot delete before-the-storm')
    .action(async (name: string) => {
      const endpoint = (await app.endpoint()).value;
      const done = await control<{ deleted: string }>(endpoint, app.clock.now, {
        ...{ method: 'DELETE', path: `/snapshots/${encodeURIComponent(name)}`, what: 'a snapshot' },
      });
      await app.print.result(done, deletedSnapshotView);
    });
}
