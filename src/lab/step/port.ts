import type { CallLog } from '../calls/port.ts';
import type { Holds } from '../queues/port.ts';

/** What stepping needs of an engine. Every method rejects with `unsupported` on engines other than the embedded one. */
export interface Laboratory {
  log: CallLog;
  holds: Holds;
  /** The oldest message of a queue that is held; undefined when there is none. */
  firstHeld(queue: string): Promise<string | undefined>;
  saveSnapshot(name: string): Promise<void>;
  loadSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  /** Moves a message that is ready to another queue, as a message move task does; resolves with its new id. */
  redrive(queue: string, message: string, to: string): Promise<string>;
  /** Waits until somebody polls a queue, at most so many milliseconds. */
  untilPolled(queue: string, waitMs: number): Promise<void>;
  /** Has the Nth call of whoever receives the message fail, once; resolves with the rule's number. */
  failCall(message: string, nth: number): Promise<number>;
  clearFault(rule: number): Promise<void>;
  /** Milliseconds of real time. */
  elapsed(): number;
}
