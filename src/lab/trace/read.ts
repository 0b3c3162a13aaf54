import { CliffracerError } from '../../errors.ts';
import type { CallLog } from '../calls/port.ts';
import { withoutUndone } from '../calls/undone.ts';
import { buildTrace } from './build.ts';
import { type CallTrace, messagesOf } from './model.ts';

/** Messages that are looked for in their queues. */
const MOST_LOOKED_FOR = 20;

/** The trace of a message, an item (`TABLE/KEY`), an object or a text; undefined when the log has nothing about it. */
export async function readTrace(log: CallLog, id: string): Promise<CallTrace | undefined> {
  const found = await log.connected(id);
  const trace = buildTrace({ ...found, calls: await withoutUndone(log, found.calls) });
  if (trace === undefined) return undefined;
  // Purged, or gone with its queue: of that no call tells that is about the message.
  await Promise.all(
    trace.missing.slice(0, MOST_LOOKED_FOR).map(async (missing) => {
      if (missing.state === 'expired') return;
      const queue = missing.state === 'dead_lettered' ? deadLetterQueueOf(trace, missing.message_id) : missing.to;
      if ((await log.place(queue ?? missing.to, missing.message_id)) === undefined) missing.state = 'gone';
    }),
  );
  return trace;
}

function deadLetterQueueOf(trace: CallTrace, id: string): string | null {
  for (const message of messagesOf(trace)) if (message.message_id === id) return message.dead_letter_queue;
  return null;
}

export function nothingFound(id: string, first: number): CliffracerError {
  const since = first > 1 ? `, which begins at call ${first}` : '';
  return new CliffracerError(
    'not_found',
    `no order ${JSON.stringify(id)}, and nothing in the call log${since} has to do with it`,
    {
      hint: 'cliffracer calls',
    },
  );
}
