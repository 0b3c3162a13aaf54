import { crc32, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { decode, encode, Tagged } from 'cborg';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { encodedAnswer, preferredEncoding } from '../../../src/emulator/protocols/compression.ts';
import { emulatorOf, FakeService, send, signed } from './support.ts';

const dynamodb = new FakeService('dynamodb', { PutItem: () => ({}), ListTables: () => ({ TableNames: ['é'] }) });
const logs = new FakeService('logs', { PutRetentionPolicy: () => undefined });
const cloudwatch = new FakeService('cloudwatch', {
  PutMetricData: () => undefined,
  GetMetricStatistics: () => ({ Datapoints: [{ Timestamp: 1767225600.5, Sum: 2, Minimum: Number.NaN }] }),
});
const emulator = emulatorOf(dynamodb, logs, cloudwatch);

const TARGETS = { dynamodb: 'DynamoDB_20120810', logs: 'Logs_20140328', cloudwatch: 'GraniteServiceVersion20100801' };
const json = (service: keyof typeof TARGETS, operation: string, body: unknown, headers = {}) =>
  send(emulator, {
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${TARGETS[service]}.${operation}`,
      ...headers,
    },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });

describe('JSON', () => {
  test('answers in the version asked for, with an id and, for DynamoDB, a checksum of the bytes', async () => {
    const { headers, text } = await json('dynamodb', 'ListTables', '');
    expect(text).toBe('{"TableNames":["é"]}');
    expect(headers).toMatchObject({ 'content-type': 'application/x-amz-json-1.0', 'x-amz-crc32': String(crc32(text)) });
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9A-V]{26}VV4KQNSO5AEMVJF66Q9ASUAAJG$/);
    const newer = await json('dynamodb', 'ListTables', {}, { 'content-type': 'application/x-amz-json-1.1' });
    expect(newer.headers['content-type']).toBe('application/x-amz-json-1.1');
  });

  test.each([
    ['not JSON', '{"TableName":', 'not valid JSON'],
    ['a number for a string', { TableName: 5, Item: {} }, 'NUMBER_VALUE cannot be converted to String'],
    ['a string for a number', { Limit: '5' }, 'STRING_VALUE cannot be converted to Integer'],
    ['a fraction for an integer', { Limit: 1.5 }, 'DECIMAL_VALUE cannot be converted to Integer'],
    ['an integer out of range', { Limit: 2 ** 40 }, 'NUMBER_VALUE cannot be converted to Integer'],
    ['a boolean for a string', { TableName: true }, 'TRUE_VALUE cannot be converted to String'],
    ['an object for a string', { TableName: {} }, 'Start of structure or map found where not expected'],
    ['a list for a map', { Item: [] }, 'Unexpected value type in payload'],
    ['bad Base64', { Item: { a: { B: '?' } } }, 'Invalid Base64 encoding of a blob'],
    ['stray bits in Base64', { Item: { a: { B: 'AB==' } } }, 'Invalid last non-pad Base64 character dectected'],
    ['a word for a boolean', { Item: { a: { BOOL: 'yes' } } }, 'Unexpected token received from parser'],
    ['a list as the document', '[]', 'Unexpected value type in payload'],
    // dynalite test/helpers.js, assertSerialization and assertType: `Message`, and no path.
  ])('%s is a SerializationException of DynamoDB', async (_name, body, message) => {
    const operation = JSON.stringify(body).includes('Limit') ? 'ListTables' : 'PutItem';
    const { status, text } = await json('dynamodb', operation, body);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      __type: 'com.amazon.coral.service#SerializationException',
      Message: expect.stringMatching(new RegExp(`${message}.?$`)),
    });
  });

  // dynalite validations/index.js: the words of a boolean are taken as strings too.
  test('a boolean may be its word', async () => {
    const { status } = await json('dynamodb', 'PutItem', {
      TableName: 't',
      Item: { a: { BOOL: 'TRUE', NULL: 'false' } },
    });
    expect(status).toBe(200);
    expect(dynamodb.input).toMatchObject({ Item: { a: { BOOL: true, NULL: false } } });
  });

  test('documents nested without end are refused, wherever they nest', async () => {
    const deep = (depth: number) =>
      `{"TableName":"t","Item":{"a":${'{"L":['.repeat(depth)}{"S":"\\"[[{{"}${']}'.repeat(depth)}}}`;
    expect((await json('dynamodb', 'PutItem', deep(32))).status).toBe(200);
    expect((await json('dynamodb', 'PutItem', deep(200))).text).toContain('Nesting is too deep');
    expect((await json('dynamodb', 'PutItem', `{"x":${'['.repeat(1e6)}`)).text).toContain('Nesting is too deep');
  });

  test('unknown members and nulls are left out', async () => {
    await json('dynamodb', 'PutItem', { TableName: 't', Item: { a: { S: 'x' } }, Unknown: 1, ReturnValues: null });
    expect(dynamodb.input).toEqual({ TableName: 't', Item: { a: { S: 'x' } } });
  });

  test('what a client calls __proto__ is a name like any other', async () => {
    await json(
      'dynamodb',
      'PutItem',
      '{"TableName":"t","__proto__":{"ReturnValues":"ALL_OLD"},"Item":{"__proto__":{"S":"x"},"constructor":{"B":"aGk="}}}',
    );
    expect(dynamodb.input.ReturnValues).toBeUndefined();
    expect(Object.entries(dynamodb.input.Item)).toEqual([
      ['__proto__', { S: 'x' }],
      ['constructor', { B: Buffer.from('hi') }],
    ]);
    expect(({} as any).S).toBeUndefined();
  });

  test.each(['ExecuteStatement', 'constructor', '__proto__', 'toString', ''])(
    'the operation %j is unknown',
    async (name) => {
      const { status, text } = await json('dynamodb', name, {});
      expect(status).toBe(400);
      expect(JSON.parse(text).__type).toBe('com.amazon.coral.service#UnknownOperationException');
    },
  );

  test('Logs names its errors without a prefix and answers nothing with an empty body', async () => {
    expect(JSON.parse((await json('logs', 'PutRetentionPolicy', {})).text).__type).toBe('InvalidParameterException');
    expect(await json('logs', 'PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 })).toMatchObject({
      status: 200,
      text: '',
    });
  });

  test('a service that is not there says so', async () => {
    const { status, text } = await send(emulator, {
      headers: { ...signed('kinesis'), 'x-amz-target': 'Kinesis_20131202.ListStreams' },
    });
    expect([status, JSON.parse(text)]).toEqual([
      501,
      { __type: 'InternalFailure', message: 'The service "kinesis" is not part of the embedded engine.' },
    ]);
    expect(
      (await send(emulator, { method: 'GET', url: '/2015-03-31/functions', headers: signed('lambda') })).status,
    ).toBe(501);
  });

  test('numbers that JSON has not are strings', async () => {
    const input = { Namespace: 'n', MetricName: 'm', StartTime: 0, EndTime: '2026-01-01T00:00:00Z', Period: 60 };
    expect((await json('cloudwatch', 'GetMetricStatistics', input)).text).toContain('"Minimum":"NaN"');
    expect(cloudwatch.input.EndTime).toBe(1767225600);
  });
});

describe('compressed bodies', () => {
  const metrics = { Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1 }] };
  test('gzip is undone', async () => {
    const body = gzipSync(JSON.stringify(metrics));
    expect((await json('cloudwatch', 'PutMetricData', body, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(cloudwatch.input).toEqual(metrics);
  });
  test.each(['GZIP', 'deflate', 'identity', ''])('%j is read', async (encoding) => {
    const plain = Buffer.from(JSON.stringify(metrics));
    const body = encoding === 'GZIP' ? gzipSync(plain) : encoding === 'deflate' ? deflateSync(plain) : plain;
    expect((await json('cloudwatch', 'PutMetricData', body, { 'content-encoding': encoding })).status).toBe(200);
  });
  test('what is no gzip, or expands without end, is refused', async () => {
    expect((await json('cloudwatch', 'PutMetricData', 'x', { 'content-encoding': 'gzip' })).text).toContain(
      'cannot be read as gzip',
    );
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const { status, text } = await json('cloudwatch', 'PutMetricData', bomb, { 'content-encoding': 'gzip' });
    expect([status, text]).toEqual([413, expect.stringContaining('RequestEntityTooLarge')]);
  });
  // ScyllaDB's test_compressed_request.py, which is validated on DynamoDB.
  test.each([
    ['an encoding that is none', 'garbage', '{}'],
    ['what is no gzip', 'gzip', '{}'],
    ['nothing', 'gzip', ''],
    ['gzip that lacks its last byte', 'gzip', gzipSync('{}').subarray(0, -1)],
  ])('DynamoDB calls %s an InternalServerError', async (_name, encoding, body) => {
    const { status, text } = await json('dynamodb', 'PutItem', body, { 'content-encoding': encoding });
    expect([status, text]).toEqual([500, expect.stringContaining('#InternalServerError')]);
  });
  test('two gzips in a row are one body', async () => {
    const body = Buffer.concat([gzipSync('{"TableName":'), gzipSync('"t","Item":{}}')]);
    expect((await json('dynamodb', 'PutItem', body, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(dynamodb.input).toEqual({ TableName: 't', Item: {} });
  });
});

describe('compressed answers', () => {
  // ScyllaDB's test_compressed_response.py, which is validated on DynamoDB.
  test.each([
    ['identity', undefined],
    ['', undefined],
    ['br', undefined],
    ['x-gzip', undefined],
    ['gzip, deflate', 'gzip'],
    ['br, identity, deflate, gzip', 'deflate'],
    ['GZIP, identity', 'gzip'],
    ['dog, gzip ,, cat', 'gzip'],
    ['gzip;q=0.8, deflate;q=0.5', 'gzip'],
    ['br, gzip;q=0, deflate; q = 0.5 , identity;q=0', 'deflate'],
    ['*', 'gzip'],
    ['*, deflate;q=0.5', 'gzip'],
    ['*, deflate', 'deflate'],
    ['*, gzip;q=0.5', 'deflate'],
    ['gzip ;q=0', undefined],
  ])('%j: %s', (accepted, encoding) => expect(preferredEncoding(accepted)).toBe(encoding));

  test('only from 4 KiB on, with a checksum of what is sent', async () => {
    const answer = { status: 200, headers: { 'x-amz-crc32': '0' }, body: 'x'.repeat(4096) };
    const encoded = await encodedAnswer(answer, 'gzip');
    expect(encoded.headers).toEqual({ 'content-encoding': 'gzip', 'x-amz-crc32': String(crc32(encoded.body)) });
    expect(gunzipSync(encoded.body).toString()).toBe(answer.body);
    const small = { ...answer, body: 'x'.repeat(4095) };
    expect(await encodedAnswer(small, 'gzip')).toBe(small);
    expect(await encodedAnswer(answer, undefined)).toBe(answer);
  });
});

describe('the number of values', () => {
  const list = (count: number) => `{"x":[${Array(count).fill('{}').join(',')}]}`;
  test('is bounded before JSON is parsed', async () => {
    expect((await json('dynamodb', 'PutItem', list(60_000))).status).toBe(413);
    expect((await json('logs', 'PutRetentionPolicy', list(60_000))).text).toContain('more than 100000 values');
    expect((await json('logs', 'PutRetentionPolicy', list(40_000))).status).not.toBe(413);
  });
  test('no number and no blank is endless', async () => {
    for (const gap of [' '.repeat(70_000), '9'.repeat(70_000)])
      for (const body of [`{"a":${gap}}`, `${gap}{}`, `{}${gap}`])
        expect((await json('dynamodb', 'PutItem', body)).text).toContain('too long');
  });
  test.each([
    ['commas and brackets in strings', `{"x":"${',[{'.repeat(60_000)}"}`],
    ['quotes in strings', `{"x":"${'\\",'.repeat(60_000)}","y":"${'\\\\'.repeat(100)}"}`],
    ['long strings with one escape', `{"x":"${'a'.repeat(500)}\\"${',a'.repeat(60_000)}"}`],
  ])('does not count %s', async (_name, body) => {
    expect((await json('logs', 'PutRetentionPolicy', body)).status).not.toBe(413);
  });
});

describe('CBOR', () => {
  const cbor = (operation: string, body: unknown) =>
    send(emulator, {
      url: `/service/GraniteServiceVersion20100801/operation/${operation}`,
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
      body: Buffer.isBuffer(body) ? body : Buffer.from(encode(body)),
    });
  const decoded = (body: Buffer | string) =>
    decode(body as Buffer, { tags: { 1: (inside) => ({ epoch: inside() }) } }) as any;

  test('timestamps are tagged both ways', async () => {
    const time = { StartTime: new Tagged(1, 0), EndTime: new Tagged(1, 1767225600.25) };
    const { headers, body } = await cbor('GetMetricStatistics', {
      Namespace: 'n',
      MetricName: 'm',
      Period: 60,
      ...time,
    });
    expect(cloudwatch.input).toMatchObject({ StartTime: 0, EndTime: 1767225600.25 });
    expect(headers).toMatchObject({ 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' });
    expect(decoded(body).Datapoints[0]).toMatchObject({ Timestamp: { epoch: 1767225600.5 }, Sum: 2 });
    // A whole double is a float (RPC v2 CBOR, Serialization); 2.0 fits into half precision.
    expect((body as Buffer).toString('hex')).toContain('6353756df94000');
  });

  test('maps of unknown length, as streaming encoders write them', async () => {
    const body = Buffer.concat([
      Buffer.from([0xbf]),
      Buffer.from(encode('Namespace')),
      Buffer.from(encode('n')),
      Buffer.from([0xff]),
    ]);
    expect((await cbor('PutMetricData', body)).status).toBe(200);
  });

  test.each([
    ['cut short', Buffer.from([0xbf, 0x61])],
    ['nested without end', Buffer.alloc(90_000, 0x81)],
    ['a huge length', Buffer.from([0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ])('%s is a SerializationException', async (_name, body) => {
    const answer = await cbor('PutMetricData', body);
    expect(answer.status).toBe(400);
    expect(decoded(answer.body).__type).toBe('com.amazon.coral.service#SerializationException');
  });

  test.each([
    ['lists', Buffer.alloc(100_001, 0x80)],
    ['tags', Buffer.alloc(100_001, 0xc1)],
    ['pieces of a string', Buffer.concat([Buffer.from([0x7f]), Buffer.alloc(200_002, Buffer.from([0x61, 0x61]))])],
  ])('too many %s are refused before they are decoded', async (_name, body) => {
    const answer = await cbor('PutMetricData', body);
    expect([answer.status, decoded(answer.body).message]).toEqual([413, expect.stringContaining('more than 100000')]);
  });

  test.each([
    ['without', {}, 400],
    ['with', { 'x-amzn-query-mode': 'true' }, 404],
  ])("an unknown alarm, %s the client's word that it knows Query's codes", async (_, mode, status) => {
    // Smithy, awsQueryCompatible trait: code and status of Query are for clients that send x-amzn-query-mode.
    const target = { 'x-amz-target': 'GraniteServiceVersion20100801.UntagResource' };
    const input = { ResourceARN: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:x', TagKeys: ['a'] };
    const missing = () => {
      throw new AwsError('ResourceNotFoundException', 'Unknown resource');
    };
    const own = emulatorOf(new FakeService('cloudwatch', { UntagResource: missing }));
    const answer = await send(own, { headers: { ...target, ...mode }, body: JSON.stringify(input) });
    expect([answer.status, JSON.parse(answer.text).__type]).toEqual([
      status,
      'com.amazonaws.cloudwatch.v2010_08_01#ResourceNotFoundException',
    ]);
  });

  test('errors carry the Query code of old', async () => {
    const { status, headers, body } = await cbor('PutMetricData', { MetricData: [] });
    expect([status, headers['x-amzn-query-error']]).toEqual([400, 'MissingParameter;Sender']);
    expect(decoded(body)).toEqual({
      __type: 'com.amazonaws.cloudwatch.v2010_08_01#MissingRequiredParameterException',
      message: 'The parameter Namespace is required.',
    });
  });
});

test('an error of the engine itself is a 500 that tells the owner, not the client', async () => {
  const seen: unknown[] = [];
  const broken = new FakeService('dynamodb', { ListTables: () => (undefined as any).secret });
  const { createEmulator } = await import('../../../src/emulator/index.ts');
  const own = createEmulator({ services: [broken.definition], onError: (error, place) => seen.push(error, place) });
  const { status, text } = await send(own, { headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' } });
  expect(status).toBe(500);
  expect(text).toContain('InternalFailure');
  expect(text).not.toContain('secret');
  expect(seen).toEqual([
    expect.any(TypeError),
    expect.objectContaining({ service: 'dynamodb', operation: 'ListTables' }),
  ]);
});
