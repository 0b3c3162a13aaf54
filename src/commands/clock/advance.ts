import { Command } from 'commander';
import { callClock } from '../../access/clock.ts';
import type { App } from '../../app.ts';
import { duration } from '../../cli/arguments.ts';
import { clockView } from '../../views/clock.ts';

export function clockAdvanceCommand(app: App): Command {
  return new Command('advance')
    .argument('<time>', 'how far, as 30s, 5m, 2h, 4d', duration)
    .addHelpText(
      'after',
      '\nExample, past the visibility timeout of a message in flight:\n  $ cliffracer clock advance 30s',
    )
    .action(async (ms: number) => {
      await app.print.result(await callClock(app, 'POST', '/advance', { ms }), clockView);
    });
}
