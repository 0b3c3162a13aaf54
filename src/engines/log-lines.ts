import type { Environment } from '../environment.ts';
import { CliffracerError } from '../errors.ts';
import { type ContainerCli, call, containerCli, findContainerCli } from './docker/cli.ts';
import { containerFailure } from './docker/failures.ts';
import { withoutSecrets } from './exit-diagnosis.ts';
import { type EngineRecord, logFileOf, readRecord } from './home.ts';
import { isLoopback, portOf } from './ports.ts';
import { probe } from './probe.ts';
import { lastLines, newLines } from './process/log.ts';
import { engineEnvironment } from './spec.ts';
import { openRegular } from './state-files.ts';

export interface LogOptions {
  endpoint: string;
  home: string;
  env: Environment;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  signal: AbortSignal;
  /** How many of the last lines. */
  tail: number;
  follow: boolean;
}

/** The engine's own log, wherever it keeps it. `onLine` is told each line; rejects with `no_log` where there is none. */
export async function readEngineLog(options: LogOptions, onLine: (line: string) => void): Promise<void> {
  const { endpoint, home, env, clock, signal, tail, follow } = options;
  const tell = (line: string) => onLine(withoutSecrets(line, env));
  const record = isLoopback(endpoint) ? await readRecord(home, portOf(endpoint)) : undefined;
  const file = record === undefined ? await leftLog(options) : record.logFile;
  if (file !== undefined) {
    for (const line of await lastLines(file, tail)) tell(line);
    if (follow) for await (const line of newLines(file, clock, signal)) tell(line);
    return;
  }
  const stream = { onLine: tell, signal, timeoutMs: follow ? 0 : 60_000 };
  if (record?.manager !== undefined) {
    const { command, logs, settings } = record.manager;
    await call(command, engineEnvironment(env, settings), [...logs, ...(follow ? ['--follow'] : [])], stream);
    return;
  }
  const { cli, name } = await containerOf(record, endpoint, env);
  const result = await cli.run(['logs', '--tail', String(tail), ...(follow ? ['--follow'] : []), name], stream);
  if (result.code !== 0 && !signal.aborted) throw containerFailure(cli, `reading the log of ${name}`, result);
}

/** The log of an engine of ours that has been stopped: it stays until another one starts at its port. */
async function leftLog({ endpoint, home, clock }: LogOptions): Promise<string | undefined> {
  if (!isLoopback(endpoint)) return undefined;
  const file = logFileOf(home, portOf(endpoint));
  const left = await openRegular(file);
  if (left === undefined) return undefined;
  await left.close();
  return (await probe(endpoint, clock.now)).answer === 'nothing' ? file : undefined;
}

/** Our container, or any that publishes the endpoint's port. */
async function containerOf(
  record: EngineRecord | undefined,
  endpoint: string,
  env: Environment,
): Promise<{ cli: ContainerCli; name: string }> {
  if (record?.container !== undefined) {
    return { cli: containerCli(record.container.runtime, env), name: record.container.name };
  }
  const cli = isLoopback(endpoint) ? findContainerCli(env) : undefined;
  const found = await cli?.run(['ps', '--filter', `publish=${portOf(endpoint)}`, '--format', '{{.Names}}']);
  const name = found?.code === 0 ? found.stdout.split('\n')[0] : undefined;
  if (cli !== undefined && name) return { cli, name };
  throw new CliffracerError('no_log', `the log of the engine at ${endpoint} is not known here`, {
    hint: 'cliffracer ps shows the engines that `up` started; look where this one was started',
  });
}
