import { CliffracerError } from '../errors.ts';
import { portTaken, type StartOptions, startEmbedded } from './embedded/start.ts';
import { runs } from './embedded/stop.ts';
import type { Setting } from './endpoint.ts';
import { type EngineRecord, readRecord } from './home.ts';
import { type EngineKind, type Probe, probe, type RequiredService } from './probe.ts';

export interface UpResult {
  action: 'started' | 'adopted';
  engine: EngineKind;
  endpoint: string;
  version: string | undefined;
  /** Of the process that we started; absent for an engine that somebody else runs. */
  pid: number | undefined;
  logFile: string | undefined;
  /** A former engine of ours that had ended without being stopped. */
  replaced: { pid: number; endpoint: string } | undefined;
  /** Where the engine keeps its state; undefined when in memory only. */
  dataDirectory?: string | undefined;
  readyMs: number;
}

export interface UpOptions extends Omit<StartOptions, 'port' | 'timeoutMs'> {
  endpoint: Setting<string>;
  /** Deadline for readiness in milliseconds. */
  waitMs: number;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  signal: AbortSignal;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Adopts the healthy engine at the endpoint, or starts the embedded one there. */
export async function engineUp(options: UpOptions): Promise<UpResult> {
  const { endpoint, clock } = options;
  const started = clock.now();
  const found = await probe(endpoint.value, clock.now);
  if (found.answer === 'engine') return adopt(found, options, started);
  const port = portOf(endpoint.value);
  if (found.answer === 'stranger') throw portTaken(port);
  if (!LOOPBACK.has(new URL(endpoint.value).hostname)) {
    throw new CliffracerError('engine_unreachable', `no engine answers at ${endpoint.value}: ${found.detail}`, {
      hint: 'start it there, or drop the endpoint: engines are started on this machine only',
      retryable: true,
    });
  }
  const former = await readRecord(options.home, port);
  try {
    const record = await startEmbedded({ ...options, port, timeoutMs: options.waitMs });
    return {
      action: 'started',
      engine: 'embedded',
      endpoint: record.endpoint,
      version: record.version,
      pid: record.pid,
      logFile: record.logFile,
      replaced: former && { pid: former.pid, endpoint: former.endpoint },
      dataDirectory: options.dataDirectory,
      readyMs: clock.now() - started,
    };
  } catch (error) {
    if (!(error instanceof CliffracerError) || error.code !== 'port_taken') throw error;
    // Another `up` may have won the port a moment ago: then its engine is ours too.
    const winner = await probe(endpoint.value, clock.now);
    if (winner.answer === 'engine') return adopt(winner, options, started);
    throw former !== undefined && (await runs(former)) ? hung(former) : error;
  }
}

const hung = ({ pid, endpoint, port }: EngineRecord) =>
  new CliffracerError('engine_unhealthy', `the engine at ${endpoint} (process ${pid}) does not answer`, {
    hint: `cliffracer down --port ${port}`,
  });

export const portOf = (endpoint: string): number => {
  const url = new URL(endpoint);
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number.parseInt(url.port, 10);
};

type EngineProbe = Extract<Probe, { answer: 'engine' }>;

async function adopt(found: EngineProbe, options: UpOptions, started: number): Promise<UpResult> {
  const ready = await waitUntilReady(options.endpoint.value, found, options);
  const record = await readRecord(options.home, portOf(options.endpoint.value));
  const { clock } = options;
  const ours = record !== undefined && record.instance === ready.instance;
  return {
    action: 'adopted',
    engine: ready.kind,
    endpoint: options.endpoint.value,
    version: ready.version,
    pid: ours ? record.pid : undefined,
    logFile: ours ? record.logFile : undefined,
    replaced: undefined,
    readyMs: clock.now() - started,
  };
}

export interface WaitOptions {
  waitMs: number;
  clock: UpOptions['clock'];
  signal: AbortSignal;
  services?: readonly RequiredService[];
}

const POLL_MS = 100;

/** Polls until every required service is ready; rejects with `engine_unhealthy`, naming what was missing. */
export async function waitUntilReady(endpoint: string, first: Probe, options: WaitOptions): Promise<EngineProbe> {
  const { clock, signal } = options;
  const deadline = clock.now() + options.waitMs;
  for (let current = first; ; current = await probe(endpoint, clock.now)) {
    const missing = current.answer === 'engine' ? notReady(current, options.services) : [];
    if (current.answer === 'engine' && missing.length === 0) return current;
    if (clock.now() >= deadline || signal.aborted) throw notHealthy(endpoint, current, missing, options.waitMs);
    await clock.sleep(POLL_MS, signal);
  }
}

function notReady(found: EngineProbe, services: readonly RequiredService[] | undefined): string[] {
  return found.services
    .filter(({ service, state }) => state !== 'ready' && (services === undefined || services.includes(service)))
    .map(({ service, reported }) => `${service} (${reported})`);
}

function notHealthy(endpoint: string, last: Probe, missing: readonly string[], waitMs: number): CliffracerError {
  const after = waitMs > 0 ? ` after ${waitMs / 1000} s` : '';
  if (last.answer === 'engine') {
    return new CliffracerError('engine_unhealthy', `not ready${after} at ${endpoint}: ${missing.join(', ')}`, {
      hint: 'cliffracer health',
      retryable: true,
    });
  }
  return unreachable(endpoint, last, after);
}

/** The error for an endpoint where no engine is. */
export function unreachable(endpoint: string, found: Exclude<Probe, EngineProbe>, after = ''): CliffracerError {
  return found.answer === 'stranger'
    ? new CliffracerError('not_an_engine', `${endpoint} is no engine: ${found.detail}`, {
        hint: 'cliffracer up --port 4567',
      })
    : new CliffracerError('engine_unreachable', `no engine answers at ${endpoint}${after}: ${found.detail}`, {
        hint: 'cliffracer up',
        retryable: true,
      });
}
