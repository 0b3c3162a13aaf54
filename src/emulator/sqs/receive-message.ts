import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { onQueue } from './access.ts';
import { SETTABLE, TOLD } from './attributes.ts';
import { moveToDeadLetterQueue } from './dead-letter.ts';
import { checkRange, queueDoesNotExist } from './errors.ts';
import { hasAvailable } from './hold.ts';
import { attributesMd5, outputAttributes, selectAttributes } from './message-attributes.ts';
import { md5 } from './message-body.ts';
import { addMessage, arrivalKey, hide, show, takeDisordered, takeMessage, takeReleased } from './queue.ts';
import { receiptHandle } from './receipt.ts';
import { rememberAttempt, repeatAttempt } from './receive-attempt.ts';
import { reportWhole } from './report.ts';
import type { Message, Queue, SqsState } from './state.ts';
import { selectSystemAttributes, systemAttributeNames } from './system-attributes.ts';
import { countReceived, trafficOf } from './traffic.ts';

export interface ReceiveInput {
  QueueUrl: string;
  AttributeNames?: string[];
  MessageSystemAttributeNames?: string[];
  MessageAttributeNames?: string[];
  MaxNumberOfMessages?: number;
  VisibilityTimeout?: number;
  WaitTimeSeconds?: number;
  ReceiveRequestAttemptId?: string;
}

/** Messages in flight that a queue can have (SQS Developer Guide, Message quotas). */
const MAX_IN_FLIGHT = 120_000;

/** How far disorder reaches among the ready messages: the fault's, and that of a queue that delivers as on AWS. */
const DISORDER_WINDOW = 100;
const AWS_DISORDER_WINDOW = 10;

/** One message in so many comes twice where delivery is as on AWS. */
const AWS_DUPLICATE_EVERY = 100;

export const receiveMessage = onQueue('ReceiveMessage', (context, queue, input: ReceiveInput) => {
  checkInput(input);
  const wait = input.WaitTimeSeconds === undefined ? queue.settings.wait : input.WaitTimeSeconds * 1000;
  const messages = receive(context, queue, input);
  if (messages.length === 0 && wait === 0) countReceived(context, queue, 0);
  if (messages.length > 0 || wait === 0) return answer(queue, messages, input);
  return poll(context, queue.name, input, context.now + wait);
});

/** Long polling: waits for an arrival; another receiver may be first, so it looks and waits again. */
async function poll(context: Context<SqsState>, name: string, input: ReceiveInput, until: number) {
  for (;;) {
    const end = await context.wait(arrivalKey(name), until);
    // A client that has gone away must not take a message with it, and the message may be for the next one.
    if (end === 'aborted' || context.signal?.aborted) {
      if (end === 'notified') context.notifyOne(arrivalKey(name));
      return {};
    }
    const queue = context.state.queues.get(name);
    if (queue === undefined) throw queueDoesNotExist();
    context.resumeAs({ ...input, WaitTimeSeconds: 0 });
    const messages = receive(context, queue, input);
    if (messages.length === 0) countReceived(context, queue, 0);
    if (messages.length > 0 && hasAvailable(queue)) context.notifyOne(arrivalKey(name));
    if (messages.length > 0 || end === 'timeout' || context.now >= until) return answer(queue, messages, input);
  }
}

