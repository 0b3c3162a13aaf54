import { describe, expect, it } from 'vitest';
import { failure, queueWorld, START } from './queue-world.ts';

const STANDARD = {
  QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q',
  ApproximateNumberOfMessages: '0',
  ApproximateNumberOfMessagesNotVisible: '0',
  ApproximateNumberOfMessagesDelayed: '0',
  CreatedTimestamp: String(START / 1000),
  LastModifiedTimestamp: String(START / 1000),
  VisibilityTimeout: '30',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
};

describe('GetQueueAttributes', () => {
  it('tells the defaults of a standard queue', async () => {
    const world = queueWorld();
    expect(await world.attributes(await world.create('q'), 'All')).toEqual(STANDARD);
  });

  it('tells those of a FIFO queue', async () => {
    const world = queueWorld();
    const queue = await world.create('q.fifo', { FifoQueue: 'true' });
    expect(await world.attributes(queue, 'All')).toEqual({
      ...STANDARD,
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q.fifo',
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
  });

  it('tells those asked for, and nothing when none is', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    expect(await world.attributes(queue, 'DelaySeconds', 'Policy')).toEqual({ DelaySeconds: '0' });
    expect(await world.call('GetQueueAttributes', { QueueUrl: queue })).toEqual({});
  });

  it.each(['Foo', '', 'all', '__proto__'])('refuses %j', async (name) => {
    const world = queueWorld();
    const queue = await world.create('q');
    expect(await failure(world.attributes(queue, 'QueueArn', name))).toBe(
      `InvalidAttributeName: Unknown Attribute ${name}.`,
    );
  });
});

describe('SetQueueAttributes', () => {
  it('changes what it names, and when the queue was modified', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { DelaySeconds: '5' });
    world.advance(10);
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { VisibilityTimeout: '0' } });
    expect(await world.attributes(queue, 'All')).toMatchObject({
      DelaySeconds: '5',
      VisibilityTimeout: '0',
      CreatedTimestamp: String(START / 1000),
      LastModifiedTimestamp: String(START / 1000 + 10),
    });
  });

  const INTEGERS: [name: string, least: number, greatest: number][] = [
    ['DelaySeconds', 0, 900],
    ['MaximumMessageSize', 1024, 1_048_576],
    ['MessageRetentionPeriod', 60, 1_209_600],
    ['ReceiveMessageWaitTimeSeconds', 0, 20],
    ['VisibilityTimeout', 0, 43_200],
    ['KmsDataKeyReusePeriodSeconds', 60, 86_400],
  ];
  it.each(INTEGERS)('takes %s from %d to %d', async (name, least, greatest) => {
    const world = queueWorld();
    const queue = await world.create('q');
    const set = (value: string) => world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { [name]: value } });
    for (const value of [least, greatest]) {
      await set(String(value));
      expect(await world.attributes(queue, name)).toEqual({ [name]: String(value) });
    }
    for (const value of [String(least - 1), String(greatest + 1), '', 'x', '1.5', ' 60', '1e2', '60\n']) {
      expect(await failure(set(value))).toBe(`InvalidAttributeValue: Invalid value for the parameter ${name}.`);
    }
    expect(await world.attributes(queue, name)).toEqual({ [name]: String(greatest) });
  });

  it.each([
    ['q', { FifoQueue: 'true' }, 'InvalidAttributeName: Unknown Attribute FifoQueue.'],
    ['q', { ContentBasedDeduplication: 'true' }, 'InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.'],
    [
      'q',
      { DeduplicationScope: 'queue' },
      'InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true.',
    ],
    [
      'q',
      { FifoThroughputLimit: 'perQueue' },
      'InvalidAttributeName: You can specify the FifoThroughputLimit only when FifoQueue is set to true.',
    ],
    [
      'q.fifo',
      { FifoQueue: 'false' },
      'InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    ],
    [
      'q.fifo',
      { DeduplicationScope: 'group' },
      'InvalidAttributeValue: Invalid value for the parameter DeduplicationScope.',
    ],
    [
      'q.fifo',
      { FifoThroughputLimit: 'perMessageGroupId' },
      'InvalidAttributeValue: Invalid value for the parameter FifoThroughputLimit. ' +
        'Reason: perMessageGroupId needs the DeduplicationScope messageGroup.',
    ],
    ...['QueueArn', 'ApproximateNumberOfMessages', 'CreatedTimestamp', 'All', 'Foo', 'constructor'].map(
      (name): [string, Record<string, string>, string] => [
        'q',
        { [name]: 'x' },
        `InvalidAttributeName: Unknown Attribute ${name}.`,
      ],
    ),
    [
      'q',
      { SqsManagedSseEnabled: 'yes' },
      'InvalidAttributeValue: Invalid value for the parameter SqsManagedSseEnabled.',
    ],
    ['q', { Policy: 'x' }, 'InvalidAttributeValue: Invalid value for the parameter Policy.'],
    ['q', { Policy: '{}' }, 'InvalidAttributeValue: Invalid value for the parameter Policy.'],
  ])('on %s refuses %j', async (name, attributes, message) => {
    const world = queueWorld();
    const QueueUrl = name === 'q' ? await world.create(name) : await world.createFifo(name);
    const Attributes = { VisibilityTimeout: '1', ...attributes };
    expect(await failure(world.call('SetQueueAttributes', { QueueUrl, Attributes }))).toBe(message);
    expect(await world.attributes(QueueUrl, 'VisibilityTimeout')).toEqual({ VisibilityTimeout: '30' });
  });

  it('lets a FIFO queue have high throughput', async () => {
    const world = queueWorld();
    const QueueUrl = await world.createFifo('q.fifo');
    const Attributes = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
    await world.call('SetQueueAttributes', { QueueUrl, Attributes: { ...Attributes, FifoQueue: 'true' } });
    expect(await world.attributes(QueueUrl, 'All')).toMatchObject(Attributes);
  });
});

