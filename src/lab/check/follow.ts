import type { Call } from '../calls/call.ts';
import { buildTrace } from '../trace/build.ts';
import type { CallTrace } from '../trace/model.ts';
import type { RunResult } from './model.ts';

/** What became of one message in a run, of its copy, and of all that was sent because of them. */
export function traceIn({ calls, copyId }: RunResult, messageId: string): CallTrace | undefined {
  const known = new Set([messageId, ...(copyId === undefined ? [] : [copyId])]);
  const connected: Call[] = [];
  for (const call of calls) {
    const isOf = call.deliveries.some((delivery) => known.has(delivery.message_id));
    const ids = call.effects.flatMap(messageIds);
    if (!isOf && !ids.some((id) => known.has(id))) continue;
    // What a receive or the engine brings along is not caused by the message.
    if (isOf) for (const id of ids) known.add(id);
    const isKnown = (effect: Call['effects'][number]) => effect.kind !== 'message' || known.has(effect.message_id);
    connected.push({ ...call, effects: call.effects.filter(isKnown) });
  }
  return buildTrace({ of: messageId, named: 'message', first: 0, truncated: false, undone: null, calls: connected });
}

function messageIds(effect: Call['effects'][number]): string[] {
  if (effect.kind === 'message') return [effect.message_id];
  if (effect.kind !== 'published') return [];
  return [effect.message_id, ...effect.deliveries.flatMap(({ message_id: id }) => (id === null ? [] : [id]))];
}
