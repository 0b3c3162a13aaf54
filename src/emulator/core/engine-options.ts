import type { HostTime } from './host.ts';
import type { Call, ServiceDefinition } from './types.ts';

export interface EngineOptions {
  services: readonly ServiceDefinition[];
  host?: HostTime;
  /** Seed of ids, delivery order and faults. */
  seed?: number | undefined;
  /** Starts with the clock frozen at this time (milliseconds since the epoch). */
  frozenAt?: number | undefined;
}

/** Runs a call's operation, as it is or changed, or does not; whatever it resolves with is the answer. */
export type Interceptor = (call: Call, perform: (changed?: Call) => unknown) => unknown;
