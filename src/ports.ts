/**
 * What the program needs from the world, in its own words. `aws/` implements these over the SDK; services and views
 * never see an SDK type. Names of queues, tables and streams are those of the default stack (`order-queue`, `orders`,
 * `order-service`); the adapters, built for one stack, add its prefix.
 *
 * Every method rejects with CliffracerError (`not_provisioned`, `engine_unreachable`, `aws_error` ...). Batch methods
 * chunk to the API's limits, never send an empty batch, and report what failed instead of throwing for a part.
 */
export interface Ports {
  queues: QueuePort;
  topic: TopicPort;
  tables: TablePort;
  bucket: BucketPort;
  metrics: MetricsPort;
  logs: LogsPort;
}

/** One delivery of an event, as received. */
export interface ReceivedMessage {
  messageId: string;
  /** Valid until the message is received again. */
  receiptHandle: string;
  body: string;
  /** String message attributes (`event_type`, `order_id`, `correlation_id` with raw delivery). */
  attributes: Record<string, string>;
  /** How many times it has been received, this time included. */
  receiveCount: number;
  /** Milliseconds since the epoch. */
  sentAt: number;
  /** Attributes of another type than String, by name; numbers stand in `attributes` too. */
  typed?: Record<string, TypedValue>;
  /** X-Ray's header, the one system attribute of SQS that can be sent. */
  traceHeader?: string | undefined;
  /** Its message group; told where `whole` was asked for. */
  group?: string | undefined;
  /** The queue that gave it up, when it lies in a dead-letter queue; told where `whole` was asked for. */
  source?: string | undefined;
}

/** Value of a message attribute with its type: `Number`, `Binary`, or one of these or String with a label behind a dot. */
export interface TypedValue {
  type: string;
  value: string | Uint8Array;
}

/** A message to send. One that was received is one too, so that it can be sent on as it came. */
export type OutgoingMessage = Pick<ReceivedMessage, 'body' | 'typed' | 'traceHeader' | 'group'> & {
  attributes?: Record<string, string>;
  /** Of a FIFO queue. */
  deduplication?: string;
};

/** How far an engine's own move of messages got; `reason` says why one failed. */
export interface MoveProgress {
  status: 'running' | 'completed' | 'cancelled' | 'failed';
  moved: number;
  reason?: string | undefined;
}

/** A member of a batch that the service refused; `index` is its position in the list given. */
export interface BatchFailure {
  index: number;
  code: string;
  message: string;
  /** True when the sender is at fault, so that sending the same again cannot succeed. */
  senderFault: boolean;
}

export interface QueueDepth {
  ready: number;
  inFlight: number;
  delayed: number;
}

export interface QueuePort {
  /**
   * At most 10 messages; `waitSeconds` > 0 polls long, until `signal` aborts (then resolves with []). `whole` asks for all
   * that SQS knows of a message.
   */
  receive(
    queue: string,
    options: { max: number; waitSeconds: number; visibilitySeconds?: number; whole?: boolean; signal?: AbortSignal },
  ): Promise<ReceivedMessage[]>;
  delete(queue: string, receiptHandles: readonly string[]): Promise<BatchFailure[]>;
  changeVisibility(
    queue: string,
    entries: readonly { receiptHandle: string; seconds: number }[],
  ): Promise<BatchFailure[]>;
  send(queue: string, messages: readonly OutgoingMessage[]): Promise<BatchFailure[]>;
  depth(queue: string): Promise<QueueDepth>;
  purge(queue: string): Promise<void>;
  /**
   * Has the engine itself move all messages of a dead-letter queue; resolves with a handle, or with undefined where the
   * engine has no such task. Rejects with `conflict` while another one runs.
   */
  startMove(from: string, to: string, options: { perSecond?: number }): Promise<string | undefined>;
  /** Of the latest move from a queue. */
  moveProgress(from: string): Promise<MoveProgress | undefined>;
  /** Stops a running move; what was moved stays moved. */
  cancelMove(handle: string): Promise<void>;
}

export interface OutgoingEvent {
  /** JSON text of the event. */
  body: string;
  attributes: Record<string, string>;
}

export interface TopicPort {
  publish(events: readonly OutgoingEvent[]): Promise<BatchFailure[]>;
}

/** Values of DynamoDB items as plain JavaScript; sets and binary do not occur. */
export type ItemValue = string | number | boolean | null | ItemValue[] | { [name: string]: ItemValue };
export type Item = Record<string, ItemValue>;
export type Key = Record<string, string | number>;

