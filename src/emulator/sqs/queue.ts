import type { Context } from '../core/types.ts';
import { forgetInGroup, groupOf, listGroup, takeFromGroup } from './groups.ts';
import { popHeap, pruneHeap, pushHeap } from './heap.ts';
import type { Message, MessageContent, MessageState, Queue, SqsState, WakeKind } from './state.ts';

/** Stale entries that a heap may hold before it is worth a pass to drop them. */
const SLACK = 64;

/** The key that a long poll of the queue waits for. */
export const arrivalKey = (queueName: string) => `queue/${queueName}`;

/** Puts a message into the queue, ready at once or after a delay. */
export function addMessage(context: Context<SqsState>, queue: Queue, content: MessageContent, delay = 0): Message {
  const delayed = delay > 0;
  const message: Message = {
    content,
    key: queue.nextKey++,
    state: delayed ? 'delayed' : 'ready',
    visibleAt: context.now + delay,
    receivedAt: 0,
    receives: 0,
  };
  queue.messages.set(message.key, message);
  queue.counts[message.state]++;
  if (queue.settings.fifo) groupOf(queue, message).size++;
  pushHeap(queue.expiry, content.enqueuedAt, message.key);
  arm(context, queue, 'retention', content.enqueuedAt + queue.settings.retention);
  if (delayed) hide(context, queue, message, message.visibleAt);
  else offer(context, queue, message);
  return message;
}

/** Makes a message ready that was in flight or delayed. */
export function show(context: Context<SqsState>, queue: Queue, message: Message): void {
  changeState(queue, message, 'ready');
  offer(context, queue, message);
}

function offer(context: Context<SqsState>, queue: Queue, message: Message): void {
  if (queue.settings.fifo) {
    const group = groupOf(queue, message);
    pushHeap(group.ready, message.key, message.key);
    listGroup(queue, group);
  } else {
    pushHeap(queue.ready, message.key, message.key);
  }
  context.notify(arrivalKey(queue.name));
}

/** Has the engine make the message ready at `visibleAt`, unless that changes before. */
export function hide(context: Context<SqsState>, queue: Queue, message: Message, visibleAt: number): void {
  message.visibleAt = visibleAt;
  pushHeap(queue.hidden, visibleAt, message.key);
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
 * Takes the next ready message and puts it in flight; undefined when there is none. A FIFO queue returns as many of
 * one group as it can (SQS Developer Guide, FIFO delivery logic), so it goes on with `after`'s group.
 */
export function takeMessage(queue: Queue, after: Message | undefined): Message | undefined {
  const message = queue.settings.fifo ? takeFromGroup(queue, after) : takeReady(queue);
  if (message !== undefined) changeState(queue, message, 'in-flight');
  return message;
}

/** Whether an entry of the `ready` heap still stands for something that can be taken. */
function isStanding(queue: Queue, key: number): boolean {
  const message = queue.messages.get(key);
  if (message?.state !== 'ready') return false;
  return !queue.settings.fifo || groupOf(queue, message).listed === key;
}

/** Takes the first ready message of a standard queue out of the ready ones, without putting it in flight. */
function takeReady(queue: Queue): Message | undefined {
  for (;;) {
    const key = popHeap(queue.ready);
    if (key === undefined) return undefined;
    const message = queue.messages.get(key);
    if (message?.state === 'ready') return message;
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
  for (const message of first) pushHeap(queue.ready, message.key, message.key);
  if (taken !== undefined) changeState(queue, taken, 'in-flight');
  return taken;
}

export function changeState(queue: Queue, message: Message, state: MessageState): void {
  queue.counts[message.state]--;
  queue.counts[state]++;
  if (queue.settings.fifo) {
    const group = groupOf(queue, message);
    if (message.state === 'in-flight') group.inFlight--;
    if (state === 'in-flight') group.inFlight++;
  }
  message.state = state;
}

export function removeMessage(queue: Queue, message: Message): void {
  if (!queue.messages.delete(message.key)) return;
  queue.counts[message.state]--;
  if (queue.settings.fifo) forgetInGroup(queue, message);
  if (message.state === 'ready' && queue.ready.length > 4 * queue.counts.ready + SLACK) {
    pruneHeap(queue.ready, (_, key) => isStanding(queue, key));
  }
  if (queue.expiry.length > 4 * queue.messages.size + SLACK) {
    pruneHeap(queue.expiry, (_, key) => queue.messages.has(key));
  }
}

/** Drops everything; the deduplication interval goes on. */
export function clearQueue(queue: Queue): void {
  queue.messages.clear();
  queue.groups.clear();
  queue.attempts.clear();
  queue.ready = [];
  queue.hidden = [];
  queue.expiry = [];
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
