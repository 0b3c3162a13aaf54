import type { PackedText } from './packed-text.ts';

/**
 * What calls change. Operations report each change with `context.effect`, next to where they make it; the call log keeps
 * the reports with the call. Values are references into the engine's state, which is replaced and never changed in place.
 */
export type Effect =
  | ItemEffect
  | MessageEffect
  | PublishedEffect
  | ObjectEffect
  | MetricEffect
  | LogEffect
  | AlarmEffect
  | WorldEffect;

/** An item of a table was written or deleted; `before` is missing for a new item, `after` for a deleted one. */
export interface ItemEffect {
  kind: 'item';
  table: string;
  /** Names of the key attributes, partition key first. */
  keys: readonly string[];
  before: object | PackedText | undefined;
  after: object | PackedText | undefined;
}

/**
 * sent: put into the queue; duplicate: not put there, as a FIFO queue had it within the deduplication interval; received:
 * given to a consumer; deleted: by a consumer; returned: made visible again by a consumer; extended: given another
 * visibility timeout; visible: its visibility timeout ended; ready: its delay ended; dead_lettered: moved to the
 * dead-letter queue as received too often; moved: by a message move task; expired: older than the retention period.
 */
export type MessageChange =
  | 'sent'
  | 'duplicate'
  | 'received'
  | 'deleted'
  | 'returned'
  | 'extended'
  | 'visible'
  | 'ready'
  | 'dead_lettered'
  | 'moved'
  | 'expired';

export interface MessageEffect {
  kind: 'message';
  /** ARN. */
  queue: string;
  id: string;
  change: MessageChange;
  /** Receives so far, on all queues. */
  receives: number;
  /** When it becomes visible, for received, extended and delayed messages (milliseconds since the epoch). */
  until?: number | undefined;
  /** ARN of the queue that it went to. */
  to?: string | undefined;
  groupId?: string | undefined;
  /** X-Ray's header on the message. */
  trace?: string | undefined;
  /** For sent and received. */
  body?: string | undefined;
  /** For a duplicate the message that came first, for a moved one the message that took its place. */
  other?: string | undefined;
}

/** A message was published on a topic. */
export interface PublishedEffect {
  kind: 'published';
  /** ARN. */
  topic: string;
  id: string;
  body: string;
  deliveries: SubscriptionDelivery[];
}

/**
 * What became of a published message for one subscription: delivered (as `messageId`), filtered by its filter policy,
 * refused by the endpoint (queue policy, no queue, too many attributes), unconfirmed, or to a protocol that goes nowhere.
 */
export interface SubscriptionDelivery {
  /** ARN. */
  subscription: string;
  endpoint: string;
  outcome: 'delivered' | 'filtered' | 'refused' | 'unconfirmed' | 'not_emulated';
  messageId?: string;
  /** For refused: the service's code and words. */
  code?: string;
  reason?: string;
  /** For refused, ARN of the subscription's dead-letter queue that took it. */
  deadLetters?: string;
  /** For filtered: says which parts of the policy did not match; asked only when somebody reads the record. */
  unmatched?: () => string[];
}

export interface ObjectEffect {
  kind: 'object';
  bucket: string;
  key: string;
  before: ObjectVersion | undefined;
  after: ObjectVersion | undefined;
}

export interface ObjectVersion {
  etag: string;
  /** Bytes. */
  size: number;
}

export interface MetricEffect {
  kind: 'metric';
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  /** Missing for a set of values. */
  value: number | undefined;
}

export interface LogEffect {
  kind: 'log';
  group: string;
  stream: string;
  /** Events taken. */
  count: number;
}

export interface AlarmEffect {
  kind: 'alarm';
  name: string;
  before: string;
  after: string;
}

/** Something outside of AWS's APIs: a snapshot was loaded, everything was reset, or a queue was purged or held. */
export interface WorldEffect {
  kind: 'world';
  change: 'snapshot_loaded' | 'reset' | 'purged' | 'held' | 'released';
  name: string;
  count?: number;
}

/** Where a call's effects and the fault that struck it are noted down. */
export interface EffectSink {
  /** Who makes the call. */
  readonly caller: string;
  /** `bytes`: what keeping it costs beyond a small constant. */
  effect(effect: Effect, bytes?: number): void;
  /** The fault rule that struck. */
  struck(rule: { id: number; text: string }): void;
}
