import { expect, test } from 'vitest';
import { s3WithBucket } from './engine.ts';

const Bucket = 'shop';
const MALFORMED = /^MalformedXML 400/;
const MIDNIGHT = Date.UTC(2030, 0, 1) / 1000;
const tag = (Key: string) => ({ Key, Value: '1' });

// LocalStack, tests/aws/services/s3/test_s3.py: TestS3BucketLifecycle, validated on AWS; Ceph, s3tests_boto3,
// test_lifecycle_*; S3 User Guide, Lifecycle configuration elements.
test.each<[string, object, RegExp]>([
  ['no time for old versions', { NoncurrentVersionExpiration: {} }, MALFORMED],
  ['no time at all', { Expiration: {} }, MALFORMED],
  ['two filters', { Filter: { Prefix: 'a', And: { Prefix: 'a' } } }, MALFORMED],
  ['an empty And', { Filter: { And: {} } }, MALFORMED],
  ['a filter and a prefix', { Prefix: '' }, MALFORMED],
  ['days and a date', { Expiration: { Days: 1, Date: MIDNIGHT } }, MALFORMED],
  ['days and delete markers', { Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } }, MALFORMED],
  ['noon', { Expiration: { Date: MIDNIGHT + 43_200 } }, /^InvalidArgument 400: 'Date' must be at midnight GMT$/],
  ['midnight', { Expiration: { Date: MIDNIGHT } }, /^no error$/],
  [
    'no days',
    { Expiration: { Days: 0 } },
    /^InvalidArgument 400: 'Days' for Expiration action must be a positive integer$/,
  ],
  [
    'a tag twice',
    { Filter: { And: { Tags: [tag('a'), tag('a')] } } },
    /^InvalidRequest 400: Duplicate Tag Keys are not allowed\.$/,
  ],
  ['two tags', { Filter: { And: { Tags: [tag('a'), tag('b')] } } }, /^no error$/],
  [
    'delete markers by tag',
    { Filter: { Tag: tag('a') }, Expiration: { ExpiredObjectDeleteMarker: true } },
    /^InvalidRequest 400: ExpiredObjectDeleteMarker cannot be specified with Tags\.$/,
  ],
  ['uploads without days', { AbortIncompleteMultipartUpload: {} }, MALFORMED],
  [
    'uploads by tag',
    { Filter: { Tag: tag('a') }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    /^InvalidRequest 400: AbortIncompleteMultipartUpload cannot be specified with Tags\.$/,
  ],
  ['a transition nowhere', { Transitions: [{ Days: 30 }] }, MALFORMED],
  ['a transition at no time', { Transitions: [{ StorageClass: 'GLACIER' }] }, MALFORMED],
  [
    'a transition too soon',
    { Transitions: [{ Days: 1, StorageClass: 'STANDARD_IA' }] },
    /^InvalidArgument 400: 'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'$/,
  ],
])('a lifecycle rule with %s: %s', async (_, change, expected) => {
  const { refusal } = await s3WithBucket();
  const rule = { Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 }, ...change };
  const input = { Bucket, LifecycleConfiguration: { Rules: [rule] } };
  expect(await refusal('PutBucketLifecycleConfiguration', input)).toMatch(expected);
});
