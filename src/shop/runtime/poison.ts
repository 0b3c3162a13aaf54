import { deadLetterQueueOf, type ServiceName } from '../../domain/names.ts';
import type { BatchFailure, OutgoingMessage, Ports } from '../../ports.ts';
import { isOutage, stepErrorOf } from './failure.ts';
import type { MessageContext } from './message-context.ts';

/** Attributes added to a message that is sent to the dead-letter queue at once. */
export const DEAD_LETTER_ATTRIBUTES = {
  /** The error's code, as `not_json`. */
  reason: 'cliffracer_reason',
  detail: 'cliffracer_detail',
  /** Its receive count. */
  attempt: 'cliffracer_attempt',
  /** Its id in the source queue, which log lines have. */
  messageId: 'cliffracer_message_id',
} as const;

/** SQS Developer Guide, Message metadata: a message can have up to 10 attributes. */
const MOST_ATTRIBUTES = 10;
const LONGEST_DETAIL = 500;
// SQS API Reference, SendMessage: characters outside of these are refused.
const UNFIT = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * Sends messages for which no retry can succeed to the dead-letter queue. They are deleted afterwards, so that a crash in
 * between duplicates a message and never loses it. When the send fails they stay until their `maxReceiveCount`.
 */
export async function deadLetterPoison(
  service: ServiceName,
  contexts: readonly MessageContext[],
  ports: Ports,
): Promise<void> {
  const poison = contexts.filter(({ outcome }) => outcome === 'poison');
  if (poison.length === 0) return;
  const queue = deadLetterQueueOf(service);
  const failures = await sendAll(queue, poison.map(deadLetter), ports);
  const failed = new Map(failures.map((failure) => [failure.index, failure.message]));
  poison.forEach((context, index) => {
    const failure = failed.get(index);
    if (failure === undefined) context.deadLetterQueue = queue;
    else context.warnings.push(`not moved to ${queue}: ${failure}`);
  });
}

async function sendAll(
  queue: string,
  messages: readonly OutgoingMessage[],
  ports: Ports,
): Promise<Pick<BatchFailure, 'index' | 'message'>[]> {
  try {
    return await ports.queues.send(queue, messages);
  } catch (error) {
    // A stack without dead-letter queues is no outage.
    const { code, message } = stepErrorOf(error);
    if (isOutage(error) && code !== 'not_provisioned') throw error;
    return messages.map((_, index) => ({ index, message }));
  }
}

const shortened = (text: string) => [...text.replace(UNFIT, '?')].slice(0, LONGEST_DETAIL).join('');

function deadLetter({ message, error }: MessageContext): OutgoingMessage {
  const { body, typed, traceHeader, messageId, receiveCount } = message;
  const own = Object.entries(message.attributes).filter(([name]) => !name.startsWith('cliffracer_'));
  const names = new Set([...own.map(([name]) => name), ...Object.keys(typed ?? {})]);
  const reasons: [string, string][] = [
    [DEAD_LETTER_ATTRIBUTES.reason, error!.code],
    [DEAD_LETTER_ATTRIBUTES.detail, shortened(error!.message)],
    [DEAD_LETTER_ATTRIBUTES.attempt, String(receiveCount)],
    [DEAD_LETTER_ATTRIBUTES.messageId, messageId],
  ];
  const room = Math.max(0, MOST_ATTRIBUTES - names.size);
  return {
    body,
    attributes: Object.fromEntries([...own, ...reasons.filter(([, value]) => value !== '').slice(0, room)]),
    ...(typed !== undefined && { typed }),
    ...(traceHeader !== undefined && { traceHeader }),
  };
}
