import { resolve } from 'node:path';
import { Command } from 'commander';
import type { App } from '../app.ts';
import { callCount, filePath, oneOf, portOrAny, seconds, wholeNumber } from '../cli/arguments.ts';
import { DEFAULT_PORT } from '../engines/endpoint.ts';
import { ENGINE_CHOICES, type EngineChoice } from '../engines/kinds.ts';
import { freePort } from '../engines/ports.ts';
import { ownServices } from '../engines/service-endpoints.ts';
import { resolveSetting } from '../engines/settings.ts';
import { engineUp } from '../engines/up.ts';
import { CliffracerError } from '../errors.ts';
import { type EngineView, engineView, nextSteps, noticesView, reasonView } from '../views/engine.ts';
import { safe } from '../views/text.ts';
import { provision } from './provision.ts';

export interface UpOptions {
  engine?: EngineChoice;
  image?: string;
  port?: number;
  provision: boolean;
  wait?: number;
  clock?: (typeof CLOCKS)[number];
  seed?: number;
  dataDir?: string;
  acceptLoss?: true;
  lenient?: true;
  calls?: number;
  console?: true;
  delivery?: (typeof DELIVERIES)[number];
  tls?: true;
}

const EXAMPLES = `
Examples:
  $ cliffracer up
  $ cliffracer up --engine localstack --port 4567
  $ cliffracer up --engine localstack --image localstack/localstack:latest   # with LOCALSTACK_AUTH_TOKEN set`;

const CLOCKS = ['real', 'virtual'] as const;
const DELIVERIES = ['in-order', 'aws'] as const;

export function upCommand(app: App): Command {
  return new Command('up')
    .option('--engine <name>', `${ENGINE_CHOICES.join(', ')} (default auto)`, oneOf(ENGINE_CHOICES))
    .option('--image <image>', 'run the engine in a container of this image')
    .option('-p, --port <n>', `port of the engine (default ${DEFAULT_PORT}); 0: any that is free`, portOrAny)
    .option('--no-provision', 'only the engine: leave the stack alone')
    .option(
      '--wait <seconds>',
      'how long the engine may take, the pull of an image left out (default 30, LocalStack 60)',
      seconds,
    )
    .option('--clock <kind>', 'real (default), or virtual: starts frozen, turned by `clock advance`', oneOf(CLOCKS))
    .option('--seed <n>', 'seed of ids, delivery order and faults', wholeNumber)
    .option('--data-dir <dir>', 'keep the state there, across restarts and crashes', filePath)
    .option('--accept-loss', 'go on without what the data directory has lost')
    .option('--delivery <order>', 'in-order (default), or aws: out of order, now and then twice', oneOf(DELIVERIES))
    .option('--calls <n>', 'calls that the call log keeps (default 100000); 0 keeps none', callCount)
    .option('--tls', 'serve HTTPS too, at the same port, and write whom to trust for it into a file')
    .option('--console', 'then serve the page of `cliffracer console`, until Ctrl-C')
    .option('--lenient', 'as LocalStack, where it is less strict than AWS (docs/engine.md)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: UpOptions) => {
      const data = await up(app, options);
      await app.print.note(data, reasonView);
      await app.print.note(data, noticesView);
      await app.print.result(data, engineView);
      if (options.console) await (await import('./console.ts')).runConsole(app, {});
      else if (app.io.stderr.isTTY) await app.print.note(data, nextSteps);
    });
}

