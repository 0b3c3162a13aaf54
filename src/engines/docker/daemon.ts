import { existsSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../environment.ts';
import { CliffracerError } from '../../errors.ts';
import { type ContainerCli, findContainerCli } from './cli.ts';
import { containerFailure } from './failures.ts';

/**
 * Whether it is worth asking a container daemon anything: a look at files, since asking a daemon that is not there costs
 * every `up` the start of another program.
 */
export function daemonMayRun(env: Environment): boolean {
  const cli = findContainerCli(env);
  if (cli === undefined) return false;
  // podman needs no daemon on Linux.
  if (cli.runtime === 'podman' || platform() === 'win32') return true;
  if (env.DOCKER_CONTEXT) return true;
  if (env.DOCKER_HOST) return socketOf(env.DOCKER_HOST) === undefined || existsSync(socketOf(env.DOCKER_HOST)!);
  return sockets(env).some((path) => existsSync(path)) || hasOwnContext(env);
}

const socketOf = (host: string): string | undefined => /^unix:\/\/(.+)$/.exec(host)?.[1];

function sockets({ HOME, XDG_RUNTIME_DIR }: Environment): string[] {
  return [
    '/var/run/docker.sock',
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
    ...(HOME
      ? ['.docker/run', '.docker/desktop', '.colima/default', '.orbstack/run', '.rd'].map((at) =>
          join(HOME, at, 'docker.sock'),
        )
      : []),
  ];
}

/** Docker Desktop, Colima and others set a context of their own, with a socket anywhere. */
function hasOwnContext({ HOME, DOCKER_CONFIG }: Environment): boolean {
  try {
    const file = join(DOCKER_CONFIG || join(HOME ?? '', '.docker'), 'config.json');
    const { currentContext } = JSON.parse(readFileSync(file, 'utf8')) as { currentContext?: unknown };
    return typeof currentContext === 'string' && currentContext !== 'default';
  } catch {
    return false;
  }
}

/** Refuses a daemon on another machine: a port on its loopback address is not one on ours. */
export function refuseRemoteDaemon({ DOCKER_HOST }: Environment): void {
  if (!DOCKER_HOST || /^(unix|npipe|fd):/.test(DOCKER_HOST)) return;
  if (/^tcp:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|\/|$)/.test(DOCKER_HOST)) return;
  const shown = DOCKER_HOST.replace(/\/\/[^@/]*@/, '//');
  throw new CliffracerError('docker_remote', `DOCKER_HOST ${shown} is another machine, whose loopback is not ours`, {
    hint: 'unset DOCKER_HOST, or start the engine there and give --endpoint-url',
  });
}

/** The container command, or `docker_missing`. */
export function requireContainerCli(env: Environment): ContainerCli {
  const cli = findContainerCli(env);
  if (cli !== undefined) return cli;
  throw new CliffracerError('docker_missing', 'neither docker nor podman is on PATH', {
    hint: 'install Docker, or cliffracer up --engine embedded, which needs none',
  });
}

export interface ImageFacts {
  id: string;
  architecture: string;
}

/** The image as the daemon has it, or undefined. Rejects when the daemon cannot be asked. */
export async function inspectImage(
  cli: ContainerCli,
  image: string,
  timeoutMs?: number,
): Promise<ImageFacts | undefined> {
  const result = await cli.run(['image', 'inspect', '--format', '{{.Id}} {{.Architecture}}', image], {
    timeoutMs,
  });
  if (result.code === 0) {
    const [id = '', architecture = ''] = result.stdout.trim().split(' ');
    return { id, architecture };
  }
  if (/no such image|image not known|no such object/i.test(result.stderr)) return undefined;
  throw containerFailure(cli, `looking for the image ${image}`, result);
}
