import { type ControlCall, control } from './embedded/control.ts';

/** Messages of a queue of the embedded engine as they lie there (docs/engine.md). */
export interface QueueContents {
  queue: string;
  state: string;
  ready: number;
  in_flight: number;
  delayed: number;
  messages: PeekedMessage[];
}

export interface PeekedMessage {
  message_id: string;
  body: string;
  attributes: { name: string; type: string; value: string }[];
  /** As SQS tells them: `DeadLetterQueueSourceArn`. */
  system_attributes: Record<string, string>;
  receive_count: number;
  sent_at: string;
  visible_at: string | null;
}

export interface PeekPlace {
  queue: string;
  state: string;
  account?: string;
  region: string;
  limit: number;
}

/** The most that one call tells. */
const MOST = 1_000;

/**
 * Looks at up to `limit` messages of a queue without receiving them, page by page, since messages may be 1 MiB each. Rejects
 * as `control` does.
 */
export async function peekQueue(endpoint: string, now: () => number, place: PeekPlace): Promise<QueueContents> {
  const { queue, state, account, region, limit } = place;
  const messages: PeekedMessage[] = [];
  for (let offset = 0; ; ) {
    const query = new URLSearchParams({ state, region, limit: String(Math.min(limit - messages.length, MOST)) });
    if (offset > 0) query.set('offset', String(offset));
    if (account !== undefined) query.set('account', account);
    const path = `/sqs/queues/${encodeURIComponent(queue)}/messages?${query}`;
    const call: ControlCall = { path, what: 'a look into a queue' };
    const page = await control<QueueContents & { next_offset: number | null }>(endpoint, now, call);
    messages.push(...page.messages);
    const { next_offset: next, ...contents } = page;
    // A whole page tells of no next one: what is behind it has to be asked for.
    const more = typeof next === 'number' || page.messages.length === MOST;
    if (!more || messages.length >= limit) return { ...contents, messages };
    offset += page.messages.length;
  }
}
