import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { loadModel } from '../../../src/emulator/models/model.ts';
import { emulatorOf, FakeService, send, signed } from './support.ts';

const model = await loadModel('s3');
const answers: Record<string, (input: any) => unknown> = Object.fromEntries(
  [...model.operations.keys()].map((name) => [name, () => ({})]),
);
const s3 = new FakeService('s3', {
  ...answers,
  GetObject: (input) => {
    if (input.Key === 'gone')
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', { fields: { Key: 'gone' } });
    if (input.IfNoneMatch)
      throw new AwsError('NotModified', 'Not Modified', { status: 304, fields: { $headers: { etag: '"e"' } } });
    if (input.Range) return { Body: Buffer.from('ell'), $status: 206, ContentRange: 'bytes 1-3/5', ContentLength: 3 };
    return {
      Body: Buffer.from('hello'),
      Metadata: new Map([['a', 'b']]),
      $headers: { 'x-more': '1' },
      LastModified: 1767225600,
    };
  },
  HeadObject: () => ({ ContentLength: 5, ETag: '"e"' }),
  GetBucketLocation: () => ({ LocationConstraint: 'eu-west-1' }),
  GetBucketPolicy: () => ({ Policy: '{"a":1}' }),
  CopyObject: () => ({ CopyObjectResult: { ETag: '"e"', LastModified: 1767225600.5 } }),
  ListBuckets: () => ({ Buckets: [{ Name: 'b', CreationDate: 1767225600 }], Owner: { ID: 'o' } }),
  DeleteObjects: () => ({ Deleted: [{ Key: 'a' }, { Key: '<b>' }], Errors: [] }),
});
const emulator = emulatorOf(s3);
const call = (method: string, url: string, headers = {}, body: string | Buffer = '') =>
  send(emulator, { method, url, headers: { ...signed('s3'), ...headers }, body });
const last = () => s3.seen.at(-1)!;

describe('which operation', () => {
  test.each([
    ['GET', '/', 'ListBuckets', {}],
    ['GET', '/?x-id=ListBuckets', 'ListBuckets', {}],
    ['PUT', '/b', 'CreateBucket', { Bucket: 'b' }],
    ['GET', '/b', 'ListObjects', { Bucket: 'b' }],
    ['GET', '/b/?list-type=2&prefix=a%2F&max-keys=5', 'ListObjectsV2', { Bucket: 'b', Prefix: 'a/', MaxKeys: 5 }],
    ['GET', '/b?list-type=1', 'ListObjects', { Bucket: 'b' }],
    ['GET', '/b?location', 'GetBucketLocation', { Bucket: 'b' }],
    ['GET', '/b?uploads', 'ListMultipartUploads', { Bucket: 'b' }],
    ['HEAD', '/b', 'HeadBucket', { Bucket: 'b' }],
    ['DELETE', '/b?tagging', 'DeleteBucketTagging', { Bucket: 'b' }],
    ['GET', '/b/k?tagging', 'GetObjectTagging', { Bucket: 'b', Key: 'k' }],
    ['GET', '/b/k?partNumber=2', 'GetObject', { Bucket: 'b', Key: 'k', PartNumber: 2 }],
    ['GET', '/b/k?uploadId=u', 'ListParts', { Bucket: 'b', Key: 'k', UploadId: 'u' }],
    ['POST', '/b/k?uploads', 'CreateMultipartUpload', { Bucket: 'b', Key: 'k' }],
    ['DELETE', '/b/k?uploadId=u', 'AbortMultipartUpload', { Bucket: 'b', Key: 'k', UploadId: 'u' }],
    ['DELETE', '/b/k', 'DeleteObject', { Bucket: 'b', Key: 'k' }],
    ['PUT', '/b/k?partNumber=1&uploadId=u', 'UploadPart', { Bucket: 'b', Key: 'k', PartNumber: 1, UploadId: 'u' }],
  ])('%s %s is %s', async (method, url, operation, input) => {
    await call(method, url);
    expect(last()).toMatchObject({ operation, input });
  });

  test('a source makes it a copy', async () => {
    const source = { 'x-amz-copy-source': '/a/b%20c' };
    await call('PUT', '/b/k', source);
    expect(last()).toMatchObject({ operation: 'CopyObject', input: { CopySource: '/a/b%20c' } });
    await call('PUT', '/b/k?partNumber=1&uploadId=u', source);
    expect(last().operation).toBe('UploadPartCopy');
  });

  test.each([
    ['PUT', '/b?acl', 501, 'NotImplemented'],
    ['PUT', '/b/k?acl', 501, 'NotImplemented'],
    ['GET', '/b?inventory', 501, 'NotImplemented'],
    ['POST', '/b', 412, 'PreconditionFailed'],
    ['POST', '/b/k?select&select-type=2', 501, 'NotImplemented'],
    ['POST', '/b/k', 405, 'MethodNotAllowed'],
    ['PATCH', '/b/k', 405, 'MethodNotAllowed'],
    ['GET', '/b/%zz', 400, 'InvalidURI'],
    ['GET', '/b?list-type=2&max-keys=x', 400, 'InvalidArgument'],
    ['POST', '/b?delete', 400, 'MissingRequestBodyError'],
  ])('%s %s is refused: %i %s', async (method, url, status, code) => {
    const answer = await call(method, url);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`<Error><Code>${code}</Code>`)]);
  });

  test('every operation of the model is found by its own method and URI', async () => {
    for (const operation of model.operations.values()) {
      const shape = model.shape(operation.input!);
      const wire = operation.http.requestUri.replace('{Bucket}', 'b').replace('{Key+}', 'k');
      const needed = (shape.required ?? []).map((name) => shape.members![name]!);
      const query = needed
        .filter(({ location }) => location === 'querystring')
        .map(({ locationName }) => `${locationName}=1`);
      const headers = Object.fromEntries(
        needed
          .filter(({ location }) => location === 'header')
          .map(({ locationName }) => [locationName!.toLowerCase(), 'x']),
      );
      const url = query.length === 0 ? wire : `${wire}${wire.includes('?') ? '&' : '?'}${query.join('&')}`;
      const count = s3.seen.length;
      const payload = shape.payload === undefined ? undefined : shape.members![shape.payload]!;
      const { text } = await call(operation.http.method, url, headers, payload ? '<x/>' : '');
      if (s3.seen.length > count) expect(last().operation).toBe(operation.name);
      else expect(text, operation.name).toMatch(/MalformedXML|multipart.form-data/);
    }
  });
});

