import type { ClockState } from './clock.ts';
import type { EngineState } from './engine-state.ts';
import type { FaultState } from './faults.ts';
import type { EngineSettings } from './settings.ts';
import type { Call } from './types.ts';

/**
 * A call that may change the state, as it has to be repeated to get the same state again: with the time and the random
 * numbers that it saw.
 */
export interface CallRecord extends Omit<Call, 'signal' | 'client'> {
  at: number;
  random: number;
  /** State of the faults' own generator, when there are fault rules. */
  faultRandom: number | undefined;
}

/** What a call has to be repeated with, just before it acts. */
export function recordOf(call: Call, at: number, { random, faults }: EngineState): CallRecord {
  const { service, operation, input, account, region, endpoint, caller, traceHeader } = call;
  const optional = { ...(endpoint && { endpoint }), ...(caller && { caller }), ...(traceHeader && { traceHeader }) };
  return { service, operation, input, account, region, ...optional, at, random, faultRandom: faults?.random };
}

/** Told of everything that changes the state and does not follow from the clock, in the order of happening. */
export interface Journal {
  /** Just before the call acts; throwing refuses it. */
  record(call: CallRecord): void;
  clockSet(at: number, clock: ClockState): void;
  faultsSet(at: number, faults: FaultState | undefined): void;
  /** Just before calls act by other settings. */
  settingsSet(at: number, settings: EngineSettings): void;
  /** Timers are about to fire at or before `at`, with or without a call. Never throws. */
  passed(at: number): void;
  /** Just before the whole state is replaced, and the clock set, which may go back; throwing refuses it. */
  replaced(at: number, clock: ClockState, state: EngineState): void;
}

const READING = /^(?:Get|List|Describe|Head|BatchGet|TransactGet|Filter|Query$|Scan$)/;

/** Whether an operation only looks. AWS's names tell. */
export const isReading = (operation: string) => READING.test(operation);
