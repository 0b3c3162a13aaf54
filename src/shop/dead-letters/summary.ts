import { deadLetterQueueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type InspectDeps, inspectDeadLetters } from './inspect.ts';

/** What lies in one dead-letter queue. */
export interface DeadLetterSummary {
  service: ServiceName;
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

/** Every dead-letter queue, the services side by side. */
export function summarise(deps: InspectDeps): Promise<DeadLetterSummary[]> {
  return Promise.all(SERVICES.map((service) => summaryOf(service, deps)));
}

async function summaryOf(service: ServiceName, deps: InspectDeps): Promise<DeadLetterSummary> {
  const queue = deadLetterQueueOf(service);
  const { ready, inFlight, delayed } = await deps.ports.queues.depth(queue);
  const letters =
    ready === 0 ? [] : await inspectDeadLetters(service, { limit: Math.min(SAMPLE, ready), stacks: false }, deps);
  return {
    service,
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
