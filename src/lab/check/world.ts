import type { CallLog } from '../calls/port.ts';

/** What tables, buckets and queues hold: the state that experiments are judged by. */
export interface Contents {
  /** Table -> key -> item in DynamoDB's JSON. */
  tables: Record<string, Record<string, Readonly<Record<string, unknown>>>>;
  /** Bucket -> key -> object. */
  buckets: Record<string, Record<string, StoredContent>>;
  /** Queue -> its messages, oldest first. */
  queues: Record<string, WaitingMessage[]>;
  /** `NAMESPACE/NAME DIMENSION=VALUE` -> samples; where they were asked for. */
  metrics?: Record<string, { count: number; sum: number }>;
  /** Log group -> lines; where they were asked for. */
  logs?: Record<string, string[]>;
}

export interface StoredContent {
  etag: string;
  size: number;
  /** Null for a content that is large or no text. */
  text: string | null;
  content_type: string;
  metadata: Record<string, string>;
}

export interface WaitingMessage {
  message_id: string;
  state: 'ready' | 'in-flight' | 'delayed';
  body: string;
  receives: number;
  sent_at_ms: number;
  /** Message attributes; bytes as base64. */
  attributes: Record<string, string>;
  /** Of a FIFO queue. */
  group: string | null;
}

/** What is compared beside tables, buckets and queues. */
export const INCLUDABLE = ['metrics', 'logs'] as const;
export type Included = (typeof INCLUDABLE)[number];

export interface QueueState {
  name: string;
  fifo: boolean;
  dead_letter_queue: string | null;
  dead_letters_of: string[];
}

/** A fault for the calls of one message's deliveries, after the first `skip` of those that the rule is for. */
export interface DeliveryFault {
  rule: string;
  message: string;
  skip: number;
  /** Only calls that name it: `table/NAME`. */
  resource?: string;
  /** Once it has struck, all further calls of the message's deliveries fail: whoever makes them is dead. */
  cut?: boolean;
  /** The call that it strikes waits for `proceed`. */
  pause?: boolean;
}

/** A message to send to a queue, or to publish on a topic. */
export interface Sending {
  queue?: string;
  topic?: string;
  body: string;
  attributes?: Readonly<Record<string, string>>;
  group?: string;
  /** Seconds. */
  delay?: number;
}

/** An engine that experiments are run on: everything that they do to it, and see of it. */
export interface LabWorld {
  calls: CallLog;
  contents(include: readonly Included[]): Promise<Contents>;
  /** The queues of the contents alone. */
  waiting(): Promise<Contents['queues']>;
  queues(): Promise<QueueState[]>;
  saveSnapshot(name: string): Promise<void>;
  /** With another `seed`, ids made from there on are others than those made after the snapshot. */
  loadSnapshot(name: string, seed?: number): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  /** Stops the clock; tells whether it stood already. */
  freeze(): Promise<boolean>;
  resume(): Promise<void>;
  /** Moves the clock to the next timer that does something; answers by how many milliseconds, undefined when there is none. */
  nextTimer(): Promise<number | undefined>;
  advance(ms: number): Promise<void>;
  hold(queue: string): Promise<void>;
  /** Lets messages be received once, all at once; `again`: once they were deleted copies come into the queue, held. */
  release(queue: string, messages: readonly string[], again: boolean): Promise<void>;
  /** Puts a copy at the end of the queue, and answers its id; `fresh`: as another message, with an id of its own. */
  copy(queue: string, message: string, how: { fresh: boolean; body?: string }): Promise<string>;
  /** Long polls at a queue, as soon as there are `atLeast` or `waitMs` (real time) are over. */
  receivers(queue: string, atLeast: number, waitMs: number): Promise<number>;
  addFault(fault: DeliveryFault): Promise<number>;
  /** Whether a call waits at a rule that pauses, as soon as one does or `waitMs` (real time) are over. */
  isPaused(id: number, waitMs: number): Promise<boolean>;
  /** Lets what waits at a rule go on, or fail as the rule says. */
  proceed(id: number, goesOn: boolean): Promise<void>;
  /** How often each rule struck, by id. */
  faults(): Promise<Map<number, number>>;
  removeFault(id: number): Promise<void>;
  /** Removes all that were added, as when the process that they were for has ended; how often they struck stays known. */
  clearFaults(): Promise<void>;
  /** Writes an item, in DynamoDB's JSON, over the one with its key. */
  putItem(table: string, item: Readonly<Record<string, unknown>>): Promise<void>;
  /** Answers the id of the message, or of the publication. */
  send(message: Sending): Promise<string>;
  /** Lets real time pass. */
  pass(ms: number, signal: AbortSignal): Promise<void>;
}
