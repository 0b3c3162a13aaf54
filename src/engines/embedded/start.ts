import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Environment } from '../../environment.ts';
import { CliffracerError } from '../../errors.ts';
import { engineDirectory, logFileOf, type ProcessRecord } from '../home.ts';
import { portForbidden, portTaken } from '../ports.ts';
import { makePrivateDirectory, openLog } from '../state-files.ts';
import { dataInUse, dataLost, dataUnwritable } from './data-faults.ts';
import type { EmbeddedProcessOptions, OwnOptions, StartFailure, StartMessage } from './process.ts';

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
  /** Says how far the engine is with a large state. */
  tell?: (text: string) => void;
}

export interface Started {
  record: ProcessRecord;
  /** What was not as it should be in the data directory. */
  notices: string[];
}

/**
 * Starts the embedded engine in the background and resolves when it listens. Rejects with `port_taken`,
 * `engine_start_failed`, or a fault of the data directory; then no process is left behind.
 */
export async function startEmbedded(options: StartOptions): Promise<Started> {
  const { home, port, instance, version, seed, frozen, dataDirectory, acceptLoss, lenient, delivery, calls, tls } =
    options;
  const logFile = logFileOf(home, port);
  const settings: EmbeddedProcessOptions = {
    ...{ home, instance, port, version, logFile },
    ...{ seed, frozen, dataDirectory, acceptLoss, lenient, delivery, calls, tls, http: httpServer(options) },
  };
  await makePrivateDirectory(engineDirectory(home));
  const log = await openLog(logFile);
  try {
    // Spawned by Node itself: the child must outlive us, and a library for that would cost more than the engine's start.
    const child = spawn(options.execPath, [options.entry, JSON.stringify(settings)], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      env: ownEnvironment(options.env),
      cwd: engineDirectory(home),
    });
    const started = await readiness(child, { ...options, logFile });
    child.disconnect?.();
    child.unref();
    return started;
  } finally {
    await log.close();
  }
}

/** `CLIFFRACER_HTTP=node` puts Node's own HTTP server in the place of the engine's, should that one be at fault. */
function httpServer({ env: { CLIFFRACER_HTTP: value = '' }, tls }: StartOptions): 'own' | 'node' {
  if (value === 'node' && tls) {
    throw new CliffracerError('usage', 'CLIFFRACER_HTTP=node serves no HTTPS', { hint: 'drop it, or --tls' });
  }
  if (value === 'node') return 'node';
  if (value === '' || value === 'own') return 'own';
  throw new CliffracerError('usage', `CLIFFRACER_HTTP must be own or node, not ${JSON.stringify(value.slice(0, 80))}`, {
    hint: 'cliffracer up --help',
  });
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

function readiness(child: ChildProcess, options: StartOptions & { logFile: string }) {
  const { logFile, timeoutMs, signal } = options;
  return new Promise<Started>((resolve, reject) => {
    const giveUp = () => {
      child.kill('SIGKILL');
      settle(() => reject(new CliffracerError('interrupted', 'interrupted')));
    };
    signal?.addEventListener('abort', giveUp);
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(startFailed(`the engine made no progress for ${timeoutMs / 1000} s`, `read ${logFile}`));
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
    child.on('message', (message: StartMessage) => {
      if ('progress' in message) {
        deadline.refresh();
        options.tell?.(message.progress);
      } else if ('ready' in message) settle(() => resolve({ record: message.ready, notices: message.notices }));
      else settle(() => reject(refusal(message.failed, options)));
    });
  });
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) || 'its log is empty';
}

function refusal({ code, message, syscall, losses }: StartFailure, options: StartOptions): CliffracerError {
  const { port, dataDirectory } = options;
  if (code === 'EADDRINUSE') return portTaken(port);
  if (code === 'EACCES' && syscall === 'listen') return portForbidden(port);
  if (dataDirectory === undefined) return startFailed(`the engine could not start: ${message}`);
  if (losses !== undefined) return dataLost(losses, dataDirectory, port);
  if (code === 'EBUSY') return dataInUse(message);
  return dataUnwritable(dataDirectory, code, message);
}

const startFailed = (message: string, hint?: string) =>
  new CliffracerError('engine_start_failed', message, hint === undefined ? {} : { hint });
