import type { Environment } from '../../environment.ts';
import { findExecutable } from '../executables.ts';

export type Runtime = 'docker' | 'podman';

export interface CliResult {
  code: number | undefined;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

export interface CliOptions {
  timeoutMs?: number | undefined;
  signal?: AbortSignal;
  /** Told each line of both streams as it comes. */
  onLine?(line: string): void;
}

/** The `docker` or `podman` command. */
export interface ContainerCli {
  runtime: Runtime;
  /** Never rejects: what went wrong is told by the result. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** The container command on PATH; podman answers the same commands, so either will do. */
export function findContainerCli(env: Environment): ContainerCli | undefined {
  const runtime = (['docker', 'podman'] as const).find((name) => findExecutable(name, env) !== undefined);
  return runtime === undefined ? undefined : containerCli(runtime, env);
}

export function containerCli(runtime: Runtime, env: Environment): ContainerCli {
  return { runtime, run: (args, options = {}) => call(runtime, env, args, options) };
}

/** Runs a command to its end. execa is read only here, since its 120 ms are more than most commands of ours take. */
export async function call(
  command: string,
  env: Environment,
  args: readonly string[],
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal, onLine }: CliOptions,
): Promise<CliResult> {
  const { execa } = await import('execa');
  const child = execa(command, [...args], {
    ...{ reject: false, stdin: 'ignore', extendEnv: false, stripFinalNewline: true, all: true },
    env: env as Record<string, string>,
    ...(timeoutMs > 0 && { timeout: timeoutMs }),
    ...(signal !== undefined && { cancelSignal: signal }),
    ...(onLine !== undefined && { buffer: false }),
  });
  const tail: string[] = [];
  if (onLine !== undefined) {
    for await (const line of child.iterable({ from: 'all' })) {
      tail.push(line);
      if (tail.length > 20) tail.shift();
      onLine(line);
    }
  }
  const { exitCode, stdout, stderr, timedOut, originalMessage } = await child;
  return {
    code: exitCode,
    stdout: stdout ?? '',
    stderr: onLine === undefined ? stderr || (exitCode === undefined ? (originalMessage ?? '') : '') : tail.join('\n'),
    timedOut,
  };
}
