import type { ContainerCli } from './cli.ts';
import { containerFailure } from './failures.ts';

/** On every container of ours; its value is the instance of the engine's record. */
export const INSTANCE_LABEL = 'cliffracer.instance';

export interface ContainerOptions {
  name: string;
  instance: string;
  image: string;
  /** On this machine's loopback address. */
  port: number;
  /** Inside the container. */
  containerPort: number;
  /** Values that may be seen, as in the list of processes. */
  settings: Readonly<Record<string, string>>;
  /** Names whose values come from our own environment, so that a token stands in no command line. */
  passed: readonly string[];
}

export interface ContainerState {
  status: string;
  exitCode: number;
  instance: string;
}

/** Starts a container in the background. After a failure none is left behind. */
export async function runContainer(cli: ContainerCli, options: ContainerOptions): Promise<void> {
  const { name, instance, image, port, containerPort, settings, passed } = options;
  const variables = [...Object.entries(settings).map(([key, value]) => `${key}=${value}`), ...passed];
  const result = await cli.run(
    [
      ...['run', '--detach', '--name', name, '--label', `${INSTANCE_LABEL}=${instance}`],
      ...['--publish', `127.0.0.1:${port}:${containerPort}`],
      ...variables.flatMap((variable) => ['--env', variable]),
      image,
    ],
    { timeoutMs: 120_000 },
  );
  if (result.code === 0) return;
  // A container that could not be started, as when its port is taken, stays behind as "created".
  const left = await inspectContainer(cli, name).catch(() => undefined);
  if (left?.instance === instance) await removeContainer(cli, name).catch(() => undefined);
  throw containerFailure(cli, `starting the container ${name}`, result);
}

/** Undefined when there is no such container. Rejects when the daemon cannot be asked. */
export async function inspectContainer(cli: ContainerCli, name: string): Promise<ContainerState | undefined> {
  const format = `{{.State.Status}} {{.State.ExitCode}} {{index .Config.Labels "${INSTANCE_LABEL}"}}`;
  const result = await cli.run(['container', 'inspect', '--format', format, name]);
  if (result.code !== 0) {
    if (/no such (container|object)/i.test(result.stderr)) return undefined;
    throw containerFailure(cli, `looking at the container ${name}`, result);
  }
  const [status = '', exitCode = '', instance = ''] = result.stdout.trim().split(' ');
  return { status, exitCode: Number.parseInt(exitCode, 10), instance: instance === '<no' ? '' : instance };
}

/** The last lines that the container wrote, on both streams. */
export async function containerLog(cli: ContainerCli, name: string, lines: number): Promise<string[]> {
  const read: string[] = [];
  await cli.run(['logs', '--tail', String(lines), name], { onLine: (line) => void read.push(line) });
  return read.slice(-lines);
}

/** Resolves with the exit code when the container has ended; undefined when that cannot be said. */
export async function waitForEnd(cli: ContainerCli, name: string, signal: AbortSignal): Promise<number | undefined> {
  const { code, stdout } = await cli.run(['wait', name], { timeoutMs: 0, signal });
  return code === 0 ? Number.parseInt(stdout.trim(), 10) : undefined;
}

const GRACE_SECONDS = 5;

/** Asks the container to end, then removes it and its volumes. */
export async function stopContainer(cli: ContainerCli, name: string): Promise<void> {
  await cli.run(['stop', '--time', String(GRACE_SECONDS), name], { timeoutMs: (GRACE_SECONDS + 30) * 1000 });
  await removeContainer(cli, name);
}

export async function removeContainer(cli: ContainerCli, name: string): Promise<void> {
  const result = await cli.run(['rm', '--force', '--volumes', name], { timeoutMs: 60_000 });
  if (result.code !== 0 && !/no such container/i.test(result.stderr)) {
    throw containerFailure(cli, `removing the container ${name}`, result);
  }
}

export interface LabelledContainer {
  name: string;
  instance: string;
  status: string;
}

/** Every container that carries our label, whatever home it was started from. */
export async function labelledContainers(cli: ContainerCli): Promise<LabelledContainer[]> {
  const format = `{{.Names}}\t{{.Label "${INSTANCE_LABEL}"}}\t{{.Status}}`;
  const result = await cli.run(['ps', '--all', '--filter', `label=${INSTANCE_LABEL}`, '--format', format]);
  if (result.code !== 0) throw containerFailure(cli, 'listing containers', result);
  return result.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', instance = '', status = ''] = line.split('\t');
      return { name, instance, status };
    });
}
