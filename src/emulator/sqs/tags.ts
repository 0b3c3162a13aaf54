import { onQueue } from './access.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import { entriesOf, outputMap } from './maps.ts';
import type { Queue } from './state.ts';

/** SQS Developer Guide, Cost allocation tags: 50 tags, keys up to 128 and values up to 256 characters. */
const MAX_TAGS = 50;

export const tagQueue = onQueue(
  'TagQueue',
  (_, queue, { Tags }: { QueueUrl: string; Tags: Record<string, string> }) => {
    const entries = entriesOf(Tags);
    if (entries.length === 0) throw missingParameter('Tags');
    setTags(queue, entries);
  },
);

export function setTags(queue: Queue, entries: readonly [string, string][]): void {
  const tags = new Map(queue.tags);
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128) {
      throw invalidParameter('Tag keys must be between 1 and 128 characters in length.');
    }
    if (value.length > 256) throw invalidParameter('Tag values must be between 0 and 256 characters in length.');
    tags.set(key, value);
  }
  if (tags.size > MAX_TAGS) throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
  queue.tags = tags;
}

export const untagQueue = onQueue('UntagQueue', (_, queue, { TagKeys }: { QueueUrl: string; TagKeys: string[] }) => {
  if (TagKeys.length === 0) throw invalidParameter('Tag keys must be between 1 and 128 characters in length.');
  for (const key of TagKeys) queue.tags.delete(key);
});

export const listQueueTags = onQueue('ListQueueTags', (_, queue) => ({ Tags: outputMap(queue.tags) }));
