import type { Minute, Traffic } from '../core/traffic.ts';
import type { Heap } from './heap.ts';
import type { Statement } from './policy.ts';

/** All that SQS remembers for one account in one region; plain data throughout. */
export interface SqsState {
  queues: Map<string, Queue>;
  /** Message move tasks by id, oldest first. */
  moveTasks: Map<string, MoveTask>;
  /** Counts up for sequence numbers of FIFO messages. */
  sequence: number;
}

export const createState = (): SqsState => ({ queues: new Map(), moveTasks: new Map(), sequence: 0 });

export type MessageState = 'ready' | 'in-flight' | 'delayed';

export interface MessageAttribute {
  name: string;
  type: string;
  /** Text for String and Number types, bytes for Binary ones. */
  value: string | Uint8Array;
}

/** What a message is, wherever it lies: this is what moves to a dead-letter queue and back. */
export interface MessageContent {
  id: string;
  body: string;
  /** Left out where it is not at hand: it follows from the body. */
  bodyMd5: string | undefined;
  /** In order of their names. */
  attributes: MessageAttribute[];
  traceHeader: string | undefined;
  senderId: string;
  sentAt: number;
  /** Retention counts from here. */
  enqueuedAt: number;
  /** Receives on all queues so far (ApproximateReceiveCount). */
  receiveCount: number;
  firstReceivedAt: number;
  groupId: string | undefined;
  deduplicationId: string | undefined;
  sequenceNumber: string | undefined;
  /** The queue that gave it up, when this lies in a dead-letter queue. */
  sourceArn: string | undefined;
}

export interface Message {
  content: MessageContent;
  /** Position in the queue: counts up, never reused. */
  key: number;
  state: MessageState;
  /** When a message that is in flight or delayed becomes ready. */
  visibleAt: number;
  receivedAt: number;
  /** Receives on this queue; the latest one's number is part of the receipt handle. */
  receives: number;
}

/**
 * The messages of a long queue that nobody has received yet, in pages of bytes outside of the garbage collector's reach: as objects
 * they take more than twice the memory, and time whenever it runs. A message leaves its page for good when it is taken.
 */
export interface Backlog {
  pages: BacklogPage[];
  /** Messages in the pages. */
  size: number;
  /** When the last of them was enqueued: none that is older follows, so that the first is always the oldest. */
  latestAt: number;
}

/** Holds messages in the order of their keys. */
export interface BacklogPage {
  /** Who sent them, unless a message says otherwise. */
  senderId: string;
  bytes: Uint8Array;
  /** The key that belongs to the first place of `starts`. */
  first: number;
  /** By key, where the message begins in `bytes`; GONE where there is none. */
  starts: number[];
  /** Place of the first message that is left. */
  from: number;
  live: number;
  /** Bytes written. */
  end: number;
}

/** A message group; exists while it has messages. */
export interface Group {
  /** Keys of its ready messages. */
  ready: Heap;
  /** Of a FIFO queue: keys of its messages in flight and delayed, which hold up those behind them. */
  hidden: Heap;
  size: number;
  /** The key under which the group stands in the queue's `ready` heap. */
  listed: number | undefined;
}

/** A message that was sent within the deduplication interval. */
export interface Sent {
  at: number;
  messageId: string;
  sequenceNumber: string;
}

/** A receive that may be tried again with its ReceiveRequestAttemptId. */
export interface Attempt {
  at: number;
  received: { key: number; receives: number; visibleAt: number }[];
}

export interface RedrivePolicy {
  targetArn: string;
  targetName: string;
  maxReceiveCount: number;
}

export interface RedriveAllowPolicy {
  permission: 'allowAll' | 'denyAll' | 'byQueue';
  sourceArns: string[];
}

/** The attributes as the engine uses them, read once from their texts. Times in milliseconds. */
export interface QueueSettings {
  fifo: boolean;
  contentBasedDeduplication: boolean;
  deduplicationScope: 'queue' | 'messageGroup';
  delay: number;
  visibilityTimeout: number;
  retention: number;
  wait: number;
  maximumMessageSize: number;
  redrive: RedrivePolicy | undefined;
  redriveAllow: RedriveAllowPolicy;
  policy: Statement[] | undefined;
}

/** What was done to a queue in a minute, and how it stood at the end of it. */
export interface QueueMinute extends Minute {
  sent: number;
  /** Of the messages sent, in bytes. */
  bytes: number;
  smallest: number;
  largest: number;
  received: number;
  deleted: number;
  emptyReceives: number;
  /** Set when the next minute begins; the latest minute's are the queue's present ones. */
  depths: Depths | undefined;
}

export interface Depths {
  ready: number;
  inFlight: number;
  delayed: number;
  /** When the oldest message was sent; undefined without messages. */
  oldestAt: number | undefined;
}

/** A queue that gives receivers only what was released. */
export interface Hold {
  since: number;
  /** Only messages that fulfil this expression are held. */
  where: string | undefined;
  /** Keys of the ready messages that may be received. */
  open: Set<number>;
  /** Keys of messages of which a copy comes into the queue when they are deleted. */
  again: Set<number>;
  /** Messages released so far. */
  released: number;
}

export type WakeKind = 'visibility' | 'retention' | 'deduplication';

export interface Queue {
  name: string;
  arn: string;
  /** Tells receipt handles of this queue from those of another, or of an earlier one of the same name. */
  id: string;
  createdAt: number;
  modifiedAt: number;
  purgedAt: number | undefined;
  /** Attributes as they were set; those left out have their default. */
  attributes: Map<string, string>;
  settings: QueueSettings;
  tags: Map<string, string>;
  /** Without those in the backlog. */
  messages: Map<number, Message>;
  /** Most of the messages of a queue that has many; none in a short one. */
  backlog?: Backlog | undefined;
  nextKey: number;
  counts: Record<MessageState, number>;
  /** Without the backlog's. By turn: the ready messages without a group, and one message of each group that can be delivered from. */
  ready: Heap;
  /** By visibleAt: messages in flight and delayed. */
  hidden: Heap;
  /** By enqueuedAt: all messages but the backlog's. */
  expiry: Heap;
  groups: Map<string, Group>;
  /** By deduplication id (and group, where that is the scope), oldest first. */
  sent: Map<string, Sent>;
  attempts: Map<string, Attempt>;
  hold?: Hold | undefined;
  /** What was done minute by minute, for the metrics; none yet when undefined. */
  traffic?: Traffic<QueueMinute>;
  /** When the engine will call back for each kind of wake. */
  wakes: Record<WakeKind, number | undefined>;
}

export interface MoveTask {
  id: string;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  sourceArn: string;
  destinationArn: string | undefined;
  perSecond: number | undefined;
  moved: number;
  toMove: number;
  startedAt: number;
  failureReason: string | undefined;
}
