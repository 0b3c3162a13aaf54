import { Command } from 'commander';
import type { App } from '../app.ts';
import { count } from '../cli/arguments.ts';
import { readEngineLog } from '../engines/log-lines.ts';
import { safe } from '../views/text.ts';

export interface LogsOptions {
  follow?: boolean;
  tail?: number;
}

const DEFAULT_TAIL = 200;

export function logsCommand(app: App): Command {
  return new Command('logs')
    .option('-f, --follow', 'show new lines as they come, until Ctrl-C')
    .option('-n, --tail <n>', `how many of the last lines (default ${DEFAULT_TAIL})`, count)
    .addHelpText('after', "\nExample:\n  $ cliffracer logs -f\n\nFor the shop's own log lines: cliffracer inspect logs")
    .action((options: LogsOptions) => logs(app, options));
}

/** The engine's own log, line by line; under --json one object a line. */
export async function logs(app: App, { follow = false, tail = DEFAULT_TAIL }: LogsOptions): Promise<void> {
  const { home, env, clock, signal } = app;
  const endpoint = (await app.endpoint()).value;
  app.endsOnSignal();
  // Lines come faster than a slow pipe takes them: each waits for the one before.
  let written = Promise.resolve();
  await readEngineLog({ endpoint, home, env, clock, signal, follow, tail }, (line) => {
    written = written.then(() => app.print.fact({ line }, ({ line: text }) => safe(text.replaceAll('\t', '  '))));
  });
  await written;
}