/** Starts an engine, or adopts the engine that answers at the endpoint, and provisions the stack on it. */
export async function up(app: App, options: UpOptions): Promise<EngineView> {
  const choice = await chosen(app, options);
  const endpoint = await endpointOf(app, options);
  const progress = await app.progress(`Starting the engine at ${endpoint.value}`);
  try {
    const engine = await engineUp({
      ...choice,
      endpoint,
      services: ownServices(app.globals.endpointUrl, app.env),
      kill: app.system.kill,
      tell: (text, takesLong) => {
        progress.update(text);
        if (takesLong && !app.io.stderr.isTTY) void app.print.note({}, () => safe(text));
      },
      // From there on `engineUp` watches the signal itself.
      onStart: () => app.endsOnSignal(),
      home: app.home,
      instance: app.system.uuid(),
      version: app.version,
      env: app.env,
      execPath: app.system.execPath,
      entry: app.system.engineEntry,
      ...(options.clock === 'virtual' && { frozen: true }),
      seed: options.seed,
      ...(options.dataDir !== undefined && { dataDirectory: resolve(options.dataDir) }),
      ...(options.acceptLoss && { acceptLoss: true }),
      ...(options.lenient && { lenient: true }),
      ...(options.calls !== undefined && { calls: options.calls }),
      delivery: options.delivery,
      ...(options.tls && { tls: true }),
      clock: app.clock,
      signal: app.signal,
    });
    if (engine.action === 'adopted') refuseIgnored(options, engine.endpoint);
    if (!options.provision) return engine;
    progress.update('Provisioning the stack');
    const { stack, resources } = await provision(app);
    const count = (action: string) => resources.filter((fact) => fact.action === action).length;
    const counts = { created: count('created'), updated: count('updated'), unchanged: count('unchanged') };
    return { ...engine, stack: { name: stack, ...counts } };
  } finally {
    progress.stop();
  }
}

/** Engine, image and patience, from wherever they are said. */
async function chosen(app: App, options: UpOptions) {
  const project = await app.project();
  const setting = (name: 'engine' | 'image' | 'wait', flag: string | undefined) =>
    resolveSetting(name, flag, app.env, project);
  const engine = (setting('engine', options.engine)?.value ?? 'auto') as EngineChoice;
  const image = setting('image', options.image);
  const wait = setting('wait', options.wait === undefined ? undefined : String(options.wait));
  if (engine === 'embedded' && image?.origin === '--image') {
    throw new CliffracerError('usage', 'the embedded engine has no image', {
      hint: 'drop --image, or name another --engine',
    });
  }
  const ownOption = ownOptionOf(options);
  if (ownOption !== undefined && engine !== 'embedded' && engine !== 'auto') {
    throw new CliffracerError('usage', `${ownOption} is for the embedded engine, not for ${engine}`, {
      hint: `drop ${ownOption}, or say --engine embedded`,
    });
  }
  const waitMs = wait === undefined ? undefined : Number(wait.value) * 1000;
  return { engine, waitMs, ...(image !== undefined && engine !== 'embedded' && { image: image.value }) };
}

/** What only a new engine can have must not be passed over in silence when one runs already. */
function refuseIgnored(options: UpOptions, endpoint: string): void {
  const ignored = ownOptionOf(options);
  if (ignored === undefined) return;
  throw new CliffracerError('conflict', `an engine runs at ${endpoint} already, and ${ignored} is for a new one`, {
    hint: 'cliffracer down, or another --port',
  });
}

/** The first option given that only the embedded engine has. */
function ownOptionOf({
  clock,
  seed,
  dataDir,
  acceptLoss,
  lenient,
  delivery,
  calls,
  tls,
}: UpOptions): string | undefined {
  const kept = { '--data-dir': dataDir, '--accept-loss': acceptLoss };
  const own = {
    '--clock': clock,
    '--seed': seed,
    ...kept,
    '--lenient': lenient,
    '--delivery': delivery,
    '--calls': calls,
    '--tls': tls,
  };
  return Object.entries(own).find(([, value]) => value !== undefined)?.[0];
}

async function endpointOf(app: App, options: UpOptions): Promise<Awaited<ReturnType<App['endpoint']>>> {
  if (options.port === undefined) return app.endpoint();
  if (app.globals.endpointUrl !== undefined) {
    throw new CliffracerError('usage', '--port and --endpoint-url both say where the engine is', {
      hint: 'give one of them',
    });
  }
  return app.useEndpoint(`http://127.0.0.1:${options.port === 0 ? await freePort() : options.port}`);
}
