import { parseExpression } from '../../expression/parser.ts';
import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { hasId } from './backlog.ts';
import { moveToDeadLetterQueue } from './dead-letter.ts';
import { queueDoesNotExist } from './errors.ts';
import { admits, hasAvailable, heldCount } from './hold.ts';
import { attributesSize } from './message-attributes.ts';
import { checkBody, md5 } from './message-body.ts';
import { addMessage, arrivalKey, messagesOf, ownMessage } from './queue.ts';
import type { Hold, Message, Queue, SqsState } from './state.ts';

type Context_ = Context<SqsState>;

export interface ReleaseInput {
  QueueName: string;
  /** This message, or all of these at once; otherwise the oldest `Max` ones (1 unless told). */
  MessageId?: string;
  MessageIds?: string[];
  Max?: number;
  /** Takes the place of the message's body. */
  Body?: string;
  /** Once the message was deleted, a copy of it comes into the queue, held, to be delivered again. */
  Again?: boolean;
}

/** Holds a queue: receivers get nothing but what is released. Of a queue that is held, takes back what was released. */
export function holdQueue(context: Context_, input: { QueueName: string; Where?: string }) {
  const queue = queueOf(context, input.QueueName);
  if (input.Where !== undefined) parseExpression(input.Where);
  const { since = context.now, released = 0 } = queue.hold ?? {};
  queue.hold = { since, where: input.Where, open: new Set(), again: new Set(), released };
  for (const message of messagesOf(queue)) if (message.state === 'ready') admits(queue, message);
  context.effect({ kind: 'world', change: 'held', name: queue.name, count: heldCount(queue) });
  if (hasAvailable(queue)) context.notify(arrivalKey(queue.name));
  return { held: heldCount(queue) };
}

/** Gives messages free, each for one receive. */
export function releaseMessages(context: Context_, input: ReleaseInput) {
  const queue = queueOf(context, input.QueueName);
  const { hold } = queue;
  if (hold === undefined) throw refusal('Conflict', `${queue.name} is not held`);
  const ids = input.MessageIds ?? (input.MessageId === undefined ? undefined : [input.MessageId]);
  const messages = namedAll(queue, hold, ids) ?? oldest(queue, hold, input.Max ?? 1);
  if (input.Again === true) for (const message of messages) checkAgain(queue, message);
  if (input.Body !== undefined) for (const message of messages) replaceBody(queue, message, input.Body);
  for (const { key } of messages) {
    hold.open.add(key);
    if (input.Again === true) hold.again.add(key);
    context.notifyOne(arrivalKey(queue.name));
  }
  hold.released += messages.length;
  if (messages.length > 0) {
    context.effect({ kind: 'world', change: 'released', name: queue.name, count: messages.length });
  }
  return { released: messages.map(({ content }) => content.id), held: heldCount(queue) };
}

/**
 * Puts a copy of a message at the end of a held queue: the same one, as when a server that holds a copy was unavailable (SQS
 * Developer Guide, At-least-once delivery), or a `Fresh` one with an id of its own, as when its producer sent it again.
 */
export function copyMessage(
  context: Context_,
  input: { QueueName: string; MessageId: string; Fresh?: boolean; Body?: string },
) {
  const queue = queueOf(context, input.QueueName);
  const found = withId(queue, input.MessageId)[0];
  if (found === undefined) throw refusal('NotFound', `no message ${input.MessageId.slice(0, 80)} in ${queue.name}`);
  if (queue.hold === undefined) throw refusal('Conflict', `${queue.name} is not held`);
  const fresh = {
    id: context.uuid(),
    receiveCount: 0,
    firstReceivedAt: 0,
    sentAt: context.now,
    enqueuedAt: context.now,
  };
  const copy = addMessage(context, queue, { ...found.content, ...(input.Fresh === true && fresh) });
  if (input.Body !== undefined) replaceBody(queue, copy, input.Body);
  return { message_id: copy.content.id };
}

