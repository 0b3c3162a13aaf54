import { heldCount } from './hold.ts';
import type { Hold, SqsState } from './state.ts';
import { depthsOf } from './traffic.ts';

/** A queue as it stands. */
export interface QueueDescription {
  fifo: boolean;
  ready: number;
  inFlight: number;
  delayed: number;
  /** Of the ready ones, those that no receiver gets. */
  held: number;
  hold: Hold | undefined;
  /** When the oldest message was sent, milliseconds since the epoch. */
  oldestAt: number | undefined;
  deadLetterQueue: string | undefined;
  /** Queues whose dead letters come here. */
  deadLettersOf: string[];
}

/** Undefined when there is no such queue. */
export function describeQueue(state: SqsState, name: string): QueueDescription | undefined {
  const queue = state.queues.get(name);
  if (queue === undefined) return undefined;
  const sources = [...state.queues.values()].filter(({ settings }) => settings.redrive?.targetArn === queue.arn);
  return {
    ...depthsOf(queue),
    fifo: queue.settings.fifo,
    held: heldCount(queue),
    hold: queue.hold,
    deadLetterQueue: queue.settings.redrive?.targetName,
    deadLettersOf: sources.map((source) => source.name),
  };
}
