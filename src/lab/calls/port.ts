import type { Call, Replacement, WholeCall } from './call.ts';

/** Which calls a reader asks for; every member narrows. */
export interface CallSelection {
  /** Beginning of the caller's name. */
  caller?: string;
  service?: string;
  operation?: string;
  /** `queue/NAME`, `table/NAME/KEY` ..., or a name of any kind. */
  resource?: string;
  message?: string;
  /** A text in the request, the answer or an effect. */
  text?: string;
  failed?: boolean;
  writes?: boolean;
  /** Engine time in milliseconds since the epoch. */
  since?: number;
  /** Without calls that a loaded snapshot or a reset has undone. */
  present?: boolean;
}

/** Calls that were left out, as a loaded snapshot or a reset has undone them. */
export interface Undone {
  calls: number;
  /** The latest one. */
  by: Replacement;
}

export interface CallQuery extends CallSelection {
  /** Cursor: number of the last call that is known, or `now`; without it, from the oldest. */
  after?: number | 'now';
  limit?: number;
  /** Milliseconds to wait when there is nothing to tell. */
  wait?: number;
  /** The newest calls instead of the next ones. */
  last?: boolean;
  whole?: boolean;
}

export interface CallPage<C extends Call = Call> {
  /** Cursor for the next page. */
  next: number;
  /** The oldest call that is kept. */
  first: number;
  /** Calls behind the cursor that were not kept any more. */
  dropped: number;
  /** With `present`: what was left out between the calls of the page. */
  undone: Undone | null;
  calls: C[];
}

export interface ConnectedCalls {
  of: string;
  named: 'message' | 'item' | 'object' | 'text' | null;
  first: number;
  truncated: boolean;
  /** Calls that name it, and are left out as they were undone. */
  undone: Undone | null;
  calls: Call[];
}

/** A message that was put into a queue or published. */
export interface SentMessage {
  message_id: string;
  /** Name of the queue or topic. */
  sent_to: string;
  at: string;
  caller: string;
}

/** A message as it lies in its queue. */
export interface MessagePlace {
  message_id: string;
  state: 'ready' | 'in-flight' | 'delayed';
  /** Whether no receiver gets it, as its queue is held. */
  held: boolean;
  body: string;
  /** As SQS tells them: `DeadLetterQueueSourceArn`. */
  system_attributes: Record<string, string>;
  receive_count: number;
  sent_at: string;
  visible_at: string | null;
  expires_at: string;
  group: string | null;
  /** Ready messages that were there before it. */
  ahead: number;
  /** Messages of its FIFO group that are in flight or delayed. */
  blocked_by: string[];
}

/** A queue as it stands. */
export interface QueueState {
  name: string;
  fifo: boolean;
  ready: number;
  in_flight: number;
  delayed: number;
  /** Of the ready ones, those that no receiver gets. */
  held: number;
  hold: { since: string; where: string | null } | null;
  oldest_at: string | null;
  dead_letter_queue: string | null;
  dead_letters_of: string[];
  /** Who received from it, or tried to, lately. */
  consumers: { caller: string; at: string; received: number }[];
}

export interface QueueSubscription {
  /** ARN. */
  subscription: string;
  /** ARN. */
  topic: string;
  pending: boolean;
  raw: boolean;
  filter_policy: string | null;
  filter_scope: string;
}

/**
 * The call log of an engine, and a look at what there is that is no call. Every method rejects with `unsupported` where
 * the engine has none, and with `engine_unreachable`.
 */
export interface CallLog {
  page(query: CallQuery & { whole: true }, signal?: AbortSignal): Promise<CallPage<WholeCall>>;
  page(query: CallQuery, signal?: AbortSignal): Promise<CallPage>;
  /** Rejects with `not_found`, also when the call is no longer kept. */
  call(seq: number): Promise<WholeCall>;
  /** All calls that have to do with a message, `TABLE/KEY`, `BUCKET/KEY` or a text in messages. */
  connected(id: string): Promise<ConnectedCalls>;
  /** Newest first; `first` is the oldest call that is kept. */
  messages(query: { beginning?: string; limit: number }): Promise<{ first: number; messages: SentMessage[] }>;
  /** The engine's time, in milliseconds since the epoch. */
  now(): Promise<number>;
  queues(): Promise<QueueState[]>;
  /** Undefined when there is no such queue. */
  queue(name: string): Promise<QueueState | undefined>;
  /** Undefined when it is not there, or the queue is not. */
  place(queue: string, messageId: string): Promise<MessagePlace | undefined>;
  subscriptions(queue: string): Promise<QueueSubscription[]>;
  /** Names of all tables. */
  tables(): Promise<string[]>;
}
