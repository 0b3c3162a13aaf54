import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../../src/emulator/core/engine.ts';
import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { addFault, installFaults } from '../../../src/emulator/faults/source.ts';
import { DataDirectory } from '../../../src/emulator/persistence/data-directory.ts';
import { allServices } from '../../../src/emulator/services.ts';
import { asAfterKill, temporaryDirectory } from './directory.ts';

const START = Date.UTC(2026, 0, 1);
const QUEUES = ['a', 'b', 'c.fifo'];

type Call = [service: ServiceId, operation: string, input: object];
type Step = { call: Call } | { pass: number } | { tick: true } | { fault: string };

const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }] });
const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

const SETUP: Call[] = [
  ['sqs', 'CreateQueue', { QueueName: 'dlq' }],
  [
    'sqs',
    'CreateQueue',
    {
      QueueName: 'a',
      Attributes: {
        Policy: policy,
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 2 }),
      },
    },
  ],
  ['sqs', 'CreateQueue', { QueueName: 'b', Attributes: { Policy: policy, MessageRetentionPeriod: '60' } }],
  ['sqs', 'CreateQueue', { QueueName: 'c.fifo', Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } }],
  ['sns', 'CreateTopic', { Name: 't' }],
  ...['a', 'b'].map(
    (queue): Call => [
      'sns',
      'Subscribe',
      { TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Protocol: 'sqs', Endpoint: arnOf(queue) },
    ],
  ),
  ['s3', 'CreateBucket', { Bucket: 'bucket' }],
  [
    's3',
    'PutBucketNotificationConfiguration',
    {
      Bucket: 'bucket',
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: arnOf('a'), Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] }],
      },
    },
  ],
  ['logs', 'CreateLogGroup', { logGroupName: 'g' }],
  [
    'dynamodb',
    'CreateTable',
    {
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
    },
  ],
  [
    'dynamodb',
    'UpdateTimeToLive',
    { TableName: 'table', TimeToLiveSpecification: { Enabled: true, AttributeName: 'ttl' } },
  ],
  [
    'cloudwatch',
    'PutMetricAlarm',
    {
      AlarmName: 'alarm',
      Namespace: 'n',
      MetricName: 'm',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: ['arn:aws:sns:us-east-1:000000000000:t'],
    },
  ],
  ['logs', 'CreateLogStream', { logGroupName: 'g', logStreamName: 's' }],
];

const queue = fc.constantFrom(...QUEUES);
const text = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' });

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(queue, text, fc.constantFrom(undefined, 0, 5)).map(([name, MessageBody, DelaySeconds]): Call => {
    const fifo = name.endsWith('.fifo');
    return [
      'sqs',
      'SendMessage',
      { QueueUrl: name, MessageBody, ...(fifo ? { MessageGroupId: 'g' } : { DelaySeconds }) },
    ];
  }),
  fc
    .tuple(queue, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 10 }))
    .map(([QueueUrl, VisibilityTimeout, MaxNumberOfMessages]): Call => {
      return ['sqs', 'ReceiveMessage', { QueueUrl, VisibilityTimeout, MaxNumberOfMessages }];
    }),
  queue.map((QueueUrl): Call => ['sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }]),
  queue.map((QueueUrl): Call => ['sqs', 'PurgeQueue', { QueueUrl }]),
  queue.map((QueueUrl): Call => ['sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }]),
  text.map((Message): Call => ['sns', 'Publish', { TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Message }]),
  fc.constant<Call>(['sns', 'Publish', { TopicArn: 'arn:aws:sns:us-east-1:000000000000:missing', Message: 'x' }]),
  fc.tuple(text, fc.uint8Array({ maxLength: 20 })).map(([Key, bytes]): Call => {
    return ['s3', 'PutObject', { Bucket: 'bucket', Key, Body: Buffer.from(bytes) }];
  }),
  fc.tuple(text, fc.integer({ min: 0, max: 60 })).map(([k, seconds]): Call => {
    return [
      'dynamodb',
      'PutItem',
      { TableName: 'table', Item: { k: { S: k }, ttl: { N: String(START / 1000 + seconds) } } },
    ];
  }),
  text.map((k): Call => {
    const update = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    return ['dynamodb', 'UpdateItem', { TableName: 'table', Key: { k: { S: k } }, ...update }];
  }),
  text.map((k): Call => {
    const Put = { TableName: 'table', Item: { k: { S: k } }, ConditionExpression: 'attribute_not_exists(k)' };
    return ['dynamodb', 'TransactWriteItems', { ClientRequestToken: k.padEnd(4, '-'), TransactItems: [{ Put }] }];
  }),
  fc.integer({ min: 0, max: 3 }).map((Value): Call => {
    return ['cloudwatch', 'PutMetricData', { Namespace: 'n', MetricData: [{ MetricName: 'm', Value, Unit: 'None' }] }];
  }),
  text.map((Key): Call => ['s3', 'DeleteObject', { Bucket: 'bucket', Key }]),
  text.map(
    (message): Call => [
      'logs',
      'PutLogEvents',
      { logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: START, message }] },
    ],
  ),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: call.map((made) => ({ call: made })) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 30_000 }).map((pass) => ({ pass })) },
  { weight: 1, arbitrary: fc.constant<Step>({ tick: true }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        'sqs duplicate 30%',
        'sqs reorder 50%',
        'sqs:SendMessage throttle 1',
        'sns:Publish error X after 20%',
      )
      .map((fault) => ({ fault })),
  },
);

function engineAt(now: () => number): Engine {
  const engine = new Engine({ services: allServices, host: { now, after: () => () => {} }, seed: 3 });
  installFaults(engine);
  return engine;
}

describe('repeating a journal', () => {
  it('gives the same state again, whatever was done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        let now = START;
        const directory = temporaryDirectory();
        const engine = engineAt(() => now);
        const data = new DataDirectory(engine, directory, { compactAt: 3000 });
        for (const made of [...SETUP.map((one): Step => ({ call: one })), ...steps]) {
          if ('pass' in made) now += made.pass;
          else if ('tick' in made) engine.settle();
          else if ('fault' in made) addFault(engine, made.fault);
          else {
            const [service, operation, input] = made.call;
            // Not awaited: some wait for messages that never come.
            void engine
              .call({ account: '000000000000', region: 'us-east-1', service, operation, input })
              .catch(() => {});
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
        engine.settle();
        const again = engineAt(() => now);
        const copy = new DataDirectory(again, asAfterKill(directory));
        again.settle();
        expect(again.state).toEqual(engine.state);
        copy.close();
        data.close();
      }),
      { numRuns: 60 },
    );
  });
});
