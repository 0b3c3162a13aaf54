import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { type Answer, s3WithBucket } from './engine.ts';

const Bucket = 'shop';
const Key = 'big';
const FIVE_MIB = 5 * 1024 * 1024;

async function started(more: object = {}) {
  const context = await s3WithBucket();
  const { UploadId } = await context.call('CreateMultipartUpload', { Bucket, Key, ...more });
  const part = (PartNumber: number, Body: Buffer, extra: object = {}): Promise<Answer> =>
    context.call('UploadPart', { Bucket, Key, UploadId, PartNumber, Body, ...extra });
  const completion = (Parts: object[], extra: object = {}) => ({
    Bucket,
    Key,
    UploadId,
    MultipartUpload: { Parts },
    ...extra,
  });
  return { ...context, UploadId, part, completion };
}

const LARGE = Buffer.alloc(FIVE_MIB, 'a');
const SMALL = Buffer.from('the end');

describe('a multipart upload (S3 User Guide, Uploading and copying objects using multipart upload)', () => {
  it('makes one object of its parts', async () => {
    const { call, get, part, completion, UploadId } = await started({
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      Tagging: 'x=y',
    });
    expect(await call('ListObjectsV2', { Bucket })).toMatchObject({ KeyCount: 0 });
    const last = await part(9, SMALL);
    await part(3, SMALL);
    const first = await part(3, LARGE);
    const completed = await call('CompleteMultipartUpload', {
      ...completion([
        { PartNumber: 3, ETag: first.ETag },
        { PartNumber: 9, ETag: last.ETag.slice(1, -1) },
      ]),
      MpuObjectSize: FIVE_MIB + SMALL.length,
    });
    expect(completed).toMatchObject({
      Bucket,
      Key,
      ETag: '"dc2bc882b07e1e67a48bed8997ce6caf-2"',
      ChecksumType: 'FULL_OBJECT',
      Location: 'http://127.0.0.1:4566/shop/big',
    });
    const output = await get(Key, { ChecksumMode: 'ENABLED' });
    expect(output.Body.equals(Buffer.concat([LARGE, SMALL]))).toBe(true);
    expect(output).toMatchObject({ ContentType: 'text/plain', TagCount: 1, ETag: completed.ETag });
    expect(output.ChecksumCRC64NVME).toBe(completed.ChecksumCRC64NVME);
    const second = await get(Key, { PartNumber: 9 });
    expect(second).toMatchObject({ $status: 206, PartsCount: 2, ContentLength: SMALL.length });
    expect(second.Body.toString()).toBe('the end');
    expect(await call('ListMultipartUploads', { Bucket })).toMatchObject({ Uploads: [] });
    const again = { Bucket, Key, UploadId };
    for (const operation of ['AbortMultipartUpload', 'ListParts']) {
      await expect(call(operation, again)).rejects.toThrow(/^The specified upload does not exist/);
    }
    // CompleteMultipartUpload: an answer that got lost can be had again, whatever became of the object.
    await call('DeleteObject', { Bucket, Key });
    expect(await call('CompleteMultipartUpload', { ...again, MultipartUpload: { Parts: [] } })).toEqual(completed);
    await expect(call('CompleteMultipartUpload', { ...again, Key: 'other' })).rejects.toThrow(/does not exist/);
  });

  it('is gone when aborted', async () => {
    const { call, refusal, part, UploadId } = await started();
    await part(1, SMALL);
    await call('AbortMultipartUpload', { Bucket, Key, UploadId });
    expect(await refusal('ListParts', { Bucket, Key, UploadId })).toMatch(/^NoSuchUpload 404/);
    expect(await call('ListMultipartUploads', { Bucket })).toMatchObject({ Uploads: [] });
  });

  it('belongs to its key', async () => {
    const { refusal, UploadId } = await started();
    for (const operation of ['UploadPart', 'ListParts', 'AbortMultipartUpload', 'CompleteMultipartUpload']) {
      const input = { Bucket, Key: 'other', UploadId, PartNumber: 1, Body: SMALL };
      expect(await refusal(operation, input)).toMatch(/^NoSuchUpload 404/);
      expect(await refusal(operation, { ...input, Key, UploadId: '__proto__' })).toMatch(/^NoSuchUpload 404/);
    }
  });

  test.each([0, 10_001, 1.5])('has no part %d', async (PartNumber) => {
    const { refusal, UploadId } = await started();
    expect(await refusal('UploadPart', { Bucket, Key, UploadId, PartNumber, Body: SMALL })).toBe(
      'InvalidArgument 400: Part number must be an integer between 1 and 10000, inclusive',
    );
  });

  it('lists its parts in pages', async () => {
    const { call, part, UploadId } = await started();
    for (const number of [10, 2, 1]) await part(number, SMALL);
    const first = await call('ListParts', { Bucket, Key, UploadId, MaxParts: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: 2, StorageClass: 'STANDARD', MaxParts: 2 });
    expect(first.Parts).toMatchObject([
      { PartNumber: 1, Size: 7, ETag: '"406e28ff325208fc83b4dca7e88bff06"' },
      { PartNumber: 2 },
    ]);
    await expect(call('ListParts', { Bucket, Key, UploadId, PartNumberMarker: -1 })).rejects.toThrow(
      'Argument part-number-marker must be an integer between 0 and 2147483647',
    );
    const second = await call('ListParts', { Bucket, Key, UploadId, PartNumberMarker: 2 });
    expect(second).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 10 }] });
  });
});

