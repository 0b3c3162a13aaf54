import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { emulatorOf, FakeService, send, signed } from './support.ts';

const refuse = (code: string, message: string) => () => {
  throw new AwsError(code, message);
};
const sns = new FakeService('sns', {
  CreateTopic: () => ({ TopicArn: 'arn' }),
  Publish: () => ({ MessageId: '<m>&\r\u0001' }),
  GetTopicAttributes: () => ({
    Attributes: new Map([
      ['__proto__', 'x'],
      ['Owner', '"1"'],
    ]),
  }),
  DeleteTopic: () => undefined,
  Unsubscribe: refuse('NotFound', 'Subscription does not exist'),
  ConfirmSubscription: refuse('InvalidParameter', 'Token: \u0000\u0001\ufffe\t<x>'),
});
const sqs = new FakeService('sqs', {
  SendMessage: () => ({ MessageId: 'm' }),
  ReceiveMessage: () => ({
    Messages: [
      {
        MessageId: 'm',
        Attributes: { SentTimestamp: '1' },
        MessageAttributes: { a: { DataType: 'Binary', BinaryValue: Buffer.from('hi') } },
      },
    ],
  }),
  SendMessageBatch: () => ({
    Successful: [],
    Failed: [{ Id: 'a', SenderFault: true, Code: 'InvalidParameterValue', Message: 'no' }],
  }),
  SetQueueAttributes: () => undefined,
  GetQueueUrl: refuse('QueueDoesNotExist', 'The specified queue does not exist.'),
  DeleteMessage: refuse('InvalidParameterValue', 'bad'),
});
const cloudwatch = new FakeService('cloudwatch', {
  PutMetricData: () => undefined,
  GetMetricStatistics: () => ({ Label: 'm', Datapoints: [{ Timestamp: 1767225600, Sum: 1 }] }),
});
const emulator = emulatorOf(sns, sqs, cloudwatch);
const form = (body: string | Buffer, headers = {}, url = '/') =>
  send(emulator, { url, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body });