/** What an attribute must be. No comparison holds for an attribute that is missing. */
export type Condition =
  | { attribute: string; comparison: '=' | '<' | '>=' | 'begins_with'; value: ItemValue }
  | { attribute: string; comparison: 'missing' };

/** Conditions that must all hold, or one at least. */
export type Conditions = { all: readonly Condition[] } | { any: readonly Condition[] };

/** Amounts to add to numbers, which must be there; or attributes to set where they are missing. */
export type Update = { add: Record<string, number> } | { setIfMissing: Item };

/** One write of a transaction; `label` names it in a conflict ("stock of laptop-pro"). */
export type Write = { table: string; label: string; condition?: Conditions } & (
  | { kind: 'put'; item: Item }
  | { kind: 'update'; key: Key; update: Update }
  | { kind: 'delete'; key: Key }
  | { kind: 'check'; key: Key }
);

/** Outcome of a transaction: everything was written, or nothing was, and these writes' conditions did not hold. */
export type WriteOutcome =
  | { written: true }
  | { written: false; conflicts: { index: number; label: string; item: Item | undefined }[] };

export interface TablePort {
  get(table: string, key: Key): Promise<Item | undefined>;
  /** Strongly consistent; the results stand in the order of the keys. Batched. */
  getMany(keys: readonly { table: string; key: Key }[]): Promise<(Item | undefined)[]>;
  /** All or nothing (at most 100 writes); transaction conflicts and throttling are retried inside. */
  write(writes: readonly Write[]): Promise<WriteOutcome>;
  /** Unconditional puts in batches, as for seeding. */
  putMany(table: string, items: readonly Item[]): Promise<void>;
  deleteMany(table: string, keys: readonly Key[]): Promise<void>;
  /** Every item, page by page, without holding more than a page. */
  scan(table: string, options?: { filter?: Condition; limit?: number }): AsyncIterable<Item>;
  /** Items of one partition of an index (or of the table), in sort order. */
  query(
    table: string,
    options: { index?: string; partition: Key; filter?: Condition; newestFirst?: boolean; limit?: number },
  ): AsyncIterable<Item>;
}

export interface StoredObject {
  key: string;
  size: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  /** As S3 gives it: the MD5 of the content, unless it was encrypted or sent in parts. */
  etag?: string | undefined;
}

export interface BucketPort {
  /** Metadata may be any text; of one that is an encoded word itself (RFC 2047), S3 keeps what the word says. */
  put(key: string, body: string, options: { contentType: string; metadata?: Record<string, string> }): Promise<void>;
  get(key: string): Promise<{ body: string; metadata: Record<string, string> } | undefined>;
  list(prefix: string): AsyncIterable<StoredObject>;
  deleteMany(keys: readonly string[]): Promise<void>;
}

export type MetricUnit = 'Count' | 'Milliseconds' | 'Percent' | 'None';

export interface Measurement {
  name: string;
  value: number;
  unit: MetricUnit;
  dimensions?: Record<string, string>;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface MetricPoint {
  at: number;
  sampleCount: number;
  sum: number;
  average: number;
  minimum: number;
  maximum: number;
  /** Percentiles asked for, by name (`p95`). */
  percentiles: Record<string, number>;
}

export interface MetricsPort {
  put(measurements: readonly Measurement[]): Promise<void>;
  /** Points from `since` (milliseconds) up to `until`, oldest first, one a period that has data. */
  statistics(query: {
    name: string;
    /** Of this queue, as SQS itself measures it, instead of the stack's own metrics. */
    queue?: string;
    dimensions?: Record<string, string>;
    since: number;
    until: number;
    periodSeconds: number;
    percentiles?: readonly string[];
  }): Promise<MetricPoint[]>;
  /** Metric names with the dimensions they were recorded with. */
  list(): Promise<{ name: string; dimensions: Record<string, string> }[]>;
}

export interface LogEntry {
  at: number;
  message: string;
}

export interface LogsPort {
  /** Sorts, splits to the API's limits; rejects when entries were refused. */
  put(stream: string, entries: readonly LogEntry[]): Promise<void>;
  /** Entries of all streams (or some) from `since`, oldest first, page by page. `pattern` is CloudWatch Logs' filter pattern. */
  filter(query: {
    since?: number | undefined;
    until?: number | undefined;
    streams?: readonly string[] | undefined;
    pattern?: string | undefined;
  }): AsyncIterable<LogEntry & { stream: string; id: string }>;
}
