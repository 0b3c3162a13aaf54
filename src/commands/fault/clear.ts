import { Command } from 'commander';
import type { App } from '../../app.ts';
import { count } from '../../cli/arguments.ts';
import { control } from '../../engines/embedded/control.ts';
import { type FaultRow, removedFaultsView } from '../../views/faults.ts';

export function faultClearCommand(app: App): Command {
  return new Command('clear')
    .argument('[id]', 'only the rule of this number (see `fault list`)', count)
    .addHelpText('after', '\nExample:\n  $ cliffracer fault clear')
    .action(async (id: number | undefined) => {
      const endpoint = (await app.endpoint()).value;
      const removed = await control<{ removed: FaultRow[] }>(endpoint, app.clock.now, {
        ...{ method: 'DELETE', path: id === undefined ? '/faults' : `/faults/${id}`, what: 'fault injection' },
      });
      await app.print.result(removed, removedFaultsView);
    });
}
