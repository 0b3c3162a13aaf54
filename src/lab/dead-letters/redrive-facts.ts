import type { Clock } from '../../clock.ts';
import type { Expression } from '../../expression/parser.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './inspect.ts';
import type { Labels } from './knowledge.ts';

export interface RedriveOptions {
  /** The queue that they go back to. */
  to: string;
  /** Only messages that this queue gave up. */
  source?: string | undefined;
  /** Only messages with these labels. */
  labels?: Labels | undefined;
  where?: Expression | undefined;
  /** At most so many. */
  max?: number | undefined;
  /** At most so many a second. */
  perSecond?: number | undefined;
  /** Only says what would be moved. */
  dryRun?: boolean;
  /** Ends it after the batch in hand. */
  signal?: AbortSignal;
  /** Told how many have been moved. */
  onProgress?: (moved: number) => void;
}

/** From where, and whose time it takes. */
export interface RedriveDeps {
  from: DeadLetterQueue;
  clock: Clock;
}

/** Why moving ended: nothing is left to look at; as many as asked for; stopped by a person. */
export type MoveEnd = 'done' | 'max' | 'interrupted';

/** The engine's own task, or: receive, send with all attributes, delete, in that order. */
export type RedriveWay = 'move_task' | 'receive_send_delete';

export interface RedriveReport {
  queue: string;
  to: string;
  way: RedriveWay;
  dry_run: boolean;
  ended: MoveEnd;
  /** Messages that were moved; with `dry_run` those that would be. */
  moved: number;
  /** Messages that the filters left where they are. */
  skipped: number;
  failed: number;
  /** The first few that could not be moved. */
  failures: { message_id: string; code: string; message: string }[];
  /** Sent, but not deleted: they are in both queues now. */
  duplicates: number;
  /** Messages in the dead-letter queue after it. */
  remaining: number;
  /** Fields of the expression that no message had: misspelt, perhaps. */
  unknown_fields: string[];
  /** A few of what was moved, or would be. */
  sample: Pick<DeadLetter, 'message_id' | 'labels' | 'reason' | 'attempts'>[];
  /** What becomes of a message when the program dies in the middle. */
  after_a_crash: string;
  duration_ms: number;
}

/** What one of the two ways did. */
export type Moved = Pick<
  RedriveReport,
  'way' | 'ended' | 'moved' | 'skipped' | 'failed' | 'failures' | 'duplicates' | 'sample'
> & {
  /** Fields of the expression that some message had. */
  fields?: string[];
};
