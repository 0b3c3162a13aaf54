import type { Tree } from './tree.ts';
import type { Item } from './value.ts';

/** Everything DynamoDB remembers in one account and region, as plain data. */
export interface DynamoState {
  tables: Map<string, Table>;
  tokens: RequestTokens;
}

/** Client request tokens of committed transactions, in two generations so that old ones go without being looked for. */
export interface RequestTokens {
  recent: Map<string, RequestToken>;
  older: Map<string, RequestToken>;
  /** When `recent` began, in milliseconds since the epoch. */
  since: number;
}

export interface RequestToken {
  digest: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  name: string;
  type: KeyType;
}

/** The key of a table or an index: a partition key and perhaps a sort key. */
export interface KeySchema {
  partition: KeyAttribute;
  sort: KeyAttribute | undefined;
  /** What follows the first attribute of either part, which only keys of global indexes have. */
  more?: { partition: KeyAttribute[]; sort: KeyAttribute[] };
}

export interface StoredItem {
  item: Item;
  /** Bytes, as `itemSize` counts them; kept because each read and write asks for it. */
  size: number;
}

/** An item in a tree: as it is or, in a large table, as the text of a `PackedItem`. */
export type KeptItem = StoredItem | string;

export interface Throughput {
  read: number;
  write: number;
  /** Milliseconds since the epoch. */
  increasedAt: number | undefined;
  decreasedAt: number | undefined;
  decreases: number;
}

export interface OnDemandThroughput {
  MaxReadRequestUnits?: number;
  MaxWriteRequestUnits?: number;
}

/** What a table or index can serve at once (Developer Guide, Warm throughput); kept and told, never enforced. */
export interface WarmThroughput {
  ReadUnitsPerSecond?: number;
  WriteUnitsPerSecond?: number;
}

export interface Index {
  name: string;
  kind: 'local' | 'global';
  key: KeySchema;
  projection: { type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; attributes: string[] };
  throughput: Throughput;
  onDemand: OnDemandThroughput | undefined;
  warm?: WarmThroughput | undefined;
  entries: Tree<KeptItem>;
  bytes: number;
}

export interface TimeToLive {
  attribute: string;
  /** Expiry time and item key, in order of expiry -> the item's key. */
  expiries: Tree<string>;
  /** When the earliest pending timer of this table is due; infinite when there is none. */
  timerAt: number;
}

export interface Table {
  name: string;
  id: string;
  arn: string;
  createdAt: number;
  definitions: Map<string, KeyType>;
  key: KeySchema;
  items: Tree<KeptItem>;
  bytes: number;
  indexes: Index[];
  billing: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** When the table last became an on-demand one. */
  onDemandSince: number | undefined;
  throughput: Throughput;
  onDemand: OnDemandThroughput | undefined;
  warm?: WarmThroughput | undefined;
  tags: Map<string, string>;
  timeToLive: TimeToLive | undefined;
  timeToLiveChangedAt: number | undefined;
  deletionProtection: boolean;
  tableClass: string | undefined;
  tableClassChangedAt: number | undefined;
  /** KMS key of a table that is not encrypted with a key DynamoDB owns. */
  encryptionKey: string | undefined;
}

export function createState(): DynamoState {
  return { tables: new Map(), tokens: { recent: new Map(), older: new Map(), since: 0 } };
}