describe('where the bucket stands', () => {
  test.each([
    ['127.0.0.1:4566', '/b/k', 'b', 'k'],
    ['b.s3.localhost.localstack.cloud:4566', '/k', 'b', 'k'],
    ['b.c.s3.eu-west-1.localhost.localstack.cloud:4566', '/k/l', 'b.c', 'k/l'],
    ['s3.localhost.localstack.cloud:4566', '/b/k', 'b', 'k'],
    ['b.localhost:4566', '/k', 'b', 'k'],
    ['b.s3.localhost', '/k', 'b', 'k'],
    ['b.s3.amazonaws.com', '/k', 'b', 'k'],
    ['b.s3.us-west-2.amazonaws.com', '/k', 'b', 'k'],
    ['b.s3-us-west-2.amazonaws.com', '/k', 'b', 'k'],
    ['127.0.0.1', '/b/a%2Fb//../%C3%BC+%2B', 'b', 'a/b//../ü++'],
    ['127.0.0.1', '/b//k', 'b', '/k'],
  ])('%s %s', async (host, url, Bucket, Key) => {
    await call('GET', url, { host });
    expect(last().input).toMatchObject({ Bucket, Key });
  });
});

describe('reading', () => {
  test('headers, metadata, dates; an unreadable date is none', async () => {
    await call('GET', '/b/k?response-content-type=a%2Fb&versionId=null', {
      'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT',
      'if-unmodified-since': 'soon',
    });
    expect(last().input).toEqual({
      Bucket: 'b',
      Key: 'k',
      ResponseContentType: 'a/b',
      VersionId: 'null',
      IfModifiedSince: 1767225600,
    });
    await call(
      'PUT',
      '/b/k',
      { 'x-amz-meta-__proto__': 'x', 'x-amz-meta-a': 'b', 'content-type': 'text/plain', 'content-length': '2' },
      'hi',
    );
    expect(last().input).toMatchObject({ Body: Buffer.from('hi'), ContentType: 'text/plain', ContentLength: 2 });
    expect(Object.entries(last().input.Metadata)).toEqual([
      ['__proto__', 'x'],
      ['a', 'b'],
    ]);
  });

  test('XML with flattened lists, and without mattering namespaces and prefixes', async () => {
    await call(
      'POST',
      '/b?delete',
      {},
      '<?xml version="1.0"?>\n<s:Delete xmlns:s="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a&amp;&#x62;</Key></Object><!-- x --><Object><Key><![CDATA[<c>]]></Key></Object><Quiet>true</Quiet><Extra/></s:Delete>',
    );
    expect(last().input.Delete).toEqual({ Objects: [{ Key: 'a&b' }, { Key: '<c>' }], Quiet: true });
    await call('PUT', '/b?tagging', {}, '<Tagging><TagSet><Tag><Key>k</Key><Value></Value></Tag></TagSet></Tagging>');
    expect(last().input.Tagging).toEqual({ TagSet: [{ Key: 'k', Value: '' }] });
    await call('PUT', '/b?policy', {}, '{"a":1}');
    expect(last().input.Policy).toBe('{"a":1}');
  });

  test.each([
    '<Delete>',
    '<Delete><Object></Delete>',
    '<!DOCTYPE x [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>',
    '<Delete><Object><Key>&unknown;</Key></Object></Delete>',
    '<Delete><Quiet>maybe</Quiet></Delete>',
    `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`,
    'nonsense',
    '<Delete/><Delete/>',
    '<Delete a="1" a="2"/>',
    '<Delete><Object/></Delete>',
  ])('%s is malformed', async (body) => {
    const { status, text } = await call('POST', '/b?delete', {}, body);
    expect([status, text]).toEqual([400, expect.stringContaining('<Code>MalformedXML</Code>')]);
  });

  test('presigned URLs: when they hold, and headers among their parameters', async () => {
    const url =
      '/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=123456789012%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=0&x-amz-meta-a=b&x-amz-checksum-crc32=AAAAAA%3D%3D';
    await send(emulator, { method: 'PUT', url, body: 'x' });
    expect(last()).toMatchObject({ account: '123456789012', region: 'eu-west-1' });
    expect(last().input).toEqual({
      Bucket: 'b',
      Key: 'k',
      Body: Buffer.from('x'),
      Metadata: { a: 'b' },
      $presigned: { signedAt: 1767225600, expires: 900 },
    });
    const covered = url.replace('SignedHeaders=host', 'SignedHeaders=host%3Bx-amz-checksum-crc32');
    await send(emulator, { method: 'PUT', url: covered, body: 'x' });
    expect(last().input.ChecksumCRC32).toBe('AAAAAA==');
    await send(emulator, { method: 'GET', url: '/b/k?AWSAccessKeyId=test&Signature=x&Expires=1767225600' });
    expect(last().input.$presigned).toEqual({ signedAt: 0, expires: 1767225600 });
  });
});

