import type { Context } from '../core/types.ts';
import { dropFromBacklog, firstInBacklog, inBacklog, intoBacklog, messagesInBacklog } from './backlog.ts';
import {
  canLeaveGroup,
  forgetInGroup,
  groupOf,
  hideInGroup,
  isGrouped,
  leaveGroup,
  offerInGroup,
  takeNextOf,
  takeTurn,
} from './groups.ts';
import { popHeap, pruneHeap, pushHeap } from './heap.ts';
import { admits, forgetHeld } from './hold.ts';
import type { Message, MessageContent, MessageState, Queue, SqsState, WakeKind } from './state.ts';
import { trafficOf } from './traffic.ts';

/** Stale entries that a heap may hold before it is worth a pass to drop them. */
const SLACK = 64;

/** The key that a long poll of the queue waits for. */
export const arrivalKey = (queueName: string) => `queue/${queueName}`;

/** Puts a message into the queue, ready at once or after a delay. */
export function addMessage(context: Context<SqsState>, queue: Queue, content: MessageContent, delay = 0): Message {
  trafficOf(context, queue);
  const delayed = delay > 0;
  const message: Message = {
    content,
    key: queue.nextKey++,
    state: delayed ? 'delayed' : 'ready',
    visibleAt: context.now + delay,
    receivedAt: 0,
    receives: 0,
  };
  const grouped = isGrouped(queue, message);
  const waits = !delayed && !grouped && intoBacklog(queue, message.key, content);
  queue.counts[message.state]++;
  if (grouped) groupOf(queue, message).size++;
  if (!waits) keep(queue, message);
  arm(context, queue, 'retention', content.enqueuedAt + queue.settings.retention);
  if (delayed) hide(context, queue, message, message.visibleAt);
  else if (!waits) offer(context, queue, message);
  else if (admits(queue, message)) context.notifyOne(arrivalKey(queue.name));
  return message;
}

function keep(queue: Queue, message: Message): void {
  queue.messages.set(message.key, message);
  pushHeap(queue.expiry, message.content.enqueuedAt, message.key);
}

/** All messages, in the order in which they came, to look at: `ownMessage` gives one that can be changed. */
export function* messagesOf(queue: Queue): Generator<Message> {
  if (queue.backlog === undefined) {
    yield* queue.messages.values();
    return;
  }
  // Those that left the backlog came to the others when they were taken.
  const keys = [...queue.messages.keys()].sort((a, b) => a - b);
  let next = 0;
  for (const message of messagesInBacklog(queue)) {
    while (keys[next]! < message.key) yield queue.messages.get(keys[next++]!)!;
    yield message;
  }
  while (next < keys.length) yield queue.messages.get(keys[next++]!)!;
}

/** A message to look at. */
export const messageOf = (queue: Queue, key: number): Message | undefined =>
  queue.messages.get(key) ?? inBacklog(queue, key);

/** A message that may be changed; one of the backlog leaves it. */
export function ownMessage(queue: Queue, key: number): Message | undefined {
  const own = queue.messages.get(key);
  if (own !== undefined) return own;
  const taken = takeFromBacklog(queue, key);
  if (taken !== undefined) pushHeap(queue.ready, key, key);
  return taken;
}

/** Makes an object of a message in the backlog, without entering it among those that can be taken. */
function takeFromBacklog(queue: Queue, key: number): Message | undefined {
  const found = inBacklog(queue, key);
  if (found === undefined) return undefined;
  const { content, visibleAt } = found;
  const message: Message = { content, key, state: 'ready', visibleAt, receivedAt: 0, receives: 0 };
  dropFromBacklog(queue, key);
  keep(queue, message);
  return message;
}

/** Makes a message ready that was in flight or delayed. */
export function show(context: Context<SqsState>, queue: Queue, message: Message): void {
  trafficOf(context, queue);
  changeState(queue, message, 'ready');
  offer(context, queue, message);
}

function offer(context: Context<SqsState>, queue: Queue, message: Message): void {
  const admitted = admits(queue, message);
  if (enter(queue, message) && admitted) context.notifyOne(arrivalKey(queue.name));
}

/** Enters a ready message among those that can be taken; false when it has to wait for others of its group. */
function enter(queue: Queue, message: Message): boolean {
  if (isGrouped(queue, message)) return offerInGroup(queue, message);
  pushHeap(queue.ready, message.key, message.key);
  return true;
}

/** Has the engine make the message ready at `visibleAt`, unless that changes before. */
export function hide(context: Context<SqsState>, queue: Queue, message: Message, visibleAt: number): void {
  message.visibleAt = visibleAt;
  pushHeap(queue.hidden, visibleAt, message.key);
  if (queue.settings.fifo) hideInGroup(queue, message);
  arm(context, queue, 'visibility', visibleAt);
  const hidden = queue.counts['in-flight'] + queue.counts.delayed;
  if (queue.hidden.length > 4 * hidden + SLACK) {
    pruneHeap(queue.hidden, (at, key) => isHidden(queue.messages.get(key), at));
  }
}

