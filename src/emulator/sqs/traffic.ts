import { beginMinute, latestMinute, minuteOf } from '../core/traffic.ts';
import type { Context } from '../core/types.ts';
import { oldestInBacklog } from './backlog.ts';
import type { Depths, Queue, QueueMinute, SqsState } from './state.ts';

/**
 * The minute's counters. To be asked for before a message comes, goes or changes its state: a minute that has passed keeps how the
 * queue stood at its end, which is how it stands until the next change.
 */
export function trafficOf(context: Context<SqsState>, queue: Queue): QueueMinute {
  queue.traffic ??= [];
  const current = latestMinute(queue.traffic);
  const at = minuteOf(context.now);
  if (current !== undefined && current.at >= at) return current;
  if (current !== undefined) current.depths = depthsOf(queue);
  const minute: QueueMinute = {
    ...{ at, sent: 0, bytes: 0, smallest: 0, largest: 0 },
    ...{ received: 0, deleted: 0, emptyReceives: 0, depths: undefined },
  };
  beginMinute(queue.traffic, minute);
  context.internal('cloudwatch', 'wake', { namespace: 'AWS/SQS', dimension: { Name: 'QueueName', Value: queue.name } });
  return minute;
}

export function countSent(context: Context<SqsState>, queue: Queue, size: number): void {
  const minute = trafficOf(context, queue);
  minute.smallest = minute.sent === 0 ? size : Math.min(minute.smallest, size);
  minute.largest = Math.max(minute.largest, size);
  minute.sent++;
  minute.bytes += size;
}

export function countReceived(context: Context<SqsState>, queue: Queue, messages: number): void {
  const minute = trafficOf(context, queue);
  minute.received += messages;
  if (messages === 0) minute.emptyReceives++;
}

/** How the queue stands now. */
export function depthsOf(queue: Queue): Depths {
  const { counts, expiry, messages } = queue;
  const { ready, 'in-flight': inFlight, delayed } = counts;
  // The least entry may be of a message that is gone.
  const isLive = expiry.length > 0 && messages.has(expiry[1]!);
  let oldestAt = oldestInBacklog(queue);
  if (isLive) oldestAt = Math.min(oldestAt, expiry[0]!);
  else for (const { content } of messages.values()) oldestAt = Math.min(oldestAt, content.enqueuedAt);
  return { ready, inFlight, delayed, oldestAt: oldestAt === Number.POSITIVE_INFINITY ? undefined : oldestAt };
}
