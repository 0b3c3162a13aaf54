import type { DeliveryRef, Replacement, SubscriptionOutcome } from '../calls/call.ts';
import type { QueueState, QueueSubscription, Undone } from '../calls/port.ts';

/** A call that a report points to. */
export interface CallRef {
  seq: number;
  at: string;
  caller: string;
  operation: string;
}

/** Where a message is, or what became of it. */
export type Fate =
  /** Ready; `received` times so far. With `consumers` empty nobody has come for it. */
  | { state: 'ready'; ahead: number; received: number; consumers: string[] }
  | { state: 'held'; since: string | null }
  /** In a FIFO queue, behind messages of its group that are in flight or delayed. */
  | {
      state: 'blocked';
      group: string;
      blocked_by: { message_id: string; caller: string | null; visible_at: string | null }[];
    }
  | { state: 'delayed'; until: string | null }
  | { state: 'in_flight'; until: string | null; caller: string | null; attempt: number }
  | { state: 'deleted'; by: CallRef; attempt: number | null }
  | { state: 'expired'; at: string }
  | { state: 'purged'; by: CallRef }
  | { state: 'queue_deleted'; by: CallRef }
  | { state: 'moved'; to: string; message_id: string | null; at: string }
  /** Not put into the queue, which had had the message already. */
  | { state: 'duplicate'; of: string }
  /** The whole state was replaced since: nothing of the message is there any more. */
  | ({ state: 'replaced' } & Replacement)
  | { state: 'unknown' };

/** A receive of the message and what went wrong in it. */
export interface DeliveryReport extends Pick<DeliveryRef, 'id' | 'attempt' | 'caller' | 'queue'> {
  at: string;
  /** Undefined while it is in flight. */
  end: 'deleted' | 'returned' | 'timed_out' | null;
  ended_at: string | null;
  errors: { seq: number; operation: string; outcome: string; error: string | null }[];
}

export interface MessageReport {
  kind: 'message';
  message_id: string;
  /** Where it is, or was last. */
  queue: string | null;
  fate: Fate;
  /** How it came there; null when the log no longer tells. */
  sent: (CallRef & { queue: string; delivery: string | null }) | null;
  /** The published message that it was delivered of. */
  published: { message_id: string; topic: string } | null;
  dead_lettered: { from: string; to: string; at: string; receives: number }[];
  deliveries: DeliveryReport[];
  /** How often it was sent again and not taken, as a duplicate. */
  duplicates: number;
  /** The oldest call that is kept. */
  log_begins: number;
  /** Calls about it that are not told of, as a loaded snapshot or a reset has undone them. */
  undone: Undone | null;
  remedy: string | null;
}

/** What became of a published message for each subscription. */
export interface PublishedReport {
  kind: 'published';
  message_id: string;
  topic: string;
  published: CallRef;
  subscriptions: (SubscriptionOutcome & { remedy: string | null; message: MessageReport | null })[];
  log_begins: number;
  undone: Undone | null;
}

/** A published message that a queue did not get. */
export interface Missed extends CallRef {
  topic: string;
  message_id: string;
  outcome: SubscriptionOutcome['outcome'];
  why: string;
  remedy: string | null;
}

export interface QueueReport {
  kind: 'queue';
  queue: QueueState;
  subscriptions: QueueSubscription[];
  /** Newest first. */
  missed: Missed[];
  /** Callers that received from it, since the log begins. */
  receivers: { caller: string; receives: number; messages: number; last_at: string }[];
  senders: { caller: string; messages: number; last_at: string }[];
  log_begins: number;
  undone: Undone | null;
}

export type WhyReport = MessageReport | PublishedReport | QueueReport;
