import type { Context } from '../core/types.ts';
import { DEDUPLICATION_INTERVAL } from './deduplication.ts';
import { hide } from './queue.ts';
import type { Attempt, Message, Queue, SqsState } from './state.ts';

/** Attempts kept, at most: a client retries its latest ones. */
const MAX_ATTEMPTS = 1000;

/**
 * The messages of an earlier receive with the same ReceiveRequestAttemptId, hidden anew, or undefined when there was
 * none within five minutes or one of its messages has changed since (SQS Developer Guide, Receive request attempt ID).
 */
export function repeatAttempt(
  context: Context<SqsState>,
  queue: Queue,
  id: string,
  timeout: number,
): Message[] | undefined {
  const attempt = queue.attempts.get(id);
  if (attempt === undefined || attempt.at + DEDUPLICATION_INTERVAL <= context.now) return undefined;
  const messages = attempt.received.map((received) => unchanged(queue, received));
  if (!messages.every((message) => message !== undefined)) return undefined;
  if (timeout > 0) for (const message of messages) hide(context, queue, message, context.now + timeout);
  attempt.received = messages.map(mark);
  return messages;
}

function unchanged(queue: Queue, received: Attempt['received'][number]): Message | undefined {
  const message = queue.messages.get(received.key);
  const same =
    message?.state === 'in-flight' &&
    message.receives === received.receives &&
    message.visibleAt === received.visibleAt;
  return same ? message : undefined;
}

export function rememberAttempt(context: Context<SqsState>, queue: Queue, id: string, messages: readonly Message[]) {
  queue.attempts.delete(id);
  if (messages.length === 0) return;
  queue.attempts.set(id, { at: context.now, received: messages.map(mark) });
  if (queue.attempts.size > MAX_ATTEMPTS) queue.attempts.delete(queue.attempts.keys().next().value!);
}

const mark = ({ key, receives, visibleAt }: Message) => ({ key, receives, visibleAt });
