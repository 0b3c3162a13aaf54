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

const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
type Fields = Record<string, string>;

interface Upload {
  content?: string;
  filename?: string | undefined;
  after?: string;
  headers?: Fields;
}

function bodyOf(fields: Fields, { content = 'something body', filename = 'my-file', after = '' }: Upload = {}): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `Content-Disposition: form-data; name="file"${filename === '' ? '' : `; filename="${filename}"`}`;
  return `${parts.join('')}--${BOUNDARY}\r\n${file}\r\nContent-Type: text/x\r\n\r\n${content}\r\n${after}--${BOUNDARY}--\r\n`;
}

const post = (fields: Fields, upload: Upload = {}) =>
  ask('POST', '/shop', {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...upload.headers },
    body: bodyOf(fields, upload),
  });

/** The fields as createPresignedPost of the SDK for JavaScript and generate_presigned_post of boto3 make them. */
function signed(fields: Fields, conditions: unknown[] = [], expires = 60, key = 'test'): Fields {
  const credential = `${key}/20260101/us-east-1/s3/aws4_request`;
  const own = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': credential,
    'x-amz-date': '20260101T000000Z',
  };
  const policy = {
    expiration: new Date(START + expires * 1000).toISOString(),
    conditions: [
      ...conditions,
      { bucket: 'shop' },
      ['starts-with', '$key', ''],
      ...Object.entries(own).map(([name, value]) => ({ [name]: value })),
    ],
  };
  const text = Buffer.from(JSON.stringify(policy)).toString('base64');
  return { ...fields, ...own, policy: text, 'x-amz-signature': '0'.repeat(64) };
}

const code = (body: string) => /<Code>(.*?)<\/Code>/.exec(body)?.[1];
const message = (body: string) => /<Message>(.*?)<\/Message>/.exec(body)?.[1]?.replaceAll('&quot;', '"');

// LocalStack, tests/aws/services/s3/test_s3.py, TestS3PresignedPost, validated on AWS.
describe('the answer to a form', () => {
  it('is 204 with where the object is', async () => {
    const answer = await post(signed({ key: 'a/b' }));
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      etag: '"43281e21fce675ac3bcb3524b38ca4ed"',
      location: `http://127.0.0.1:${server.port}/shop/a%2Fb`,
      'x-amz-checksum-crc64nvme': expect.any(String),
      'x-amz-checksum-type': 'FULL_OBJECT',
    });
    expect(await ask('GET', '/shop/a/b')).toMatchObject({
      body: 'something body',
      headers: { 'content-type': 'binary/octet-stream' },
    });
  });

  it('is 201 with a document when the form says so', async () => {
    const condition = { success_action_status: '201' };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of S3's
    const answer = await post(signed({ key: 'key-${filename}', success_action_status: '201' }, [condition]));
    const location = `http://127.0.0.1:${server.port}/shop/key-my-file`;
    expect([answer.status, answer.headers.location]).toEqual([201, location]);
    expect(answer.body.replace(/^<\?xml[^>]*>\s*/, '')).toBe(
      `<PostResponse><Location>${location}</Location><Bucket>shop</Bucket><Key>key-my-file</Key><ETag>&quot;43281e21fce675ac3bcb3524b38ca4ed&quot;</ETag></PostResponse>`,
    );
  });

  test.each([
    [
      'http://page.test/done',
      303,
      'http://page.test/done?bucket=shop&key=a%2Fb&etag=%2243281e21fce675ac3bcb3524b38ca4ed%22',
    ],
    [
      'http://page.test/done?x=1',
      303,
      'http://page.test/done?x=1&bucket=shop&key=a%2Fb&etag=%2243281e21fce675ac3bcb3524b38ca4ed%22',
    ],
    ['/relative', 204, expect.stringContaining('/shop/a%2Fb')],
    ['javascript:alert(1)', 204, expect.stringContaining('/shop/a%2Fb')],
  ])('leads to %s', async (success_action_redirect, status, location) => {
    const condition = ['starts-with', '$success_action_redirect', ''];
    const answer = await post(signed({ key: 'a/b', success_action_redirect }, [condition]));
    expect([answer.status, answer.headers.location, answer.body]).toEqual([status, location, '']);
  });
});