function checkInput(input: ReceiveInput): void {
  checkRange(input.MaxNumberOfMessages, 'MaxNumberOfMessages', 1, 10, 'Must be between 1 and 10, if provided.');
  checkRange(input.WaitTimeSeconds, 'WaitTimeSeconds', 0, 20, 'Must be >= 0 and <= 20, if provided.');
  checkRange(input.VisibilityTimeout, 'VisibilityTimeout', 0, 43_200, 'Must be >= 0 and <= 43200, if provided.');
  for (const name of [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]) {
    // AttributeNames shares its type with the queue's attributes, so SQS takes those names and ignores them.
    if (name !== 'All' && !systemAttributeNames.has(name) && !SETTABLE.has(name) && !TOLD.includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
}

function receive(context: Context<SqsState>, queue: Queue, input: ReceiveInput): Message[] {
  trafficOf(context, queue);
  const timeout =
    input.VisibilityTimeout === undefined ? queue.settings.visibilityTimeout : input.VisibilityTimeout * 1000;
  const attemptId = queue.settings.fifo ? input.ReceiveRequestAttemptId : undefined;
  const repeated = attemptId === undefined ? undefined : repeatAttempt(context, queue, attemptId, timeout);
  if (repeated !== undefined) return repeated;
  const room = MAX_IN_FLIGHT - queue.counts['in-flight'];
  // A FIFO queue returns nothing instead of an error (SQS API, ReceiveMessage).
  if (room <= 0 && !queue.settings.fifo) {
    throw new AwsError('OverLimit', 'Too many messages are in flight on this queue.', { status: 403 });
  }
  const messages = take(context, queue, Math.min(input.MaxNumberOfMessages ?? 1, room));
  for (const message of messages) {
    settle(context, queue, message, timeout);
    if (isDeliveredTwice(context, queue)) addMessage(context, queue, { ...message.content });
  }
  if (messages.length > 0) countReceived(context, queue, messages.length);
  if (attemptId !== undefined) rememberAttempt(context, queue, attemptId, messages);
  return messages;
}

/** Takes up to `max` messages; those that were received too often go to the dead-letter queue instead. */
function take(context: Context<SqsState>, queue: Queue, max: number): Message[] {
  const { redrive } = queue.settings;
  const messages: Message[] = [];
  let last: Message | undefined;
  while (messages.length < max) {
    last = takeNext(context, queue, last);
    if (last === undefined) break;
    const exhausted = redrive !== undefined && last.receives >= redrive.maxReceiveCount;
    if (!exhausted || !moveToDeadLetterQueue(context, queue, last, redrive)) messages.push(last);
  }
  return messages;
}

function takeNext(context: Context<SqsState>, queue: Queue, last: Message | undefined): Message | undefined {
  if (queue.hold !== undefined) return takeReleased(queue);
  const window = disorderOf(context, queue);
  if (window === undefined) return takeMessage(queue, last);
  return takeDisordered(queue, window, (count) => Math.floor(context.random() * count));
}

/** From how many of the ready messages the next one comes; undefined: the first. Only standard queues know disorder. */
function disorderOf(context: Context<SqsState>, queue: Queue): number | undefined {
  if (queue.settings.fifo) return undefined;
  if (context.fault('reorder') !== undefined) return DISORDER_WINDOW;
  return context.settings.delivery === 'aws' ? AWS_DISORDER_WINDOW : undefined;
}

/**
 * Whether a copy of a message stays behind to be delivered too, even when the message is deleted (SQS Developer Guide,
 * At-least-once delivery: a server that holds a copy may be unavailable).
 */
const isDeliveredTwice = (context: Context<SqsState>, queue: Queue): boolean =>
  context.settings.delivery === 'aws' && !queue.settings.fifo && context.random() * AWS_DUPLICATE_EVERY < 1;

/** Counts the receive, and hides the message for its visibility timeout. */
function settle(context: Context<SqsState>, queue: Queue, message: Message, timeout: number): void {
  message.receives++;
  message.content.receiveCount++;
  message.receivedAt = context.now;
  message.content.firstReceivedAt ||= context.now;
  // A standard queue may deliver a message more than once: it stays ready for others as well.
  const duplicate = !queue.settings.fifo && context.fault('duplicate') !== undefined;
  if (timeout === 0 || duplicate) show(context, queue, message);
  else hide(context, queue, message, context.now + timeout);
  reportWhole(context, queue, 'received', message);
}

function answer(queue: Queue, messages: readonly Message[], input: ReceiveInput) {
  if (messages.length === 0) return {};
  const system = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])];
  return { Messages: messages.map((message) => answerMessage(queue, message, system, input.MessageAttributeNames)) };
}

function answerMessage(
  queue: Queue,
  message: Message,
  system: readonly string[],
  names: readonly string[] | undefined,
) {
  const { content } = message;
  const attributes = selectAttributes(content.attributes, names);
  return {
    MessageId: content.id,
    ReceiptHandle: receiptHandle(queue, message),
    MD5OfBody: content.bodyMd5 ?? md5(content.body),
    Body: content.body,
    Attributes: selectSystemAttributes(content, system),
    MD5OfMessageAttributes: attributesMd5(attributes),
    MessageAttributes: outputAttributes(attributes),
  };
}
