import { Command } from 'commander';
import type { App } from '../app.ts';
import { portOrAny } from '../cli/arguments.ts';
import { type ConsoleView, consoleView, notOpenedView } from '../views/console.ts';

export interface ConsoleOptions {
  port?: number;
  open?: boolean;
  write?: boolean;
}

/** Beside the engine's own port, 4566. */
const DEFAULT_PORT = 4577;

export function consoleCommand(app: App): Command {
  return new Command('console')
    .option(
      '-p, --port <n>',
      `port of the page (default ${DEFAULT_PORT}, or any that is free); 0: any that is free`,
      portOrAny,
    )
    .option('--open', 'open it in the browser')
    .option('--write', 'on AWS, with --account: what is there may be changed')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer console --open\n  $ cliffracer console --port 0\n\n' +
        'Runs until Ctrl-C, on 127.0.0.1 only. The address holds a key: who has it may do what you may. Works without any network.',
    )
    .action((options: ConsoleOptions) => runConsole(app, options));
}

/** Shows the address, and serves the page until Ctrl-C. */
export async function runConsole(app: App, options: ConsoleOptions): Promise<void> {
  const [{ consoleDeps }, { startConsole }] = await Promise.all([
    import('../access/console.ts'),
    import('../access/console-server.ts'),
  ]);
  const deps = await consoleDeps(app, { write: options.write === true });
  app.endsOnSignal();
  const console = await startConsole(app, deps, options.port ?? (await defaultPort()));
  const { about } = deps;
  const { engine, endpoint, region, account } = about;
  const view: ConsoleView = { url: console.url, engine, endpoint, region, account, write: about.write === true };
  await app.print.result(view, consoleView);
  if (options.open && !(await console.open())) await app.print.note(view, notOpenedView);
  await console.ended();
}

async function defaultPort(): Promise<number> {
  const { tryPort } = await import('../engines/ports.ts');
  return (await tryPort(DEFAULT_PORT)) === undefined ? DEFAULT_PORT : 0;
}
