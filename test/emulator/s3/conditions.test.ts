import { describe, expect, it, test } from 'vitest';
import { START, s3WithBucket } from './engine.ts';

const Bucket = 'shop';
const ETAG = '"9a0364b9e99bb480dd25e1f0284c8555"';
const OTHER = '"5d41402abc4b2a76b9719d911017c592"';
const NOW = START / 1000;
const FAILED = 'PreconditionFailed 412: At least one of the pre-conditions you specified did not hold';

/** The object `a` was written an hour before what each case asks. */
async function anHourLater() {
  const context = await s3WithBucket();
  await context.put('a');
  context.engine.advanceTo(START + 3_600_000);
  return context;
}

describe('conditional reads (GetObject, conditional headers)', () => {
  const before = NOW - 60;
  const after = NOW + 60;
  test.each<[object, 200 | 304 | 412]>([
    [{ IfMatch: ETAG }, 200],
    [{ IfMatch: ETAG.slice(1, -1) }, 200],
    [{ IfMatch: '*' }, 200],
    [{ IfMatch: OTHER }, 412],
    [{ IfNoneMatch: OTHER }, 200],
    [{ IfNoneMatch: ETAG }, 304],
    [{ IfNoneMatch: '*' }, 304],
    [{ IfModifiedSince: before }, 200],
    [{ IfModifiedSince: NOW }, 304],
    [{ IfModifiedSince: after }, 304],
    [{ IfModifiedSince: NOW + 7200 }, 200], // still to come: ignored
    [{ IfUnmodifiedSince: NOW }, 200],
    [{ IfUnmodifiedSince: before }, 412],
    [{ IfMatch: ETAG, IfUnmodifiedSince: before }, 200],
    [{ IfMatch: OTHER, IfUnmodifiedSince: after }, 412],
    [{ IfNoneMatch: ETAG, IfModifiedSince: before }, 304],
    [{ IfNoneMatch: OTHER, IfModifiedSince: after }, 200],
    [{ IfMatch: ETAG, IfNoneMatch: ETAG }, 304],
  ])('%j: %i', async (conditions, status) => {
    const { get, call, refusal } = await anHourLater();
    for (const operation of ['GetObject', 'HeadObject']) {
      const input = { Bucket, Key: 'a', ...conditions };
      if (status === 412) expect(await refusal(operation, input)).toBe(FAILED);
      else expect((await call(operation, input)).$status).toBe(status === 304 ? 304 : undefined);
    }
    if (status === 304) expect(await get('a', conditions)).toEqual({ ETag: ETAG, LastModified: NOW, $status: 304 });
  });
});

describe('conditions on the source of a copy (CopyObject)', () => {
  test.each<[object, string]>([
    [{ CopySourceIfMatch: ETAG }, 'no error'],
    [{ CopySourceIfMatch: OTHER }, FAILED],
    [{ CopySourceIfNoneMatch: ETAG }, FAILED],
    [{ CopySourceIfModifiedSince: NOW - 1 }, 'no error'],
    [{ CopySourceIfModifiedSince: NOW }, FAILED],
    [{ CopySourceIfUnmodifiedSince: NOW - 1 }, FAILED],
    [{ CopySourceIfMatch: ETAG, CopySourceIfUnmodifiedSince: NOW - 1 }, 'no error'],
    [{ CopySourceIfNoneMatch: ETAG, CopySourceIfModifiedSince: NOW - 1 }, FAILED],
  ])('%j: %s', async (conditions, expected) => {
    const { refusal } = await anHourLater();
    expect(await refusal('CopyObject', { Bucket, Key: 'b', CopySource: 'shop/a', ...conditions })).toBe(expected);
  });
});

describe('conditional writes (S3 User Guide, conditional writes)', () => {
  const notImplemented = 'NotImplemented 501: A header you provided implies functionality that is not implemented';
  const cases: [string, object, string][] = [
    ['new', { IfNoneMatch: '*' }, 'no error'],
    ['a', { IfNoneMatch: '*' }, FAILED],
    ['a', { IfMatch: ETAG }, 'no error'],
    ['a', { IfMatch: OTHER }, FAILED],
    ['new', { IfMatch: ETAG }, 'NoSuchKey 404: The specified key does not exist.'],
    ['a', { IfNoneMatch: ETAG }, notImplemented],
    ['a', { IfMatch: '*' }, notImplemented],
    ['a', { IfMatch: ETAG, IfNoneMatch: '*' }, notImplemented],
  ];

  test.each(cases)('PutObject %s %j: %s', async (Key, conditions, expected) => {
    const { refusal } = await anHourLater();
    expect(await refusal('PutObject', { Bucket, Key, Body: Buffer.from('x'), ...conditions })).toBe(expected);
  });

  test.each(cases)('CopyObject to %s %j: %s', async (Key, conditions, expected) => {
    const { refusal, put } = await anHourLater();
    await put('source');
    expect(await refusal('CopyObject', { Bucket, Key, CopySource: 'shop/source', ...conditions })).toBe(expected);
  });

  async function upload(context: Awaited<ReturnType<typeof s3WithBucket>>, Key: string) {
    const { UploadId } = await context.call('CreateMultipartUpload', { Bucket, Key });
    const { ETag } = await context.call('UploadPart', { Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.from('x') });
    return { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
  }

  test.each(cases)('CompleteMultipartUpload of %s %j: %s', async (key, conditions, expected) => {
    const context = await anHourLater();
    const input = await upload(context, key);
    expect(await context.refusal('CompleteMultipartUpload', { ...input, ...conditions })).toBe(expected);
  });

  const CONFLICT =
    'ConditionalRequestConflict 409: The conditional request cannot succeed due to a conflicting operation against this resource.';

  it('is a conflict when the object was written meanwhile, be it in the same second', async () => {
    const context = await s3WithBucket();
    await context.put('a');
    const input = await upload(context, 'a');
    const { ETag } = await context.put('a');
    expect(await context.refusal('CompleteMultipartUpload', { ...input, IfMatch: ETag })).toBe(CONFLICT);
  });

  it('is a conflict when the key was freed during a multipart upload', async () => {
    const context = await anHourLater();
    const input = await upload(context, 'a');
    await context.call('DeleteObject', { Bucket, Key: 'a' });
    expect(await context.refusal('CompleteMultipartUpload', { ...input, IfNoneMatch: '*' })).toBe(CONFLICT);
    expect(await context.refusal('CompleteMultipartUpload', input)).toBe('no error');
  });

  it('is a conflict when the object was written during a multipart upload', async () => {
    const context = await anHourLater();
    const input = await upload(context, 'a');
    context.engine.advanceTo(START + 7_200_000);
    await context.put('a');
    expect(await context.refusal('CompleteMultipartUpload', { ...input, IfMatch: ETAG })).toBe(CONFLICT);
  });
});
