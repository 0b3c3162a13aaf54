import { deserialize, serialize } from 'node:v8';
import { describe, expect, it, test } from 'vitest';
import { Engine } from '../../../src/emulator/core/engine.ts';
import type { AwsError } from '../../../src/emulator/core/errors.ts';
import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { s3 } from '../../../src/emulator/s3/index.ts';
import { sns } from '../../../src/emulator/sns/index.ts';
import { sqs } from '../../../src/emulator/sqs/index.ts';
import { ACCOUNT, START } from './engine.ts';

const Bucket = 'shop';
const QueueArn = `arn:aws:sqs:us-east-1:${ACCOUNT}:uploads`;
const TopicArn = `arn:aws:sns:us-east-1:${ACCOUNT}:uploads`;

/** What S3 needs to be allowed (S3 User Guide, Granting permissions to publish event notification messages). */
const policyFor = (Action: string, Resource: string, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action,
        Resource,
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:s3:*:*:${Bucket}` },
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
        },
        ...more,
      },
    ],
  });

function world() {
  const engine = new Engine({
    services: [s3, sqs, sns],
    host: { now: () => START, after: () => () => {} },
    seed: 1,
    frozenAt: START,
  });
  const ask = (service: ServiceId, operation: string, input: object): Promise<any> =>
    engine.call({ service, operation, input, account: ACCOUNT, region: 'us-east-1' });
  const call = (operation: string, input: object = {}) => ask('s3', operation, { Bucket, ...input });
  const configure = (NotificationConfiguration: object, more: object = {}) =>
    call('PutBucketNotificationConfiguration', { NotificationConfiguration, ...more });
  const refused = async (NotificationConfiguration: object, more: object = {}): Promise<AwsError> =>
    configure(NotificationConfiguration, more).then(
      () => expect.unreachable('was configured'),
      (error) => error,
    );
  /** Everything in the queue, parsed, oldest first. */
  const received = async () => {
    const bodies: any[] = [];
    for (;;) {
      const { Messages = [] } = await ask('sqs', 'ReceiveMessage', { QueueUrl: 'uploads', MaxNumberOfMessages: 10 });
      if (Messages.length === 0) return bodies;
      for (const { Body } of Messages) bodies.push(JSON.parse(Body));
    }
  };
  return { engine, ask, call, configure, refused, received };
}

async function withQueue() {
  const made = world();
  await made.call('CreateBucket');
  const Attributes = { Policy: policyFor('sqs:SendMessage', QueueArn) };
  await made.ask('sqs', 'CreateQueue', { QueueName: 'uploads', Attributes });
  return made;
}

const queueRule = (Events: string[], rules?: [string, string][], Id = 'one') => ({
  Id,
  QueueArn,
  Events,
  ...(rules && { Filter: { Key: { FilterRules: rules.map(([Name, Value]) => ({ Name, Value })) } } }),
});
const put = (Key: string, Body = 'something') => ({ Key, Body: Buffer.from(Body) });

// S3 User Guide, Event message structure; LocalStack, test_s3_notifications_sqs.snapshot.json, recorded on AWS.
describe('notifications to a queue', () => {
  it('begin with a test message', async () => {
    const { configure, received } = await withQueue();
    await configure({ QueueConfigurations: [queueRule(['s3:ObjectCreated:*'])] });
    expect(await received()).toEqual([
      {
        Service: 'Amazon S3',
        Event: 's3:TestEvent',
        Time: '2026-01-01T00:00:00.000Z',
        Bucket,
        RequestId: expect.stringMatching(/^[0-9A-F]{16}$/),
        HostId: expect.any(String),
      },
    ]);
  });

  it('have the record that AWS documents', async () => {
    const { configure, call, received } = await withQueue();
    await configure({ QueueConfigurations: [queueRule(['s3:ObjectCreated:*'])] });
    await call('PutObject', put('a@b/ü x'));
    const [, message] = await received();
    expect(message).toEqual({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'us-east-1',
          eventTime: '2026-01-01T00:00:00.000Z',
          eventName: 'ObjectCreated:Put',
          userIdentity: { principalId: expect.stringMatching(/^AWS:A[0-9A-F]{13}$/) },
          requestParameters: { sourceIPAddress: '127.0.0.1' },
          responseElements: {
            'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
            'x-amz-id-2': expect.any(String),
          },
          s3: {
            s3SchemaVersion: '1.0',
            configurationId: 'one',
            bucket: {
              name: Bucket,
              ownerIdentity: { principalId: expect.stringMatching(/^A[0-9A-F]{13}$/) },
              arn: `arn:aws:s3:::${Bucket}`,
            },
            object: {
              key: 'a%40b/%C3%BC+x',
              size: 9,
              eTag: '437b930db84b8079c2dd804a71936b5f',
              sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
            },
          },
        },
      ],
    });
  });

  it('tell every way in which objects come and go, in order', async () => {
    const { configure, call, received } = await withQueue();
    const Events = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*'];
    await configure({ QueueConfigurations: [queueRule(Events)] });
    await call('PutObject', put('a'));
    await call('CopyObject', { Key: 'b', CopySource: `${Bucket}/a` });
    const { UploadId } = await call('CreateMultipartUpload', { Key: 'c' });
    const { ETag } = await call('UploadPart', { ...put('c'), UploadId, PartNumber: 1 });
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await call('CompleteMultipartUpload', { Key: 'c', UploadId, MultipartUpload });
    await call('PostObject', { ...put('d'), $form: [] });
    await call('PutObjectTagging', { Key: 'a', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } });
    await call('DeleteObjectTagging', { Key: 'a' });
    await call('DeleteObject', { Key: 'a' });
    // "delete_objects behaves like it deletes non-existing objects as well -> also events are triggered"
    await call('DeleteObjects', { Delete: { Objects: [{ Key: 'b' }, { Key: 'never there' }] } });
    const records = (await received()).slice(1).map(({ Records }) => Records[0]);
    expect(records.map((record) => [record.eventName, record.eventVersion, record.s3.object.key])).toEqual([
      ['ObjectCreated:Put', '2.1', 'a'],
      ['ObjectCreated:Copy', '2.1', 'b'],
      ['ObjectCreated:CompleteMultipartUpload', '2.1', 'c'],
      ['ObjectCreated:Post', '2.1', 'd'],
      ['ObjectTagging:Put', '2.3', 'a'],
      ['ObjectTagging:Delete', '2.3', 'a'],
      ['ObjectRemoved:Delete', '2.1', 'a'],
      ['ObjectRemoved:Delete', '2.1', 'b'],
      ['ObjectRemoved:Delete', '2.1', 'never+there'],
    ]);
    expect(Object.keys(records[4].s3.object)).toEqual(['key', 'eTag']);
    expect(Object.keys(records[6].s3.object)).toEqual(['key', 'sequencer']);
    const sequencers = records.map((record) => record.s3.object.sequencer).filter(Boolean);
    expect(sequencers).toEqual([...new Set(sequencers)].sort());
  });

  it('go by event, prefix and suffix', async () => {
    const { configure, call, received } = await withQueue();
    const filter: [string, string][] = [
      ['suffix', '.jpg'],
      ['PREFIX', 'in/'],
    ];
    await configure({ QueueConfigurations: [queueRule(['s3:ObjectCreated:Put'], filter)] });
    for (const key of ['in/a.jpg', 'in/a.png', 'out/a.jpg']) await call('PutObject', put(key));
    await call('CopyObject', { Key: 'in/b.jpg', CopySource: `${Bucket}/in/a.jpg` });
    const events = (await received()).slice(1);
    expect(events.map(({ Records }) => Records[0].s3.object.key)).toEqual(['in/a.jpg']);
  });

  it('are lost when the queue is gone, and the call succeeds', async () => {
    const { ask, configure, call } = await withQueue();
    await configure({ QueueConfigurations: [queueRule(['s3:ObjectCreated:*'])] });
    await ask('sqs', 'DeleteQueue', { QueueUrl: 'uploads' });
    await call('PutObject', put('a'));
    expect((await call('GetObject', { Key: 'a' })).ContentLength).toBe(9);
  });
});

describe('the configuration', () => {
  it('is given back, replaced as a whole and kept in snapshots', async () => {
    const { engine, configure, call, received } = await withQueue();
    expect(await call('GetBucketNotificationConfiguration')).toEqual({});
    const filter: [string, string][] = [['Prefix', 'in/']];
    await configure({ QueueConfigurations: [queueRule(['s3:ObjectCreated:*'], filter)] });
    const kept = deserialize(serialize(engine.state));
    expect(await call('GetBucketNotificationConfiguration')).toEqual({
      QueueConfigurations: [queueRule(['s3:ObjectCreated:*'], filter)],
    });
    await configure({});
    expect(await call('GetBucketNotificationConfiguration')).toEqual({});
    engine.restore(kept);
    await received();
    await call('PutObject', put('in/a'));
    expect(await received()).toHaveLength(1);
  });

  it('gets ids from the generator', async () => {
    const { configure, call } = await withQueue();
    await configure({ QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }] });
    const { QueueConfigurations } = await call('GetBucketNotificationConfiguration');
    expect(QueueConfigurations[0].Id).toMatch(/^[0-9a-f-]{36}$/);
  });

  // LocalStack, test_s3_notifications_sqs.py: test_invalid_sqs_arn, test_multiple_invalid_sqs_arns,
  // test_bucket_notification_with_invalid_filter_rules; S3 User Guide, Examples of invalid notification configurations.
  test.each<[string, object, string, object]>([
    [
      'no ARN',
      { QueueArn: 'invalid' },
      'The ARN could not be parsed',
      { ArgumentName: 'Queue', ArgumentValue: 'invalid' },
    ],
    ['a FIFO queue', { QueueArn: `${QueueArn}.fifo` }, 'FIFO SQS queues are not supported.', {}],
    [
      'a queue elsewhere',
      { QueueArn: QueueArn.replace('us-east-1', 'eu-west-1') },
      'The notification destination service region is not valid for the bucket location constraint',
      {},
    ],
    [
      'an event that there is not',
      { Events: ['s3:Nonsense'] },
      "The event 's3:Nonsense' is not supported for notifications",
      {},
    ],
    [
      'another filter',
      { Filter: { Key: { FilterRules: [{ Name: 'INVALID', Value: 'x' }] } } },
      'filter rule name must be either prefix or suffix',
      { ArgumentName: 'FilterRule.Name', ArgumentValue: 'INVALID' },
    ],
    [
      'two prefixes',
      {
        Filter: {
          Key: {
            FilterRules: [
              { Name: 'prefix', Value: 'a' },
              { Name: 'Prefix', Value: 'b' },
            ],
          },
        },
      },
      'Cannot specify more than one prefix rule in a filter.',
      {},
    ],
  ])('%s is refused', async (_, change, message, fields) => {
    const { refused } = await withQueue();
    const QueueConfigurations = [{ ...queueRule(['s3:ObjectCreated:*']), ...change }];
    const error = await refused({ QueueConfigurations }, { SkipDestinationValidation: true });
    expect([error.code, error.status, error.message]).toEqual(['InvalidArgument', 400, message]);
    expect(error.fields).toMatchObject(fields);
  });

  it('needs queues that there are, and that let S3 send', async () => {
    const { ask, refused, configure } = await withQueue();
    const missing = [`${QueueArn}-1`, `${QueueArn}-2`].map((arn, index) => ({
      ...queueRule([index === 0 ? 's3:ObjectCreated:*' : 's3:ObjectRemoved:*'], undefined, arn),
      QueueArn: arn,
    }));
    const error = await refused({ QueueConfigurations: missing });
    expect(error.message).toBe('Unable to validate the following destination configurations');
    expect(error.fields).toEqual({
      ArgumentName1: `${QueueArn}-1`,
      ArgumentValue1: 'The destination queue does not exist',
      ArgumentName2: `${QueueArn}-2`,
      ArgumentValue2: 'The destination queue does not exist',
    });
    await configure({ QueueConfigurations: missing }, { SkipDestinationValidation: true });
    const Policy = policyFor('sqs:SendMessage', QueueArn, {
      Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
    });
    await ask('sqs', 'SetQueueAttributes', { QueueUrl: 'uploads', Attributes: { Policy } });
    const denied = await refused({ QueueConfigurations: [queueRule(['s3:ObjectCreated:*'])] });
    expect(denied.fields).toEqual({
      ArgumentName1: QueueArn,
      ArgumentValue1: 'Permissions on the destination queue do not allow S3 to publish notifications from this bucket',
    });
  });

  test.each<[string, [string[], [string, string][]?][], boolean]>([
    ['the same event', [[['s3:ObjectCreated:*']], [['s3:ObjectCreated:Put']]], false],
    ['two kinds', [[['s3:ObjectCreated:*']], [['s3:ObjectRemoved:*']]], true],
    [
      'a prefix in a prefix',
      [
        [['s3:ObjectCreated:*'], [['prefix', 'a']]],
        [['s3:ObjectCreated:*'], [['prefix', 'ab']]],
      ],
      false,
    ],
    [
      'two prefixes',
      [
        [['s3:ObjectCreated:*'], [['prefix', 'a']]],
        [['s3:ObjectCreated:*'], [['prefix', 'b']]],
      ],
      true,
    ],
    [
      'two suffixes',
      [
        [['s3:ObjectCreated:*'], [['suffix', '.a']]],
        [['s3:ObjectCreated:*'], [['suffix', '.b']]],
      ],
      true,
    ],
    [
      'a prefix and a suffix',
      [
        [['s3:ObjectCreated:*'], [['prefix', 'a']]],
        [['s3:ObjectCreated:*'], [['suffix', '.b']]],
      ],
      false,
    ],
  ])('%s: two rules that may be about one event are refused', async (_, rules, together) => {
    const { refused, configure } = await withQueue();
    const QueueConfigurations = rules.map(([events, filter], index) => queueRule(events, filter, `id${index}`));
    if (together) return void (await configure({ QueueConfigurations }));
    expect((await refused({ QueueConfigurations })).message).toBe(
      'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
    );
  });

  test.each<[string, object]>([
    ['Lambda', { LambdaFunctionConfigurations: [{}] }],
    ['EventBridge', { EventBridgeConfiguration: {} }],
    ['events of lifecycle rules', { QueueConfigurations: [queueRule(['s3:LifecycleExpiration:*'])] }],
  ])('%s is not there', async (_, configuration) => {
    const { refused } = await withQueue();
    expect((await refused(configuration)).code).toBe('NotImplemented');
  });
});

// LocalStack, test_s3_notifications_sns.snapshot.json, recorded on AWS.
describe('notifications to a topic', () => {
  const rule = { TopicConfigurations: [{ Id: 'one', TopicArn, Events: ['s3:ObjectCreated:*'] }] };

  it('come with their subject', async () => {
    const { ask, configure, call, received } = await withQueue();
    await ask('sns', 'CreateTopic', { Name: 'uploads', Attributes: { Policy: policyFor('SNS:Publish', TopicArn) } });
    const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: QueueArn };
    const Policy = JSON.stringify({ Statement: [statement] });
    await ask('sqs', 'SetQueueAttributes', { QueueUrl: 'uploads', Attributes: { Policy } });
    await ask('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QueueArn });
    await configure(rule);
    await call('PutObject', put('a'));
    const [first, second] = await received();
    expect(JSON.parse(first.Message).Event).toBe('s3:TestEvent');
    expect([second.Subject, second.TopicArn]).toEqual(['Amazon S3 Notification', TopicArn]);
    expect(JSON.parse(second.Message).Records[0].eventName).toBe('ObjectCreated:Put');
  });

  it('need a policy that lets S3 publish', async () => {
    const { ask, refused } = await withQueue();
    expect((await refused(rule)).fields).toMatchObject({ ArgumentValue1: 'The destination topic does not exist' });
    await ask('sns', 'CreateTopic', { Name: 'uploads' });
    expect((await refused(rule)).fields).toMatchObject({
      ArgumentName1: TopicArn,
      ArgumentValue1: 'Permissions on the destination topic do not allow S3 to publish notifications from this bucket',
    });
  });
});
