import { CliffracerError } from '../errors.ts';
import { FREE_PORT } from './ports.ts';
import { type Probe, probe, type RequiredService, type ServiceHealth } from './probe.ts';

export type EngineProbe = Extract<Probe, { answer: 'engine' }>;

export interface WaitOptions {
  waitMs: number;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  signal: AbortSignal;
  services?: readonly RequiredService[];
  /** Rejects when the engine ends by itself, which no waiting fixes. */
  ended?: Promise<never>;
}

const POLL_MS = 100;

/**
 * Polls until every required service is ready. Rejects with `engine_unhealthy` at the deadline, naming what was missing,
 * and with `services_disabled` at once when what is missing was switched off.
 */
export async function waitUntilReady(endpoint: string, first: Probe, options: WaitOptions): Promise<EngineProbe> {
  const { clock, signal, ended } = options;
  const deadline = clock.now() + options.waitMs;
  const race = <T>(work: Promise<T>): Promise<T> => (ended === undefined ? work : Promise.race([work, ended]));
  for (let current = first; ; current = await race(probe(endpoint, clock.now))) {
    const missing = current.answer === 'engine' ? notReady(current, options.services) : [];
    if (current.answer === 'engine' && missing.length === 0) return current;
    if (signal.aborted) throw new CliffracerError('interrupted', 'interrupted');
    if (missing.length > 0 && missing.every(isDisabled)) throw disabled(endpoint, missing);
    if (clock.now() >= deadline) throw notHealthy(endpoint, current, missing, options.waitMs);
    await race(clock.sleep(POLL_MS, signal));
  }
}

function notReady(found: EngineProbe, services: readonly RequiredService[] | undefined): ServiceHealth[] {
  return found.services.filter(
    ({ service, state }) => state !== 'ready' && (services === undefined || services.includes(service)),
  );
}

/** Switched off for good; a service that is stopping may come back. */
const isDisabled = ({ state, reported }: ServiceHealth) => state === 'disabled' && !reported.startsWith('stop');

const list = (services: readonly ServiceHealth[]) =>
  services.map(({ service, reported }) => `${service} (${reported})`).join(', ');

function disabled(endpoint: string, missing: readonly ServiceHealth[]): CliffracerError {
  return new CliffracerError('services_disabled', `services are switched off at ${endpoint}: ${list(missing)}`, {
    hint: 'start the engine without a choice of services: unset SERVICES, then cliffracer down and up',
  });
}

function notHealthy(endpoint: string, last: Probe, missing: readonly ServiceHealth[], waitMs: number): CliffracerError {
  const after = waitMs > 0 ? ` after ${waitMs / 1000} s` : '';
  if (last.answer === 'engine') {
    return new CliffracerError('engine_unhealthy', `not ready${after} at ${endpoint}: ${list(missing)}`, {
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
        hint: FREE_PORT,
      })
    : new CliffracerError('engine_unreachable', `no engine answers at ${endpoint}${after}: ${found.detail}`, {
        hint: 'cliffracer up',
        retryable: true,
      });
}
