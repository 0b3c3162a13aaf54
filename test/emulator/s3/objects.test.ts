import { describe, expect, it, test } from 'vitest';
import { START, s3WithBucket } from './engine.ts';

const Bucket = 'shop';
const NOT_IMPLEMENTED = 'NotImplemented 501: A header you provided implies functionality that is not implemented';

describe('PutObject and GetObject', () => {
  it('keeps content, headers, metadata and tags', async () => {
    const { put, get, call } = await s3WithBucket();
    const stored = await put('a/b', 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentEncoding: 'aws-chunked, gzip',
      ContentDisposition: 'inline',
      ContentLanguage: 'de',
      Expires: 'Thu, 01 Jan 2026 00:00:00 GMT',
      Metadata: { Order: 'ord_1', __proto__x: 'y' },
      StorageClass: 'STANDARD_IA',
      Tagging: 'kind=receipt&empty=',
      WebsiteRedirectLocation: '/there',
    });
    expect(stored).toMatchObject({ ETag: '"5d41402abc4b2a76b9719d911017c592"', ServerSideEncryption: 'AES256' });
    const output = await get('a/b');
    expect(output.Body.toString()).toBe('hello');
    expect(output).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      LastModified: START / 1000,
      ContentLength: 5,
      AcceptRanges: 'bytes',
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentEncoding: 'gzip',
      ContentDisposition: 'inline',
      ContentLanguage: 'de',
      Expires: 'Thu, 01 Jan 2026 00:00:00 GMT',
      StorageClass: 'STANDARD_IA',
      TagCount: 2,
      WebsiteRedirectLocation: '/there',
      Metadata: new Map([
        ['order', 'ord_1'],
        ['__proto__x', 'y'],
      ]),
    });
    const head = await call('HeadObject', { Bucket, Key: 'a/b' });
    expect(head).toEqual({ ...output, Body: undefined });
  });

  it('has defaults', async () => {
    const { put, get } = await s3WithBucket();
    await put('a', '');
    const output = await get('a');
    expect(output).toMatchObject({ ContentType: 'binary/octet-stream', ContentLength: 0 });
    expect(output).not.toMatchObject({ StorageClass: expect.anything() });
    expect(output.$status).toBeUndefined();
  });

  it('replaces everything', async () => {
    const { put, get } = await s3WithBucket();
    await put('a', 'one', { Metadata: { x: '1' }, Tagging: 'a=b', ContentType: 'text/plain' });
    await put('a', 'two');
    const output = await get('a');
    expect(output.Body.toString()).toBe('two');
    expect(output.Metadata).toBeUndefined();
    expect(output.TagCount).toBeUndefined();
  });

  it('does not share memory with the request', async () => {
    const { call, get } = await s3WithBucket();
    const request = Buffer.from('....hello....');
    await call('PutObject', { Bucket, Key: 'a', Body: request.subarray(4, 9) });
    const whole = Buffer.from(new Uint8Array([104, 105]).buffer);
    await call('PutObject', { Bucket, Key: 'b', Body: whole });
    request.fill(0);
    whole.fill(0);
    expect((await get('a')).Body.toString()).toBe('hello');
    expect((await get('b')).Body.toString()).toBe('hi');
  });

  test.each(['__proto__', 'constructor', 'ä/€/😀', '/', '//', ' ', 'a\u0000b', '\ud800'])(
    'takes the key %j',
    async (key) => {
      const { put, get, call } = await s3WithBucket();
      await put(key, 'x');
      expect((await get(key)).Body.toString()).toBe('x');
      expect((await call('ListObjectsV2', { Bucket })).KeyCount).toBe(1);
      await call('DeleteObject', { Bucket, Key: key });
      expect((await call('ListObjectsV2', { Bucket })).KeyCount).toBe(0);
    },
  );

  test.each<[string, object, string]>([
    ['a key above 1024 bytes', { Key: '€'.repeat(342) }, 'KeyTooLongError 400: Your key is too long'],
    [
      'metadata above 2 KB',
      { Metadata: { a: 'x'.repeat(2048) } },
      'MetadataTooLarge 400: Your metadata headers exceed the maximum allowed metadata size',
    ],
    [
      'an unknown storage class',
      { StorageClass: 'FAST' },
      'InvalidStorageClass 400: The storage class you specified is not valid',
    ],
    [
      'an access control list',
      { ACL: 'public-read' },
      'AccessControlListNotSupported 400: The bucket does not allow ACLs',
    ],
    ['a grant', { GrantRead: 'id=1' }, 'AccessControlListNotSupported 400: The bucket does not allow ACLs'],
    [
      'an object lock',
      { ObjectLockMode: 'GOVERNANCE' },
      'InvalidRequest 400: Bucket is missing Object Lock Configuration',
    ],
    ["a customer's key", { SSECustomerAlgorithm: 'AES256' }, NOT_IMPLEMENTED],
    ['an append', { WriteOffsetBytes: 0 }, NOT_IMPLEMENTED],
    [
      'a key id without KMS',
      { SSEKMSKeyId: 'k' },
      'InvalidArgument 400: Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    ],
    [
      'one tag twice',
      { Tagging: 'a=1&a=2' },
      "InvalidArgument 400: The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    ],
    [
      'eleven tags',
      { Tagging: 'a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=' },
      'BadRequest 400: Object tags cannot be greater than 10',
    ],
    ['a system tag', { Tagging: 'aws:x=1' }, 'InvalidTag 400: Your TagKey cannot be prefixed with aws:'],
  ])('refuses %s', async (_, more, expected) => {
    const { refusal, call } = await s3WithBucket();
    expect(await refusal('PutObject', { Bucket, Key: 'a', Body: Buffer.from('x'), ...more })).toBe(expected);
    expect((await call('ListObjectsV2', { Bucket })).KeyCount).toBe(0);
  });

  it('takes the longest key, 2 KB of metadata and harmless access control lists', async () => {
    const { put } = await s3WithBucket();
    await put('x'.repeat(1024), 'x', { Metadata: { a: 'x'.repeat(2047) }, ACL: 'bucket-owner-full-control' });
    await put('y', 'x', { ACL: 'private' });
  });

  it('knows what is not there', async () => {
    const { refusal } = await s3WithBucket();
    for (const operation of ['GetObject', 'HeadObject', 'GetObjectTagging', 'GetObjectAttributes']) {
      const input = { Bucket, Key: 'none', ObjectAttributes: ['ETag'] };
      expect(await refusal(operation, input)).toBe('NoSuchKey 404: The specified key does not exist.');
      expect(await refusal(operation, { ...input, Bucket: 'none' })).toMatch(/^NoSuchBucket 404/);
    }
  });

  it('does not read archives', async () => {
    const { put, refusal, call } = await s3WithBucket();
    await put('a', 'x', { StorageClass: 'GLACIER' });
    expect(await refusal('GetObject', { Bucket, Key: 'a' })).toMatch(/^InvalidObjectState 403/);
    expect(await call('HeadObject', { Bucket, Key: 'a' })).toMatchObject({ StorageClass: 'GLACIER' });
  });

  it('overrides headers of the response (GetObject, response-*)', async () => {
    const { put, get } = await s3WithBucket();
    await put('a', 'x', { ContentType: 'text/plain' });
    expect(
      await get('a', {
        ResponseContentType: 'text/html',
        ResponseContentDisposition: 'attachment',
        ResponseCacheControl: 'no-store',
        ResponseContentLanguage: 'fr',
        ResponseContentEncoding: 'br',
        ResponseExpires: START / 1000,
      }),
    ).toMatchObject({
      ContentType: 'text/html',
      ContentDisposition: 'attachment',
      CacheControl: 'no-store',
      ContentLanguage: 'fr',
      ContentEncoding: 'br',
      Expires: 'Thu, 01 Jan 2026 00:00:00 GMT',
    });
  });
});

