import type { SettleOptions } from './settle.ts';

export interface SendOptions {
  /** Texts as String, numbers as Number. */
  attributes?: Record<string, string | number>;
  /** Message group, of a FIFO queue or topic. */
  group?: string;
  deduplicationId?: string;
  /** Seconds. */
  delay?: number;
}

export interface PublishOptions extends Omit<SendOptions, 'delay'> {
  subject?: string;
}

/**
 * Which messages are meant: a text or an expression that the body contains, an object whose members the body's JSON has
 * (matchers such as `expect.any(String)` may stand in it), or a function. Of an SNS notification its message counts.
 */
// biome-ignore lint/suspicious/noExplicitAny: the content of a message has no type here
export type Match = string | RegExp | object | ((json: any, message: { id: string; body: string }) => boolean);

export interface CountOptions extends SettleOptions {
  /** Exactly so many, when everything has settled; without it one is enough, and awaited. */
  times?: number;
}

interface Content {
  id: string;
  /** As it was sent. */
  body: string;
  /** What the body holds as JSON, or the message of an SNS notification; undefined for plain text. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  json: any;
}

/** A message that lies in a queue. */
export interface LabMessage extends Content {
  state: 'ready' | 'in-flight' | 'delayed';
  receives: number;
  sentAt: Date;
  /** Message attributes; binary ones in base64. */
  attributes: Record<string, string>;
  group: string | undefined;
}

/** One receive of a message. */
export interface LabDelivery extends Content {
  consumer: string;
  attempt: number;
  at: Date;
  /** How it ended; `open` while it is in somebody's hands. */
  end: 'deleted' | 'returned' | 'expired' | 'open';
}

export interface LabPublished extends Content {
  at: Date;
  /** Queues that got it. */
  queues: string[];
}

export interface LabQueue {
  readonly name: string;
  /** As clients of the SDK take it. */
  readonly url: string;
  readonly arn: string;
  /** Deliveries of such messages that ended with the message being deleted. Turns the clock as `settled()` does. */
  consumed(match?: Match, options?: CountOptions): Promise<LabDelivery[]>;
  /** Rejects when such a message has ever come into the queue, once everything has settled. */
  expectNone(match?: Match, options?: SettleOptions): Promise<void>;
  /** All receives so far. */
  deliveries(match?: Match): LabDelivery[];
  /** What lies in it now, oldest first. */
  messages(match?: Match): LabMessage[];
  /** What lies in its dead-letter queue now, oldest first. */
  deadLetters(match?: Match): LabMessage[];
}

export interface LabTopic {
  readonly name: string;
  readonly arn: string;
  published(match?: Match, options?: CountOptions): Promise<LabPublished[]>;
  /** Rejects when such a message was ever published, once everything has settled. */
  expectNone(match?: Match, options?: SettleOptions): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: items have no type here
export type LabItem = Record<string, any>;

export interface LabTable {
  readonly name: string;
  /**
   * An item as plain values (sets as Set, numbers that a double does not hold as texts), by its key: an object, or the
   * value of a key that has one attribute.
   */
  item(key: string | number | LabItem): LabItem | undefined;
  /** All of them, in the order of their keys. */
  items(): LabItem[];
}

export interface LabObject {
  key: string;
  /** Bytes. */
  size: number;
  etag: string;
  contentType: string;
  metadata: Record<string, string>;
  bytes: Uint8Array;
  text(): string;
  // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse
  json(): any;
}

export interface LabBucket {
  readonly name: string;
  object(key: string): LabObject | undefined;
  /** All of them, in the order of their keys. */
  objects(): LabObject[];
}

/** Samples taken together; 0 everywhere when there are none. */
export interface LabMetric {
  samples: number;
  sum: number;
  minimum: number;
  maximum: number;
}

export interface LabLogEvent {
  stream: string;
  at: Date;
  message: string;
  /** What the message holds as JSON, if it does. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  json: any;
}
