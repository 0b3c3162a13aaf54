import type { CallLog } from '../calls/port.ts';

/** What tables, buckets and queues hold: the state that experiments are judged by. */
export interface Contents {
  /** Table -> key -> item in DynamoDB's JSON. */
  tables: Record<string, Record<string, Readonly<Record<string, unknown>>>>;
  /** Bucket -> key -> object; `text` is null for a content that is large or no text. */
  buckets: Record<string, Record<string, { etag: string; size: number; text: string | null }>>;
  /** Queue -> its messages, oldest first. */
  queues: Record<string, WaitingMessage[]>;
}

export interface WaitingMessage {
  message_id: string;
  state: 'ready' | 'in-flight' | 'delayed';
  body: string;
  receives: number;
  sent_at_ms: number;
}

export interface QueueState {
  name: string;
  fifo: boolean;
  dead_letter_queue: string | null;
  dead_letters_of: string[];
}

/** A fault for the calls of one message's deliveries, after the first `skip` of them. */
export interface DeliveryFault {
  rule: string;
  message: string;
  skip: number;
}

/** An engine that experiments are run on: everything that they do to it, and see of it. */
export interface LabWorld {
  calls: CallLog;
  contents(): Promise<Contents>;
  /** The queues of the contents alone. */
  waiting(): Promise<Contents['queues']>;
  queues(): Promise<QueueState[]>;
  saveSnapshot(name: string): Promise<void>;
  loadSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  /** Stops the clock; tells whether it stood already. */
  freeze(): Promise<boolean>;
  resume(): Promise<void>;
  /** Moves the clock to the next timer that does something; false when there is none. */
  nextTimer(): Promise<boolean>;
  hold(queue: string): Promise<void>;
  /** Lets one message be received once; `again`: a copy stays in the queue, to be delivered again. */
  release(queue: string, message: string, again: boolean): Promise<void>;
  /** Long polls at a queue, as soon as there are `atLeast` or `waitMs` (real time) are over. */
  receivers(queue: string, atLeast: number, waitMs: number): Promise<number>;
  addFault(fault: DeliveryFault): Promise<number>;
  /** How often each rule struck, by id. */
  faults(): Promise<Map<number, number>>;
  removeFault(id: number): Promise<void>;
  /** Removes all that were added, as when the process that they were for has ended; how often they struck stays known. */
  clearFaults(): Promise<void>;
  /** Sends a message to a queue; answers its id. */
  send(queue: string, body: string): Promise<string>;
}
