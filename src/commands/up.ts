import { resolve } from 'node:path';
import { Command } from 'commander';
import type { App } from '../app.ts';
import { DEFAULT_PORT } from '../engines/endpoint.ts';
import { engineUp } from '../engines/up.ts';
import { CliffracerError } from '../errors.ts';
import { type EngineView, engineView, nextSteps } from '../views/engine.ts';
import { oneOf, port, seconds, wholeNumber } from './arguments.ts';
import { provision } from './provision.ts';

export interface UpOptions {
  port?: number;
  provision: boolean;
  wait?: number;
  clock?: (typeof CLOCKS)[number];
  seed?: number;
  dataDir?: string;
}

const CLOCKS = ['real', 'virtual'] as const;

const DEFAULT_WAIT_SECONDS = 30;

export function upCommand(app: App): Command {
  return new Command('up')
    .option('--port <n>', `port of the engine (default ${DEFAULT_PORT})`, port)
    .option('--no-provision', 'only the engine: leave the stack alone')
    .option('--wait <seconds>', `how long the engine may take (default ${DEFAULT_WAIT_SECONDS})`, seconds)
    .option('--clock <kind>', 'real (default), or virtual: starts frozen, turned by `clock advance`', oneOf(CLOCKS))
    .option('--seed <n>', 'seed of ids, delivery order and faults', wholeNumber)
    .option('--data-dir <dir>', 'keep the state there, across restarts and crashes')
    .addHelpText('after', '\nExample:\n  $ cliffracer up --port 4600')
    .action(async (options: UpOptions) => {
      const data = await up(app, options);
      await app.print.result(data, engineView);
      if (app.io.stderr.isTTY) await app.print.note(data, nextSteps);
    });
}

/** Starts the embedded engine, or adopts the engine that answers at the endpoint, and provisions the stack on it. */
export async function up(app: App, options: UpOptions): Promise<EngineView> {
  const endpoint = await endpointOf(app, options);
  const progress = await app.progress(`Starting the engine at ${endpoint.value}`);
  try {
    const engine = await engineUp({
      endpoint,
      home: app.home,
      instance: app.system.uuid(),
      version: app.version,
      env: app.env,
      execPath: app.system.execPath,
      entry: app.system.engineEntry,
      ...(options.clock === 'virtual' && { frozen: true }),
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.dataDir !== undefined && { dataDirectory: resolve(options.dataDir) }),
      waitMs: (options.wait ?? DEFAULT_WAIT_SECONDS) * 1000,
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

/** What only a new engine can have must not be passed over in silence when one runs already. */
function refuseIgnored({ clock, seed, dataDir }: UpOptions, endpoint: string): void {
  const given = Object.entries({ '--clock': clock, '--seed': seed, '--data-dir': dataDir });
  const [ignored] = given.find(([, value]) => value !== undefined) ?? [];
  if (ignored === undefined) return;
  throw new CliffracerError('conflict', `an engine runs at ${endpoint} already, and ${ignored} is for a new one`, {
    hint: 'cliffracer down, or another --port',
  });
}

async function endpointOf(app: App, options: UpOptions): Promise<Awaited<ReturnType<App['endpoint']>>> {
  if (options.port === undefined) return app.endpoint();
  if (app.globals.endpointUrl !== undefined) {
    throw new CliffracerError('usage', '--port and --endpoint-url both say where the engine is', {
      hint: 'give one of them',
    });
  }
  return app.useEndpoint(`http://127.0.0.1:${options.port}`);
}
