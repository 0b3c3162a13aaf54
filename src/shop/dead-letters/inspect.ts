import { deadLetterQueueOf, type ServiceName } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';
import { type DeadLetter, deadLetterOf, type InspectedMessage } from './dead-letter.ts';
import { readFailures } from './failures.ts';
import { InspectedMessages } from './inspected-messages.ts';

/** Reads a queue's messages without receiving them; undefined on engines that cannot. */
export type Peek = (queue: string, limit: number) => Promise<InspectedMessage[] | undefined>;

export interface InspectDeps {
  ports: Ports;
  peek?: Peek;
}

const BATCH = 10;

/**
 * Lists at most `limit` dead letters, oldest first as far as SQS returns them so, and leaves them in the queue: received
 * messages are made visible again. `wanted` ends the search at the first match.
 */
export async function inspectDeadLetters(
  service: ServiceName,
  options: { limit: number; stacks: boolean; wanted?: (message: InspectedMessage) => boolean },
  deps: InspectDeps,
): Promise<DeadLetter[]> {
  const { wanted, limit, stacks } = options;
  const queue = deadLetterQueueOf(service);
  const peeked = await deps.peek?.(queue, limit);
  // There may be more than can be peeked at.
  const complete = peeked !== undefined && (wanted === undefined || peeked.length >= limit || peeked.some(wanted));
  const seen = complete ? peeked : await receiveAll(queue, options, deps.ports);
  const found = wanted === undefined ? seen.slice(0, limit) : seen.filter(wanted);
  const known = await failuresOf(service, found, stacks, deps.ports);
  return found.map((message) => deadLetterOf(service, message, known)).sort(oldestFirst);
}

function failuresOf(service: ServiceName, messages: readonly InspectedMessage[], stacks: boolean, ports: Ports) {
  if (messages.length === 0) return undefined;
  const since = messages.reduce((oldest, { sentAt }) => Math.min(oldest, sentAt), Number.POSITIVE_INFINITY);
  return readFailures(ports.logs, service, { since, stacks });
}

async function receiveAll(
  queue: string,
  { limit, wanted }: { limit: number; wanted?: (message: InspectedMessage) => boolean },
  ports: Ports,
): Promise<InspectedMessage[]> {
  const inspected = new InspectedMessages(queue, ports.queues);
  const seen: InspectedMessage[] = [];
  try {
    while (seen.length < limit) {
      const max = Math.min(BATCH, limit - seen.length);
      // A short poll asks some of SQS's servers only, and may find nothing where there is something.
      const messages = inspected.keep(
        await ports.queues.receive(queue, { max, waitSeconds: 1, ...inspected.visibility }),
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