it('stores headers, metadata, class and tags of a form', async () => {
  const fields = {
    key: 'full',
    'Content-Type': 'text/plain',
    'x-amz-meta-TEST-2': 'ÄMÄZÕÑ S3',
    'x-amz-storage-class': 'STANDARD_IA',
    tagging: '<Tagging><TagSet><Tag><Key>k</Key><Value>v w</Value></Tag></TagSet></Tagging>',
  };
  const conditions = Object.entries(fields).map(([name, value]) => ['eq', `$${name}`, value]);
  expect(await post(signed(fields, conditions))).toMatchObject({ status: 204 });
  expect((await ask('HEAD', '/shop/full')).headers).toMatchObject({
    'content-type': 'text/plain',
    'x-amz-meta-test-2': '=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=',
    'x-amz-storage-class': 'STANDARD_IA',
    'x-amz-tagging-count': '1',
  });
  expect((await ask('GET', '/shop/full?tagging')).body).toContain('<Key>k</Key><Value>v w</Value>');
});

it('acts for the account of the key that signed it', async () => {
  expect(await post(signed({ key: 'a' }, [], 60, '123456789012'))).toMatchObject({ status: 403 });
  const version2 = { key: 'a', policy: signed({}).policy!, AWSAccessKeyId: '123456789012', signature: 'c2ln' };
  expect(await post(version2)).toMatchObject({ status: 403 });
});

// S3 API Reference, Creating a POST policy; LocalStack, TestS3PresignedPost, validated on AWS.
describe('the policy', () => {
  const failed = (text: string) => `Invalid according to Policy: Policy Condition failed: ${text}`;
  test.each<[string, Fields, unknown[], number, string | undefined, string | undefined]>([
    ['eq', { acl: 'private' }, [['eq', '$acl', 'private']], 204, undefined, undefined],
    ['names in any case', { ACL: 'private' }, [['eq', '$aCl', 'private']], 204, undefined, undefined],
    [
      'another value',
      { acl: 'private' },
      [{ acl: 'Private' }],
      403,
      'AccessDenied',
      failed('["eq", "$acl", "Private"]'),
    ],
    [
      'no dollar',
      { acl: 'private' },
      [['eq', 'acl', 'private']],
      403,
      'AccessDenied',
      failed('["eq", "acl", "private"]'),
    ],
    [
      'another prefix',
      {},
      [['starts-with', '$key', 'user/']],
      403,
      'AccessDenied',
      failed('["starts-with", "$key", "user/"]'),
    ],
    ['another bucket', {}, [{ bucket: 'other' }], 403, 'AccessDenied', failed('["eq", "$bucket", "other"]')],
    [
      'a field that is not there',
      {},
      [['starts-with', '$acl', '']],
      403,
      'AccessDenied',
      failed('["starts-with", "$acl", ""]'),
    ],
    [
      'a field that no condition covers',
      { acl: 'private' },
      [],
      403,
      'AccessDenied',
      'Invalid according to Policy: Extra input fields: acl',
    ],
    ['a field to be ignored', { 'x-ignore-me': '1' }, [], 204, undefined, undefined],
    ['a size within', {}, [['content-length-range', 14, '14']], 204, undefined, undefined],
    [
      'too small',
      {},
      [['content-length-range', 15, 20]],
      400,
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
    ],
    [
      'too large',
      {},
      [['content-length-range', 5, 10]],
      400,
      'EntityTooLarge',
      'Your proposed upload exceeds the maximum allowed size',
    ],
    [
      'no number',
      {},
      [['content-length-range', 'test', '10']],
      403,
      'AccessDenied',
      failed('["content-length-range", "test", "10"]'),
    ],
    [
      'two in one',
      {},
      [{ bucket: 'shop', key: 'a' }],
      400,
      'InvalidPolicyDocument',
      'Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
    ],
    [
      'no text',
      {},
      [{ 'Content-Length': 5 }],
      400,
      'InvalidPolicyDocument',
      'Invalid Policy: Invalid Simple-Condition: value must be a string.',
    ],
    [
      'no condition',
      {},
      ['test'],
      400,
      'InvalidPolicyDocument',
      'Invalid Policy: Invalid condition: must be a List or Object.',
    ],
  ])('%s', async (_, fields, conditions, status, errorCode, text) => {
    const { body, status: answered } = await post(signed({ key: 'a', ...fields }, conditions));
    expect([answered, code(body), message(body)]).toEqual([status, errorCode, text]);
  });

  it('expires on the engine’s clock', async () => {
    const { status, body } = await post(signed({ key: 'a' }, [], -1));
    expect([status, message(body)]).toEqual([403, 'Invalid according to Policy: Policy expired.']);
  });

  test.each<[string, Fields, number, string, string]>([
    ['signature', { 'x-amz-algorithm': 'x', policy: 'e30=' }, 400, 'InvalidArgument', 'X-Amz-Signature'],
    ['key', {}, 400, 'InvalidArgument', "'key'"],
    ['signature at all', { key: 'a', policy: 'e30=' }, 403, 'AccessDenied', 'Access Denied'],
  ])('a form without a %s', async (missing, fields, status, errorCode, text) => {
    const { status: answered, body } = await post(missing === 'key' ? fields : { key: 'a', ...fields });
    expect([answered, code(body), message(body)]).toEqual([status, errorCode, expect.stringContaining(text)]);
  });

  test.each<[string, string]>([
    ['{}', 'Invalid Policy: Policy missing expiration.'],
    ['{"expiration":"2026-02-01T00:00:00Z"}', 'Invalid Policy: Policy missing conditions.'],
    ['null', 'Invalid Policy: Policy missing expiration.'],
    ['[', 'Invalid Policy: Invalid JSON.'],
  ])('%s is none', async (text, expected) => {
    const policy = Buffer.from(text).toString('base64');
    const { status, body } = await post({ ...signed({ key: 'a' }), policy });
    expect([status, code(body), message(body)]).toEqual([400, 'InvalidPolicyDocument', expected]);
  });
});

