import type { DeadLetter } from './dead-letter.ts';
import { type DeadLetterQueue, inspectDeadLetters } from './inspect.ts';

/** What lies in one dead-letter queue. */
export interface DeadLetterSummary {
  queue: string;
  messages: number;
  /** Held by somebody who looks at them or moves them. */
  in_flight: number;
  /** When the oldest of those looked at was sent. */
  oldest: string | undefined;
  /** Reasons of those looked at, the most frequent first. */
  reasons: { reason: string; messages: number }[];
  /** How many were looked at. */
  examined: number;
}

/** A hundred tell what is wrong with a thousand. */
const SAMPLE = 100;

export async function summaryOf(place: DeadLetterQueue): Promise<DeadLetterSummary> {
  const { queue, queues } = place;
  const { ready, inFlight, delayed } = await queues.depth(queue);
  const letters = ready === 0 ? [] : await inspectDeadLetters(place, { limit: Math.min(SAMPLE, ready), stacks: false });
  return {
    queue,
    messages: ready + inFlight + delayed,
    in_flight: inFlight,
    oldest: letters[0]?.sent_at,
    reasons: reasonsOf(letters),
    examined: letters.length,
  };
}

function reasonsOf(letters: readonly DeadLetter[]): DeadLetterSummary['reasons'] {
  const counts = new Map<string, number>();
  for (const { reason = 'unknown' } of letters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, messages]) => ({ reason, messages }))
    .sort((a, b) => b.messages - a.messages || (a.reason < b.reason ? -1 : 1));
}