describe('reading', () => {
  test('entries, members, escapes', async () => {
    await form(
      'Action=Publish&Version=2010-03-31&TopicArn=a%2Bb&Message=h%C3%A9+%26&MessageAttributes.entry.2.Name=__proto__' +
        '&MessageAttributes.entry.2.Value.DataType=String&MessageAttributes.entry.2.Value.StringValue=' +
        '&MessageAttributes.entry.10.Name=n&MessageAttributes.entry.10.Value.DataType=Number&MessageAttributes.entry.10.Value.StringValue=1',
    );
    expect(sns.input).toMatchObject({ TopicArn: 'a+b', Message: 'hé &' });
    expect(Object.entries(sns.input.MessageAttributes)).toEqual([
      ['__proto__', { DataType: 'String', StringValue: '' }],
      ['n', { DataType: 'Number', StringValue: '1' }],
    ]);
  });

  test('lists: members in the order of their numbers, an empty list', async () => {
    await form(
      'Action=CreateTopic&Version=2010-03-31&Name=t&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=1',
    );
    expect(sns.input.Tags).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]);
    await form('Action=CreateTopic&Version=2010-03-31&Name=t&Tags=');
    expect(sns.input).toEqual({ Name: 't', Tags: [] });
  });

  test('numbers, dates and nested lists of CloudWatch', async () => {
    const start = 'Action=PutMetricData&Version=2010-08-01&Namespace=n&MetricData.member.1.MetricName=m';
    await form(
      `${start}&MetricData.member.1.Values.member.1=1.5e3&MetricData.member.1.Values.member.2=-2&MetricData.member.1.Timestamp=2026-01-01T00%3A00%3A00Z&MetricData.member.1.StorageResolution=60`,
    );
    expect(cloudwatch.input).toEqual({
      Namespace: 'n',
      MetricData: [{ MetricName: 'm', Values: [1500, -2], Timestamp: 1767225600, StorageResolution: 60 }],
    });
    const { status, text } = await form(`${start}&MetricData.member.1.Value=abc`);
    expect([status, text]).toEqual([
      400,
      expect.stringContaining('<Code>MalformedInput</Code><Message>&quot;abc&quot; is not a valid double.'),
    ]);
  });

  test("SQS's flattened names, the queue named by the path", async () => {
    await form(
      'Action=SendMessage&Version=2012-11-05&MessageBody=x&DelaySeconds=5&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=Binary&MessageAttribute.1.Value.BinaryValue=aGk%3D',
      {},
      '/000000000000/q',
    );
    expect(sqs.input).toEqual({
      QueueUrl: 'http://127.0.0.1:4566/000000000000/q',
      MessageBody: 'x',
      DelaySeconds: 5,
      MessageAttributes: { a: { DataType: 'Binary', BinaryValue: Buffer.from('hi') } },
    });
    await form(
      'Action=SetQueueAttributes&Version=2012-11-05&QueueUrl=u&Attribute.1.Name=DelaySeconds&Attribute.1.Value=1',
    );
    expect(sqs.input).toEqual({ QueueUrl: 'u', Attributes: { DelaySeconds: '1' } });
    await form('Action=ReceiveMessage&Version=2012-11-05&QueueUrl=u&AttributeName.1=All&MessageAttributeName.1=a');
    expect(sqs.input).toMatchObject({ AttributeNames: ['All'], MessageAttributeNames: ['a'] });
  });

  test('parameters of the URL, with the service from the signature', async () => {
    const { status } = await send(emulator, {
      method: 'GET',
      url: '/?Action=CreateTopic&Name=t',
      headers: signed('sns', 'eu-north-1', '123456789012'),
    });
    expect(status).toBe(200);
    expect(sns.seen.at(-1)).toMatchObject({ input: { Name: 't' }, region: 'eu-north-1', account: '123456789012' });
  });

  test.each([
    ['a name of too many parts', `a${'.b'.repeat(100)}=1`],
    ['broken escapes', 'Name=%ff%zz'],
  ])('%s is malformed', async (_name, body) => {
    const { status, text } = await form(`Action=CreateTopic&Version=2010-03-31&${body}`);
    expect([status, text]).toEqual([400, expect.stringContaining('<Code>MalformedQueryString</Code>')]);
  });

  test.each([
    ['parameters', 'a=1&'.repeat(100_001)],
    ['parts of names', `${'a.'.repeat(20)}b=1&`.repeat(5_000)],
  ])('too many %s are refused', async (_name, body) => {
    const { status, text } = await form(`Action=CreateTopic&Version=2010-03-31&${body}`);
    expect([status, text]).toEqual([413, expect.stringContaining('<Code>RequestEntityTooLarge</Code>')]);
  });

  test('gzip is undone, with and without a signature', async () => {
    const body = gzipSync('Action=PutMetricData&Version=2010-08-01&Namespace=n');
    for (const headers of [{}, signed('monitoring')]) {
      expect((await form(body, { 'content-encoding': 'gzip', ...headers })).status).toBe(200);
      expect(cloudwatch.input).toMatchObject({ Namespace: 'n' });
    }
  });
});

