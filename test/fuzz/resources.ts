import type { ServiceId } from '../../src/emulator/core/types.ts';
import { queueArn, queueUrl, topicArn } from './hints.ts';

export type Step = [service: ServiceId, operation: string, input: Record<string, unknown>];

const TABLE = {
  KeySchema: [
    { AttributeName: 'id', KeyType: 'HASH' },
    { AttributeName: 'n', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'n', AttributeType: 'N' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};
const BY_N = {
  IndexName: 'by-n',
  KeySchema: [{ AttributeName: 'n', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};
const ALARM = {
  Namespace: 'Fuzz',
  MetricName: 'Load',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  Statistic: 'Sum',
};

/** What the fuzzed requests find, by the names of hints.ts. */
export const WORLD: readonly Step[] = [
  ['sqs', 'CreateQueue', { QueueName: 'jobs-dlq' }],
  ['sqs', 'CreateQueue', { QueueName: 'jobs', Attributes: { RedrivePolicy: redrive('jobs-dlq') } }],
  [
    'sqs',
    'CreateQueue',
    { QueueName: 'orders.fifo', Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } },
  ],
  ['sqs', 'SendMessage', { QueueUrl: queueUrl('jobs'), MessageBody: 'hello' }],
  ['sns', 'CreateTopic', { Name: 'events' }],
  ['sns', 'CreateTopic', { Name: 'events.fifo', Attributes: { FifoTopic: 'true' } }],
  ['sns', 'Subscribe', { TopicArn: topicArn('events'), Protocol: 'sqs', Endpoint: queueArn('jobs') }],
  ['dynamodb', 'CreateTable', { TableName: 'items', ...TABLE, GlobalSecondaryIndexes: [BY_N] }],
  ['dynamodb', 'CreateTable', { TableName: 'wide', ...TABLE }],
  ['dynamodb', 'PutItem', { TableName: 'items', Item: { id: { S: 'v' }, n: { N: '1' }, l: { L: [] }, m: { M: {} } } }],
  ['s3', 'CreateBucket', { Bucket: 'fuzz-bucket' }],
  ['s3', 'CreateBucket', { Bucket: 'fuzz-other' }],
  ['s3', 'PutObject', { Bucket: 'fuzz-bucket', Key: 'a', Body: Buffer.from('hello') }],
  ['cloudwatch', 'PutMetricData', { Namespace: 'Fuzz', MetricData: [{ MetricName: 'Load', Value: 1 }] }],
  ['cloudwatch', 'PutMetricAlarm', { AlarmName: 'busy', ComparisonOperator: 'GreaterThanThreshold', ...ALARM }],
  ['logs', 'CreateLogGroup', { logGroupName: '/fuzz/app' }],
  ['logs', 'CreateLogStream', { logGroupName: '/fuzz/app', logStreamName: 'one' }],
  [
    'logs',
    'PutLogEvents',
    {
      ...{ logGroupName: '/fuzz/app', logStreamName: 'one' },
      logEvents: [{ timestamp: 1_767_225_600_000, message: '{"a":"x"}' }],
    },
  ],
];

export function redrive(deadLetterQueue: string): string {
  return JSON.stringify({ deadLetterTargetArn: queueArn(deadLetterQueue), maxReceiveCount: 3 });
}
