import type { QueuePort } from '../../ports.ts';
import { type DeadLetter, deadLetterOf } from './dead-letter.ts';
import { InspectedMessages } from './inspected-messages.ts';
import type { InspectedMessage, Knowledge } from './knowledge.ts';

/** Reads a queue's messages without receiving them; undefined on engines that cannot. */
export type Peek = (queue: string, limit: number) => Promise<InspectedMessage[] | undefined>;

/** A dead-letter queue, and what reads it. */
export interface DeadLetterQueue {
  queue: string;
  queues: QueuePort;
  knowledge: Knowledge;
  peek?: Peek;
}

export interface InspectOptions {
  limit: number;
  stacks: boolean;
  /** Ends the search at the first match. */
  wanted?: (message: InspectedMessage) => boolean;
}

const BATCH = 10;

/**
 * Lists at most `limit` dead letters, oldest first as far as SQS returns them so, and leaves them in the queue: received
 * messages are made visible again.
 */
export async function inspectDeadLetters(place: DeadLetterQueue, options: InspectOptions): Promise<DeadLetter[]> {
  const { wanted, limit, stacks } = options;
  const { queue, peek, knowledge } = place;
  const peeked = await peek?.(queue, limit);
  // There may be more than can be peeked at.
  const complete = peeked !== undefined && (wanted === undefined || peeked.length >= limit || peeked.some(wanted));
  const seen = complete ? peeked : await receiveAll(place, options);
  const found = wanted === undefined ? seen.slice(0, limit) : seen.filter(wanted);
  if (found.length === 0) return [];
  const since = found.reduce((oldest, { sentAt }) => Math.min(oldest, sentAt), Number.POSITIVE_INFINITY);
  const tell = await knowledge.withLog({ since, stacks });
  const letters: DeadLetter[] = [];
  for (const message of found) letters.push(await deadLetterOf(queue, message, tell));
  return letters.sort(oldestFirst);
}

async function receiveAll(
  { queue, queues }: DeadLetterQueue,
  { limit, wanted }: InspectOptions,
): Promise<InspectedMessage[]> {
  const inspected = new InspectedMessages(queue, queues);
  const seen: InspectedMessage[] = [];
  try {
    while (seen.length < limit) {
      const max = Math.min(BATCH, limit - seen.length);
      // A short poll asks some of SQS's servers only, and may find nothing where there is something.
      const messages = inspected.keep(
        await queues.receive(queue, { max, waitSeconds: 1, whole: true, ...inspected.visibility }),
      );
      seen.push(...messages);
      if (messages.length === 0 || (wanted !== undefined && messages.some(wanted))) break;
    }
  } finally {
    await inspected.release();
  }
  return seen;
}

const oldestFirst = (a: DeadLetter, b: DeadLetter) => (a.sent_at < b.sent_at ? -1 : Number(a.sent_at > b.sent_at));
