/** What a fault rule does to a call or to a point inside one. Rules are parsed and drawn in `faults/`. */
export interface FaultDecision {
  action: 'error' | 'drop' | 'throttle' | 'latency' | 'duplicate' | 'reorder';
  /** Error code for `error`, as the service's model names it. */
  code?: string;
  /** Real milliseconds for `latency`. */
  ms?: number;
  /** The rule that struck. */
  rule?: { id: number; text: string };
}

/** Draws the faults that apply at a named point inside an operation. */
export type FaultSource = (service: string, operation: string, point: string) => FaultDecision | undefined;

/** One rule, parsed. Plain data: rules and their generator are part of the engine's state. */
export interface FaultRule {
  id: number;
  text: string;
  /** undefined: every service. */
  service: string | undefined;
  /** undefined: every operation that the kind applies to. */
  operation: string | undefined;
  kind: FaultDecision['action'];
  code: string | undefined;
  ms: number | undefined;
  /** An error comes before the operation acts, or after it has. */
  when: 'before' | 'after';
  /** Probability per call, from 0 to 1. */
  rate: number;
  /** How often it still strikes; undefined: without end. */
  remaining: number | undefined;
  /** Only calls that belong to a delivery of this message. */
  message?: string;
  /** Only calls that name this resource, as the call log has it: `table/NAME`; of a bucket, every key in it. */
  resource?: string;
  /** Calls that it still lets pass. */
  skip?: number;
  /** Once it has struck, every further call that belongs to the message's deliveries fails alike: whoever makes them is cut off. */
  cut?: boolean;
  /** A call that it strikes waits until somebody says whether it goes on (`faults/paused.ts`). */
  pause?: boolean;
  /** How often it has struck. */
  struck: number;
}

export interface FaultState {
  /** State of the generator that decides: apart from the engine's, so that faults do not change ids. */
  random: number;
  /** Rules made so far, for their ids. */
  made: number;
  rules: FaultRule[];
}