describe('CompleteMultipartUpload refuses', () => {
  const invalidPart = /^InvalidPart 400: One or more of the specified parts could not be found/;
  type Etags = { one: string; two: string };
  test.each<[string, (etags: Etags) => object[], object, RegExp]>([
    ['no parts', () => [], {}, /^InvalidRequest 400: You must specify at least one part/],
    [
      'a part that is not there',
      ({ two }) => [
        { PartNumber: 2, ETag: two },
        { PartNumber: 3, ETag: two },
      ],
      {},
      invalidPart,
    ],
    ['a wrong ETag', ({ two }) => [{ PartNumber: 1, ETag: two }], {}, invalidPart],
    ['no ETag', () => [{ PartNumber: 1 }], {}, invalidPart],
    [
      'a wrong order',
      ({ one, two }) => [
        { PartNumber: 2, ETag: two },
        { PartNumber: 1, ETag: one },
      ],
      {},
      /^InvalidPartOrder 400/,
    ],
    [
      'a part twice',
      ({ one }) => [
        { PartNumber: 1, ETag: one },
        { PartNumber: 1, ETag: one },
      ],
      {},
      /^InvalidPartOrder 400/,
    ],
    [
      'a small part before the last',
      ({ one, two }) => [
        { PartNumber: 1, ETag: one },
        { PartNumber: 2, ETag: two },
      ],
      {},
      /^EntityTooSmall 400/,
    ],
    [
      'a wrong size',
      ({ one }) => [{ PartNumber: 1, ETag: one }],
      { MpuObjectSize: 8 },
      /^InvalidRequest 400: The provided 'x-amz-mp-object-size' header value 8 does not match what was computed: 7/,
    ],
    [
      'a wrong checksum',
      ({ one }) => [{ PartNumber: 1, ETag: one }],
      { ChecksumCRC64NVME: 'AAAAAAAAAAA=' },
      /^BadDigest 400/,
    ],
    ['a checksum that no part has', ({ one }) => [{ PartNumber: 1, ETag: one, ChecksumSHA1: 'x' }], {}, invalidPart],
    [
      'another kind of checksum',
      ({ one }) => [{ PartNumber: 1, ETag: one }],
      { ChecksumType: 'COMPOSITE' },
      /^InvalidRequest 400: The upload was created using the FULL_OBJECT/,
    ],
  ])('%s', async (_, parts, extra, expected) => {
    const { part, refusal, completion, call } = await started();
    const [one, two] = [(await part(1, SMALL)).ETag, (await part(2, LARGE)).ETag];
    expect(await refusal('CompleteMultipartUpload', completion(parts({ one, two }), extra))).toMatch(expected);
    expect((await call('ListMultipartUploads', { Bucket })).Uploads).toHaveLength(1);
  });
});

