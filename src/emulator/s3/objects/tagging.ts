import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { toByteKey } from '../listing/byte-order.ts';
import { notify, type TaggingEvent } from '../notifications/event.ts';
import type { S3State, Tag } from '../state.ts';
import { objectTags, tagSetOf } from '../tags.ts';
import { type ObjectInput, objectOf } from './store.ts';

function setTags(context: Context<S3State>, input: ObjectInput, tags: readonly Tag[], event: TaggingEvent) {
  const bucket = bucketOf(context, input);
  const object = objectOf(bucket, input);
  object.tags = objectTags(tags);
  notify(context, bucket, { event, byteKey: toByteKey(input.Key), object });
  return {};
}

export const putObjectTagging = (context: Context<S3State>, input: ObjectInput & { Tagging: { TagSet?: Tag[] } }) =>
  setTags(context, input, tagSetOf(input.Tagging), 'ObjectTagging:Put');

/** An object without tags has an empty set, not an error as a bucket has. */
export function getObjectTagging(context: Context<S3State>, input: ObjectInput) {
  return { TagSet: objectOf(bucketOf(context, input), input).tags };
}

export const deleteObjectTagging = (context: Context<S3State>, input: ObjectInput) =>
  setTags(context, input, [], 'ObjectTagging:Delete');
