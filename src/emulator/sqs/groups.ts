import { popHeap, pruneHeap, pushHeap } from './heap.ts';
import type { Group, Message, Queue } from './state.ts';

/**
 * Message groups of a FIFO queue (SQS Developer Guide, FIFO delivery logic): while a message of a group is in flight,
 * no other of that group is delivered. A group that is free stands in the queue's `ready` heap under its first message.
 */
export function groupOf(queue: Queue, message: Message): Group {
  const id = message.content.groupId ?? '';
  let group = queue.groups.get(id);
  if (group === undefined) {
    group = { ready: [], size: 0, inFlight: 0, listed: undefined };
    queue.groups.set(id, group);
  }
  return group;
}

/** Enters a free group under its first ready message. */
export function listGroup(queue: Queue, group: Group): void {
  if (group.inFlight > 0) return;
  const first = firstReady(queue, group);
  if (first === undefined || group.listed === first.key) return;
  group.listed = first.key;
  pushHeap(queue.ready, first.key, first.key);
}

/** The next message of `after`'s group, or else the first of the free group whose turn it is. */
export function takeFromGroup(queue: Queue, after: Message | undefined): Message | undefined {
  const current = after === undefined ? undefined : queue.groups.get(after.content.groupId ?? '');
  const next = current === undefined ? undefined : firstReady(queue, current);
  if (current !== undefined && next !== undefined) return take(current, next);
  for (;;) {
    const key = popHeap(queue.ready);
    if (key === undefined) return undefined;
    const message = queue.messages.get(key);
    const group = message?.state === 'ready' ? groupOf(queue, message) : undefined;
    if (message !== undefined && group?.listed === key) return take(group, message);
  }
}

function take(group: Group, first: Message): Message {
  popHeap(group.ready);
  group.listed = undefined;
  return first;
}

function firstReady(queue: Queue, group: Group): Message | undefined {
  while (group.ready.length > 0) {
    const message = queue.messages.get(group.ready[1]!);
    if (message?.state === 'ready') return message;
    popHeap(group.ready);
  }
  return undefined;
}

/** Takes note that a message has left the queue: its group may be free now, or gone. */
export function forgetInGroup(queue: Queue, message: Message): void {
  const group = groupOf(queue, message);
  group.size--;
  if (message.state === 'in-flight') group.inFlight--;
  if (group.size === 0) {
    queue.groups.delete(message.content.groupId ?? '');
    return;
  }
  if (group.listed === message.key) group.listed = undefined;
  if (group.ready.length > 4 * group.size + 64) {
    pruneHeap(group.ready, (_, key) => queue.messages.get(key)?.state === 'ready');
  }
  listGroup(queue, group);
}
