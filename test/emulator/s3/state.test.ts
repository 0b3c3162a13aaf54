import { deserialize, serialize } from 'node:v8';
import { describe, expect, it, test } from 'vitest';
import { START, s3WithBucket } from './engine.ts';

const Bucket = 'shop';

async function filled() {
  const context = await s3WithBucket();
  await context.put('a', 'hello', { Metadata: { __proto__x: '1' }, Tagging: 'a=b' });
  const { UploadId } = await context.call('CreateMultipartUpload', { Bucket, Key: 'b' });
  await context.call('UploadPart', { Bucket, Key: 'b', UploadId, PartNumber: 1, Body: Buffer.from('part') });
  return { ...context, UploadId };
}

test.each<[string, <T>(state: T) => T]>([
  ['a structured clone', (state) => structuredClone(state)],
  ['a serialized copy', (state) => deserialize(serialize(state))],
])('%s of the state goes on where it was', async (_, copy) => {
  const { engine, call, get, put, UploadId } = await filled();
  const snapshot = copy(engine.state);
  await put('a', 'changed');
  await call('AbortMultipartUpload', { Bucket, Key: 'b', UploadId });
  engine.restore(copy(snapshot));
  const output = await get('a', { Range: 'bytes=1-3', ChecksumMode: 'ENABLED' });
  expect(Buffer.isBuffer(output.Body)).toBe(true);
  expect(output.Body.toString()).toBe('ell');
  expect(output.Metadata).toEqual(new Map([['__proto__x', '1']]));
  const { Parts } = await call('ListParts', { Bucket, Key: 'b', UploadId });
  const input = { Bucket, Key: 'b', UploadId, MultipartUpload: { Parts } };
  await call('CompleteMultipartUpload', input);
  expect((await get('b')).Body.toString()).toBe('part');
  expect((await call('ListObjectsV2', { Bucket })).KeyCount).toBe(2);
});

it('holds contents in memory of their own size, or a snapshot would copy network buffers', async () => {
  const { engine, call } = await s3WithBucket();
  const network = Buffer.alloc(65_536, 'x');
  await call('PutObject', { Bucket, Key: 'a', Body: network.subarray(10, 20) });
  expect(serialize(engine.state).length).toBeLessThan(4096);
  expect(serialize(structuredClone(engine.state)).length).toBeLessThan(4096);
});

describe('presigned URLs (S3 API Reference, Authenticating requests: using query parameters)', () => {
  const signed = (signedAt: number, expires: number) => ({
    Bucket,
    Key: 'a',
    $presigned: { signedAt: START / 1000 + signedAt, expires },
  });

  test.each<[number, number, RegExp]>([
    [0, 60, /^no error/],
    [-60, 60, /^no error/],
    [-61, 60, /^AccessDenied 403: Request has expired/],
    [3600, 60, /^no error/],
    [0, 604_800, /^no error/],
    [0, 604_801, /^AuthorizationQueryParametersError 400: X-Amz-Expires must be less than a week/],
    [0, -1, /^AuthorizationQueryParametersError 400: X-Amz-Expires must be non-negative/],
    [0, Number.NaN, /^AuthorizationQueryParametersError 400: X-Amz-Expires should be a number/],
  ])('signed at %i for %i s', async (signedAt, expires, expected) => {
    const { put, refusal } = await s3WithBucket();
    await put('a');
    expect(await refusal('GetObject', signed(signedAt, expires))).toMatch(expected);
    expect(await refusal('PutObject', signed(signedAt, expires))).toMatch(expected);
  });

  it('expire on the clock of the engine', async () => {
    const { put, call, engine, refusal } = await s3WithBucket();
    await put('a');
    await call('GetObject', signed(0, 60));
    engine.advanceTo(START + 61_000);
    expect(await refusal('GetObject', signed(0, 60))).toBe('AccessDenied 403: Request has expired');
  });
});
