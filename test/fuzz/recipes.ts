import { createHash } from 'node:crypto';
import { ACCOUNT, queueArn, queueUrl, topicArn } from './hints.ts';
import { redrive, type Step, WORLD } from './resources.ts';

const KEY = { id: { S: 'v' }, n: { N: '1' } };
const NOW = 1_767_225_600;
const STREAM = { logGroupName: '/fuzz/app', logStreamName: 'one' };
const METRIC = { Namespace: 'Fuzz', MetricName: 'Load' };

// Names that begin with $ are taken from earlier answers.
const FILTER = { AttributeName: 'FilterPolicy', AttributeValue: '{"a":["b"]}' };
const UPLOAD = { Bucket: 'fuzz-bucket', Key: 'a', UploadId: '$UploadId' };
const PART = Buffer.from('part');
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

/** Sound inputs that chance would hardly put together: where what is spoiled lies deep inside. */
const INTRICATE: readonly Step[] = [
  ['sqs', 'CancelMessageMoveTask', { TaskHandle: '$TaskHandle' }],
  ['sns', 'Subscribe', { TopicArn: topicArn('events'), Protocol: 'sqs', Endpoint: queueArn('jobs-dlq') }],
  ['sns', 'SetSubscriptionAttributes', { SubscriptionArn: '$SubscriptionArn', ...FILTER }],
  ['sqs', 'SetQueueAttributes', { QueueUrl: queueUrl('jobs'), Attributes: { RedrivePolicy: redrive('jobs-dlq') } }],
  [
    'sqs',
    'SendMessage',
    { QueueUrl: queueUrl('orders.fifo'), MessageBody: 'b', MessageGroupId: 'g', MessageAttributes: attributes() },
  ],
  [
    'sqs',
    'SendMessageBatch',
    {
      QueueUrl: queueUrl('jobs'),
      Entries: [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'b', MessageBody: 'y' },
      ],
    },
  ],
  [
    'sqs',
    'ReceiveMessage',
    { QueueUrl: queueUrl('jobs'), AttributeNames: ['All'], MessageAttributeNames: ['All', 'k.*'] },
  ],
  [
    'sqs',
    'AddPermission',
    { QueueUrl: queueUrl('jobs'), Label: 'all', AWSAccountIds: [ACCOUNT], Actions: ['SendMessage'] },
  ],
  ['sqs', 'RemovePermission', { QueueUrl: queueUrl('jobs'), Label: 'all' }],
  ['sqs', 'StartMessageMoveTask', { SourceArn: queueArn('jobs-dlq'), MaxNumberOfMessagesPerSecond: 1 }],
  [
    'sns',
    'AddPermission',
    { TopicArn: topicArn('events'), Label: 'all', AWSAccountId: [ACCOUNT], ActionName: ['Publish'] },
  ],
  ['sns', 'Publish', { TopicArn: topicArn('events'), Message: '{"a":{"b":"c"}}', MessageAttributes: attributes() }],
  ['sns', 'PublishBatch', { TopicArn: topicArn('events'), PublishBatchRequestEntries: [{ Id: 'a', Message: 'x' }] }],
  [
    'sns',
    'SetTopicAttributes',
    { TopicArn: topicArn('events'), AttributeName: 'DisplayName', AttributeValue: 'Events' },
  ],
  [
    'dynamodb',
    'Query',
    {
      TableName: 'items',
      KeyConditionExpression: 'id = :v AND n >= :w',
      ExpressionAttributeValues: { ':v': { S: 'v' }, ':w': { N: '0' } },
    },
  ],
  [
    'dynamodb',
    'Query',
    {
      TableName: 'items',
      IndexName: 'by-n',
      KeyConditionExpression: 'n = :w',
      ExpressionAttributeValues: { ':w': { N: '1' } },
    },
  ],
  [
    'dynamodb',
    'UpdateItem',
    {
      TableName: 'items',
      Key: KEY,
      UpdateExpression: 'SET m.#a = :v, l = list_append(l, :l) ADD c :w REMOVE m.b[0]',
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':v': { S: 'v' }, ':w': { N: '1' }, ':l': { L: [{ S: 'x' }] } },
      ReturnValues: 'ALL_NEW',
    },
  ],
  [
    'dynamodb',
    'BatchWriteItem',
    { RequestItems: { items: [{ PutRequest: { Item: KEY } }, { DeleteRequest: { Key: { ...KEY, n: { N: '2' } } } }] } },
  ],
  [
    'dynamodb',
    'BatchGetItem',
    { RequestItems: { items: { Keys: [KEY] }, wide: { Keys: [KEY], ProjectionExpression: 'id' } } },
  ],
  [
    'dynamodb',
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { TableName: 'wide', Item: KEY } },
        { ConditionCheck: { TableName: 'items', Key: KEY, ConditionExpression: 'attribute_exists(id)' } },
      ],
    },
  ],
  ['dynamodb', 'TransactGetItems', { TransactItems: [{ Get: { TableName: 'items', Key: KEY } }] }],
  [
    'dynamodb',
    'UpdateTimeToLive',
    { TableName: 'wide', TimeToLiveSpecification: { AttributeName: 'n', Enabled: true } },
  ],
  [
    'dynamodb',
    'Scan',
    {
      TableName: 'items',
      Segment: 0,
      TotalSegments: 2,
      FilterExpression: 'size(id) > :w',
      ExpressionAttributeValues: { ':w': { N: '0' } },
    },
  ],
  ['s3', 'CopyObject', { Bucket: 'fuzz-other', Key: 'copy', CopySource: 'fuzz-bucket/a' }],
  ['s3', 'DeleteObjects', { Bucket: 'fuzz-other', Delete: { Objects: [{ Key: 'copy' }, { Key: 'none' }] } }],
  ['s3', 'CreateMultipartUpload', { Bucket: 'fuzz-bucket', Key: 'a' }],
  ['s3', 'UploadPart', { ...UPLOAD, PartNumber: 1, Body: PART }],
  ['s3', 'UploadPartCopy', { ...UPLOAD, PartNumber: 2, CopySource: 'fuzz-bucket/a', CopySourceRange: 'bytes=0-1' }],
  ['s3', 'CompleteMultipartUpload', { ...UPLOAD, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: md5(PART) }] } }],
  ['s3', 'PutObjectTagging', { Bucket: 'fuzz-bucket', Key: 'a', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }],
  ['s3', 'CreateBucket', { Bucket: 'fuzz-bucket-99' }],
  ['s3', 'DeleteBucket', { Bucket: 'fuzz-bucket-99' }],
  ['s3', 'ListObjectsV2', { Bucket: 'fuzz-bucket', Delimiter: '/', MaxKeys: 2 }],
  ['s3', 'PutBucketTagging', { Bucket: 'fuzz-bucket', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }],
  ['s3', 'ListParts', UPLOAD],
  ['s3', 'PostObject', { Bucket: 'fuzz-bucket', Key: 'by form', Body: PART }],
  [
    's3',
    'PutBucketEncryption',
    {
      Bucket: 'fuzz-other',
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    },
  ],
  [
    's3',
    'PutBucketNotificationConfiguration',
    {
      Bucket: 'fuzz-bucket',
      SkipDestinationValidation: true,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: queueArn('jobs'), Events: ['s3:ObjectCreated:*'] }],
        TopicConfigurations: [
          {
            TopicArn: topicArn('events'),
            Events: ['s3:ObjectRemoved:*'],
            Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'a' }] } },
          },
        ],
      },
    },
  ],
  ['s3', 'PutBucketPolicy', { Bucket: 'fuzz-other', Policy: bucketPolicy() }],
  [
    'cloudwatch',
    'PutMetricData',
    {
      Namespace: 'Fuzz',
      MetricData: [
        { MetricName: 'Load', Values: [1, 2], Counts: [3, 4], Dimensions: [{ Name: 'a', Value: 'b' }], Timestamp: NOW },
      ],
    },
  ],
  [
    'cloudwatch',
    'PutMetricData',
    {
      Namespace: 'Fuzz',
      MetricData: [
        { MetricName: 'Load', StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 }, Unit: 'Count' },
      ],
    },
  ],
  [
    'cloudwatch',
    'GetMetricStatistics',
    { ...METRIC, StartTime: NOW - 3600, EndTime: NOW + 60, Period: 60, Statistics: ['Sum', 'Average'] },
  ],
  [
    'cloudwatch',
    'GetMetricStatistics',
    { ...METRIC, StartTime: NOW - 3600, EndTime: NOW + 60, Period: 60, ExtendedStatistics: ['p99', 'tm90'] },
  ],
  [
    'cloudwatch',
    'GetMetricData',
    {
      StartTime: NOW - 3600,
      EndTime: NOW + 60,
      MetricDataQueries: [{ Id: 'a', MetricStat: { Metric: METRIC, Period: 60, Stat: 'p90' } }],
    },
  ],
  ['logs', 'FilterLogEvents', { logGroupName: '/fuzz/app', filterPattern: '{ ($.a = "x") || ($.b.c[0] > 1) }' }],
  ['logs', 'FilterLogEvents', { logGroupName: '/fuzz/app', filterPattern: '[ip, user != "x", code = 4*, ...]' }],
  ['logs', 'TestMetricFilter', { filterPattern: '%E(r|R)+[0-9]{2}%', logEventMessages: ['ERR12', 'x'.repeat(500)] }],
  [
    'logs',
    'PutLogEvents',
    {
      ...STREAM,
      logEvents: [
        { timestamp: NOW * 1000, message: 'a' },
        { timestamp: 1, message: 'b' },
      ],
    },
  ],
];

function attributes() {
  return { k: { DataType: 'String', StringValue: 'v' }, n: { DataType: 'Number', StringValue: '1' } };
}

function bucketPolicy(): string {
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::fuzz-other/*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** What makes the world also brings back what the fuzzing has deleted. */
export const RECIPES: readonly Step[] = [...WORLD, ...INTRICATE];
