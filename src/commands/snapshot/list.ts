import { Command } from 'commander';
import type { App } from '../../app.ts';
import { control } from '../../engines/embedded/control.ts';
import { type SnapshotRow, snapshotsView } from '../../views/snapshots.ts';

export function snapshotListCommand(app: App): Command {
  return new Command('list').addHelpText('after', '\nExample:\n  $ cliffracer snapshot list').action(async () => {
    const endpoint = (await app.endpoint()).value;
    const found = await control<{ snapshots: SnapshotRow[] }>(endpoint, app.clock.now, {
      ...{ path: '/snapshots', what: 'a snapshot' },
    });
    await app.print.result(found, snapshotsView);
  });
}
