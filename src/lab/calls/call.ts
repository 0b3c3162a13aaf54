/** The call log of an engine as its readers see it: what docs/engine.md, Call log, calls a call and its parts. */
export interface Call {
  seq: number;
  /** Engine time of the answer, ISO 8601 and milliseconds since the epoch. */
  at: string;
  at_ms: number;
  /** Real time from the request to the answer. */
  duration_ms: number;
  caller: string;
  service: string;
  operation: string;
  account: string;
  region: string;
  /** `queue/NAME`, `table/NAME`, `bucket/NAME/KEY` ... */
  resources: string[];
  /** `ok` or AWS's code. */
  outcome: string;
  error: string | null;
  fault: { id: number; rule: string } | null;
  effects: Effect[];
  deliveries: DeliveryRef[];
  certainty: Certainty | null;
  invocation_id: string | null;
  /** What the present state knows nothing of the call by; null for one that counts. */
  undone_by: Replacement | null;
}

/** A loaded snapshot, or a reset, as the log has it. */
export interface Replacement {
  seq: number;
  at: string;
  change: 'snapshot_loaded' | 'reset';
  /** Of the snapshot. */
  name: string;
}

export interface WholeCall extends Call {
  input: unknown;
  answer: unknown;
}

export type Certainty = 'exact' | 'content' | 'one_of';

/** One receive of a message by a caller. */
export interface DeliveryRef {
  /** `MESSAGE_ID:RECEIVES`. */
  id: string;
  message_id: string;
  queue: string;
  attempt: number;
  caller: string;
  end: 'deleted' | 'returned' | 'expired' | null;
}

/** An attribute value, or an item, in DynamoDB's JSON. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type StoredItem = Readonly<Record<string, AttributeValue>>;

export type Effect = (
  | ItemEffect
  | MessageEffect
  | PublishedEffect
  | { kind: 'object'; bucket: string; key: string; before?: ObjectVersion; after?: ObjectVersion }
  | { kind: 'metric'; namespace: string; name: string; dimensions: Record<string, string>; value?: number }
  | { kind: 'log'; group: string; stream: string; count: number }
  | { kind: 'alarm'; name: string; before: string; after: string }
  | { kind: 'resource'; resource: string; operation: string }
  | { kind: 'world'; change: string; name: string; count?: number }
) & {
  /** Id of the delivery that it was made in. */
  delivery?: string | null;
};

export interface ObjectVersion {
  etag: string;
  size: number;
}

export interface ItemEffect {
  kind: 'item';
  table: string;
  key: string;
  before: StoredItem | null;
  after: StoredItem | null;
}

export interface MessageEffect {
  kind: 'message';
  /** sent, duplicate, received, deleted, returned, extended, visible, ready, dead_lettered, moved or expired. */
  change: string;
  queue: string;
  message_id: string;
  receives: number;
  until: string | null;
  to: string | null;
  group: string | null;
  other: string | null;
  /** X-Ray's header on the message. */
  trace: string | null;
  body: string | null;
}

export interface PublishedEffect {
  kind: 'published';
  topic: string;
  message_id: string;
  body: string;
  deliveries: SubscriptionOutcome[];
}

/** What became of a published message for one subscription. */
export interface SubscriptionOutcome {
  subscription: string;
  /** Name of the queue. */
  endpoint: string;
  endpoint_arn: string;
  outcome: 'delivered' | 'filtered' | 'refused' | 'unconfirmed' | 'not_emulated';
  message_id: string | null;
  code: string | null;
  reason: string | null;
  dead_letters: string | null;
  unmatched: string[];
}
