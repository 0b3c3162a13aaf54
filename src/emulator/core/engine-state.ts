import type { FaultState } from './faults.ts';
import type { EngineSettings } from './settings.ts';
import type { TimerHeap } from './timers.ts';
import type { ServiceId } from './types.ts';

/** Everything the engine remembers, as plain data: a snapshot is a structured clone of this. */
export interface EngineState {
  random: number;
  sequence: number;
  timers: TimerHeap;
  /** service -> scope key -> the service's own state */
  services: Map<ServiceId, Map<string, unknown>>;
  /** Rules of fault injection; of the engine's state though not of the world that it emulates. */
  faults?: FaultState | undefined;
  /** Undefined: the default ones. */
  settings?: EngineSettings | undefined;
}
