import { CliffracerError } from '../errors.ts';
import { type ContainerCli, findContainerCli } from './docker/cli.ts';
import { daemonMayRun, inspectImage, refuseRemoteDaemon, requireContainerCli } from './docker/daemon.ts';
import { startContainer } from './docker/start.ts';
import { ENGINE_NAMES } from './kinds.ts';
import type { Launch, LaunchOptions } from './launch.ts';
import { installedManager, startManaged } from './managed.ts';
import { fetchedServer, installedServer, startProcess } from './process/start.ts';

/** Starts an engine that is not ours in the best way that this machine has for it. */
export async function startForeign(options: LaunchOptions): Promise<Launch> {
  const { spec, image } = options;
  if (image !== undefined) {
    const manager = findContainerCli(options.env) === undefined ? installedManager(options) : undefined;
    return manager === undefined
      ? inContainer(requireContainerCli(options.env), options)
      : startManaged(manager, options);
  }
  const installed = installedServer(spec, options);
  if (installed !== undefined && spec.prefers === 'command') return startProcess(installed, options);
  const asked = await usableCli(options);
  if ('cli' in asked) return inContainer(asked.cli, options);
  if (installed !== undefined) return startProcess(installed, options);
  const fetched = fetchedServer(spec, options);
  if (fetched !== undefined) {
    options.tell(`Starting ${fetched.command} ${fetched.args.join(' ')}`);
    return startProcess(fetched, options);
  }
  const manager = asked.fault === undefined ? installedManager(options) : undefined;
  if (manager !== undefined) return startManaged(manager, options);
  throw asked.fault ?? missing(options);
}

async function inContainer(cli: ContainerCli, options: LaunchOptions): Promise<Launch> {
  refuseRemoteDaemon(options.env);
  return startContainer(cli, options);
}

/** The container command if its daemon answers; else why it does not, or nothing at all when there is no such command. */
async function usableCli({ env, spec }: LaunchOptions): Promise<{ cli: ContainerCli } | { fault?: Error }> {
  const cli = findContainerCli(env);
  if (cli === undefined) return {};
  try {
    refuseRemoteDaemon(env);
    await inspectImage(cli, spec.container.image, daemonMayRun(env) ? undefined : DOUBTFUL_TIMEOUT_MS);
    return { cli };
  } catch (error) {
    if (error instanceof CliffracerError) return { fault: error };
    throw error;
  }
}

/** For a daemon of which no socket was found. */
const DOUBTFUL_TIMEOUT_MS = 5_000;

function missing({ spec, env }: LaunchOptions): CliffracerError {
  const name = ENGINE_NAMES[spec.kind];
  if (spec.prefers === 'container' && spec.command === undefined) requireContainerCli(env);
  return new CliffracerError('engine_missing', `${name} is not on this machine, and nothing that could run it is`, {
    hint: `${spec.install}; or cliffracer up --engine embedded`,
  });
}
