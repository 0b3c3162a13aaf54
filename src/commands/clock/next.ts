import { Command } from 'commander';
import { callClock } from '../../access/clock.ts';
import type { App } from '../../app.ts';
import { clockView } from '../../views/clock.ts';

export function clockNextCommand(app: App): Command {
  return new Command('next').addHelpText('after', '\nExample:\n  $ cliffracer clock next').action(async () => {
    await app.print.result(await callClock(app, 'POST', '/next'), clockView);
  });
}