/** Whether an entry of the `hidden` heap still says when its message becomes ready. */
export const isHidden = (message: Message | undefined, at: number): message is Message =>
  message !== undefined && message.state !== 'ready' && message.visibleAt === at;

/**
 * Takes the next ready message and puts it in flight; undefined when there is none. A FIFO queue goes on with the group
 * of `after`, the message taken before in the same receive.
 */
export function takeMessage(queue: Queue, after: Message | undefined): Message | undefined {
  const next = queue.settings.fifo && after !== undefined ? takeNextOf(queue, after) : undefined;
  const message = next ?? takeReady(queue);
  if (message !== undefined) changeState(queue, message, 'in-flight');
  return message;
}

/** Whether an entry of the `ready` heap still stands for something that can be taken. */
function isStanding(queue: Queue, key: number): boolean {
  const message = queue.messages.get(key);
  if (message?.state !== 'ready') return false;
  return !isGrouped(queue, message) || groupOf(queue, message).listed === key;
}

/** Takes the message whose turn it is out of the ready ones, without putting it in flight. */
function takeReady(queue: Queue): Message | undefined {
  for (;;) {
    const waiting = firstInBacklog(queue);
    if (waiting < (queue.ready[0] ?? Number.POSITIVE_INFINITY)) return takeFromBacklog(queue, waiting);
    const key = popHeap(queue.ready);
    if (key === undefined) return undefined;
    const message = queue.messages.get(key);
    if (message?.state !== 'ready') continue;
    const taken = isGrouped(queue, message) ? takeTurn(queue, message) : message;
    if (taken !== undefined) return taken;
  }
}

/**
 * Takes any of the first `window` ready messages of a standard queue: it orders with best effort only (SQS Developer
 * Guide, Standard queues). `choose` picks a position below the number given.
 */
export function takeDisordered(queue: Queue, window: number, choose: (count: number) => number): Message | undefined {
  const first: Message[] = [];
  for (let message = takeReady(queue); message !== undefined; message = takeReady(queue)) {
    if (first.push(message) === window) break;
  }
  const taken = first.splice(choose(first.length), 1)[0];
  for (const message of first) enter(queue, message);
  if (taken !== undefined) changeState(queue, taken, 'in-flight');
  return taken;
}

/** Takes the next message that a held queue has released; those that others of their FIFO group hold up have to wait. */
export function takeReleased(queue: Queue): Message | undefined {
  for (const key of queue.hold?.open ?? []) {
    const message = queue.messages.get(key) ?? takeFromBacklog(queue, key)!;
    if (isGrouped(queue, message) && !canLeaveGroup(queue, message)) continue;
    changeState(queue, message, 'in-flight');
    if (isGrouped(queue, message)) leaveGroup(queue, message);
    tidyReady(queue);
    return message;
  }
  return undefined;
}

export function changeState(queue: Queue, message: Message, state: MessageState): void {
  queue.hold?.open.delete(message.key);
  queue.counts[message.state]--;
  queue.counts[state]++;
  message.state = state;
}

/** Takes a message out of the queue for good. Those behind it in its group may be ready now. */
export function removeMessage(context: Context<SqsState>, queue: Queue, message: Message): void {
  trafficOf(context, queue);
  if (!queue.messages.delete(message.key) && !dropFromBacklog(queue, message.key)) return;
  queue.counts[message.state]--;
  forgetHeld(queue.hold, message.key);
  if (isGrouped(queue, message) && forgetInGroup(queue, message)) context.notifyOne(arrivalKey(queue.name));
  if (message.state === 'ready') tidyReady(queue);
  if (queue.expiry.length > 4 * queue.messages.size + SLACK) {
    pruneHeap(queue.expiry, (_, key) => queue.messages.has(key));
  }
}

function tidyReady(queue: Queue): void {
  if (queue.ready.length <= 4 * queue.counts.ready + SLACK) return;
  pruneHeap(queue.ready, (_, key) => isStanding(queue, key));
}

/** Drops everything; what was sent before is no duplicate of what comes now. */
export function clearQueue(context: Context<SqsState>, queue: Queue): void {
  trafficOf(context, queue);
  queue.messages.clear();
  queue.backlog = undefined;
  queue.groups.clear();
  queue.attempts.clear();
  queue.sent.clear();
  queue.ready = [];
  queue.hidden = [];
  queue.expiry = [];
  queue.hold?.open.clear();
  queue.hold?.again.clear();
  queue.counts = { ready: 0, 'in-flight': 0, delayed: 0 };
}

/**
 * Asks for a wake at `at`, unless one comes earlier anyway: a queue keeps one timer of a kind, not one a message, and
 * a wake arms the next.
 */
export function arm(context: Context<SqsState>, queue: Queue, kind: WakeKind, at: number): void {
  const pending = queue.wakes[kind];
  if (pending !== undefined && pending <= at) return;
  queue.wakes[kind] = Math.max(at, context.now);
  context.schedule(queue.wakes[kind], kind, queue.name);
}
