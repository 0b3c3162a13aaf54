import type { CallLog } from '../calls/port.ts';
import type { Holds } from '../queues/port.ts';

/** A message that lies in a held queue. */
export interface HeldMessage {
  message_id: string;
  body: string;
  attributes: { name: string; type: string; value: string }[];
  /** How often it was received before. */
  receive_count: number;
  sent_at: string;
  /** Of a FIFO queue. */
  group: string | null;
}

/** What stepping needs of an engine. Every method rejects with `unsupported` on engines other than the embedded one. */
export interface Laboratory {
  log: CallLog;
  holds: Holds;
  /** The oldest message of a queue that is held, of those that `isMeant`; undefined when there is none. */
  firstHeld(queue: string, isMeant?: (message: HeldMessage) => boolean): Promise<HeldMessage | undefined>;
  saveSnapshot(name: string): Promise<void>;
  loadSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  /** Moves a message that is ready to another queue, as a message move task does; resolves with its new id. */
  redrive(queue: string, message: string, to: string): Promise<string>;
  /** Waits until somebody polls a queue, at most so many milliseconds. */
  untilPolled(queue: string, waitMs: number): Promise<void>;
  /** Moves a message to its queue's dead-letter queue; resolves with that queue. Rejects with `conflict` where it has none. */
  deadLetter(queue: string, message: string): Promise<string>;
  /** Has the Nth call of whoever receives the message fail, once; resolves with the rule's number. */
  failCall(message: string, nth: number): Promise<number>;
  clearFault(rule: number): Promise<void>;
  /** Milliseconds of real time. */
  elapsed(): number;
}
