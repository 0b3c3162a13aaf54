import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type HttpServer, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { s3 } from '../../../src/emulator/s3/index.ts';
import { raw } from './clients.ts';
import { START } from './engine.ts';

let server: HttpServer;
const emulator = createEmulator({ services: [s3], seed: 1, frozenAt: START });
const ask = (method: string, path: string, options: Parameters<typeof raw>[3] = {}) =>
  raw(server.port, method, path, options);

beforeAll(async () => {
  server = await serve(emulator, { port: 0 });
  await ask('PUT', '/shop');
});
afterAll(() => server.close());

const parameters = (more: Record<string, string> = {}, key = 'test') =>
  new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${key}/20260101/us-east-1/s3/aws4_request`,
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '0'.repeat(64),
    ...more,
  });

// LocalStack, services/s3/presigned_url.py, which is validated on AWS: "The JS SDK is adding the `x-amz-checksum-crc32`
// header to query parameters [...] Those are ignored by AWS, if they're not put in the SignedHeaders".
describe('a checksum that the SDK for JavaScript presigned without knowing the body', () => {
  const guess = { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-sdk-checksum-algorithm': 'CRC32' };

  it('is ignored, and the object gets CRC64NVME', async () => {
    const put = await ask('PUT', `/shop/guessed?${parameters(guess)}`, { body: 'any body' });
    expect(put).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc64nvme': expect.any(String) } });
    expect(put.headers['x-amz-checksum-crc32']).toBeUndefined();
  });

  it('counts when the signature covers it', async () => {
    const covered = { ...guess, 'X-Amz-SignedHeaders': 'host;x-amz-checksum-crc32;x-amz-sdk-checksum-algorithm' };
    const put = await ask('PUT', `/shop/covered?${parameters(covered)}`, { body: 'any body' });
    expect([put.status, put.body]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')]);
    expect(await ask('PUT', `/shop/covered?${parameters(covered)}`, { body: '' })).toMatchObject({ status: 200 });
  });
});

// S3 User Guide, How to prevent object overwrites with conditional writes.
test.each(['If-None-Match', 'if-none-match'])('%s in the query is a condition', async (name) => {
  const url = `/shop/${name}?${parameters({ [name]: '*' })}`;
  expect(await ask('PUT', url, { body: '1' })).toMatchObject({ status: 200 });
  expect(await ask('PUT', url, { body: '2' })).toMatchObject({ status: 412 });
});

test('If-Match in the query is a condition', async () => {
  await ask('PUT', '/shop/matched', { body: '1' });
  expect(await ask('PUT', `/shop/matched?${parameters({ 'If-Match': '"no"' })}`)).toMatchObject({ status: 412 });
});

// LocalStack, tests/aws/services/s3/test_s3.py: test_presigned_url_v4_signed_headers_in_qs and
// test_presigned_url_v4_x_amz_in_qs, validated on AWS.
describe('headers of a request with a presigned URL of version 4', () => {
  it.each([
    ['one of AWS that is not signed', {}, { 'x-amz-meta-a': '1' }, 403, 'HeadersNotSigned>x-amz-meta-a<'],
    [
      'one that is signed and missing',
      { 'X-Amz-SignedHeaders': 'content-type;host' },
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    ['one that is signed', { 'X-Amz-SignedHeaders': 'host;x-amz-meta-a' }, { 'x-amz-meta-a': '1' }, 200, ''],
    [
      'one that is signed and in the query',
      { 'X-Amz-SignedHeaders': 'host;x-amz-meta-a', 'x-amz-meta-a': '1' },
      {},
      200,
      '',
    ],
    ['the digest of the body', {}, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, 200, ''],
  ])('%s', async (_, more, headers, status, text) => {
    const answer = await ask('PUT', `/shop/signed?${parameters(more as Record<string, string>)}`, { headers });
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(text)]);
  });

  it('needs all of its parameters', async () => {
    const some = parameters();
    some.delete('X-Amz-Expires');
    const { status, body } = await ask('GET', `/shop/a?${some}`);
    expect([status, body]).toEqual([400, expect.stringContaining('<Code>AuthorizationQueryParametersError</Code>')]);
    const two = await ask('GET', '/shop/a?AWSAccessKeyId=test&Expires=1900000000');
    expect([two.status, two.body]).toEqual([403, expect.stringContaining('Query-string authentication requires')]);
  });
});

// S3 API Reference, Signing and authenticating REST requests (signature version 2), with which boto3 presigns by default
// in us-east-1.
describe('signature version 2', () => {
  const account = '123456789012';
  const header = { authorization: `AWS ${account}:c2lnbmF0dXJl` };

  it('acts for the account that its key names', async () => {
    expect(await ask('PUT', '/of-account', { headers: header })).toMatchObject({ status: 200 });
    expect(await ask('PUT', '/of-account/a', { headers: header, body: 'hello' })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/of-account/a')).toMatchObject({ status: 403 });
    const url = `/of-account/a?AWSAccessKeyId=${account}&Signature=abc%3D&Expires=${START / 1000 + 60}`;
    expect(await ask('GET', url)).toMatchObject({ status: 200, body: 'hello' });
    expect(await ask('GET', url.replace(account, '999999999999'))).toMatchObject({ status: 403 });
  });
});
