import { describe, expect, it, test } from 'vitest';
import { s3WithBucket } from './engine.ts';

const Bucket = 'shop';

// S3 API Reference, CopyObject.
describe('CopyObject', () => {
  it('copies content, metadata and tags, and nothing else', async () => {
    const { put, call, get } = await s3WithBucket();
    await put('a b/é', 'hello', {
      ContentType: 'text/plain',
      Metadata: { x: '1' },
      Tagging: 't=1',
      StorageClass: 'STANDARD_IA',
    });
    const { CopyObjectResult } = await call('CopyObject', { Bucket, Key: 'copy', CopySource: '/shop/a%20b/%C3%A9' });
    expect(CopyObjectResult).toMatchObject({ ETag: '"5d41402abc4b2a76b9719d911017c592"' });
    const output = await get('copy');
    expect(output.Body.toString()).toBe('hello');
    expect(output).toMatchObject({ ContentType: 'text/plain', Metadata: new Map([['x', '1']]), TagCount: 1 });
    expect(output.StorageClass).toBeUndefined();
  });

  it('replaces metadata and tags on demand, each by its own directive', async () => {
    const { put, call, get } = await s3WithBucket();
    await put('a', 'hello', { ContentType: 'text/plain', Metadata: { x: '1' }, Tagging: 't=1&u=2' });
    const input = { Bucket, Key: 'copy', CopySource: 'shop/a', Metadata: { y: '2' }, Tagging: 'v=3' };
    await call('CopyObject', { ...input, MetadataDirective: 'REPLACE' });
    expect(await get('copy')).toMatchObject({
      ContentType: 'binary/octet-stream',
      Metadata: new Map([['y', '2']]),
      TagCount: 2,
    });
    await call('CopyObject', { ...input, TaggingDirective: 'REPLACE' });
    expect(await get('copy')).toMatchObject({
      ContentType: 'text/plain',
      Metadata: new Map([['x', '1']]),
      TagCount: 1,
    });
  });

  it('leaves both objects apart', async () => {
    const { put, call, get } = await s3WithBucket();
    await put('a', 'hello', { Tagging: 't=1' });
    await call('CopyObject', { Bucket, Key: 'b', CopySource: 'shop/a' });
    await call('DeleteObjectTagging', { Bucket, Key: 'a' });
    await call('DeleteObject', { Bucket, Key: 'a' });
    expect(await get('b')).toMatchObject({ TagCount: 1, ContentLength: 5 });
  });

  it('makes one piece of a multipart object', async () => {
    const { call, get } = await s3WithBucket();
    const Key = 'parts';
    const { UploadId } = await call('CreateMultipartUpload', { Bucket, Key, ChecksumAlgorithm: 'CRC32' });
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.from('123456789'), ChecksumCRC32: 'y/Q5Jg==' };
    const { ETag } = await call('UploadPart', part);
    const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32: 'y/Q5Jg==' }];
    await call('CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload: { Parts } });
    await call('CopyObject', { Bucket, Key: 'copy', CopySource: 'shop/parts' });
    expect(await get('copy', { ChecksumMode: 'ENABLED' })).toMatchObject({
      ETag,
      ChecksumCRC32: 'y/Q5Jg==',
      ChecksumType: 'FULL_OBJECT',
    });
    await call('CopyObject', { Bucket, Key: 'sha', CopySource: 'shop/parts', ChecksumAlgorithm: 'SHA1' });
    expect(await get('sha', { ChecksumMode: 'ENABLED' })).toMatchObject({
      ChecksumSHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
    });
  });

  test.each<[object, boolean]>([
    [{}, false],
    [{ MetadataDirective: 'COPY' }, false],
    [{ MetadataDirective: 'REPLACE' }, true],
    [{ StorageClass: 'STANDARD_IA' }, true],
    [{ ServerSideEncryption: 'AES256' }, true],
    [{ WebsiteRedirectLocation: '/x' }, true],
  ])('onto itself with %j: %s', async (more, allowed) => {
    const { put, refusal } = await s3WithBucket();
    await put('a');
    expect(await refusal('CopyObject', { Bucket, Key: 'a', CopySource: 'shop/a', ...more })).toMatch(
      allowed ? /^no error/ : /^InvalidRequest 400: This copy request is illegal/,
    );
  });

  // LocalStack, test_s3.py: test_s3_copy_object_in_place_with_bucket_encryption, validated on AWS.
  it('onto itself where the bucket has an encryption of its own, be it the default', async () => {
    const { put, call, refusal } = await s3WithBucket();
    await put('a');
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }];
    await call('PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } });
    const copy = { Bucket, Key: 'a', CopySource: 'shop/a' };
    expect(await refusal('CopyObject', copy)).toBe('no error');
    await call('DeleteBucketEncryption', { Bucket });
    expect(await refusal('CopyObject', copy)).toMatch(/^InvalidRequest 400/);
  });

  test.each<[string, RegExp]>([
    ['shop/none', /^NoSuchKey 404/],
    ['none/a', /^NoSuchBucket 404/],
    ['theirs/a', /^AccessDenied 403/],
    ['shop', /^InvalidArgument 400: Invalid copy source object key/],
    ['shop/', /^InvalidArgument 400: Invalid copy source object key/],
    ['shop/%zz', /^InvalidArgument 400: Invalid copy source encoding/],
    ['shop/a?versionId=abc', /^InvalidArgument 400: Invalid version id specified/],
    ['shop/a?versionId=null', /^no error/],
    ['arn:aws:s3:us-east-1:000000000000:accesspoint/x/object/a', /^NotImplemented 501/],
  ])('from %s', async (CopySource, expected) => {
    const { put, call, refusal } = await s3WithBucket();
    await put('a');
    await call('CreateBucket', { Bucket: 'theirs' }, { account: '111111111111' });
    expect(await refusal('CopyObject', { Bucket, Key: 'b', CopySource })).toMatch(expected);
  });

  it('refuses an unknown directive, a long key and an archived source', async () => {
    const { put, refusal } = await s3WithBucket();
    await put('a', 'x', { StorageClass: 'DEEP_ARCHIVE' });
    const input = { Bucket, Key: 'b', CopySource: 'shop/a' };
    expect(await refusal('CopyObject', input)).toMatch(/^InvalidObjectState 403/);
    for (const what of ['Metadata', 'Tagging']) {
      expect(await refusal('CopyObject', { ...input, [`${what}Directive`]: 'MERGE' })).toBe(
        `InvalidArgument 400: Unknown ${what.toLowerCase()} directive.`,
      );
    }
    expect(await refusal('CopyObject', { ...input, WebsiteRedirectLocation: 'elsewhere' })).toBe(
      "InvalidRedirectLocation 400: The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    );
    expect(await refusal('CopyObject', { ...input, Key: 'x'.repeat(1025) })).toMatch(/^KeyTooLongError 400/);
  });
});
