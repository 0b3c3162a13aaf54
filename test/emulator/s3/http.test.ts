import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
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
  await ask('PUT', '/shop/a', { body: 'hello', headers: { 'content-type': 'text/plain', 'x-amz-meta-order': '1' } });
});
afterAll(() => server.close());

const ETAG = '"5d41402abc4b2a76b9719d911017c592"';

describe('on the wire', () => {
  it('answers GET with the headers of the object', async () => {
    const { status, headers, body } = await ask('GET', '/shop/a');
    expect([status, body]).toEqual([200, 'hello']);
    expect(headers).toMatchObject({
      etag: ETAG,
      'content-type': 'text/plain',
      'content-length': '5',
      'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
      'accept-ranges': 'bytes',
      'x-amz-meta-order': '1',
      'x-amz-server-side-encryption': 'AES256',
      'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
    });
  });

  it('answers HEAD with the same headers and no body, found or not', async () => {
    const found = await ask('HEAD', '/shop/a');
    expect(found).toMatchObject({ status: 200, body: '', headers: { 'content-length': '5', etag: ETAG } });
    expect(await ask('HEAD', '/shop/none')).toMatchObject({ status: 404, body: '' });
    expect(await ask('HEAD', '/shop/a', { headers: { range: 'bytes=1-2' } })).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 1-2/5', 'content-length': '2' },
    });
  });

  it('answers 304 with the ETag and no body', async () => {
    const answer = await ask('GET', '/shop/a', { headers: { 'if-none-match': ETAG } });
    expect(answer).toMatchObject({ status: 304, body: '', headers: { etag: ETAG } });
    const since = { 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' };
    expect(await ask('GET', '/shop/a', { headers: since })).toMatchObject({ status: 304 });
    const nonsense = { 'if-modified-since': 'yesterday' };
    expect(await ask('GET', '/shop/a', { headers: nonsense })).toMatchObject({ status: 200 });
  });

  it('names in an error what it is about', async () => {
    const { status, headers, body } = await ask('GET', '/shop/x%26y');
    expect([status, headers['content-type']]).toEqual([404, 'application/xml']);
    expect(body).toMatch(
      /^<\?xml[^>]*>\s*<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist.<\/Message><Key>x&amp;y<\/Key>/,
    );
  });

  it('takes response-* parameters', async () => {
    const { headers } = await ask(
      'GET',
      '/shop/a?response-content-type=text%2Fcsv&response-expires=Thu,%2001%20Jan%202026%2000:00:00%20GMT',
    );
    expect(headers).toMatchObject({ 'content-type': 'text/csv', expires: 'Thu, 01 Jan 2026 00:00:00 GMT' });
  });

  test.each([
    'shop.s3.localhost.localstack.cloud',
    'shop.localhost',
    'shop.s3.amazonaws.com',
    'shop.s3.eu-west-1.amazonaws.com',
  ])('finds the bucket in the host %s', async (host) => {
    expect(await ask('GET', '/a', { headers: { host } })).toMatchObject({ status: 200, body: 'hello' });
  });

  test.each([
    ['PUT', '/shop?acl', 'PutBucketAcl'],
    ['PUT', '/shop?cors', 'PutBucketCors'],
    ['GET', '/shop?inventory', 'GetBucketInventoryConfiguration'],
    ['POST', '/shop/a?restore', 'RestoreObject'],
  ])('%s %s is said not to be there', async (method, path, operation) => {
    const { status, body } = await ask(method, path);
    expect([status, body]).toEqual([501, expect.stringContaining(`<Code>NotImplemented</Code><Message>${operation} `)]);
  });
});