/** Ends the hold: everything is delivered again. */
export function endHold(context: Context_, input: { QueueName: string }) {
  const queue = queueOf(context, input.QueueName);
  const released = heldCount(queue);
  if (queue.hold === undefined) return { released };
  queue.hold = undefined;
  context.effect({ kind: 'world', change: 'released', name: queue.name, count: released });
  context.notify(arrivalKey(queue.name));
  return { released };
}

/** Moves a message that is ready to the dead-letter queue, as if it had been received too often. */
export function deadLetterMessage(context: Context_, input: { QueueName: string; MessageId: string }) {
  const queue = queueOf(context, input.QueueName);
  const { redrive } = queue.settings;
  const message = ready(queue, input.MessageId);
  if (redrive === undefined || !moveToDeadLetterQueue(context, queue, message, redrive)) {
    throw refusal('Conflict', `${queue.name} has no dead-letter queue`);
  }
  return { dead_letter_queue: redrive.targetName };
}

function queueOf(context: Context_, name: string): Queue {
  const queue = context.state.queues.get(name);
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

/** Keys count up in order of arrival, and messages stand in the order of their keys. */
function oldest(queue: Queue, hold: Hold, max: number): Message[] {
  const found: Message[] = [];
  for (const message of messagesOf(queue)) {
    if (found.length >= max) break;
    if (message.state === 'ready' && !hold.open.has(message.key)) found.push(message);
  }
  return found;
}

/** Of a FIFO queue those that come together may be of one group, one behind the other. */
function namedAll(queue: Queue, hold: Hold, ids: readonly string[] | undefined): Message[] | undefined {
  const keys = new Set<number>();
  return ids?.map((id) => {
    const message = named(queue, hold, id, keys);
    keys.add(message.key);
    return message;
  });
}

/** `together`: keys of those that are released before it at once. */
function named(queue: Queue, hold: Hold, id: string, together: ReadonlySet<number>): Message {
  const message = ready(queue, id, hold);
  const all = queue.settings.fifo ? [...messagesOf(queue)] : [];
  const before = all.find((other) => !together.has(other.key) && holdsUp(hold, other, message));
  if (before === undefined) return message;
  throw refusal(
    'Conflict',
    `message ${id.slice(0, 80)} comes after ${before.content.id} of its group in ${queue.name}`,
  );
}

/** The message with this id that is ready, and not released already. */
function ready(queue: Queue, id: string, hold?: Hold): Message {
  const found = withId(queue, id);
  if (found.length === 0) throw refusal('NotFound', `no message ${id.slice(0, 80)} in ${queue.name}`);
  const message = found.find(({ state, key }) => state === 'ready' && hold?.open.has(key) !== true);
  if (message !== undefined) return message;
  const { state } = found[0]!;
  const why = state === 'ready' ? 'was released already' : state === 'delayed' ? 'is delayed' : 'is in flight';
  throw refusal('Conflict', `message ${id.slice(0, 80)} of ${queue.name} ${why}`);
}

const isOfGroup = (one: Message, other: Message) => one.content.groupId === other.content.groupId;

const holdsUp = (hold: Hold, other: Message, message: Message): boolean =>
  other.key < message.key && isOfGroup(other, message) && other.state !== 'in-flight' && !hold.open.has(other.key);

/** A copy stands at the end of the queue, which would be out of order in a group. */
function checkAgain(queue: Queue, message: Message): void {
  if (!queue.settings.fifo) return;
  for (const other of messagesOf(queue)) {
    if (other.key === message.key || !isOfGroup(other, message)) continue;
    const why = `other messages of its group wait in ${queue.name}`;
    throw refusal('Conflict', `message ${message.content.id} cannot be delivered twice: ${why}`);
  }
}

function replaceBody(queue: Queue, message: Message, body: string): void {
  checkBody(body, attributesSize(message.content.attributes), queue.settings.maximumMessageSize);
  const own = ownMessage(queue, message.key)!;
  own.content = { ...own.content, body, bodyMd5: md5(body) };
}

/** Messages with this id: a copy has its original's. */
const withId = (queue: Queue, id: string): Message[] => [...messagesOf(queue)].filter((message) => hasId(message, id));

/** `NotFound` or `Conflict`, for the control interface. */
const refusal = (code: 'NotFound' | 'Conflict', message: string) => new AwsError(code, message);
