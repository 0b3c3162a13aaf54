/** What a person or a role may be trusted with: to make, change and remove the stack, or to work with it. */
export const PARTS = ['provision', 'run'] as const;
export type Part = (typeof PARTS)[number];

/** What an action is allowed on. */
export type Scope =
  | 'topic'
  | 'subscriptions'
  | 'queues'
  | 'tables'
  | 'bucket'
  | 'objects'
  | 'log_group'
  | 'log_groups'
  | 'namespace'
  | 'metrics';

export interface Permission {
  service: string;
  /** As the SDK calls it. */
  operation: string;
  /** As IAM calls what AWS checks for it (Service Authorization Reference). */
  actions: readonly string[];
  scope: Scope;
  parts: readonly Part[];
}

type Row = readonly [operation: string, parts: readonly Part[], scope: Scope, actions?: readonly string[]];

const MAKE: readonly Part[] = ['provision'];
const WORK: readonly Part[] = ['run'];
const BOTH: readonly Part[] = PARTS;

/** Every operation that the program calls on AWS. A test compares it with what is really called. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  sns: [
    ['CreateTopic', MAKE, 'topic', ['CreateTopic', 'TagResource']],
    ['DeleteTopic', MAKE, 'topic'],
    ['GetTopicAttributes', MAKE, 'topic'],
    ['SetTopicAttributes', MAKE, 'topic'],
    ['TagResource', MAKE, 'topic'],
    ['ListTagsForResource', BOTH, 'topic'],
    ['ListSubscriptionsByTopic', MAKE, 'topic'],
    ['Subscribe', MAKE, 'topic'],
    ['Unsubscribe', MAKE, 'subscriptions'],
    ['GetSubscriptionAttributes', MAKE, 'subscriptions'],
    ['SetSubscriptionAttributes', MAKE, 'subscriptions'],
    ['PublishBatch', WORK, 'topic', ['Publish']],
  ],
  sqs: [
    ['CreateQueue', MAKE, 'queues', ['CreateQueue', 'TagQueue']],
    ['DeleteQueue', MAKE, 'queues'],
    ['SetQueueAttributes', MAKE, 'queues'],
    ['TagQueue', MAKE, 'queues'],
    ['ListQueueTags', BOTH, 'queues'],
    ['GetQueueUrl', BOTH, 'queues'],
    ['GetQueueAttributes', BOTH, 'queues'],
    ['ReceiveMessage', WORK, 'queues'],
    ['SendMessageBatch', WORK, 'queues', ['SendMessage']],
    ['DeleteMessageBatch', WORK, 'queues', ['DeleteMessage']],
    ['ChangeMessageVisibilityBatch', WORK, 'queues', ['ChangeMessageVisibility']],
    ['PurgeQueue', WORK, 'queues'],
    // SQS Developer Guide, Dead-letter queue redrive: moving takes what receiving, deleting and sending take.
    [
      'StartMessageMoveTask',
      WORK,
      'queues',
      ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'SendMessage'],
    ],
    ['ListMessageMoveTasks', WORK, 'queues'],
    ['CancelMessageMoveTask', WORK, 'queues'],
  ],
  dynamodb: [
    ['CreateTable', MAKE, 'tables', ['CreateTable', 'TagResource']],
    ['DescribeTable', MAKE, 'tables'],
    ['UpdateTable', MAKE, 'tables'],
    ['DeleteTable', MAKE, 'tables'],
    ['TagResource', MAKE, 'tables'],
    ['ListTagsOfResource', MAKE, 'tables'],
    ['GetItem', WORK, 'tables'],
    ['BatchGetItem', BOTH, 'tables'],
    ['PutItem', BOTH, 'tables'],
    ['BatchWriteItem', WORK, 'tables'],
    ['TransactWriteItems', WORK, 'tables', ['PutItem', 'UpdateItem', 'ConditionCheckItem']],
    ['Query', WORK, 'tables'],
    ['Scan', WORK, 'tables'],
  ],
  s3: [
    ['CreateBucket', MAKE, 'bucket'],
    ['DeleteBucket', MAKE, 'bucket'],
    ['HeadBucket', MAKE, 'bucket', ['ListBucket']],
    ['ListObjectsV2', BOTH, 'bucket', ['ListBucket']],
    ['GetBucketTagging', MAKE, 'bucket'],
    ['PutBucketTagging', MAKE, 'bucket'],
    ['GetBucketEncryption', MAKE, 'bucket', ['GetEncryptionConfiguration']],
    ['PutBucketEncryption', MAKE, 'bucket', ['PutEncryptionConfiguration']],
    ['GetPublicAccessBlock', MAKE, 'bucket', ['GetBucketPublicAccessBlock']],
    ['PutPublicAccessBlock', MAKE, 'bucket', ['PutBucketPublicAccessBlock']],
    ['GetBucketPolicy', MAKE, 'bucket'],
    ['PutBucketPolicy', MAKE, 'bucket'],
    ['GetObject', WORK, 'objects'],
    ['PutObject', WORK, 'objects'],
    ['DeleteObjects', BOTH, 'objects', ['DeleteObject']],
  ],
  cloudwatch: [
    ['PutMetricData', WORK, 'namespace'],
    ['GetMetricStatistics', WORK, 'metrics'],
  ],
  logs: [
    ['CreateLogGroup', MAKE, 'log_group', ['CreateLogGroup', 'TagResource']],
    ['DeleteLogGroup', MAKE, 'log_group'],
    ['PutRetentionPolicy', MAKE, 'log_group'],
    ['TagResource', MAKE, 'log_group'],
    ['ListTagsForResource', MAKE, 'log_group'],
    ['DescribeLogGroups', MAKE, 'log_groups'],
    ['DescribeLogStreams', MAKE, 'log_group'],
    ['CreateLogStream', MAKE, 'log_group'],
    ['DeleteLogStream', MAKE, 'log_group'],
    ['PutLogEvents', WORK, 'log_group'],
    ['FilterLogEvents', WORK, 'log_group'],
  ],
};

export const PERMISSIONS: readonly Permission[] = Object.entries(ROWS).flatMap(([service, rows]) =>
  rows.map(([operation, parts, scope, actions = [operation]]) => ({
    ...{ service, operation, scope, parts },
    actions: actions.map((action) => `${service}:${action}`),
  })),
);
