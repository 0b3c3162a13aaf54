import type { ServiceName } from '../../domain/names.ts';
import type { Expression } from '../../expression/parser.ts';
import type { Ports } from '../../ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { DeadLetter } from './dead-letter.ts';

export interface RedriveOptions {
  service: ServiceName;
  /** Only messages about this order. */
  order?: string | undefined;
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

export interface RedriveDeps {
  ports: Ports;
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
  sample: Pick<DeadLetter, 'message_id' | 'event_type' | 'order_id' | 'reason' | 'attempts'>[];
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
