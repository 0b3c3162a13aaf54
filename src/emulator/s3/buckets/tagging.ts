import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import type { S3State, Tag } from '../state.ts';
import { bucketTags } from '../tags.ts';
import { type BucketInput, bucketOf } from './access.ts';

export function putBucketTagging(context: Context<S3State>, input: BucketInput & { Tagging: { TagSet?: Tag[] } }) {
  bucketOf(context, input).tags = bucketTags(input.Tagging?.TagSet ?? []);
  return {};
}

export function getBucketTagging(context: Context<S3State>, input: BucketInput) {
  const { name, tags } = bucketOf(context, input);
  if (tags.length === 0) {
    throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { status: 404, fields: { BucketName: name } });
  }
  return { TagSet: tags };
}

export function deleteBucketTagging(context: Context<S3State>, input: BucketInput) {
  bucketOf(context, input).tags = bucketTags([]);
  return {};
}
