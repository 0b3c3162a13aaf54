import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import type { S3State, Tag } from '../state.ts';
import { bucketTags, tagSetOf } from '../tags.ts';
import { type BucketInput, bucketOf } from './access.ts';

export function putBucketTagging(context: Context<S3State>, input: BucketInput & { Tagging: { TagSet?: Tag[] } }) {
  const bucket = bucketOf(context, input);
  bucket.tags = bucketTags(tagSetOf(input.Tagging));
  // The model knows no output, and S3 answers without a body.
  return { $status: 204 };
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
