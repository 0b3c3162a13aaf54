import type { CheckedConsumers } from './consumers.ts';
import type { Invariant } from './invariants.ts';
import type { Experiment } from './plan.ts';
import type { Included, Sending } from './world.ts';

export interface CheckOptions {
  /** The consumers, where they are in our hands; those that somebody else runs are checked as they are. */
  consumers?: CheckedConsumers;
  /** What sets the system going; without it, what waits in the queues does. */
  scenario?: readonly Sending[] | (() => Promise<void>);
  /** The user's functions, by name. */
  invariants?: Record<string, Invariant>;
  /** Where messages say what they are about: `order.id`; names decide where nothing is said. */
  correlate?: readonly string[];
  only?: readonly Experiment[];
  /** One case, by its id. */
  case?: string;
  maxRuns: number;
  /** Tries the cases in an order drawn from this number. */
  seed?: number;
  /** A crash ends the consumer's process. */
  kill?: boolean;
  /** `PLACE` or `PLACE: PATH`, beside what differs by nature. */
  ignore: readonly string[];
  /** Compared as well. */
  include?: readonly Included[];
  /** Real milliseconds that a consumer may take over one message. */
  patienceMs: number;
  /**
   * Whether consumers have to be watched to know what they do, as programs of their own: undisturbed runs then lie apart by
   * more than a second of real time, so that times show, and look for work that belongs to no message.
   */
  watches: boolean;
  signal: AbortSignal;
  /** True when no further run may begin. */
  isOver(): boolean;
}
