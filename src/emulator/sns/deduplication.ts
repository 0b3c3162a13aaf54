import type { Context } from '../core/types.ts';
import type { PublishedOnce, SnsState, Topic } from './state.ts';

// Developer Guide, Message deduplication for FIFO topics: a window of five minutes.
const WINDOW_MS = 5 * 60 * 1000;

/** Deduplication spans the topic or, with FifoThroughputScope, each message group. */
function keyOf(topic: Topic, groupId: string, deduplicationId: string): string {
  return topic.attributes.get('FifoThroughputScope') === 'MessageGroup'
    ? `${groupId} ${deduplicationId}`
    : deduplicationId;
}

export function findPublished(topic: Topic, groupId: string, deduplicationId: string): PublishedOnce | undefined {
  return topic.deduplication.get(keyOf(topic, groupId, deduplicationId));
}

export function rememberPublished(
  context: Context<SnsState>,
  topic: Topic,
  ids: { groupId: string; deduplicationId: string },
  message: { messageId: string; sequenceNumber: string },
): void {
  // All windows are equally long, so the oldest entry ends first and one timer per topic is enough.
  if (topic.deduplication.size === 0) scheduleEnd(context, topic, context.now + WINDOW_MS);
  topic.deduplication.set(keyOf(topic, ids.groupId, ids.deduplicationId), {
    ...message,
    expiresAt: context.now + WINDOW_MS,
  });
}

const scheduleEnd = (context: Context<SnsState>, topic: Topic, at: number) =>
  context.schedule(at, 'deduplication', topic.name);

/** Forgets the messages whose window is over. */
export function endDeduplication(context: Context<SnsState>, name: string): string | undefined {
  const topic = context.state.topics.get(name);
  if (topic === undefined) return undefined;
  let ended = 0;
  let next: number | undefined;
  for (const [key, { expiresAt }] of topic.deduplication) {
    if (expiresAt > context.now) {
      next = expiresAt;
      break;
    }
    topic.deduplication.delete(key);
    ended++;
  }
  if (ended === 0) return undefined;
  if (next !== undefined) scheduleEnd(context, topic, next);
  return `deduplication window of ${ended} ${ended === 1 ? 'message' : 'messages'} on ${name} ended`;
}
