import type { App } from '../app.ts';
import { probe } from '../engines/probe.ts';
import { CliffracerError } from '../errors.ts';
import { menuView } from '../views/engine.ts';

export interface MenuOptions {
  help(): string;
  /** Runs a command line, as if it had been typed. */
  run(argv: readonly string[]): Promise<void>;
}

const QUIT = 'quit';

/** Choices while an engine answers, and while none does; each is the command that it stands for. */
const WITH_ENGINE: readonly [line: string, text: string][] = [
  ['order create', 'place an order'],
  ['drain --step', 'step through the messages'],
  ['drain', 'handle all messages'],
  ['order list', 'see the orders'],
  ['inspect receipts', 'see the receipts'],
  ['inspect inventory', 'see the stock'],
  ['inspect queues', 'see the queues'],
  ['inspect metrics', 'see the metrics'],
  ['inspect logs', 'read the logs'],
  ['health', 'check the engine'],
  ['down', 'stop the engine'],
];
const WITHOUT_ENGINE: readonly [line: string, text: string][] = [
  ['up', 'start the engine and provision the shop'],
  ['demo', 'watch three orders on an engine of their own'],
];

/** The program without arguments: a menu in a terminal, help in a pipe. */
export async function menu(app: App, { help, run }: MenuOptions): Promise<void> {
  if (!app.prompt.available) return app.print.raw(help());
  for (;;) {
    const endpoint = (await app.endpoint()).value;
    const found = await probe(endpoint, app.clock.now);
    const engine = found.answer === 'engine' ? found.kind : undefined;
    await app.print.note({ endpoint, engine, detail: found.answer === 'engine' ? '' : found.detail }, menuView);
    const choices = engine === undefined ? WITHOUT_ENGINE : WITH_ENGINE;
    const line = await app.prompt.select({
      message: 'What next?',
      flag: 'a command',
      choices: [
        ...choices.map(([value, text]) => ({ value, name: `${text.padEnd(42)} cliffracer ${value}` })),
        { value: QUIT, name: 'quit' },
      ],
    });
    if (line === QUIT) return;
    await attempt(app, () => run(line.split(' ')));
  }
}

/** A command that fails does not end the menu; Ctrl-C at one of its questions leads back to it. */
async function attempt(app: App, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof CliffracerError) || app.signal.aborted) throw error;
    await app.print.error(error, app.globals.debug);
  }
}
