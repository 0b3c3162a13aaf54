import { openMessage } from '../../expression/envelope.ts';
import type { Fields } from '../../expression/values.ts';
import type { Failure, InspectedMessage, Labels, Tell } from './knowledge.ts';

/** A message of a dead-letter queue, with the known reason of its failure. */
export interface DeadLetter {
  message_id: string;
  queue: string;
  /** The queue that gave it up; undefined for one that a program sent, and where the engine does not tell. */
  source: string | undefined;
  labels: Labels;
  /** How often a consumer tried, where it is known; else the receive count. */
  attempts: number;
  /** Counts every receive, also those of this command. */
  receive_count: number;
  sent_at: string;
  /** The code of the last error. */
  reason: string | undefined;
  error: { code: string; message: string; stack?: string; at?: string } | undefined;
  attributes: Record<string, string>;
  body: string;
  /** The parsed body, if it is an object; what was published, where a topic put it into an envelope. */
  event: Fields | undefined;
}

/** Parses a message of any content. */
export async function deadLetterOf(queue: string, message: InspectedMessage, tell: Tell): Promise<DeadLetter> {
  const { messageId: message_id, body, attributes, receiveCount, sentAt, source } = message;
  const opened = openMessage(message);
  const content = 'problem' in opened ? { attributes } : opened;
  const { labels, failure } = await tell(message, content);
  return {
    ...{ message_id, queue, source, labels },
    attempts: failure?.attempts ?? receiveCount,
    receive_count: receiveCount,
    sent_at: isoTime(sentAt),
    reason: failure?.code,
    error: failure && errorOf(failure),
    attributes,
    body,
    event: 'problem' in opened ? undefined : opened.fields,
  };
}

function errorOf({ code, message = '', stack, at }: Failure): DeadLetter['error'] {
  if (code === undefined) return undefined;
  return { code, message, ...(stack !== undefined && { stack }), ...(at !== undefined && { at }) };
}

const isoTime = (at: number) => new Date(Number.isFinite(at) ? at : 0).toISOString();