describe('aws-chunked', () => {
  const chunks = (trailer: string) => `5;chunk-signature=${'0'.repeat(64)}\r\nhello\r\n1\r\n!\r\n0\r\n${trailer}\r\n`;
  const headers = {
    'content-encoding': 'gzip,aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '6',
    'x-amz-trailer': 'x-amz-checksum-crc32',
    'x-amz-sdk-checksum-algorithm': 'CRC32',
  };

  it('is decoded, and its trailing checksum verified', async () => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32('hello!'));
    const value = sum.toString('base64');
    const right = await ask('PUT', '/shop/chunked', { headers, body: chunks(`x-amz-checksum-crc32:${value}\r\n`) });
    expect(right).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc32': value } });
    const read = await ask('GET', '/shop/chunked');
    expect(read).toMatchObject({ body: 'hello!', headers: { 'content-encoding': 'gzip', 'content-length': '6' } });
    const wrong = await ask('PUT', '/shop/chunked', { headers, body: chunks('x-amz-checksum-crc32:AAAAAA==\r\n') });
    expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')]);
    const none = await ask('PUT', '/shop/chunked', { headers, body: chunks('') });
    expect([none.status, none.body]).toEqual([400, expect.stringContaining('no corresponding x-amz-checksum')]);
  });

  it('has to be complete', async () => {
    const cut = await ask('PUT', '/shop/cut', { headers, body: '5\r\nhel' });
    expect([cut.status, cut.body]).toEqual([400, expect.stringContaining('<Code>IncompleteBody</Code>')]);
    expect(await ask('HEAD', '/shop/cut')).toMatchObject({ status: 404 });
  });
});

describe('digests of documents', () => {
  const body = '<Delete><Object><Key>none</Key></Object></Delete>';
  const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('base64');

  test.each<[string, Record<string, string>, number, string]>([
    ['MD5', { 'content-md5': digest('md5', body) }, 200, '<Deleted><Key>none</Key></Deleted>'],
    ['SHA-256', { 'x-amz-checksum-sha256': digest('sha256', body) }, 200, '<Deleted>'],
    ['another MD5', { 'content-md5': digest('md5', '') }, 400, '<Code>BadDigest</Code>'],
    ['another SHA-256', { 'x-amz-checksum-sha256': digest('sha256', '') }, 400, '<Code>BadDigest</Code>'],
    ['no MD5', { 'content-md5': 'x' }, 400, '<Code>InvalidDigest</Code>'],
    ['none', {}, 400, 'Missing required header for this request: Content-MD5'],
  ])('%s', async (_, headers, status, expected) => {
    const answer = await ask('POST', '/shop?delete', { headers, body });
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(expected)]);
  });

  it('refuses what is no XML', async () => {
    const broken = '<Delete><Object>';
    const answer = await ask('POST', '/shop?delete', {
      headers: { 'content-md5': digest('md5', broken) },
      body: broken,
    });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('<Code>MalformedXML</Code>')]);
  });
});

describe('presigned URLs', () => {
  const stamp = (seconds: number) =>
    new Date(START + seconds * 1000).toISOString().replace(/[-:]/g, '').replace('.000', '');
  const version4 = (signedAt: number, expires: number) =>
    `/shop/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${stamp(signedAt)}&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=${'0'.repeat(64)}`;
  const version2 = (until: number) => `/shop/a?AWSAccessKeyId=test&Signature=abc%3D&Expires=${START / 1000 + until}`;

  test.each([
    ['version 4', version4(0, 60), 200],
    ['version 4, over', version4(-61, 60), 403],
    ['version 2', version2(60), 200],
    ['version 2, over', version2(-1), 403],
  ])('%s', async (_, path, status) => {
    const answer = await ask('GET', path);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body).toBe('hello');
    else
      expect(answer.body).toMatch(
        /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>.*<Expires>2025-12-31T23:59:59Z<\/Expires><ServerTime>2026-01-01T00:00:00Z<\/ServerTime>/,
      );
  });

  it('upload too', async () => {
    const path = version4(0, 60).replace('/shop/a', '/shop/uploaded');
    expect(await ask('PUT', path, { body: 'new' })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/shop/uploaded')).toMatchObject({ body: 'new' });
  });
});

it('lists in XML that every parser takes', async () => {
  await ask('PUT', '/shop/odd%01%3C%26%3E', { body: '' });
  const { body, headers } = await ask('GET', '/shop?list-type=2&prefix=odd');
  expect(headers['content-type']).toBe('application/xml');
  expect(body).toContain('<Key>odd&#x1;&lt;&amp;&gt;</Key>');
  expect(body).toContain('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">');
  expect(body).toContain('<LastModified>2026-01-01T00:00:00.000Z</LastModified>');
});
