import type { QueuePort, ReceivedMessage } from '../../ports.ts';

/** The most messages that one receive returns (Amazon SQS API Reference, ReceiveMessage). */
export const BATCH = 10;
/** Batches of one queue that are handled at the same time; of more messages the engine's call log keeps no track. */
const MOST_BATCHES = 5;
/** The most messages that {@link receiveMany} returns: then there may be more. */
export const MOST_RECEIVED = BATCH * MOST_BATCHES;

export interface Received {
  messages: ReceivedMessage[];
  /** Why a receive failed; the messages of the others are there all the same, and invisible to everybody else. */
  error?: unknown;
}

/** Receives as many batches as there are, up to five: as long as all of them are full, it asks for twice as many at a time. */
export async function receiveMany(
  queues: QueuePort,
  queue: string,
  options: { waitSeconds: number; signal?: AbortSignal | undefined },
): Promise<Received> {
  const { signal, ...first } = options;
  const received = await receiveAll([queues.receive(queue, { ...first, max: BATCH, ...(signal && { signal }) })]);
  for (let asked = 1, width = 2; asked < MOST_BATCHES && isFull(received, asked); width *= 2) {
    const more = Math.min(width, MOST_BATCHES - asked);
    // Without the signal: these answer at once.
    const receives = Array.from({ length: more }, () => queues.receive(queue, { max: BATCH, waitSeconds: 0 }));
    const { messages, ...rest } = await receiveAll(receives);
    received.messages.push(...messages);
    Object.assign(received, rest);
    asked += more;
  }
  return received;
}

const isFull = ({ messages, error }: Received, asked: number) =>
  error === undefined && messages.length === asked * BATCH;

async function receiveAll(receives: readonly Promise<ReceivedMessage[]>[]): Promise<Received> {
  const settled = await Promise.allSettled(receives);
  const failed = settled.find((each) => each.status === 'rejected');
  const messages = settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  return failed === undefined ? { messages } : { messages, error: failed.reason };
}
