import { Command } from 'commander';
import { callClock } from '../../access/clock.ts';
import type { App } from '../../app.ts';
import { clockView } from '../../views/clock.ts';

export function clockFreezeCommand(app: App): Command {
  return new Command('freeze').addHelpText('after', '\nExample:\n  $ cliffracer clock freeze').action(async () => {
    await app.print.result(await callClock(app, 'POST', '/freeze'), clockView);
  });
}
