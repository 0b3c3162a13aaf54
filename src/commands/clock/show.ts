import { Command } from 'commander';
import { callClock } from '../../access/clock.ts';
import type { App } from '../../app.ts';
import { clockView } from '../../views/clock.ts';

export function clockShowCommand(app: App): Command {
  return new Command('show').addHelpText('after', '\nExample:\n  $ cliffracer clock').action(async () => {
    await app.print.result(await callClock(app, 'GET', ''), clockView);
  });
}
