import { Command } from 'commander';
import type { App } from '../../app.ts';
import { clockView } from '../../views/clock.ts';
import { callClock } from './turn.ts';

export function clockResumeCommand(app: App): Command {
  return new Command('resume').addHelpText('after', '\nExample:\n  $ cliffracer clock resume').action(async () => {
    await app.print.result(await callClock(app, 'POST', '/resume'), clockView);
  });
}
