import { CloudWatchClient, GetMetricStatisticsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListTopicsCommand, PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { type HttpServer, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { requestHandler } from '../../../src/emulator/request-handler.ts';
import { sts } from '../../../src/emulator/sts/index.ts';
import { FakeService, SDK_CONFIG } from './support.ts';

const refuse =
  (code: string, message: string, options = {}) =>
  () => {
    throw new AwsError(code, message, options);
  };

const sqs = new FakeService('sqs', {
  SendMessage: () => ({ MessageId: 'm-1', MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' }),
  GetQueueUrl: refuse('QueueDoesNotExist', 'The specified queue does not exist.'),
  DeleteMessage: () => undefined,
});
const sns = new FakeService('sns', {
  Publish: () => ({ MessageId: 'm-2' }),
  PublishBatch: () => ({ Successful: [{ Id: 'a', MessageId: 'm-3' }], Failed: [] }),
  ListTopics: () => ({ Topics: [{ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:a&b' }] }),
});
const dynamodb = new FakeService('dynamodb', {
  PutItem: () => ({}),
  GetItem: () => ({
    Item: { id: { S: 'x' }, blob: { B: Buffer.from('hi') }, m: { M: { deep: { BS: [Buffer.from('1')] } } } },
  }),
  TransactWriteItems: refuse('TransactionCanceledException', 'Transaction cancelled', {
    fields: { CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { b: { B: Buffer.from('old') } } }] },
  }),
});
const cloudwatch = new FakeService('cloudwatch', {
  PutMetricData: () => undefined,
  GetMetricStatistics: () => ({
    Label: 'x',
    Datapoints: [{ Timestamp: 1767225600, Sum: 1.5, ExtendedStatistics: { p95: 2 } }],
  }),
});
const logs = new FakeService('logs', {
  GetLogEvents: () => ({ events: [{ timestamp: 1767225600123, message: 'é', ingestionTime: 1767225600124 }] }),
  CreateLogGroup: refuse('ResourceAlreadyExistsException', 'The specified log group already exists'),
});
const objects = new Map<string, any>();
const s3 = new FakeService('s3', {
  PutObject: (input) => {
    objects.set(input.Key, input);
    return { ETag: '"e"' };
  },
  GetObject: (input) => {
    const { Body, Metadata } =
      objects.get(input.Key) ??
      refuse('NoSuchKey', 'The specified key does not exist.', { fields: { Key: input.Key } })();
    return {
      Body,
      Metadata,
      ETag: '"e"',
      LastModified: 1767225600,
      ContentLength: Body.length,
      ContentType: 'text/plain',
    };
  },
  HeadObject: (input) => {
    if (input.Key === 'missing') refuse('NotFound', 'Not Found', { status: 404 })();
    return { ContentLength: 5, ETag: '"e"' };
  },
  ListObjectsV2: () => ({
    Name: 'b',
    IsTruncated: false,
    KeyCount: 2,
    Contents: [
      { Key: 'a&b', Size: 1, LastModified: 1767225600 },
      { Key: 'c', Size: 2, LastModified: 1767225600 },
    ],
    CommonPrefixes: [{ Prefix: 'p/' }],
  }),
});

const emulator = createEmulator({
  services: [...[sqs, sns, dynamodb, cloudwatch, logs, s3].map(({ definition }) => definition), sts],
  seed: 1,
});
let server: HttpServer;
beforeAll(async () => {
  server = await serve(emulator, { port: 0 });
});
afterAll(() => server.close());

describe.each(['in-process', 'HTTP'])('SDK clients, %s', (way) => {
  const config = () =>
    way === 'HTTP'
      ? { ...SDK_CONFIG, endpoint: `http://127.0.0.1:${server.port}` }
      : { ...SDK_CONFIG, requestHandler: requestHandler(emulator) };

  test('SQS: JSON 1.0, blobs, account and region of the credentials', async () => {
    const client = new SQSClient(config());
    const QueueUrl = 'http://127.0.0.1:4566/123456789012/q';
    const answer = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageAttributes: { a: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 255]) } },
      }),
    );
    expect(answer.MessageId).toBe('m-1');
    expect(sqs.input.MessageAttributes.a.BinaryValue).toEqual(Buffer.from([1, 2, 255]));
    expect(sqs.seen.at(-1)).toMatchObject({
      account: '123456789012',
      region: 'eu-west-1',
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' }));
  });

  test('SQS: errors carry the shape, and the Query code of old', async () => {
    const error: any = await new SQSClient(config()).send(new GetQueueUrlCommand({ QueueName: 'q' })).catch((e) => e);
    expect(error).toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist.',
    });
    expect(error.$metadata).toMatchObject({ httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  test('SNS: Query/XML, with entries and members', async () => {
    const client = new SNSClient(config());
    const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:t';
    const MessageAttributes = { event_type: { DataType: 'String', StringValue: 'a+b &=%' } };
    expect((await client.send(new PublishCommand({ TopicArn, Message: 'hé\n', MessageAttributes }))).MessageId).toBe(
      'm-2',
    );
    expect(sns.input).toEqual({ TopicArn, Message: 'hé\n', MessageAttributes });
    const batch = await client.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: '1' },
          { Id: 'b', Message: '2' },
        ],
      }),
    );
    expect(batch).toMatchObject({ Successful: [{ Id: 'a', MessageId: 'm-3' }], Failed: [] });
    expect(sns.input.PublishBatchRequestEntries).toHaveLength(2);
    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([
      { TopicArn: 'arn:aws:sns:eu-west-1:123456789012:a&b' },
    ]);
  });

  test('DynamoDB: binary at any depth, cancellation reasons, awkward names', async () => {
    const client = new DynamoDBClient(config());
    const Item = { id: { S: 'x' }, ['__proto__']: { S: 'plain' }, m: { M: { b: { B: Buffer.from('hi') } } } };
    await client.send(new PutItemCommand({ TableName: 'orders', Item }));
    expect(Object.keys(dynamodb.input.Item)).toEqual(['id', '__proto__', 'm']);
    expect(dynamodb.input.Item.m.M.b.B).toEqual(Buffer.from('hi'));
    const { Item: got } = await client.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'x' } } }));
    expect(Buffer.from(got!.blob!.B!).toString()).toBe('hi');
    expect(Buffer.from(got!.m!.M!.deep!.BS![0]!).toString()).toBe('1');
    const TransactItems = [{ Put: { TableName: 'orders', Item: { id: { S: 'x' } } } }];
    const error: any = await client.send(new TransactWriteItemsCommand({ TransactItems })).catch((e) => e);
    expect(error.name).toBe('TransactionCanceledException');
    expect(Buffer.from(error.CancellationReasons[0].Item.b.B).toString()).toBe('old');
  });

  test('CloudWatch: JSON, dates both ways, gzipped bodies', async () => {
    const client = new CloudWatchClient(config());
    const Timestamp = new Date('2026-01-01T00:00:00.250Z');
    const MetricData = Array.from({ length: 200 }, (_, n) => ({
      MetricName: `m${n}-${'x'.repeat(50)}`,
      Value: 1.5,
      Timestamp,
    }));
    await client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
    expect(cloudwatch.input.MetricData).toHaveLength(200);
    expect(cloudwatch.input.MetricData[0].Timestamp).toBe(1767225600.25);
    const answer = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Shop',
        MetricName: 'm',
        StartTime: new Date(0),
        EndTime: Timestamp,
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    expect(answer.Datapoints).toEqual([
      { Timestamp: new Date(1767225600000), Sum: 1.5, ExtendedStatistics: { p95: 2 } },
    ]);
  });

  test('Logs: JSON 1.1', async () => {
    const client = new CloudWatchLogsClient(config());
    const { events } = await client.send(new GetLogEventsCommand({ logGroupName: 'g', logStreamName: 's' }));
    expect(events).toEqual([{ timestamp: 1767225600123, message: 'é', ingestionTime: 1767225600124 }]);
    const error: any = await client.send(new CreateLogGroupCommand({ logGroupName: 'g' })).catch((e) => e);
    expect(error.name).toBe('ResourceAlreadyExistsException');
  });

  test('S3: an object there and back, chunked with a trailing checksum', async () => {
    const client = new S3Client({ ...config(), forcePathStyle: true });
    const Key = 'receipts/a b+ü.json';
    await client.send(
      new PutObjectCommand({ Bucket: 'b', Key, Body: 'hello', Metadata: { Order: '1' }, ChecksumAlgorithm: 'CRC32' }),
    );
    expect(s3.input).toMatchObject({
      Bucket: 'b',
      Key,
      Body: Buffer.from('hello'),
      Metadata: { order: '1' },
      ChecksumCRC32: expect.stringMatching(/==$/),
    });
    const got = await client.send(new GetObjectCommand({ Bucket: 'b', Key }));
    expect(await got.Body!.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ETag: '"e"',
      LastModified: new Date(1767225600000),
      Metadata: { order: '1' },
      ContentLength: 5,
    });
  });

  test('S3: listings and errors, with and without a body', async () => {
    const client = new S3Client({ ...config(), forcePathStyle: true });
    const list = await client.send(new ListObjectsV2Command({ Bucket: 'b', MaxKeys: 5, Prefix: 'a/' }));
    expect(s3.input).toEqual({ Bucket: 'b', MaxKeys: 5, Prefix: 'a/' });
    expect(list.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['a&b', 1],
      ['c', 2],
    ]);
    expect(list).toMatchObject({ KeyCount: 2, IsTruncated: false, CommonPrefixes: [{ Prefix: 'p/' }] });
    const missing: any = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'none' })).catch((e) => e);
    expect(missing).toMatchObject({ name: 'NoSuchKey', Key: 'none', $metadata: { httpStatusCode: 404 } });
    const head: any = await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'missing' })).catch((e) => e);
    expect(head).toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
    expect((await client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'there' }))).ContentLength).toBe(5);
  });

  test('STS says whose world it is', async () => {
    const identity = await new STSClient(config()).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
      UserId: '123456789012',
    });
  });
});
