import { CliffracerError } from '../../errors.ts';
import type { CallLog, ConnectedCalls } from '../calls/port.ts';
import { undoneText } from '../calls/undone.ts';
import { buildTrace } from './build.ts';
import { type CallTrace, messagesOf } from './model.ts';

/** Messages that are looked for in their queues. */
const MOST_LOOKED_FOR = 20;

/** The trace of a message, an item (`TABLE/KEY`), an object or a text. Rejects with `not_found`. */
export async function readTrace(log: CallLog, id: string): Promise<CallTrace> {
  const found = await log.connected(id);
  const trace = buildTrace(found);
  if (trace === undefined) throw nothingFound(found);
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

/** Says that the log has nothing about an id, or nothing that was not undone. */
export function nothingFound({ of, first, undone }: ConnectedCalls): CliffracerError {
  const id = JSON.stringify(of);
  if (undone !== null) {
    return new CliffracerError(
      'not_found',
      `nothing of ${id} has a place in the present state: ${undoneText(undone)}`,
      {
        hint: 'cliffracer calls --undone',
      },
    );
  }
  const since = first > 1 ? `, which begins at call ${first}` : '';
  return new CliffracerError('not_found', `no order ${id}, and nothing in the call log${since} has to do with it`, {
    hint: 'cliffracer calls',
  });
}
