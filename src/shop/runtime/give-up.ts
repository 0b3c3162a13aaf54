import { deadLetterQueueOf, type ServiceName } from '../../domain/names.ts';
import type { BatchFailure, OutgoingMessage, Ports } from '../../ports.ts';
import { isOutage, stepErrorOf } from './failure.ts';
import type { Handling } from './handling.ts';

/** What is written on a message that goes to the dead-letter queue at once. Every name begins with `cliffracer_`. */
export const DEAD_LETTER_ATTRIBUTES = {
  /** The error's code, as `not_json`. */
  reason: 'cliffracer_reason',
  detail: 'cliffracer_detail',
  /** How often it had been received. */
  attempt: 'cliffracer_attempt',
  /** The id that it had in the queue; log lines have that one. */
  messageId: 'cliffracer_message_id',
} as const;

/** SQS Developer Guide, Message metadata: a message can have up to 10 attributes. */
const MOST_ATTRIBUTES = 10;
const LONGEST_DETAIL = 500;
// SQS API Reference, SendMessage: characters outside of these are refused.
const UNFIT = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * Sends messages that no further try can mend to the dead-letter queue; deleting them comes after, so that a crash in
 * between leaves one message too many and never one too few. Where that fails they stay, and take the queue's own way.
 */
export async function giveUp(service: ServiceName, handlings: readonly Handling[], ports: Ports): Promise<void> {
  const hopeless = handlings.filter(({ outcome }) => outcome === 'poison');
  if (hopeless.length === 0) return;
  const queue = deadLetterQueueOf(service);
  const failures = await sendAll(queue, hopeless.map(deadLetter), ports);
  const failed = new Map(failures.map((failure) => [failure.index, failure.message]));
  hopeless.forEach((handling, index) => {
    const failure = failed.get(index);
    if (failure === undefined) handling.deadLetterQueue = queue;
    else handling.warnings.push(`not moved to ${queue}: ${failure}`);
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
    // A stack may do without dead-letter queues; that is no outage.
    const { code, message } = stepErrorOf(error);
    if (isOutage(error) && code !== 'not_provisioned') throw error;
    return messages.map((_, index) => ({ index, message }));
  }
}

const shortened = (text: string) => [...text.replace(UNFIT, '?')].slice(0, LONGEST_DETAIL).join('');

function deadLetter({ message, error }: Handling): OutgoingMessage {
  const { body, typed, traceHeader, messageId, receiveCount } = message;
  const own = Object.entries(message.attributes).filter(([name]) => !name.startsWith('cliffracer_'));
  const names = new Set([...own.map(([name]) => name), ...Object.keys(typed ?? {})]);
  const said: [string, string][] = [
    [DEAD_LETTER_ATTRIBUTES.reason, error!.code],
    [DEAD_LETTER_ATTRIBUTES.detail, shortened(error!.message)],
    [DEAD_LETTER_ATTRIBUTES.attempt, String(receiveCount)],
    [DEAD_LETTER_ATTRIBUTES.messageId, messageId],
  ];
  const room = Math.max(0, MOST_ATTRIBUTES - names.size);
  return {
    body,
    attributes: Object.fromEntries([...own, ...said.filter(([, value]) => value !== '').slice(0, room)]),
    ...(typed !== undefined && { typed }),
    ...(traceHeader !== undefined && { traceHeader }),
  };
}
