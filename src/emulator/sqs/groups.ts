import { popHeap, pruneHeap, pushHeap } from './heap.ts';
import type { Group, Message, Queue } from './state.ts';

/**
 * Message groups. A group that has something to deliver stands in the queue's `ready` heap, under its first message.
 * Groups take turns: one that is entered again goes behind those which wait already.
 *
 * A FIFO queue delivers a group in order, up to its first message in flight (SQS Developer Guide, FIFO delivery logic). A
 * standard queue only takes turns (Amazon SQS fair queues): each message without a group is a tenant of its own.
 */
export const isGrouped = (queue: Queue, message: Message) =>
  queue.settings.fifo || message.content.groupId !== undefined;

export function groupOf(queue: Queue, message: Message): Group {
  const id = message.content.groupId ?? '';
  let group = queue.groups.get(id);
  if (group === undefined) {
    group = { ready: [], hidden: [], size: 0, listed: undefined };
    queue.groups.set(id, group);
  }
  return group;
}

/** Enters a message that is ready; true when its group can be delivered from. */
export function offerInGroup(queue: Queue, message: Message): boolean {
  const group = groupOf(queue, message);
  pushHeap(group.ready, message.key, message.key);
  return listGroup(queue, group);
}

/** Takes note that a message of a FIFO queue holds up those behind it. */
export function hideInGroup(queue: Queue, message: Message): void {
  const group = groupOf(queue, message);
  pushHeap(group.hidden, message.key, message.key);
  if (group.hidden.length > 4 * group.size + 64) {
    pruneHeap(group.hidden, (_, key) => isHiddenKey(queue, key));
  }
}

/** Enters a group at the end of the line, if it has something to deliver and does not stand there yet. */
function listGroup(queue: Queue, group: Group): boolean {
  const first = firstDeliverable(queue, group);
  if (first === undefined) return false;
  if (group.listed === undefined) {
    group.listed = first.key;
    // Keys count up, so they also tell whose turn comes first.
    pushHeap(queue.ready, queue.nextKey++, first.key);
  }
  return true;
}

/** Takes a group's next message when its turn has come, that is when `key` was on top of the `ready` heap. */
export function takeTurn(queue: Queue, listed: Message): Message | undefined {
  const group = groupOf(queue, listed);
  if (group.listed !== listed.key) return undefined;
  const taken = takeFirst(queue, group);
  if (!queue.settings.fifo) listGroup(queue, group);
  return taken;
}

/** The next message of the same group. A FIFO queue returns as many of one group as it can before it turns to another. */
export function takeNextOf(queue: Queue, message: Message): Message | undefined {
  const group = queue.groups.get(message.content.groupId ?? '');
  return group === undefined ? undefined : takeFirst(queue, group);
}

/** Whether a ready message of a group can be delivered now, out of turn. */
export const canLeaveGroup = (queue: Queue, message: Message): boolean =>
  !queue.settings.fifo || firstDeliverable(queue, groupOf(queue, message)) === message;

/** Takes note that a message was taken out of turn, and is in flight. */
export function leaveGroup(queue: Queue, message: Message): void {
  const group = groupOf(queue, message);
  if (group.listed === message.key) group.listed = undefined;
  if (!queue.settings.fifo) listGroup(queue, group);
}

function takeFirst(queue: Queue, group: Group): Message | undefined {
  const first = firstDeliverable(queue, group);
  group.listed = undefined;
  if (first !== undefined) popHeap(group.ready);
  return first;
}

function firstDeliverable(queue: Queue, group: Group): Message | undefined {
  const first = firstReady(queue, group);
  if (first === undefined || !queue.settings.fifo) return first;
  return firstHidden(queue, group) < first.key ? undefined : first;
}

function firstReady(queue: Queue, group: Group): Message | undefined {
  while (group.ready.length > 0) {
    const message = queue.messages.get(group.ready[1]!);
    if (message?.state === 'ready') return message;
    popHeap(group.ready);
  }
  return undefined;
}

/** The key of the first message that holds up those behind it; infinite when nothing does. */
function firstHidden(queue: Queue, group: Group): number {
  while (group.hidden.length > 0) {
    const key = group.hidden[1]!;
    if (isHiddenKey(queue, key)) return key;
    popHeap(group.hidden);
  }
  return Number.POSITIVE_INFINITY;
}

function isHiddenKey(queue: Queue, key: number): boolean {
  const message = queue.messages.get(key);
  return message !== undefined && message.state !== 'ready';
}

/** Takes note that a message has left the queue; true when its group can be delivered from now, and could not before. */
export function forgetInGroup(queue: Queue, message: Message): boolean {
  const group = groupOf(queue, message);
  group.size--;
  if (group.size === 0) {
    queue.groups.delete(message.content.groupId ?? '');
    return false;
  }
  const wasListed = group.listed !== undefined;
  if (group.listed === message.key) group.listed = undefined;
  if (group.ready.length > 4 * group.size + 64) {
    pruneHeap(group.ready, (_, key) => queue.messages.get(key)?.state === 'ready');
  }
  return listGroup(queue, group) && !wasListed;
}