describe('the form itself', () => {
  const type = (text: string) => ({ 'content-type': text });
  test.each<[string, string, Fields, number, string]>([
    ['another type', bodyOf({ key: 'a' }), type('text/html'), 412, 'PreconditionFailed'],
    ['no boundary', bodyOf({ key: 'a' }), type('multipart/form-data'), 400, 'MalformedPOSTRequest'],
    ['cut off', bodyOf({ key: 'a' }).slice(0, -60), {}, 400, 'MalformedPOSTRequest'],
    ['nonsense', 'nonsense', {}, 400, 'MalformedPOSTRequest'],
    [
      'no file',
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="key"\r\n\r\na\r\n--${BOUNDARY}--`,
      {},
      400,
      'InvalidArgument',
    ],
    ['too much before the file', bodyOf({ key: 'a', x: 'x'.repeat(21_000) }), {}, 400, 'MaxPostPreDataLengthExceeded'],
    [
      'a part of another kind',
      bodyOf({ key: 'a' }).replace('form-data; name="key"', 'file; name="key"'),
      {},
      400,
      'MalformedPOSTRequest',
    ],
  ])('%s is refused', async (_, body, headers, status, errorCode) => {
    const all = { ...type(`multipart/form-data; boundary=${BOUNDARY}`), ...headers };
    const answer = await ask('POST', '/shop', { headers: all, body });
    expect([answer.status, code(answer.body)]).toEqual([status, errorCode]);
  });

  it('may hold any bytes, and what follows the file does not count', async () => {
    const content = `\r\n--${BOUNDARY.slice(0, -1)}\r\n\0`;
    const after = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="acl"\r\n\r\npublic-read\r\n`;
    expect(await post(signed({ key: 'bytes' }), { content, after })).toMatchObject({ status: 204 });
    expect((await ask('GET', '/shop/bytes')).body).toBe(content);
    expect(await post(signed({ key: 'empty' }), { content: '' })).toMatchObject({ status: 204 });
    expect((await ask('GET', '/shop/empty')).headers['content-length']).toBe('0');
  });

  it('reaches the engine from no page', async () => {
    const pages: Fields[] = [{ origin: 'http://page.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of pages) {
      expect(await post(signed({ key: 'foreign' }), { headers })).toMatchObject({ status: 403 });
    }
    expect(await ask('HEAD', '/shop/foreign')).toMatchObject({ status: 404 });
  });
});