describe('checksums of parts', () => {
  it('make a composite one', async () => {
    const { call, get, part, completion } = await started({ ChecksumAlgorithm: 'SHA256' });
    const sums = [];
    for (const [index, body] of [LARGE, SMALL].entries()) {
      const ChecksumSHA256 = createHash('sha256').update(body).digest('base64');
      const { ETag } = await part(index + 1, body, { ChecksumSHA256 });
      sums.push({ PartNumber: index + 1, ETag, ChecksumSHA256 });
    }
    await expect(
      call('CompleteMultipartUpload', completion(sums.map(({ ChecksumSHA256: _, ...rest }) => rest))),
    ).rejects.toThrow('It was missing for part 1 in the request.');
    const completed = await call('CompleteMultipartUpload', completion(sums));
    expect(completed).toMatchObject({ ChecksumType: 'COMPOSITE', ChecksumSHA256: expect.stringMatching(/^.{44}-2$/) });
    expect(await get(Key, { PartNumber: 2, ChecksumMode: 'ENABLED' })).toMatchObject({
      ChecksumSHA256: sums[1]!.ChecksumSHA256,
    });
    const attributes = await call('GetObjectAttributes', {
      Bucket,
      Key,
      ObjectAttributes: ['Checksum', 'ObjectParts', 'ETag', 'ObjectSize', 'StorageClass'],
      MaxParts: 1,
    });
    expect(attributes).toMatchObject({
      Checksum: { ChecksumSHA256: completed.ChecksumSHA256.slice(0, 44), ChecksumType: 'COMPOSITE' },
      ObjectParts: {
        TotalPartsCount: 2,
        IsTruncated: true,
        NextPartNumberMarker: 1,
        Parts: [{ PartNumber: 1, Size: FIVE_MIB }],
      },
      ETag: completed.ETag.slice(1, -1),
      ObjectSize: FIVE_MIB + 7,
      StorageClass: 'STANDARD',
    });
  });

  it('may be those of the whole object', async () => {
    const { call, part, completion } = await started({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const { ETag, ChecksumCRC32 } = await part(1, Buffer.from('123456789'));
    expect(ChecksumCRC32).toBe('y/Q5Jg==');
    expect(
      await call('CompleteMultipartUpload', completion([{ PartNumber: 1, ETag }], { ChecksumCRC32 })),
    ).toMatchObject({
      ChecksumCRC32,
      ChecksumType: 'FULL_OBJECT',
    });
  });

  test.each<[object, RegExp]>([
    [
      { ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' },
      /The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm/,
    ],
    [
      { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
      /The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm/,
    ],
    [{ ChecksumType: 'COMPOSITE' }, /can only be used with the x-amz-checksum-algorithm header/],
    [{ ChecksumAlgorithm: 'ADLER' }, /Checksum algorithm provided is unsupported/],
  ])('refuses %j', async (more, expected) => {
    const { refusal } = await s3WithBucket();
    expect(await refusal('CreateMultipartUpload', { Bucket, Key, ...more })).toMatch(expected);
  });

  it('must be of the algorithm of the upload', async () => {
    const { refusal, UploadId } = await started({ ChecksumAlgorithm: 'SHA256' });
    const input = { Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.from('123456789') };
    const mismatch = (actual: string) =>
      `InvalidRequest 400: Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: ${actual}`;
    expect(await refusal('UploadPart', input)).toBe(mismatch('null'));
    expect(await refusal('UploadPart', { ...input, ChecksumCRC32: 'y/Q5Jg==' })).toBe(mismatch('crc32'));
  });
});

describe('UploadPartCopy', () => {
  it('copies a piece of an object', async () => {
    const { call, put, get, completion, UploadId } = await started();
    await put('source', '0123456789');
    const input = { Bucket, Key, UploadId, PartNumber: 1, CopySource: 'shop/source', CopySourceRange: 'bytes=2-4' };
    const { CopyPartResult } = await call('UploadPartCopy', input);
    await call('CompleteMultipartUpload', completion([{ PartNumber: 1, ETag: CopyPartResult.ETag }]));
    expect((await get(Key)).Body.toString()).toBe('234');
  });

  test.each([
    ['bytes=2-', 'InvalidArgument'],
    ['bytes=4-2', 'InvalidArgument'],
    ['2-4', 'InvalidArgument'],
    ['bytes=2-10', 'InvalidArgument'],
    ['bytes=10-11', 'InvalidRequest'],
  ])('refuses the range %s', async (CopySourceRange, code) => {
    const { put, refusal, UploadId } = await started();
    await put('source', '0123456789');
    const input = { Bucket, Key, UploadId, PartNumber: 1, CopySource: 'shop/source', CopySourceRange };
    expect(await refusal('UploadPartCopy', input)).toMatch(new RegExp(`^${code} 400`));
  });
});

describe('ListMultipartUploads', () => {
  it('goes by key, then by initiation, in pages and groups', async () => {
    const { call } = await s3WithBucket();
    const ids: string[] = [];
    for (const key of ['b', 'a/2', 'b', 'a/1']) {
      ids.push((await call('CreateMultipartUpload', { Bucket, Key: key })).UploadId);
    }
    const pairs = (output: Answer) =>
      output.Uploads.map(({ Key: key, UploadId }: Answer) => [key, ids.indexOf(UploadId)]);
    const all = await call('ListMultipartUploads', { Bucket });
    expect(pairs(all)).toEqual([
      ['a/1', 3],
      ['a/2', 1],
      ['b', 0],
      ['b', 2],
    ]);
    const grouped = await call('ListMultipartUploads', { Bucket, Delimiter: '/' });
    expect(pairs(grouped)).toEqual([
      ['b', 0],
      ['b', 2],
    ]);
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    const first = await call('ListMultipartUploads', { Bucket, MaxUploads: 3 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'b', NextUploadIdMarker: ids[0] });
    const next = { Bucket, KeyMarker: 'b', UploadIdMarker: ids[0] };
    expect(pairs(await call('ListMultipartUploads', next))).toEqual([['b', 2]]);
    // S3 API Reference, ListMultipartUploads, UploadIdMarker: ignored without a key marker.
    expect(pairs(await call('ListMultipartUploads', { Bucket, UploadIdMarker: 'nonsense' }))).toEqual(pairs(all));
    expect(pairs(await call('ListMultipartUploads', { Bucket, KeyMarker: 'a/2' }))).toEqual([
      ['b', 0],
      ['b', 2],
    ]);
    expect(pairs(await call('ListMultipartUploads', { Bucket, Prefix: 'a/2' }))).toEqual([['a/2', 1]]);
  });
});
