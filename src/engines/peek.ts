import { httpCall } from './http.ts';

/** A message as it lies in a queue of the embedded engine. */
export interface PeekedMessage {
  messageId: string;
  body: string;
  attributes: Record<string, string>;
  receiveCount: number;
  sentAt: number;
}

export interface PeekPlace {
  queue: string;
  account: string;
  region: string;
  limit: number;
}

/** The most that one call tells. */
const MOST = 1_000;
const TIMEOUT_MS = 5_000;

/**
 * The ready messages of a queue without receiving them, by the embedded engine's own interface. Undefined when the
 * endpoint has no such interface, or the answer would be too large: then they have to be received to be seen.
 */
export async function peekMessages(endpoint: string, place: PeekPlace): Promise<PeekedMessage[] | undefined> {
  const { queue, account, region, limit } = place;
  const query = new URLSearchParams({ account, region, limit: String(Math.min(limit, MOST)) });
  const url = `${endpoint.replace(/\/+$/, '')}/_cliffracer/sqs/queues/${encodeURIComponent(queue)}/messages?${query}`;
  try {
    const answer = await httpCall(url, { timeoutMs: TIMEOUT_MS });
    if (answer.status !== 200) return undefined;
    const { messages } = JSON.parse(answer.body) as { messages?: Described[] };
    return Array.isArray(messages) ? messages.map(peeked) : undefined;
  } catch {
    return undefined;
  }
}

interface Described {
  message_id: string;
  body: string;
  attributes: { name: string; type: string; value: string }[];
  receive_count: number;
  sent_at: string;
}

/** Bytes are no text, and stay out. */
function peeked({ message_id, body, attributes, receive_count, sent_at }: Described): PeekedMessage {
  const texts = attributes.filter(({ type }) => !type.startsWith('Binary'));
  return {
    messageId: message_id,
    body,
    attributes: Object.fromEntries(texts.map(({ name, value }) => [name, value])),
    receiveCount: receive_count,
    sentAt: Date.parse(sent_at),
  };
}
