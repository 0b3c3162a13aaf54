import { describe, expect, it, test } from 'vitest';
import { s3WithBucket } from './engine.ts';

const Bucket = 'shop';

describe('encryption (S3 User Guide, Setting default server-side encryption)', () => {
  const configuration = (SSEAlgorithm: string, more: object = {}) => ({
    Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...more }, BucketKeyEnabled: true }],
    },
  });

  it('is AES256 unless set, and again once deleted', async () => {
    const { call, put } = await s3WithBucket();
    const standard = {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      },
    };
    expect(await call('GetBucketEncryption', { Bucket })).toEqual(standard);
    expect(await put('a')).toMatchObject({ ServerSideEncryption: 'AES256' });
    await call('PutBucketEncryption', configuration('aws:kms', { KMSMasterKeyID: 'some-key' }));
    expect(await put('b')).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'arn:aws:kms:us-east-1:000000000000:key/some-key',
      BucketKeyEnabled: true,
    });
    expect(await put('c', 'x', { ServerSideEncryption: 'AES256' })).toMatchObject({ ServerSideEncryption: 'AES256' });
    await call('DeleteBucketEncryption', { Bucket });
    expect(await call('GetBucketEncryption', { Bucket })).toEqual(standard);
  });

  test.each<[object, RegExp]>([
    [{ Bucket, ServerSideEncryptionConfiguration: { Rules: [] } }, /^MalformedXML 400/],
    [configuration('rot13'), /^MalformedXML 400/],
    [configuration('AES256', { KMSMasterKeyID: 'k' }), /^InvalidArgument 400: a KMSMasterKeyID is not applicable/],
  ])('refuses %j', async (input, expected) => {
    const { refusal } = await s3WithBucket();
    expect(await refusal('PutBucketEncryption', input)).toMatch(expected);
  });
});

describe('public access block (S3 User Guide, Blocking public access)', () => {
  it('is on for new buckets, replaced as a whole, and gone once deleted', async () => {
    const { call, refusal } = await s3WithBucket();
    const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    expect(await call('GetPublicAccessBlock', { Bucket })).toEqual({ PublicAccessBlockConfiguration: all });
    await call('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: { IgnorePublicAcls: true } });
    expect(await call('GetPublicAccessBlock', { Bucket })).toEqual({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: false,
        IgnorePublicAcls: true,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
    });
    await call('DeletePublicAccessBlock', { Bucket });
    expect(await refusal('GetPublicAccessBlock', { Bucket })).toMatch(/^NoSuchPublicAccessBlockConfiguration 404/);
  });
});

describe('policy (PutBucketPolicy)', () => {
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const valid = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*' };

  it('is given back as it came', async () => {
    const { call, refusal } = await s3WithBucket();
    expect(await refusal('GetBucketPolicy', { Bucket })).toBe(
      'NoSuchBucketPolicy 404: The bucket policy does not exist',
    );
    const Policy = ` ${policy(valid)}\n`;
    await call('PutBucketPolicy', { Bucket, Policy });
    expect(await call('GetBucketPolicy', { Bucket })).toEqual({ Policy });
    await call('DeleteBucketPolicy', { Bucket });
    expect(await refusal('GetBucketPolicy', { Bucket })).toMatch(/^NoSuchBucketPolicy/);
  });

  test.each([
    ['not JSON', 'hello'],
    ['no object', '[1]'],
    ['no statement', '{"Version": "2012-10-17"}'],
    ['an unknown effect', policy({ ...valid, Effect: 'Maybe' })],
    ['no principal', policy({ ...valid, Principal: undefined })],
    ['no action', policy({ ...valid, Action: undefined })],
    ['no resource', policy({ ...valid, Resource: undefined })],
    ["another bucket's resource", policy({ ...valid, Resource: 'arn:aws:s3:::other/*' })],
    ['more than 20 KB', policy({ ...valid, Sid: 'x'.repeat(21_000) })],
  ])('refuses %s', async (_, Policy) => {
    const { refusal } = await s3WithBucket();
    expect(await refusal('PutBucketPolicy', { Bucket, Policy })).toMatch(/^MalformedPolicy 400/);
  });
});

describe('tags (PutBucketTagging)', () => {
  it('are replaced as a whole; none is an error', async () => {
    const { call, refusal } = await s3WithBucket();
    expect(await refusal('GetBucketTagging', { Bucket })).toBe('NoSuchTagSet 404: The TagSet does not exist');
    await call('PutBucketTagging', { Bucket, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } });
    await call('PutBucketTagging', { Bucket, Tagging: { TagSet: [{ Key: 'b', Value: '' }] } });
    expect(await call('GetBucketTagging', { Bucket })).toEqual({ TagSet: [{ Key: 'b', Value: '' }] });
    await call('DeleteBucketTagging', { Bucket });
    expect(await refusal('GetBucketTagging', { Bucket })).toMatch(/^NoSuchTagSet/);
  });

  const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  test.each<[string, object[], string]>([
    ['the same key twice', [...tags(1), ...tags(1)], 'InvalidTag 400: Cannot provide multiple Tags with the same key'],
    ['51 tags', tags(51), 'BadRequest 400: Bucket tag count cannot be greater than 50'],
    ['an empty key', [{ Key: '', Value: 'v' }], 'InvalidTag 400: The TagKey you have provided is invalid'],
    [
      'a long value',
      [{ Key: 'k', Value: 'v'.repeat(257) }],
      'InvalidTag 400: The TagValue you have provided is invalid',
    ],
    ['a character', [{ Key: 'k?', Value: 'v' }], 'InvalidTag 400: The TagKey you have provided is invalid'],
    [
      'a system tag',
      [{ Key: 'aws:x', Value: 'v' }],
      'InvalidTag 400: System tags cannot be added/updated by requester',
    ],
  ])('refuses %s', async (_, TagSet, expected) => {
    const { refusal } = await s3WithBucket();
    expect(await refusal('PutBucketTagging', { Bucket, Tagging: { TagSet } })).toBe(expected);
  });
});

