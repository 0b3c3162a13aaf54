import type { Certainty, Effect } from '../calls/call.ts';
import type { Undone } from '../calls/port.ts';

/** A call as it stands in a trace; what it sent hangs below it. */
export interface TraceCall {
  seq: number;
  at: string;
  /** Milliseconds of engine time since the trace begins. */
  after_ms: number;
  duration_ms: number;
  caller: string;
  service: string;
  operation: string;
  resources: string[];
  outcome: string;
  error: string | null;
  /**
   * Without messages that were sent or published, and, of a call that was answered, without those that it deleted or returned.
   * With an outcome that is an error: the call was done, and its answer lost.
   */
  effects: Effect[];
  certainty: Certainty | null;
  sends: TraceMessage[];
}

/** Where a message was when the log was read; `done`: handled and deleted. */
export type MessageState =
  | 'done'
  | 'published'
  | 'waiting'
  | 'delayed'
  | 'in_flight'
  | 'dead_lettered'
  | 'expired'
  | 'moved'
  | 'duplicate'
  | 'gone';

/** A message in a queue, or one that was published on a topic, with its copies in queues. */
export interface TraceMessage {
  message_id: string;
  /** Name of the queue or topic. */
  to: string;
  /** Null when the call that sent it is no longer kept. */
  at: string | null;
  after_ms: number | null;
  state: MessageState;
  /** Of a published one: subscriptions that did not get it. */
  not_delivered: { endpoint: string; outcome: string; why: string }[];
  copies: TraceMessage[];
  deliveries: TraceDelivery[];
  dead_letter_queue: string | null;
}

/** One receive of a message, with the calls that its consumer made until it ended. */
export interface TraceDelivery {
  id: string;
  queue: string;
  attempt: number;
  caller: string;
  at: string;
  after_ms: number;
  /** Since it was ready in the queue. */
  waited_ms: number;
  /** Until it was deleted, returned or timed out; null while it is in hand. */
  worked_ms: number | null;
  end: 'deleted' | 'returned' | 'timed_out' | null;
  calls: TraceCall[];
}

export interface CallTrace {
  of: string;
  named: 'message' | 'item' | 'object' | 'text';
  started_at: string;
  duration_ms: number;
  counts: { calls: number; messages: number; deliveries: number; failed: number };
  /** Calls outside of every delivery. */
  calls: TraceCall[];
  /** Messages whose sending is no longer kept. */
  messages: TraceMessage[];
  /** Messages that are not done. */
  missing: { message_id: string; to: string; state: MessageState }[];
  truncated: boolean;
  /** Calls about it that are no part of the trace, as a loaded snapshot or a reset has undone them. */
  undone: Undone | null;
  /** The oldest call that is kept. */
  log_begins: number;
}

/** Every message of a trace, causes before effects. */
export function* messagesOf({ calls, messages }: CallTrace): Generator<CallTrace['messages'][number]> {
  const pending = [...messages, ...calls.flatMap(({ sends }) => sends)];
  for (let message = pending.shift(); message !== undefined; message = pending.shift()) {
    yield message;
    pending.unshift(
      ...message.copies,
      ...message.deliveries.flatMap((delivery) => delivery.calls).flatMap(({ sends }) => sends),
    );
  }
}
