import type { Duration } from './settle.ts';

export interface LabCheckOptions {
  /** Some of the experiments of docs/check.md: `duplicate`, `error`, `crash`, `order`, `partial`, `poison` ... */
  only?: readonly string[];
  /** One case, as a counterexample names it. */
  case?: string;
  /** Disturbed runs at most (default 1000). */
  maxRuns?: number;
  /** Real time after which no run begins. */
  budget?: Duration;
  /** `table orders` or `table orders: updated_at`: not compared. */
  ignore?: readonly string[];
  /** Compared as well: `metrics`, `logs`. */
  include?: readonly string[];
  /** Functions over the end of every run, by name: they throw, or answer false or a text, when it is wrong. */
  // biome-ignore lint/suspicious/noExplicitAny: what is stored has no type here
  invariants?: Record<string, (world: { tables: any; objects: any; queues: any }) => unknown>;
  /** Tries the cases in an order drawn from this number. */
  seed?: number;
  /** Real time that a consumer may take over a message (default 5 s). */
  patience?: Duration;
}

export interface LabVerdict {
  /** Of the undisturbed run. */
  deliveries: number;
  /** What differs by nature, and was not compared. */
  masked: string[];
  tallies: { experiment: string; runs: number; held: number; failed: number; not_tried: number }[];
  not_tried: { id: string; reason: string }[];
  /** Calls of the undisturbed run that belong to no message. */
  unattributed: { caller: string; operation: string; resource: string; calls: number }[];
  /** Queues from which nobody receives: what lies there was compared. */
  outputs: string[];
}
