/**
 * The embedded engine as a process of its own, started by `up` with one JSON argument. The second place, beside
 * bin/, where the program touches `process`: it is a program entry.
 */

import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Authority } from '../../certificates/authority.ts';
import { DEFAULT_LIMITS } from '../../emulator/calls/log.ts';
import { systemTime } from '../../emulator/core/host.ts';
import { serve } from '../../emulator/http/server.ts';
import { createEmulator, type Delivery, type Emulator } from '../../emulator/index.ts';
import { DataLoss } from '../../emulator/persistence/data-loss.ts';
import type { OnProgress } from '../../emulator/persistence/progress.ts';
import { threadCompactor } from '../../emulator/persistence/thread-compactor.ts';
import { type ProcessRecord, removeRecord, scratchOf, writeRecord } from '../home.ts';
import { processStart } from '../process/identity.ts';
import { makePrivateDirectory } from '../state-files.ts';
import type { Losses } from './data-faults.ts';

/** What only the embedded engine has. */
export interface OwnOptions {
  /** Seed of ids, delivery order and faults. */
  seed?: number | undefined;
  /** Starts with the clock frozen at the present. */
  frozen?: boolean | undefined;
  /** Keeps the state there, across restarts. */
  dataDirectory?: string | undefined;
  /** Goes on without what that directory has lost. */
  acceptLoss?: boolean | undefined;
  lenient?: boolean | undefined;
  /** Calls kept in the log; 0 keeps none. */
  calls?: number | undefined;
  delivery?: Delivery | undefined;
  /** Serves HTTPS beside HTTP. */
  tls?: boolean | undefined;
}

export interface EmbeddedProcessOptions extends OwnOptions {
  home: string;
  instance: string;
  port: number;
  version: string;
  logFile: string;
  /** Whose HTTP server answers. */
  http?: 'own' | 'node';
}

/** What the child tells the process that started it: how far it is, as often as it likes, and once how that ended. */
export type StartMessage =
  | { progress: string }
  /** With what was not as it should be in the data directory. */
  | { ready: ProcessRecord; notices: string[] }
  | { failed: StartFailure };

export interface StartFailure {
  code: string;
  message: string;
  /** The function of the system that failed. */
  syscall?: string | undefined;
  losses?: Losses;
}

// V8 lets the heap grow to as much as four times of what lives in it before it looks for garbage. Twice is enough: messages and
// items lie in bytes and texts, which cost it little to pass.
setFlagsFromString('--heap-growing-percent=100');

const log = (message: string) => process.stdout.write(`${new Date(systemTime.now()).toISOString()} ${message}\n`);

async function start(options: EmbeddedProcessOptions): Promise<void> {
  const startedAt = systemTime.now();
  const notices: string[] = [];
  let ready = false;
  const emulator = createEmulator({
    version: options.version,
    instance: options.instance,
    seed: options.seed,
    ...(options.frozen ? { frozenAt: startedAt } : {}),
    dataDirectory: options.dataDirectory,
    ...(options.lenient ? { lenient: true } : {}),
    delivery: options.delivery,
    ...(options.acceptLoss ? { acceptLoss: true } : {}),
    ...(options.calls === undefined
      ? {}
      : { calls: options.calls === 0 ? false : { ...DEFAULT_LIMITS, count: options.calls } }),
    compactor: threadCompactor(join(dirname(process.argv[1]!), 'compaction.js')),
    onProgress: nowAndThen((done, of) => send({ progress: `Reading the state, ${amount(done, of)}` })),
    onNotice(notice) {
      log(notice);
      if (!ready) notices.push(notice);
    },
    onError: (error) => log(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const { serveByNode } = options.http === 'node' ? await import('../../emulator/http/node-server.ts') : {};
  const { home, instance, version, logFile, port } = options;
  const authority = options.tls ? await newAuthority(startedAt) : undefined;
  const { front, open } = closedAtFirst(emulator);
  const server = await (serveByNode ?? serve)(front, { port, ...(authority && { authority }) });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const began = await processStart(process.pid);
  const record = {
    ...{ engine: 'embedded', instance, pid: process.pid, port: server.port, endpoint, startedAt, version, logFile },
    dataDirectory: options.dataDirectory,
    ...(authority && { authorityFile: await writeAuthority(home, server.port, authority) }),
    processStart: began,
    // A state that was kept has left its seed behind.
    ...(emulator.engine.state.random === emulator.engine.seed && { seed: emulator.engine.seed }),
  };
  await writeRecord(home, record);
  open();
  log(`ready at ${endpoint} (cliffracer ${version}, Node ${process.version}, pid ${process.pid})`);

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log(`${signal}: stopping`);
    await server.close();
    // `down` reads these lines, and waits as long as there are new ones.
    emulator.close(nowAndThen((done) => log(`saving the state, ${amount(done, undefined)}`)));
    log('stopped');
    // Last, so that a stop that is cut short is not taken for one that was never begun.
    await removeRecord(home, record);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  ready = true;
  send({ ready: record, notices }, () => process.disconnect?.());
}

/** Requests wait until `open` is called: whoever finds the engine answering is to find its record, too. */
function closedAtFirst(emulator: Emulator): { front: Pick<Emulator, 'handle'>; open(): void } {
  let resolve = () => {};
  const opened = new Promise<void>((done) => {
    resolve = done;
  });
  const front: Pick<Emulator, 'handle'> = { handle: (request) => opened.then(() => emulator.handle(request)) };
  const open = () => {
    front.handle = emulator.handle;
    resolve();
  };
  return { front, open };
}

async function newAuthority(now: number): Promise<Authority> {
  const { Authority } = await import('../../certificates/authority.ts');
  return new Authority({ name: 'cliffracer up --tls', domains: ['localhost', 'localhost.localstack.cloud'], now });
}

/** What clients are told to trust; it goes with the record. */
async function writeAuthority(home: string, port: number, { certificate }: Authority): Promise<string> {
  const file = join(scratchOf(home, port), 'authority.pem');
  await makePrivateDirectory(dirname(file));
  await writeFile(file, certificate, { mode: 0o600 });
  return file;
}

function send(message: StartMessage, then: () => void = () => {}): void {
  if (process.connected) process.send?.(message, then);
}

const amount = (done: number, of: number | undefined) =>
  `${Math.round(done / 1e6)}${of === undefined ? '' : ` of ${Math.round(of / 1e6)}`} MB`;

const PROGRESS_MS = 500;

/** Passes on one call in half a second. */
function nowAndThen(report: OnProgress): OnProgress {
  let last = systemTime.now();
  return (done, of) => {
    const now = systemTime.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    report(done, of);
  };
}

// Nothing that a client sends may end the engine: what reaches this far is a fault of ours, to be seen in the log.
process.on('uncaughtException', (error) => log(`uncaught: ${error.stack ?? error.message}`));
process.on('unhandledRejection', (error) => log(`unhandled: ${error instanceof Error ? error.stack : String(error)}`));

start(JSON.parse(process.argv[2] ?? '{}') as EmbeddedProcessOptions).catch((error: NodeJS.ErrnoException) => {
  const { message, code = 'UNKNOWN', syscall } = error;
  log(`could not start: ${message}`);
  const losses = error instanceof DataLoss ? { losses: error.losses } : {};
  send({ failed: { code, message, syscall, ...losses } }, () => process.disconnect?.());
  process.exitCode = 1;
});
