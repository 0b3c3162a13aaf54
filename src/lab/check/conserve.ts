import type { Call, MessageEffect } from '../calls/call.ts';
import type { RunResult } from './model.ts';

/** A message that is not where it has to be at the end of an undisturbed run. */
export interface Lost {
  message_id: string;
  /** Queue, or topic and subscription. */
  place: string;
  reason: 'refused' | 'unconfirmed' | 'expired' | 'left' | 'two_places' | 'vanished';
  detail: string;
}

/**
 * Looks at all messages of a run: each that was published reached every subscription that it matches, each that came into a
 * queue was deleted or lies in a dead-letter queue, and none is in two places.
 */
export function lostIn(
  { calls, end }: RunResult,
  outputs: ReadonlySet<string>,
  deadLetters: ReadonlySet<string>,
): Lost[] {
  const places = new Map<string, string[]>();
  const lost: Lost[] = [];
  for (const [queue, messages] of Object.entries(end.queues)) {
    for (const { message_id: id } of messages) {
      places.set(id, [...(places.get(id) ?? []), queue]);
      if (!outputs.has(queue) && !deadLetters.has(queue))
        lost.push({ message_id: id, place: queue, reason: 'left', detail: 'it was neither deleted nor dead-lettered' });
    }
  }
  for (const [id, [first, second]] of places) {
    if (second !== undefined)
      lost.push({ message_id: id, place: first!, reason: 'two_places', detail: `also in ${second}` });
  }
  return [...notReached(calls), ...lost, ...vanished(calls, places)];
}

function notReached(calls: readonly Call[]): Lost[] {
  return calls.flatMap(({ effects }) =>
    effects.flatMap((effect): Lost[] =>
      effect.kind !== 'published'
        ? []
        : effect.deliveries.flatMap(({ outcome, endpoint, code, reason }) =>
            outcome === 'refused' || outcome === 'unconfirmed'
              ? [
                  {
                    ...{ message_id: effect.message_id, place: `${effect.topic} to ${endpoint}`, reason: outcome },
                    detail: [code, reason].filter(Boolean).join(': '),
                  },
                ]
              : [],
          ),
    ),
  );
}

function vanished(calls: readonly Call[], places: ReadonlyMap<string, readonly string[]>): Lost[] {
  const latest = new Map<string, MessageEffect>();
  for (const { effects } of calls) {
    for (const effect of effects) {
      if (effect.kind === 'message' && effect.change !== 'duplicate') latest.set(effect.message_id, effect);
    }
  }
  return [...latest].flatMap(([id, { change, queue }]): Lost[] => {
    if (change === 'expired')
      return [{ message_id: id, place: queue, reason: 'expired', detail: 'its retention ended' }];
    const isDone = change === 'deleted' || change === 'moved' || places.has(id);
    return isDone ? [] : [{ message_id: id, place: queue, reason: 'vanished', detail: `it was ${change} and is gone` }];
  });
}
