import type { StoredItem } from '../calls/call.ts';

/** Tables, buckets, metrics and logs by their own names, of whatever stack, on every engine and on AWS. */
export interface Stores {
  tables: Tables;
  buckets: Buckets;
  metrics: MetricStore;
  logs: LogStore;
}

export interface KeyPart {
  name: string;
  /** `S`, `N` or `B`. */
  type: string;
}

export interface TableInfo {
  table: string;
  /** As DescribeTable tells it, which on AWS is some hours old. */
  items: number;
  bytes: number;
  /** Partition key, and sort key where there is one. */
  keys: KeyPart[];
  indexes: { index: string; keys: KeyPart[] }[];
}

/** A comparison of one attribute; `exists` and `missing` take no value. */
export interface Condition {
  attribute: string;
  comparison: '=' | '<>' | '<' | '<=' | '>' | '>=' | 'begins_with' | 'contains' | 'exists' | 'missing';
  value?: Readonly<Record<string, unknown>>;
}

export interface ItemQuery {
  table: string;
  index?: string;
  /** Partition key, and a condition on the sort key; without it the whole table is read. */
  key?: readonly Condition[];
  filter?: readonly Condition[];
  /** Where the page before ended. */
  after?: StoredItem;
  newestFirst?: boolean;
  limit: number;
}

export interface ItemPage {
  /** In DynamoDB's JSON, bytes as base64. */
  items: StoredItem[];
  scanned: number;
  after: StoredItem | null;
}

export interface Tables {
  list(): Promise<TableInfo[]>;
  items(query: ItemQuery): Promise<ItemPage>;
  /** Rejects with `conflict` when the item is not as it was: `was` is the one that was edited, or null for a new one. */
  put(table: string, item: StoredItem, was: StoredItem | null): Promise<void>;
  delete(table: string, key: StoredItem): Promise<void>;
}

export interface ObjectInfo {
  key: string;
  size: number;
  modified_at: string;
  etag: string;
}

export interface ObjectContent extends ObjectInfo {
  content_type: string;
  metadata: Record<string, string>;
  /** Null where the content is no text, or too large to be shown. */
  text: string | null;
  truncated: boolean;
}

export interface Buckets {
  list(): Promise<{ bucket: string; created_at: string | null }[]>;
  objects(
    bucket: string,
    page: { prefix: string; after: string; limit: number },
  ): Promise<{ objects: ObjectInfo[]; after: string | null }>;
  /** The beginning of an object, as text; rejects with `not_found`. */
  look(bucket: string, key: string, largest: number): Promise<ObjectContent>;
  /** A whole object; rejects with `invalid_input` when it has more than `largest` bytes. */
  read(bucket: string, key: string, largest: number): Promise<{ bytes: Uint8Array; content_type: string }>;
  write(bucket: string, key: string, content: Uint8Array, contentType: string): Promise<void>;
  delete(bucket: string, key: string): Promise<void>;
  /** An address that everybody may get the object at, for so long. */
  presign(bucket: string, key: string, seconds: number): Promise<string>;
}

export interface MetricName {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

export interface MetricQuery extends MetricName {
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p95`. */
  statistics: readonly string[];
  /** Milliseconds since the epoch. */
  since: number;
  until: number;
  periodSeconds: number;
}

export interface AlarmState {
  alarm: string;
  state: string;
  reason: string;
  since: string | null;
  metric: MetricName;
  statistic: string;
  comparison: string;
  threshold: number | null;
}

export interface MetricStore {
  /** At most `limit`. */
  list(limit: number): Promise<MetricName[]>;
  /** Points by statistic, oldest first. */
  points(query: MetricQuery): Promise<Record<string, { at: number; value: number }[]>>;
  alarms(): Promise<AlarmState[]>;
}

export interface LogLine {
  id: string;
  at: number;
  stream: string;
  message: string;
}

export interface LogStore {
  groups(): Promise<{ group: string; bytes: number }[]>;
  /** The newest `limit` of those that match, oldest first; `truncated` when there are more. */
  lines(query: {
    group: string;
    /** Filter pattern of CloudWatch Logs. */
    pattern?: string;
    since: number;
    limit: number;
  }): Promise<{ lines: LogLine[]; truncated: boolean }>;
}