describe('encryption (recorded from AWS)', () => {
  it('is one kind at a time', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    const names = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];
    const set = (Attributes: Record<string, string>) => world.call('SetQueueAttributes', { QueueUrl, Attributes });
    await set({ KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' });
    expect(await world.attributes(QueueUrl, ...names)).toEqual({
      KmsMasterKeyId: 'testKeyId',
      KmsDataKeyReusePeriodSeconds: '6000',
      SqsManagedSseEnabled: 'false',
    });
    expect(await failure(set({ KmsMasterKeyId: 'testKeyId', SqsManagedSseEnabled: 'true' }))).toBe(
      'InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time. ' +
        'You can either enable KMS SSE or SQS SSE.',
    );
    await set({ SqsManagedSseEnabled: 'true' });
    expect(await world.attributes(QueueUrl, 'KmsMasterKeyId', 'SqsManagedSseEnabled')).toEqual({
      SqsManagedSseEnabled: 'true',
    });
  });
});

// AWS takes `True`, as CloudFormation and boto3 users write it, and tells `true`.
describe('booleans', () => {
  it.each(['True', 'TRUE', 'tRuE'])('may be written %s, and are told in lower case', async (yes) => {
    const world = queueWorld();
    const more = { ContentBasedDeduplication: yes, SqsManagedSseEnabled: yes };
    const queue = await world.create('q.fifo', { FifoQueue: yes, ...more });
    expect(await world.attributes(queue, 'All')).toMatchObject({
      ...{ FifoQueue: 'true', ContentBasedDeduplication: 'true', SqsManagedSseEnabled: 'true' },
    });
    expect(await world.create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'TruE' })).toBe(queue);
    const Attributes = { ContentBasedDeduplication: 'False' };
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes });
    expect((await world.attributes(queue, 'All')).ContentBasedDeduplication).toBe('false');
  });
});

// The period is one of a KMS key (SQS API, SetQueueAttributes); LocalStack's AWS-validated test_sse_queue_attributes sets both.
it('a reuse period goes with the key that it is for', async () => {
  const world = queueWorld();
  const queue = await world.create('q', { KmsMasterKeyId: 'k', KmsDataKeyReusePeriodSeconds: '600' });
  expect(await world.attributes(queue, 'All')).toMatchObject({ KmsDataKeyReusePeriodSeconds: '600' });
  await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { KmsMasterKeyId: '' } });
  const attributes = await world.attributes(queue, 'All');
  expect(attributes).not.toHaveProperty('KmsMasterKeyId');
  expect(attributes).not.toHaveProperty('KmsDataKeyReusePeriodSeconds');
});
