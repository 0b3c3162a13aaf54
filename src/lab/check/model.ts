import type { Call } from '../calls/call.ts';
import type { EndState } from './cells.ts';
import type { Mask } from './mask.ts';
import type { SendingOrder } from './sending-order.ts';
import type { WatchOptions } from './watch.ts';
import type { DeliveryFault, Included, QueueState } from './world.ts';

export type CallFault = Omit<DeliveryFault, 'message'>;

/** What is done to one delivery of a run: `at` counts the deliveries of the undisturbed run, from 0. */
export interface Disturbance {
  at: number;
  /**
   * The message comes once more after the delivery has ended: the same, a quarter of an hour later by the engine's clock
   * (`late`) or by the consumers' own (`older`), to a consumer that was started anew, or as another message with the same body.
   */
  again?: 'same' | 'late' | 'older' | 'anew' | 'resent';
  /** Of the messages that wait behind it, the one in this place goes first. */
  first?: number;
  /** Faults for the calls of this delivery; they end with it. */
  faults?: readonly CallFault[];
  /** The delivery is held at a call until the message was handled in a second hand. */
  hands?: Hands;
  /** The consumer's process dies at a call. */
  kill?: CallFault;
}

export interface RunOptions extends WatchOptions {
  include: readonly Included[];
  queues: readonly QueueState[];
  /** Queues whose messages nobody receives: what lies there is part of the end. */
  outputs: ReadonlySet<string>;
  order: SendingOrder;
  /** What differs by nature, once that is known. */
  mask?: Mask;
  disturbance?: Disturbance;
  /**
   * Before a message comes again, the time until then passes for leases that end by a consumer's own clock: those in tables
   * become older by it, and some real time passes for others.
   */
  unhurried?: boolean;
  /** Everything that waits in a queue comes at once, and not one message after the other. */
  together?: boolean;
  /** A message that comes before all others of its queue: what the queue holds, with another body. */
  poison?: { queue: string; body: string };
}

/** One receive by a consumer, as it happened; with `together`, all that it received before it asked again. */
export interface RunDelivery {
  queue: string;
  messageId: string;
  body: string;
  attempt: number;
  caller: string;
  /** Calls in it, in order, without receives; the deletion of the message is one of them. */
  calls: Call[];
  end: 'deleted' | 'returned' | 'unanswered';
  /** Messages behind it that could have come first, as on a standard queue, by their queues. */
  followers: string[];
  /** Messages that the receive brought. */
  together: number;
  fifo: boolean;
}

export type Outcome = 'done' | 'did_not_strike' | 'answered' | 'one_hand' | 'not_ours';

export interface RunResult {
  deliveries: RunDelivery[];
  end: EndState;
  /** Whether the disturbance came to pass; `done` without one. */
  outcome: Outcome;
  /** Why the run did not come to its end. */
  stuck?: Stuck;
  /** Id of the poisoned message. */
  poisonId?: string;
  /** Id of the message that was sent once more. */
  copyId?: string;
  /** All calls, in order. */
  calls: Call[];
  /** Whether a program that is no part of what is checked wrote something meanwhile. */
  interfered?: boolean;
}

export type Stuck =
  | { reason: 'not_received'; queue: string; messageId: string }
  | { reason: 'not_finished'; queue: string; messageId: string; caller: string }
  | { reason: 'never_ends'; queue: string; messageId: string; attempts: number };

/** A message in two hands: the first is held at a call until the second is done. */
export interface Hands {
  fault: CallFault;
  /**
   * What the second hand gets: the message, as its visibility timeout is over; a copy that the queue gave out; or the next
   * message, as a second consumer does.
   */
  why: 'timeout' | 'copy' | 'other';
}