describe('ranges (GetObject, Range; RFC 9110, 14.1.2)', () => {
  test.each<[string, string, string]>([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
  ])('%s', async (Range, expected, ContentRange) => {
    const { put, get, call } = await s3WithBucket();
    await put('a', '0123456789');
    const output = await get('a', { Range });
    expect(output.Body.toString()).toBe(expected);
    expect(output).toMatchObject({ $status: 206, ContentRange, ContentLength: expected.length });
    expect(await call('HeadObject', { Bucket, Key: 'a', Range })).toMatchObject({ $status: 206, ContentRange });
  });

  test.each(['bytes=4-2', 'bytes=0-1,3-4', 'bytes=', 'bytes=-', 'lines=1-2', 'bytes=a-b'])(
    '%s is ignored',
    async (Range) => {
      const { put, get } = await s3WithBucket();
      await put('a', '0123456789');
      const output = await get('a', { Range });
      expect([output.$status, output.Body.toString()]).toEqual([undefined, '0123456789']);
    },
  );

  test.each([
    ['bytes=10-', '0123456789'],
    ['bytes=10-20', '0123456789'],
    ['bytes=-0', '0123456789'],
    ['bytes=0-', ''],
  ])('%s of %j cannot be satisfied', async (Range, body) => {
    const { put, refusal } = await s3WithBucket();
    await put('a', body);
    expect(await refusal('GetObject', { Bucket, Key: 'a', Range })).toBe(
      'InvalidRange 416: The requested range is not satisfiable',
    );
  });

  it('takes an object that is one piece as its first part', async () => {
    const { put, get, refusal } = await s3WithBucket();
    await put('a', '0123');
    expect(await get('a', { PartNumber: 1 })).toMatchObject({ $status: 206, ContentRange: 'bytes 0-3/4' });
    expect(await refusal('GetObject', { Bucket, Key: 'a', PartNumber: 2 })).toMatch(/^InvalidPartNumber 416/);
    expect(await refusal('GetObject', { Bucket, Key: 'a', PartNumber: 0 })).toMatch(/^InvalidArgument 400/);
    expect(await refusal('GetObject', { Bucket, Key: 'a', PartNumber: 1, Range: 'bytes=0-1' })).toBe(
      'InvalidRequest 400: Cannot specify both Range header and partNumber query parameter',
    );
  });
});

