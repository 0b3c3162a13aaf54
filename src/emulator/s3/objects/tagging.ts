import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import type { S3State, Tag } from '../state.ts';
import { objectTags } from '../tags.ts';
import { type ObjectInput, objectOf } from './store.ts';

export function putObjectTagging(context: Context<S3State>, input: ObjectInput & { Tagging: { TagSet?: Tag[] } }) {
  objectOf(bucketOf(context, input), input).tags = objectTags(input.Tagging?.TagSet ?? []);
  return {};
}

/** An object without tags has an empty set, not an error as a bucket has. */
export function getObjectTagging(context: Context<S3State>, input: ObjectInput) {
  return { TagSet: objectOf(bucketOf(context, input), input).tags };
}

export function deleteObjectTagging(context: Context<S3State>, input: ObjectInput) {
  objectOf(bucketOf(context, input), input).tags = objectTags([]);
  return {};
}
