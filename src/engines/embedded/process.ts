/**
 * The embedded engine as a process of its own, started by `up` with one JSON argument. The second place, beside
 * bin/, where the program touches `process`: it is a program entry.
 */

import { systemTime } from '../../emulator/core/host.ts';
import { serve } from '../../emulator/http/server.ts';
import { createEmulator, type Delivery } from '../../emulator/index.ts';
import { type ProcessRecord, removeRecord, writeRecord } from '../home.ts';
import { processStart } from '../process/identity.ts';

/** What only the embedded engine has. */
export interface OwnOptions {
  /** Seed of ids, delivery order and faults. */
  seed?: number | undefined;
  /** Starts with the clock frozen at the present. */
  frozen?: boolean | undefined;
  /** Keeps the state there, across restarts. */
  dataDirectory?: string | undefined;
  lenient?: boolean | undefined;
  delivery?: Delivery | undefined;
}

export interface EmbeddedProcessOptions extends OwnOptions {
  home: string;
  instance: string;
  port: number;
  version: string;
  logFile: string;
}

/** What the child tells the process that started it, once. */
export type ReadyMessage = { ready: ProcessRecord } | { failed: { code: string; message: string } };

const log = (message: string) => process.stdout.write(`${new Date(systemTime.now()).toISOString()} ${message}\n`);

async function start(options: EmbeddedProcessOptions): Promise<void> {
  const startedAt = systemTime.now();
  const emulator = createEmulator({
    version: options.version,
    instance: options.instance,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.frozen ? { frozenAt: startedAt } : {}),
    ...(options.dataDirectory === undefined ? {} : { dataDirectory: options.dataDirectory }),
    ...(options.lenient ? { lenient: true } : {}),
    ...(options.delivery === undefined ? {} : { delivery: options.delivery }),
    onNotice: log,
    onError: (error) => log(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const server = await serve(emulator, { port: options.port });
  const { home, instance, version, logFile } = options;
  const endpoint = `http://127.0.0.1:${server.port}`;
  const began = await processStart(process.pid);
  const record = {
    ...{ engine: 'embedded', instance, pid: process.pid, port: server.port, endpoint, startedAt, version, logFile },
    ...(began !== undefined && { processStart: began }),
    // A state that was kept has left its seed behind.
    ...(emulator.engine.state.random === emulator.engine.seed && { seed: emulator.engine.seed }),
  };
  await writeRecord(home, record);
  log(`ready at ${endpoint} (cliffracer ${version}, Node ${process.version}, pid ${process.pid})`);

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log(`${signal}: stopping`);
    await removeRecord(home, record);
    await server.close();
    emulator.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  tell({ ready: record });
}

function tell(message: ReadyMessage): void {
  if (process.connected) process.send?.(message, () => process.disconnect?.());
}

// Nothing that a client sends may end the engine: what reaches this far is a fault of ours, to be seen in the log.
process.on('uncaughtException', (error) => log(`uncaught: ${error.stack ?? error.message}`));
process.on('unhandledRejection', (error) => log(`unhandled: ${error instanceof Error ? error.stack : String(error)}`));

start(JSON.parse(process.argv[2] ?? '{}') as EmbeddedProcessOptions).catch((error: NodeJS.ErrnoException) => {
  log(`could not start: ${error.message}`);
  tell({ failed: { code: error.code ?? 'UNKNOWN', message: error.message } });
  process.exitCode = 1;
});
