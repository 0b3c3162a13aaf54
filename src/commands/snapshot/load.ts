import { Command } from 'commander';
import type { App } from '../../app.ts';
import { snapshotName } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { loadedSnapshotView } from '../../views/snapshots.ts';

export function snapshotLoadCommand(app: App): Command {
  return new Command('load')
    .argument('<name>', 'name of the snapshot', snapshotName)
    .addHelpText('after', '\nExample:\n  $ cliffracer snapshot load before-the-storm')
    .action(async (name: string) => {
      const endpoint = (await app.endpoint()).value;
      const done = await control<{ loaded: string }>(endpoint, app.clock.now, {
        ...{ method: 'POST', path: `/snapshots/${encodeURIComponent(name)}/load`, what: 'a snapshot' },
      });
      await app.print.result(done, loadedSnapshotView);
    });
}