describe('DeleteObject and DeleteObjects', () => {
  it('deletes what is there and what is not', async () => {
    const { put, call, refusal } = await s3WithBucket();
    await put('a');
    expect(await call('DeleteObject', { Bucket, Key: 'a' })).toEqual({});
    expect(await call('DeleteObject', { Bucket, Key: 'a' })).toEqual({});
    expect(await refusal('GetObject', { Bucket, Key: 'a' })).toMatch(/^NoSuchKey/);
  });

  it('reports each key, or failures only', async () => {
    const { put, call } = await s3WithBucket();
    for (const key of ['a', 'b', 'c', 'd']) await put(key);
    const Objects = [{ Key: 'a' }, { Key: 'none' }, { Key: 'b', VersionId: 'abc' }, { Key: 'c', ETag: '"wrong"' }];
    const Errors = [
      { Key: 'b', VersionId: 'abc', Code: 'NoSuchVersion', Message: 'The specified version does not exist.' },
      {
        Key: 'c',
        Code: 'PreconditionFailed',
        Message: 'At least one of the pre-conditions you specified did not hold',
      },
    ];
    expect(await call('DeleteObjects', { Bucket, Delete: { Objects } })).toEqual({
      Deleted: [{ Key: 'a' }, { Key: 'none' }],
      Errors,
    });
    expect(await call('DeleteObjects', { Bucket, Delete: { Objects, Quiet: true } })).toEqual({ Deleted: [], Errors });
    expect((await call('ListObjectsV2', { Bucket })).KeyCount).toBe(3);
  });

  test.each([0, 1001])('refuses %i keys', async (length) => {
    const { refusal } = await s3WithBucket();
    const Objects = Array.from({ length }, (_, index) => ({ Key: `k${index}` }));
    expect(await refusal('DeleteObjects', { Bucket, Delete: { Objects } })).toMatch(/^MalformedXML 400/);
  });

  test.each([
    ['a', '"9a0364b9e99bb480dd25e1f0284c8555"', 'no error'],
    ['a', '*', 'no error'],
    ['a', '"x"', 'PreconditionFailed 412: At least one of the pre-conditions you specified did not hold'],
    ['none', '*', 'NoSuchKey 404: The specified key does not exist.'],
  ])('deletes %s on condition of %s (S3 User Guide, conditional deletes)', async (Key, IfMatch, expected) => {
    const { put, refusal } = await s3WithBucket();
    await put('a', 'content');
    expect(await refusal('DeleteObject', { Bucket, Key, IfMatch })).toBe(expected);
  });

  it('refuses conditions of directory buckets', async () => {
    const { refusal } = await s3WithBucket();
    expect(await refusal('DeleteObject', { Bucket, Key: 'a', IfMatchSize: 1 })).toBe(NOT_IMPLEMENTED);
    expect(await refusal('DeleteObject', { Bucket, Key: 'a', BypassGovernanceRetention: true })).toMatch(
      /^InvalidArgument/,
    );
  });
});

describe('object tags', () => {
  it('are replaced as a whole, and may be none', async () => {
    const { put, call, get, refusal } = await s3WithBucket();
    await put('a');
    const object = { Bucket, Key: 'a' };
    expect(await call('GetObjectTagging', object)).toEqual({ TagSet: [] });
    await call('PutObjectTagging', { ...object, Tagging: { TagSet: [{ Key: 'x', Value: '1' }] } });
    expect(await call('GetObjectTagging', object)).toEqual({ TagSet: [{ Key: 'x', Value: '1' }] });
    expect((await get('a')).TagCount).toBe(1);
    await call('DeleteObjectTagging', object);
    expect(await call('GetObjectTagging', object)).toEqual({ TagSet: [] });
    const TagSet = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    expect(await refusal('PutObjectTagging', { ...object, Tagging: { TagSet } })).toMatch(/^BadRequest 400/);
  });
});
