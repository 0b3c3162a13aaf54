import type { StoredItem } from '../calls/call.ts';
import type { CallLog } from '../calls/port.ts';
import type { Holds } from '../queues/port.ts';

/** A topic as it stands. */
export interface SeenTopic {
  name: string;
  arn: string;
  fifo: boolean;
  subscriptions: {
    subscription: string;
    protocol: string;
    endpoint: string;
    /** Name of the queue, where the endpoint is one. */
    queue: string | null;
    pending: boolean;
    raw: boolean;
    filter_policy: string | null;
    filter_scope: string;
  }[];
}

export interface SeenClock {
  now_ms: number;
  frozen: boolean;
}

export interface SeenTable {
  name: string;
  items: number;
  bytes: number;
  /** Names of the key's attributes. */
  keys: string[];
  indexes: string[];
}

export interface SeenObject {
  key: string;
  size: number;
  etag: string;
  modified_at: string;
  content_type: string;
}

export interface SeenBucket {
  name: string;
  objects: number;
  bytes: number;
}

export interface SeenLogEvent {
  at: string;
  stream: string;
  message: string;
}

export interface SeenMetric {
  namespace: string;
  name: string;
  dimensions: { name: string; value: string }[];
  /** The latest minute, by unit. */
  latest: { unit: string; at: string; count: number; sum: number; minimum: number; maximum: number }[];
}

export interface SeenAlarm {
  name: string;
  state: string;
  reason: string;
  since: string;
}

export interface SeenMessage {
  message_id: string;
  state: string;
  held: boolean;
  body: string;
  attributes: { name: string; type: string; value: string }[];
  receive_count: number;
  sent_at: string;
  visible_at: string | null;
}

/**
 * An engine as it is watched: by its call log and its control interface alone, so that whoever watches does not stand in the
 * log. Every method rejects with `unsupported` where the engine has no such interface, and with `engine_unreachable`.
 */
export interface WatchedEngine {
  log: CallLog;
  holds: Holds;
  clock(): Promise<SeenClock>;
  topics(): Promise<SeenTopic[]>;
  messages(queue: string, state: 'ready' | 'in-flight' | 'delayed', limit: number): Promise<SeenMessage[]>;
  tables(): Promise<SeenTable[]>;
  items(table: string, limit: number): Promise<{ total: number; items: { key: string; item: StoredItem }[] }>;
  buckets(): Promise<SeenBucket[]>;
  objects(bucket: string, limit: number): Promise<SeenObject[]>;
  /** `text` is null where it is none. */
  object(bucket: string, key: string): Promise<SeenObject & { text: string | null }>;
  metrics(): Promise<{ metrics: SeenMetric[]; alarms: SeenAlarm[] }>;
  logGroups(): Promise<{ name: string }[]>;
  /** The newest lines, oldest first. */
  logEvents(group: string, limit: number): Promise<SeenLogEvent[]>;
  /** Has the engine move all messages of a dead-letter queue to a queue, or each back to where it came from. */
  redrive(deadLetterQueue: string, to: string | undefined): Promise<void>;
}
