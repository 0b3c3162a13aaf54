import type { Context } from '../core/types.ts';
import { arm } from './queue.ts';
import type { Queue, Sent, SqsState } from './state.ts';

/** SQS Developer Guide, Exactly-once processing. */
export const DEDUPLICATION_INTERVAL = 5 * 60 * 1000;

/** The same id in two groups is a duplicate or not, depending on the queue's DeduplicationScope. */
function scopedId(queue: Queue, id: string, groupId: string): string {
  return queue.settings.deduplicationScope === 'messageGroup' ? `${id} ${groupId}` : id;
}

/** The earlier message of the interval that a message with these ids repeats; it may have been deleted meanwhile. */
export function findSent(context: Context<SqsState>, queue: Queue, id: string, groupId: string): Sent | undefined {
  const sent = queue.sent.get(scopedId(queue, id, groupId));
  return sent !== undefined && sent.at + DEDUPLICATION_INTERVAL > context.now ? sent : undefined;
}

export function rememberSent(context: Context<SqsState>, queue: Queue, id: string, groupId: string, sent: Sent): void {
  const scoped = scopedId(queue, id, groupId);
  // Anew at the end, so that the map stays in order of time.
  queue.sent.delete(scoped);
  queue.sent.set(scoped, sent);
  arm(context, queue, 'deduplication', sent.at + DEDUPLICATION_INTERVAL);
}
