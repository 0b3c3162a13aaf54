import { Command } from 'commander';
import type { App } from '../../app.ts';
import { clockView } from '../../views/clock.ts';
import { callClock } from './turn.ts';

export function clockShowCommand(app: App): Command {
  return new Command('show').addHelpText('after', '\nExample:\n  $ cliffracer clock').action(async () => {
    await app.print.result(await callClock(app, 'GET', ''), clockView);
  });
}
