import { Command } from 'commander';
import type { App } from '../../app.ts';
import { control } from '../../engines/embedded/control.ts';
import { type FaultRow, faultsView } from '../../views/faults.ts';

export function faultListCommand(app: App): Command {
  return new Command('list').addHelpText('after', '\nExample:\n  $ cliffracer fault list').action(async () => {
    const endpoint = (await app.endpoint()).value;
    const found = await control<{ faults: FaultRow[] }>(endpoint, app.clock.now, {
      ...{ path: '/faults', what: 'fault injection' },
    });
    await app.print.result(found, faultsView);
  });
}
