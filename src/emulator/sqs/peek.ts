import { hasId } from './backlog.ts';
import { isHidden, messagesOf } from './queue.ts';
import type { Message, MessageState, Queue, SqsState } from './state.ts';
import { selectSystemAttributes } from './system-attributes.ts';

/** A message as it lies in the queue. */
export interface PeekedMessage {
  messageId: string;
  body: string;
  state: MessageState;
  /** Whether no receiver gets it, as its queue is held. */
  held: boolean;
  /** Message attributes by name; binary values as base64. */
  attributes: { name: string; type: string; value: string }[];
  /** System attributes as ReceiveMessage would tell them now. */
  system: Record<string, string>;
  receiveCount: number;
  sentAt: number;
  /** When it becomes ready, for one in flight or delayed. */
  visibleAt: number | undefined;
  /** When its retention ends. */
  expiresAt: number;
}

export interface QueueDepths {
  ready: number;
  inFlight: number;
  delayed: number;
}

/** How many messages of each state the queue holds; undefined when there is no such queue. */
export function queueDepths(state: SqsState, queueName: string): QueueDepths | undefined {
  const counts = state.queues.get(queueName)?.counts;
  return counts && { ready: counts.ready, inFlight: counts['in-flight'], delayed: counts.delayed };
}

/**
 * The queue's messages of one state without receiving them: ready ones in the order of arrival, hidden ones in the
 * order in which they become ready. `now` is the engine's time: one whose time has come counts as ready, though the
 * timer has not been served yet.
 */
export function peekQueue(
  state: SqsState,
  queueName: string,
  now: number,
  which: MessageState,
  { offset = 0, limit = 10 }: { offset?: number; limit?: number } = {},
): PeekedMessage[] {
  const queue = state.queues.get(queueName);
  if (queue === undefined) return [];
  const found = which === 'ready' ? readyMessages(queue, now, offset + limit) : hiddenMessages(queue, now, which);
  return found.slice(offset, offset + limit).map((message) => peeked(queue, message, which));
}

/** Where one message stands in its queue. */
export interface MessagePlace extends PeekedMessage {
  groupId: string | undefined;
  /** Ready messages that were there before it. */
  ahead: number;
  /** Of a FIFO queue: messages of its group that are in flight or delayed, and hold it up. */
  blockedBy: string[];
}

const MOST_BLOCKING = 10;

/** Finds one message by its id; undefined when it is not in the queue. */
export function placeOf(state: SqsState, queueName: string, now: number, id: string): MessagePlace | undefined {
  const queue = state.queues.get(queueName);
  if (queue === undefined) return undefined;
  const blocking: Message[] = [];
  let ahead = 0;
  for (const message of messagesOf(queue)) {
    if (isExpired(queue, message, now)) continue;
    const ready = message.visibleAt <= now || message.state === 'ready';
    if (hasId(message, id)) {
      const { groupId } = message.content;
      const before = queue.settings.fifo ? blocking.filter(({ content }) => content.groupId === groupId) : [];
      const blockedBy = before.slice(0, MOST_BLOCKING).map(({ content }) => content.id);
      return { ...peeked(queue, message, ready ? 'ready' : message.state), groupId, ahead, blockedBy };
    }
    if (ready) ahead++;
    else if (queue.settings.fifo) blocking.push(message);
  }
  return undefined;
}

function readyMessages(queue: Queue, now: number, limit: number): Message[] {
  const found: Message[] = [];
  for (const message of messagesOf(queue)) {
    if (found.length >= limit) break;
    const ready = message.state === 'ready' || message.visibleAt <= now;
    if (ready && !isExpired(queue, message, now)) found.push(message);
  }
  return found;
}

function hiddenMessages(queue: Queue, now: number, which: MessageState): Message[] {
  const found = new Set<Message>();
  for (let index = 0; index < queue.hidden.length; index += 2) {
    const message = queue.messages.get(queue.hidden[index + 1]!);
    if (!isHidden(message, queue.hidden[index]!) || message.state !== which) continue;
    if (message.visibleAt > now && !isExpired(queue, message, now)) found.add(message);
  }
  return [...found].sort((a, b) => a.visibleAt - b.visibleAt || a.key - b.key);
}

const isExpired = (queue: Queue, message: Message, now: number) =>
  message.content.enqueuedAt + queue.settings.retention <= now;

function peeked(queue: Queue, message: Message, state: MessageState): PeekedMessage {
  const { content } = message;
  return {
    messageId: content.id,
    body: content.body,
    state,
    held: state === 'ready' && queue.hold !== undefined && !queue.hold.open.has(message.key),
    attributes: content.attributes.map(({ name, type, value }) => ({
      name,
      type,
      value: typeof value === 'string' ? value : Buffer.from(value).toString('base64'),
    })),
    system: selectSystemAttributes(content, ['All']) ?? {},
    receiveCount: content.receiveCount,
    sentAt: content.sentAt,
    visibleAt: state === 'ready' ? undefined : message.visibleAt,
    expiresAt: content.enqueuedAt + queue.settings.retention,
  };
}
