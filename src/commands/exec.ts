import { basename, dirname, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { App } from '../app.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { probe } from '../engines/probe.ts';
import { CliffracerError } from '../errors.ts';
import { consumerEnvironment } from '../lab/consumers/environment.ts';
import type { Interception } from '../lab/intercept/interception.ts';

export interface ExecOptions {
  as?: string;
  intercept?: true;
}

export function execCommand(app: App): Command {
  return new Command('exec')
    .argument('<command...>', 'the program and its arguments, after --')
    .option('--as <name>', "its name in the call log (default: the program's)", callerName)
    .option('--intercept', 'take calls to AWS itself to the engine, too, and refuse all others')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer exec -- python3 worker.py\n  $ cliffracer exec --as billing -- node worker.js\n' +
        '  $ cliffracer exec --intercept -- aws sqs list-queues\n\n' +
        'The program gets the endpoint, a region and test credentials in its environment, and needs no change. The engine\n' +
        'is started if none runs. Signals are passed on to the program, and its exit code is that of this command.',
    )
    .action(async (words: string[], options: ExecOptions) => {
      app.exitWith(await exec(app, words[0] === '--' ? words.slice(1) : words, options));
    });
}

/** Longer ones make SDKs complain (AWS SDKs and Tools Reference Guide, Application ID). */
const LONGEST_NAME = 50;
/** Refused hosts that are told: a program that tries thousands must not bury its own output. */
const MOST_TOLD = 100;

function callerName(text: string): string {
  if (/^[\w.-]+$/.test(text) && text.length <= LONGEST_NAME) return text;
  throw new InvalidArgumentError(`It must be 1 to ${LONGEST_NAME} letters, digits, dots, hyphens and underscores.`);
}

/** Runs a program against the engine; resolves with its exit code. */
export async function exec(app: App, [command, ...args]: readonly string[], options: ExecOptions): Promise<number> {
  if (command === undefined) {
    throw new CliffracerError('usage', 'the program is missing', { hint: 'cliffracer exec -- COMMAND' });
  }
  const endpoint = (await app.endpoint()).value;
  if ((await probe(endpoint, app.clock.now)).answer !== 'engine') {
    const { up } = await import('./up.ts');
    const started = await up(app, { provision: false });
    await app.print.note(
      started,
      ({ engine, version }) => `No engine ran: started ${engine} ${version ?? ''} at ${endpoint}.`,
    );
  }
  const region = resolveRegion(app.globals.region, app.env).value;
  const name =
    options.as ??
    basename(command)
      .replace(/[^\w.-]/g, '-')
      .slice(0, LONGEST_NAME);
  const interception = options.intercept && (await interceptedBy(app, endpoint));
  const environment = consumerEnvironment(app.env, { endpoint, region }, name, interception?.variables);
  try {
    return await app.system.run(command, args, environment);
  } catch (error) {
    const why = (error as { code?: string }).code === 'ENOENT' ? 'is not there' : (error as Error).message;
    const hint = 'give the program after --: cliffracer exec -- COMMAND';
    throw new CliffracerError('not_found', `the program ${JSON.stringify(command)} ${why}`, { hint, cause: error });
  } finally {
    interception?.close();
  }
}

/** Says each refused host once, when it is refused: what the program makes of that is its own affair. */
async function interceptedBy(app: App, endpoint: string): Promise<Interception> {
  const { intercept } = await import('../lab/intercept/interception.ts');
  const { refusedView } = await import('../views/intercept.ts');
  const refused = new Set<string>();
  const interception = await intercept({
    ...{ endpoint, env: app.env, now: app.clock.now() },
    preload: join(dirname(app.system.engineEntry), 'intercept-preload.cjs'),
    onRefused(target) {
      if (refused.has(target) || refused.size >= MOST_TOLD) return;
      refused.add(target);
      void app.print.note({ target }, refusedView);
    },
  });
  app.system.atExit(() => interception.close());
  return interception;
}