describe('lifecycle (PutBucketLifecycleConfiguration)', () => {
  const rule = { ID: 'old', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } };

  it('is stored', async () => {
    const { call, refusal } = await s3WithBucket();
    expect(await refusal('GetBucketLifecycleConfiguration', { Bucket })).toMatch(/^NoSuchLifecycleConfiguration 404/);
    await call('PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules: [rule] } });
    expect(await call('GetBucketLifecycleConfiguration', { Bucket })).toEqual({
      Rules: [rule],
      TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
    });
    await call('DeleteBucketLifecycle', { Bucket });
    expect(await refusal('GetBucketLifecycleConfiguration', { Bucket })).toMatch(/^NoSuchLifecycleConfiguration/);
  });

  test.each<[string, object[], RegExp]>([
    ['no rules', [], /^MalformedXML/],
    ['a rule without filter', [{ ...rule, Filter: undefined }], /^MalformedXML/],
    ['a rule without action', [{ ...rule, Expiration: undefined }], /^InvalidRequest/],
    ['an unknown status', [{ ...rule, Status: 'On' }], /^MalformedXML/],
    ['one id twice', [rule, rule], /^InvalidArgument 400: Rule ID must be unique/],
  ])('refuses %s', async (_, Rules, expected) => {
    const { refusal } = await s3WithBucket();
    const input = { Bucket, LifecycleConfiguration: { Rules } };
    expect(await refusal('PutBucketLifecycleConfiguration', input)).toMatch(expected);
  });
});

describe('versioning', () => {
  it('was never enabled, and cannot be', async () => {
    const { call, refusal } = await s3WithBucket();
    expect(await call('GetBucketVersioning', { Bucket })).toEqual({});
    for (const Status of ['Enabled', 'Suspended']) {
      expect(await refusal('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } })).toMatch(
        /^NotImplemented 501/,
      );
    }
    expect(await refusal('PutBucketVersioning', { Bucket, VersioningConfiguration: {} })).toMatch(/^MalformedXML/);
  });

  it('leaves every object the version null', async () => {
    const { get, put, refusal } = await s3WithBucket();
    await put('a');
    expect((await get('a', { VersionId: 'null' })).ETag).toBeDefined();
    expect(await refusal('GetObject', { Bucket, Key: 'a', VersionId: 'abc' })).toBe(
      'InvalidArgument 400: Invalid version id specified',
    );
  });
});
