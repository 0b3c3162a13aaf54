import { Command } from 'commander';
import { callClock } from '../../access/clock.ts';
import type { App } from '../../app.ts';
import { clockView } from '../../views/clock.ts';

export function clockResumeCommand(app: App): Command {
  return new Command('resume').addHelpText('after', '\nExample:\n  $ cliffracer clock resume').action(async () => {
    await app.print.result(await callClock(app, 'POST', '/resume'), clockView);
  });
}
