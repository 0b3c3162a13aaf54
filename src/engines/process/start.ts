import { type ChildProcess, spawn } from 'node:child_process';
import { CliffracerError } from '../../errors.ts';
import { findExecutable } from '../executables.ts';
import { engineExited, SHOWN_LINES } from '../exit-diagnosis.ts';
import { engineDirectory, logFileOf, type ProcessRecord, removeRecord, scratchOf, writeRecord } from '../home.ts';
import { draftRecord, type Launch, type LaunchOptions } from '../launch.ts';
import { type EngineSpec, engineEnvironment } from '../spec.ts';
import { makePrivateDirectory, openLog } from '../state-files.ts';
import { processStart } from './identity.ts';
import { lastLines } from './log.ts';
import { stopGroup } from './stop.ts';

/** A way to run an engine's own server: the command itself, or a starter that fetches it. */
export interface ServerCommand {
  command: string;
  args: readonly string[];
  /** True when the first start may have to download the engine. */
  downloads: boolean;
}

/** The engine's own command on PATH. */
export function installedServer({ command }: EngineSpec, { env, port }: Pick<LaunchOptions, 'env' | 'port'>) {
  const found = command && findExecutable(command.name, env);
  return found === undefined ? undefined : { command: found, args: command!.args(port), downloads: false };
}

/** uvx or pipx, which run the command of a package on PyPI without installing it. */
export function fetchedServer(
  { command }: EngineSpec,
  { env, port }: Pick<LaunchOptions, 'env' | 'port'>,
): ServerCommand | undefined {
  if (command?.pypi === undefined) return undefined;
  const args = command.args(port);
  const uvx = findExecutable('uvx', env);
  if (uvx !== undefined)
    return { command: uvx, args: ['--from', command.pypi, command.name, ...args], downloads: true };
  const pipx = findExecutable('pipx', env);
  if (pipx === undefined) return undefined;
  return { command: pipx, args: ['run', '--spec', command.pypi, command.name, ...args], downloads: true };
}

/** Starts a server in the background, in a process group of its own, with its output in a file of ours. */
export async function startProcess(server: ServerCommand, options: LaunchOptions): Promise<Launch> {
  const { spec, port, home, env, clock, kill } = options;
  const directory = engineDirectory(home);
  await makePrivateDirectory(directory);
  const logFile = logFileOf(home, port);
  const settings = spec.command?.settings(port, scratchOf(home, port)) ?? {};
  const log = await openLog(logFile);
  let before: number;
  let child: ChildProcess;
  try {
    // Lines of an earlier engine at this port are not the reason why this one ends.
    before = (await log.stat()).size;
    child = await spawned(server, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...engineEnvironment(env, settings), PYTHONUNBUFFERED: '1' },
      cwd: directory,
    });
  } finally {
    await log.close();
  }
  const pid = child.pid!;
  const start = await processStart(pid);
  const record: ProcessRecord = { ...draftRecord(options), pid, logFile, ...(start && { processStart: start }) };
  await writeRecord(home, record);
  const abandon = async () => {
    await stopGroup(record, clock, kill);
    await removeRecord(home, record);
  };
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', async (code, signal) => {
      const lines = await lastLines(logFile, SHOWN_LINES, before);
      reject(engineExited(spec.kind, server.command, code ?? signal ?? undefined, lines, env));
    });
  });
  ended.catch(() => undefined);
  return { record, ended, release: () => child.unref(), abandon };
}

function spawned(server: ServerCommand, options: Parameters<typeof spawn>[2]): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(server.command, server.args, options);
    child.once('spawn', () => resolve(child));
    child.once('error', (error) => {
      reject(
        new CliffracerError('engine_start_failed', `${server.command} could not be started: ${error.message}`, {
          hint: 'check that it runs by itself',
          cause: error,
        }),
      );
    });
  });
}
