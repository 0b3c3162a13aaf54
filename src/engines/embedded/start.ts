import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Environment } from '../../environment.ts';
import { CliffracerError } from '../../errors.ts';
import { engineDirectory, logFileOf, type ProcessRecord } from '../home.ts';
import { portForbidden, portTaken } from '../ports.ts';
import { makePrivateDirectory, openLog } from '../state-files.ts';
import type { EmbeddedProcessOptions, OwnOptions, ReadyMessage } from './process.ts';

export interface StartOptions extends OwnOptions {
  home: string;
  port: number;
  instance: string;
  version: string;
  timeoutMs: number;
  env: Environment;
  execPath: string;
  /** The bundle of process.ts. */
  entry: string;
  /** Gives up, and ends what was started. */
  signal?: AbortSignal;
}

/**
 * Starts the embedded engine in the background and resolves when it listens. Rejects with `port_taken` or
 * `engine_start_failed`; then no process is left behind.
 */
export async function startEmbedded(options: StartOptions): Promise<ProcessRecord> {
  const { home, port, instance, version, seed, frozen, dataDirectory, lenient, delivery } = options;
  const logFile = logFileOf(home, port);
  await makePrivateDirectory(engineDirectory(home));
  const log = await openLog(logFile);
  const settings: EmbeddedProcessOptions = {
    ...{ home, instance, port, version, logFile },
    ...{ seed, frozen, dataDirectory, lenient, delivery },
  };
  try {
    // Spawned by Node itself: the child must outlive us, and a library for that would cost more than the engine's start.
    const child = spawn(options.execPath, [options.entry, JSON.stringify(settings)], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      env: ownEnvironment(options.env),
      cwd: engineDirectory(home),
    });
    const record = await readiness(child, { ...options, logFile });
    child.disconnect?.();
    child.unref();
    return record;
  } finally {
    await log.close();
  }
}

/** What Node.js itself needs. */
const PASSED = /^(PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|TZ|LANG|LC_\w+|SYSTEMROOT|WINDIR)$/i;

/**
 * The engine is told everything in its argument. The caller's environment may hold keys, and a debugger or a loader, which a
 * process that stays must not keep.
 */
function ownEnvironment(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => PASSED.test(name)));
}

function readiness(child: ChildProcess, { port, logFile, timeoutMs, signal }: StartOptions & { logFile: string }) {
  return new Promise<ProcessRecord>((resolve, reject) => {
    const giveUp = () => {
      child.kill('SIGKILL');
      settle(() => reject(new CliffracerError('interrupted', 'interrupted')));
    };
    signal?.addEventListener('abort', giveUp);
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(startFailed(`the engine was not ready within ${timeoutMs / 1000} s`, `read ${logFile}`));
    }, timeoutMs);
    let settled = false;
    const settle = (act: () => void) => {
      // What becomes of the engine after it was ready is no business of its start.
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      signal?.removeEventListener('abort', giveUp);
      act();
    };
    child.once('error', (error) =>
      settle(() => reject(startFailed(`the engine could not be started: ${error.message}`))),
    );
    child.once('exit', (code, signal) =>
      settle(() =>
        reject(
          startFailed(
            `the engine ended at once (${signal ?? `exit ${code}`}): ${lastLine(logFile)}`,
            `read ${logFile}`,
          ),
        ),
      ),
    );
    child.once('message', (message: ReadyMessage) =>
      settle(() => ('ready' in message ? resolve(message.ready) : reject(refusal(message.failed, port)))),
    );
  });
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) || 'its log is empty';
}

function refusal(failed: { code: string; message: string }, port: number): CliffracerError {
  if (failed.code === 'EADDRINUSE') return portTaken(port);
  if (failed.code === 'EACCES') return portForbidden(port);
  return startFailed(`the engine could not start: ${failed.message}`);
}

const startFailed = (message: string, hint?: string) =>
  new CliffracerError('engine_start_failed', message, hint === undefined ? {} : { hint });
