import { Command } from 'commander';
import type { App } from '../../app.ts';
import { snapshotArgument } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { SNAPSHOT } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import { loadedSnapshotView } from '../../views/snapshots.ts';

export function snapshotLoadCommand(app: App): Command {
  return new Command('load')
    .addArgument(snapshotArgument())
    .addHelpText('after', '\nExample:\n  $ cliffracer snapshot load before-the-storm')
    .action(async (given: string | undefined) => {
      const name = await which(app, SNAPSHOT, given);
      const endpoint = (await app.endpoint()).value;
      const done = await control<{ loaded: string }>(endpoint, app.clock.now, {
        ...{ method: 'POST', path: `/snapshots/${encodeURIComponent(name)}/load`, what: 'a snapshot' },
      });
      await app.print.result(done, loadedSnapshotView);
    });
}