describe('writing', () => {
  test('result, namespace, metadata, escapes', async () => {
    const { headers, text } = await form('Action=Publish&Version=2010-03-31&Message=x');
    expect(headers['content-type']).toBe('text/xml');
    expect(text.split('\n')[1]).toBe(
      `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>&lt;m&gt;&amp;&#xd;&#x1;</MessageId></PublishResult>` +
        `<ResponseMetadata><RequestId>${headers['x-amzn-requestid']}</RequestId></ResponseMetadata></PublishResponse>`,
    );
  });

  test('maps as entries, also a Map; nothing as nothing', async () => {
    const { text } = await form('Action=GetTopicAttributes&Version=2010-03-31&TopicArn=a');
    expect(text).toContain(
      '<Attributes><entry><key>__proto__</key><value>x</value></entry><entry><key>Owner</key><value>&quot;1&quot;</value></entry></Attributes>',
    );
    expect((await form('Action=DeleteTopic&Version=2010-03-31&TopicArn=a')).text).toContain(
      '<DeleteTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ResponseMetadata>',
    );
  });

  test("SQS's flattened lists and maps, CloudWatch's dates", async () => {
    const received = await form('Action=ReceiveMessage&Version=2012-11-05&QueueUrl=u');
    expect(received.text).toContain(
      '<ReceiveMessageResult><Message><MessageId>m</MessageId><Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute>' +
        '<MessageAttribute><Name>a</Name><Value><BinaryValue>aGk=</BinaryValue><DataType>Binary</DataType></Value></MessageAttribute></Message></ReceiveMessageResult>',
    );
    const batch = await form(
      'Action=SendMessageBatch&Version=2012-11-05&QueueUrl=u&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x',
    );
    expect(batch.text).toContain(
      '<BatchResultErrorEntry><Id>a</Id><SenderFault>true</SenderFault><Code>InvalidParameterValue</Code><Message>no</Message></BatchResultErrorEntry>',
    );
    const statistics = await form(
      'Action=GetMetricStatistics&Version=2010-08-01&Namespace=n&MetricName=m&StartTime=0&EndTime=60&Period=60',
    );
    expect(statistics.text).toContain(
      '<Datapoints><member><Timestamp>2026-01-01T00:00:00Z</Timestamp><Sum>1</Sum></member></Datapoints>',
    );
  });

  test.each([
    ['Action=Unsubscribe&Version=2010-03-31&SubscriptionArn=a', 404, 'NotFound', 'Subscription does not exist'],
    [
      'Action=GetQueueUrl&Version=2012-11-05&QueueName=q',
      400,
      'AWS.SimpleQueueService.NonExistentQueue',
      'The specified queue does not exist for this wsdl version.',
    ],
    ['Action=DeleteMessage&Version=2012-11-05&QueueUrl=q&ReceiptHandle=r', 400, 'InvalidParameterValue', 'bad'],
    [
      'Action=Nope&Version=2010-03-31',
      400,
      'InvalidAction',
      'The operation &quot;Nope&quot; is not known to this engine.',
    ],
    ['Version=2010-03-31&Name=t', 400, 'MissingAction', 'The request has no Action.'],
    [
      'Action=CreateTopic&Version=2010-03-31',
      400,
      'ValidationError',
      '1 validation error detected: Value null at &apos;name&apos;',
    ],
  ])('%s: %i %s', async (body, status, code, message) => {
    const answer = await form(body);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<ErrorResponse xmlns=`);
    expect(answer.text).toContain(
      `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll('&apos;', "'")}`,
    );
    expect(answer.text).toContain(`<RequestId>${answer.headers['x-amzn-requestid']}</RequestId></ErrorResponse>`);
  });

  test('what is no character of XML (XML 1.0, 2.2) does not keep a strict parser from reading the error', async () => {
    const answer = await form('Action=ConfirmSubscription&Version=2010-03-31&TopicArn=a&Token=x');
    expect(answer.text).toContain('<Message>Token: \ufffd\ufffd\ufffd\t&lt;x&gt;</Message>');
  });

  test('no service at all', async () => {
    expect(await form('Action=ListUsers&Version=2010-05-08')).toMatchObject({
      status: 501,
      text: expect.stringContaining('<Message>The service &quot;of version 2010-05-08&quot; is not part of'),
    });
  });

  test('neither signed nor with a version', async () => {
    expect(await form('Action=ListQueues')).toMatchObject({
      status: 400,
      text: expect.stringMatching(
        /<Code>InvalidAction<.*Could not find operation ListQueues for version NO_VERSION_SPEC/,
      ),
    });
    const got = await send(emulator, { method: 'GET', url: '/?Action=Publish&Message=m', headers: {} });
    expect([got.status, got.body]).toEqual([400, expect.stringContaining('Could not find operation Publish for')]);
  });
});

// As LocalStack's test_sqs.py (TestSqsQueryApi), validated on AWS, has them.
describe('requests to the URL of a queue', () => {
  const URL = '/000000000000/orders';
  const get = (query: string, headers = {}) => send(emulator, { method: 'GET', url: URL + query, headers });

  test('need no version', async () => {
    expect((await get('?Action=SendMessage&MessageBody=m')).status).toBe(200);
    expect(sqs.input).toMatchObject({ QueueUrl: `http://127.0.0.1:4566${URL}`, MessageBody: 'm' });
  });

  test.each(['CreateQueue&QueueName=other', 'ListQueues'])('do not take %s', async (action) => {
    const { status, body } = await get(`?Action=${action}&Version=2012-11-05`);
    expect(status).toBe(400);
    expect(body).toContain('<Code>InvalidAction</Code>');
    expect(body).toContain(`The action ${action.split('&')[0]} is not valid for this endpoint.`);
  });

  test('need an action', async () => {
    const { status, body } = await get('', signed('sqs'));
    expect([status, body]).toEqual([404, '<UnknownOperationException/>\n']);
  });
});
