import { Command } from 'commander';
import type { App } from '../../app.ts';
import { snapshotName } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { type SnapshotRow, savedSnapshotView } from '../../views/snapshots.ts';

export function snapshotSaveCommand(app: App): Command {
  return new Command('save')
    .argument('<name>', 'name of the snapshot; one of that name is replaced', snapshotName)
    .addHelpText('after', '\nExample:\n  $ cliffracer snapshot save before-the-storm')
    .action(async (name: string) => {
      const endpoint = (await app.endpoint()).value;
      const done = await control<{ snapshot: SnapshotRow }>(endpoint, app.clock.now, {
        ...{ method: 'POST', path: `/snapshots/${encodeURIComponent(name)}`, what: 'a snapshot' },
      });
      await app.print.result(done, savedSnapshotView);
    });
}
