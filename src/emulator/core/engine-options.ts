import type { HostTime } from './host.ts';
import type { ServiceDefinition } from './types.ts';

export interface EngineOptions {
  services: readonly ServiceDefinition[];
  host?: HostTime;
  /** Seed of ids, delivery order and faults. */
  seed?: number;
  /** Starts with the clock frozen at this time (milliseconds since the epoch). */
  frozenAt?: number;
}
