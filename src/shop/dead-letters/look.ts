import { deadLetterQueueOf, type ServiceName } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';
import { readFailures } from './failures.ts';
import { HeldBack } from './held-back.ts';
import { type DeadLetter, letterOf, type Seen } from './letter.ts';

/** Reads a queue's messages where they lie, as the embedded engine can; undefined where that is not to be had. */
export type Peek = (queue: string, limit: number) => Promise<Seen[] | undefined>;

export interface LookDeps {
  ports: Ports;
  peek?: Peek;
}

const BATCH = 10;

/**
 * Looks at dead letters, at most `limit` of them, the oldest first as far as SQS gives them out
 * so, and leaves them where they are: what had to be received for it is made visible again. `wanted` ends the search
 * once it has what it looks for.
 */
export async function lookAt(
  service: ServiceName,
  options: { limit: number; stacks: boolean; wanted?: (message: Seen) => boolean },
  deps: LookDeps,
): Promise<DeadLetter[]> {
  const { wanted, limit, stacks } = options;
  const queue = deadLetterQueueOf(service);
  const peeked = await deps.peek?.(queue, limit);
  // There may be more than can be peeked at.
  const complete = peeked !== undefined && (wanted === undefined || peeked.length >= limit || peeked.some(wanted));
  const seen = complete ? peeked : await receiveAll(queue, options, deps.ports);
  const found = wanted === undefined ? seen.slice(0, limit) : seen.filter(wanted);
  const known = await failuresOf(service, found, stacks, deps.ports);
  return found.map((message) => letterOf(service, message, known)).sort(oldestFirst);
}

function failuresOf(service: ServiceName, messages: readonly Seen[], stacks: boolean, ports: Ports) {
  if (messages.length === 0) return undefined;
  const since = messages.reduce((oldest, { sentAt }) => Math.min(oldest, sentAt), Number.POSITIVE_INFINITY);
  return readFailures(ports.logs, service, { since, stacks });
}

async function receiveAll(
  queue: string,
  { limit, wanted }: { limit: number; wanted?: (message: Seen) => boolean },
  ports: Ports,
): Promise<Seen[]> {
  const held = new HeldBack(queue, ports.queues);
  const seen: Seen[] = [];
  try {
    while (seen.length < limit) {
      const max = Math.min(BATCH, limit - seen.length);
      // A short poll asks some of SQS's servers only, and may find nothing where there is something.
      const messages = held.keep(await ports.queues.receive(queue, { max, waitSeconds: 1, ...held.visibility }));
      seen.push(...messages);
      if (messages.length === 0 || (wanted !== undefined && messages.some(wanted))) break;
    }
  } finally {
    await held.release();
  }
  return seen;
}

const oldestFirst = (a: DeadLetter, b: DeadLetter) => (a.sent_at < b.sent_at ? -1 : Number(a.sent_at > b.sent_at));
