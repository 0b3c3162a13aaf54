import type { ChunkedList } from '../core/chunked-list.ts';
import type { Context } from '../core/types.ts';

export interface LogEvent {
  /** Milliseconds since the epoch, as the client gave it. */
  timestamp: number;
  message: string;
  ingestionTime: number;
  /** Order of arrival in the group; (timestamp, sequence) orders events and identifies them. */
  sequence: number;
}

export interface LogStream {
  name: string;
  creationTime: number;
  lastIngestionTime: number | undefined;
  /** What the stream adds to the group's stored bytes. */
  bytes: number;
  /** Ordered by (timestamp, sequence). */
  events: ChunkedList<LogEvent>;
}

export interface LogGroup {
  name: string;
  creationTime: number;
  logGroupClass: string;
  kmsKeyId: string | undefined;
  deletionProtection: boolean;
  retentionInDays: number | undefined;
  tags: Map<string, string>;
  storedBytes: number;
  sequence: number;
  streams: Map<string, LogStream>;
  /** Ordered by name. */
  streamNames: ChunkedList<string>;
  /** When the timer is due that discards expired events. */
  expiryAt: number | undefined;
}

export interface LogsState {
  groups: Map<string, LogGroup>;
  /** Ordered by name. */
  groupNames: ChunkedList<string>;
}

export type LogsContext = Context<LogsState>;

export const createState = (): LogsState => ({ groups: new Map(), groupNames: [] });

/** What an event counts for against batch, page and storage sizes: UTF-8 and 26 bytes of overhead. */
export const EVENT_OVERHEAD_BYTES = 26;
export const sizeOf = (message: string): number => Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