describe('the size of documents', () => {
  const MIB = 1024 * 1024;
  const DELETE = '/b?delete';

  test('is bounded as that of objects is not (S3 error responses, MaxMessageLengthExceeded)', async () => {
    const { status, text } = await call('POST', DELETE, {}, Buffer.alloc(4 * MIB + 1, ' '));
    expect([status, text]).toEqual([400, expect.stringContaining('<Code>MaxMessageLengthExceeded</Code>')]);
    expect((await call('PUT', '/b?tagging', {}, Buffer.alloc(4 * MIB + 1, ' '))).text).toContain('MaxMessageLength');
  });

  test.each([
    ['elements', '<a/>'.repeat(100_001)],
    ['references', `<Quiet>${'&#x41;'.repeat(100_001)}</Quiet>`],
    ['attributes', `<a ${Array.from({ length: 100_001 }, (_, n) => `a${n}=""`).join(' ')}/>`],
    ['comments', '<!---->'.repeat(100_001)],
  ])('too many %s are refused while they are read', async (_name, inside) => {
    const { status, text } = await call('POST', DELETE, {}, `<Delete>${inside}</Delete>`);
    expect([status, text]).toEqual([400, expect.stringContaining('more than 100000')]);
  });
});

describe('aws-chunked', () => {
  const put = (body: string, headers = {}) =>
    call('PUT', '/b/k', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', ...headers }, body);

  test.each([
    ['unsigned, with a trailer', '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n', 'AAAA'],
    [
      'signed',
      '5;chunk-signature=abc\r\nhello\r\n6;chunk-signature=d\r\n world\r\n0;chunk-signature=e\r\n\r\n',
      undefined,
    ],
    [
      'signed trailer',
      'b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\nx-amz-trailer-signature:x\r\n\r\n',
      'AAAA',
    ],
    ['no last line', 'b\r\nhello world\r\n0\r\n', undefined],
  ])('%s', async (_name, body, checksum) => {
    await put(body, {
      'x-amz-decoded-content-length': '11',
      'content-encoding': 'gzip,aws-chunked',
      'content-length': '99',
    });
    expect(last().input).toMatchObject({
      Body: Buffer.from('hello world'),
      ContentLength: 11,
      ContentEncoding: 'gzip',
    });
    expect(last().input.ChecksumCRC32).toBe(checksum);
  });

  test('a trailer cannot overrule what the request says', async () => {
    await put('1\r\nx\r\n0\r\nx-amz-copy-source:/a/b\r\n\r\n');
    expect(last()).toMatchObject({ operation: 'PutObject' });
    expect(last().input.CopySource).toBeUndefined();
  });

  test.each(['', 'zz\r\n', '5\r\nhel', 'fffffff\r\nx\r\n', '5\r\nhello\r\n', '-1\r\n\r\n', '5'])(
    '%j is incomplete',
    async (body) => {
      expect((await put(body)).text).toContain('<Code>IncompleteBody</Code>');
    },
  );

  test('a length that was promised must be kept', async () => {
    expect((await put('1\r\nx\r\n0\r\n\r\n', { 'x-amz-decoded-content-length': '2' })).text).toContain(
      'IncompleteBody',
    );
  });
});

describe('writing', () => {
  test('an object: bytes, headers, metadata, status', async () => {
    const whole = await call('GET', '/b/k');
    expect(whole).toMatchObject({ status: 200, text: 'hello', streamed: true });
    expect(whole.headers).toMatchObject({
      'x-amz-meta-a': 'b',
      'x-more': '1',
      'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
      'content-type': 'binary/octet-stream',
      'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
    });
    const part = await call('GET', '/b/k', { range: 'bytes=1-3' });
    expect(part).toMatchObject({ status: 206, text: 'ell', headers: { 'content-range': 'bytes 1-3/5' } });
  });

  test('HEAD and 304 have no body', async () => {
    expect(await call('HEAD', '/b/k')).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': '5', etag: '"e"' },
    });
    expect(await call('GET', '/b/k', { 'if-none-match': '"e"' })).toMatchObject({
      status: 304,
      text: '',
      headers: { etag: '"e"' },
    });
  });

  test.each([
    [
      'GET',
      '/b?location',
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>',
    ],
    [
      'GET',
      '/',
      '<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets><Bucket><Name>b</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket></Buckets><Owner><ID>o</ID></Owner></ListAllMyBucketsResult>',
    ],
  ])('%s %s', async (method, url, body) => {
    const answer = await call(method, url);
    expect(answer.text).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
    expect(answer.headers['content-type']).toBe('application/xml');
  });

  test('payloads, flattened lists, text', async () => {
    expect((await call('PUT', '/b/k', { 'x-amz-copy-source': 'a/b' })).text).toContain(
      '<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ETag>&quot;e&quot;</ETag><LastModified>2026-01-01T00:00:00.500Z</LastModified></CopyObjectResult>',
    );
    const deleted = await call('POST', '/b?delete', {}, '<Delete><Object><Key>a</Key></Object></Delete>');
    expect(deleted.text).toContain(
      '<Deleted><Key>a</Key></Deleted><Deleted><Key>&lt;b&gt;</Key></Deleted></DeleteResult>',
    );
    expect(await call('GET', '/b?policy')).toMatchObject({
      text: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await call('DELETE', '/b/k')).toMatchObject({ status: 204, text: '' });
  });

  test('errors', async () => {
    const { status, text, headers } = await call('GET', '/b/gone');
    expect(status).toBe(404);
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>gone</Key>' +
        `<RequestId>${headers['x-amz-request-id']}</RequestId><HostId>${headers['x-amz-id-2']}</HostId></Error>`,
    );
  });
});
