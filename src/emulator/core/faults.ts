/** What a fault rule does to a call or to a point inside one. Rules are parsed and drawn in `faults/`. */
export interface FaultDecision {
  action: 'error' | 'drop' | 'throttle' | 'latency' | 'duplicate' | 'reorder';
  /** Error code for `error`, as the service's model names it. */
  code?: string;
  /** Real milliseconds for `latency`. */
  ms?: number;
}

/** Draws the faults that apply to a call; `point` is `call` for the call itself. */
export type FaultSource = (service: string, operation: string, point: string) => FaultDecision | undefined;
