import { writeFile } from 'node:fs/promises';
import type { Environment } from '../environment.ts';
import { CliffracerError } from '../errors.ts';
import { call } from './docker/cli.ts';
import { findExecutable } from './executables.ts';
import { engineExited, withoutSecrets } from './exit-diagnosis.ts';
import { type ManagerRef, removeRecord, scratchOf, writeRecord } from './home.ts';
import { containerName, draftRecord, type Launch, type LaunchOptions } from './launch.ts';
import { engineEnvironment, type Manager } from './spec.ts';
import { makePrivateDirectory } from './state-files.ts';

/** Such a command pulls images too. */
const START_TIMEOUT_MS = 30 * 60_000;
const STOP_TIMEOUT_MS = 60_000;

export function installedManager({ spec, env }: Pick<LaunchOptions, 'spec' | 'env'>): Manager | undefined {
  return spec.managers.find(({ command }) => findExecutable(command, env) !== undefined);
}

/** Has the engine started by its maker's own command, as a container with a name that only this run has. */
export async function startManaged(manager: Manager, options: LaunchOptions): Promise<Launch> {
  const { spec, port, home, env, signal, tell } = options;
  const directory = scratchOf(home, port);
  const image = options.image ?? spec.container.image;
  const { start, ref, settings, file } = manager.plan({ name: containerName(options), port, image, directory });
  await makePrivateDirectory(directory);
  if (file !== undefined) await writeFile(...file, { mode: 0o600 });
  const record = { ...draftRecord(options), manager: { ...ref, settings } };
  await writeRecord(home, record);
  tell(`Starting ${spec.kind} by ${manager.command}`);
  const abandon = async () => {
    await stopManaged(record.manager, env);
    await removeRecord(home, record);
  };
  const result = await call(manager.command, engineEnvironment(env, settings), start, {
    timeoutMs: START_TIMEOUT_MS,
    signal,
  });
  if (result.code !== 0) {
    await stopManaged(record.manager, env).catch(() => undefined);
    await removeRecord(home, record);
    throw engineExited(spec.kind, `${manager.command} ${start[0]}`, result.code, linesOf(result), env);
  }
  // What its command started is watched by that command only: from here on its silence ends at the deadline.
  return { record, ended: new Promise<never>(() => {}), release() {}, abandon };
}

const linesOf = ({ stdout, stderr }: { stdout: string; stderr: string }) =>
  `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');

export async function stopManaged({ command, stop, settings }: ManagerRef, env: Environment): Promise<void> {
  const result = await call(command, engineEnvironment(env, settings), stop, { timeoutMs: STOP_TIMEOUT_MS });
  if (result.code === 0) return;
  const details = linesOf(result).map((line) => withoutSecrets(line, env));
  throw new CliffracerError('engine_unhealthy', `${command} ${stop.join(' ')} failed`, {
    hint: `run it by hand: ${command} ${stop.join(' ')}`,
    details: details.slice(-5),
  });
}
