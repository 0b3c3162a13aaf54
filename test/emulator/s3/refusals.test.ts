import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
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
  await ask('PUT', '/shop/a', { body: 'hello' });
});
afterAll(() => server.close());

const element = (body: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
const md5 = (body: string) => createHash('md5').update(body).digest('base64');

// Each with its source: LocalStack's tests that are validated on AWS, or Ceph's s3-tests.
test.each<[string, string, string, Record<string, string>, number, string, string | undefined]>([
  // Ceph, test_sse_kms_read_declare.
  [
    'encryption said on a read',
    'GET',
    '/shop/a',
    { 'x-amz-server-side-encryption': 'AES256' },
    400,
    'InvalidArgument',
    'x-amz-server-side-encryption header is not supported for this operation.',
  ],
  // Ceph, test_headers.py: test_object_create_bad_md5_empty.
  ['an empty digest', 'PUT', '/shop/b', { 'content-md5': '' }, 400, 'InvalidDigest', undefined],
  // LocalStack, test_s3_list_operations.py: TestS3ListBuckets.
  [
    'a region that is none',
    'GET',
    '/?bucket-region=nonsense',
    {},
    400,
    'InvalidArgument',
    'Argument value nonsense is not a valid AWS Region',
  ],
  // LocalStack, test_s3_list_operations.py: TestS3ListObjectsV2.
  [
    'an empty token',
    'GET',
    '/shop?list-type=2&continuation-token=',
    {},
    400,
    'InvalidArgument',
    'The continuation token provided is incorrect',
  ],
  // LocalStack, services/s3/provider.py: InvalidBucketOwnerAWSAccountID.
  [
    'an owner that is no account',
    'GET',
    '/shop/a',
    { 'x-amz-expected-bucket-owner': 'abcd' },
    400,
    'InvalidBucketOwnerAWSAccountID',
    'The value of the expected bucket owner parameter must be an AWS Account ID... [abcd]',
  ],
  [
    'another owner',
    'GET',
    '/shop/a',
    { 'x-amz-expected-bucket-owner': '123456789012' },
    403,
    'AccessDenied',
    undefined,
  ],
])('%s is refused', async (_, method, path, headers, status, code, message) => {
  const answer = await ask(method, path, { headers });
  expect([answer.status, element(answer.body, 'Code')]).toEqual([status, code]);
  if (message !== undefined) expect(element(answer.body, 'Message')).toBe(message);
});

// LocalStack, test_s3_preconditions.py: test_s3_copy_object_preconditions.
test.each([
  ['x-amz-copy-source-if-match', '"no"', 'x-amz-copy-source-If-Match'],
  ['x-amz-copy-source-if-none-match', '"5d41402abc4b2a76b9719d911017c592"', 'x-amz-copy-source-If-None-Match'],
  ['x-amz-copy-source-if-modified-since', 'Thu, 01 Jan 2026 00:00:00 GMT', 'x-amz-copy-source-If-Modified-Since'],
  ['x-amz-copy-source-if-unmodified-since', 'Wed, 31 Dec 2025 00:00:00 GMT', 'x-amz-copy-source-If-Unmodified-Since'],
])('a copy says that %s did not hold', async (name, value, condition) => {
  const answer = await ask('PUT', '/shop/copy', { headers: { 'x-amz-copy-source': '/shop/a', [name]: value } });
  expect([answer.status, element(answer.body, 'Condition')]).toEqual([412, condition]);
});

test('one quote too few is no other ETag (If-Match)', async () => {
  const headers = { 'if-match': '"5d41402abc4b2a76b9719d911017c592' };
  expect(await ask('GET', '/shop/a', { headers })).toMatchObject({ status: 200 });
});

describe('tags', () => {
  const document = (content: string) => {
    const body = `<Tagging>${content}</Tagging>`;
    return { body, headers: { 'content-md5': md5(body) } };
  };
  const set = '<TagSet><Tag><Key>a</Key><Value></Value></Tag></TagSet>';

  // PutBucketTagging, Response Syntax: HTTP/1.1 204.
  it('of a bucket are answered with 204, an empty value is one', async () => {
    expect(await ask('PUT', '/shop?tagging', document(set))).toMatchObject({ status: 204, body: '' });
    expect((await ask('GET', '/shop?tagging')).body).toContain('<Tag><Key>a</Key><Value></Value></Tag>');
    expect(await ask('PUT', '/shop/a?tagging', document(set))).toMatchObject({ status: 200 });
  });

  // PutBucketTagging, PutObjectTagging: TagSet is required.
  test.each(['/shop?tagging', '/shop/a?tagging'])('without a set are malformed: %s', async (path) => {
    const answer = await ask('PUT', path, document(''));
    expect([answer.status, element(answer.body, 'Code')]).toEqual([400, 'MalformedXML']);
  });

  // CreateBucket, BucketAlreadyOwnedByYou.
  it('make creating a bucket again another request', async () => {
    const body =
      '<CreateBucketConfiguration><Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags></CreateBucketConfiguration>';
    expect(await ask('PUT', '/shop')).toMatchObject({ status: 200 });
    const again = await ask('PUT', '/shop', { body });
    expect([again.status, element(again.body, 'Code')]).toEqual([409, 'BucketAlreadyOwnedByYou']);
  });
});

describe('listings', () => {
  it('say the bucket’s region', async () => {
    expect((await ask('GET', '/shop?list-type=2')).headers['x-amz-bucket-region']).toBe('us-east-1');
    expect((await ask('GET', '/shop')).headers['x-amz-bucket-region']).toBe('us-east-1');
  });

  // LocalStack, services/s3/provider.py, list_objects_v2; test_s3_list_operations.py, validated on AWS.
  it('leave out where they started once there is a token', async () => {
    await ask('PUT', '/shop/b');
    const first = await ask('GET', '/shop?list-type=2&start-after=0&max-keys=1');
    expect(element(first.body, 'StartAfter')).toBe('0');
    const token = encodeURIComponent(element(first.body, 'NextContinuationToken')!);
    const next = await ask('GET', `/shop?list-type=2&start-after=0&continuation-token=${token}`);
    expect(element(next.body, 'StartAfter')).toBeUndefined();
  });

  // LocalStack, test_s3_list_operations.py: TestS3ListParts, TestS3ListMultipartUploads.
  it('of parts take an empty marker, those of uploads say where they end', async () => {
    const begun = await ask('POST', '/shop/parts?uploads');
    const id = element(begun.body, 'UploadId');
    await ask('PUT', `/shop/parts?partNumber=1&uploadId=${id}`, {
      body: 'x',
      headers: { 'x-amz-checksum-crc32': 'jNwbgw==' },
    });
    const parts = await ask('GET', `/shop/parts?uploadId=${id}&part-number-marker=`);
    expect([parts.status, element(parts.body, 'PartNumberMarker')]).toEqual([200, '0']);
    // The upload was created without an algorithm.
    expect(parts.body).not.toContain('Checksum');
    const uploads = await ask('GET', '/shop?uploads');
    expect([element(uploads.body, 'IsTruncated'), element(uploads.body, 'NextKeyMarker')]).toEqual(['false', 'parts']);
    expect(element(uploads.body, 'NextUploadIdMarker')).toBe(id);
  });
});

// LocalStack, test_s3.py, put_object with ContentEncoding aws-chunked, validated on AWS.
test('Content-Encoding alone makes no chunked body', async () => {
  const put = await ask('PUT', '/shop/plain', { body: 'plain', headers: { 'content-encoding': 'aws-chunked' } });
  expect(put.status).toBe(200);
  const got = await ask('GET', '/shop/plain');
  expect([got.body, got.headers['content-encoding']]).toEqual(['plain', undefined]);
});

test('an upload in chunks that its client gives up leaves no object', async () => {
  const socket = connect(server.port, '127.0.0.1');
  const head = 'PUT /shop/cancelled HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n';
  socket.end(`${head}5\r\nhello\r\n5\r\nhe`);
  socket.resume();
  await once(socket, 'close');
  expect(await ask('HEAD', '/shop/cancelled')).toMatchObject({ status: 404 });
});

test('the path of a bucket may end with a slash, its host stand for it', async () => {
  const body = '<Delete><Object><Key>none</Key></Object></Delete>';
  const headers = { 'content-md5': md5(body) };
  expect(await ask('POST', '/shop/?delete', { body, headers })).toMatchObject({ status: 200 });
  const hosted = { ...headers, host: 'shop.s3.localhost.localstack.cloud' };
  expect(await ask('POST', '/?delete', { body, headers: hosted })).toMatchObject({ status: 200 });
  expect(await ask('PUT', '/unsigned', { body: 'x', headers: { host: hosted.host } })).toMatchObject({ status: 200 });
});

test('an empty Expect asks for nothing', async () => {
  expect(await ask('PUT', '/shop/expect', { body: 'x', headers: { expect: '' } })).toMatchObject({ status: 200 });
});
