import { describe, expect, it } from 'vitest';
import { failure, queueWorld, START } from './queue-world.ts';

describe('dead-letter queue (SQS Developer Guide, Dead-letter queues)', () => {
  it('gets a message on the receive after maxReceiveCount, with id, count and time of sending', async () => {
    const world = queueWorld();
    const { source, deadLetter } = await world.createPair(3);
    const { MessageId } = await world.send(source, 'poison', {
      MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } },
    });
    for (let count = 1; count <= 3; count++) {
      expect(await world.bodies(source)).toEqual(['poison']);
      expect(await world.depths(deadLetter)).toEqual([0, 0, 0]);
      world.advance(30);
    }
    await world.send(source, 'next');
    expect(await world.bodies(source)).toEqual(['next']);
    expect(await world.depths(source)).toEqual([0, 1, 0]);
    const [dead] = await world.receive(deadLetter, { MessageAttributeNames: ['All'] });
    expect(dead).toMatchObject({
      MessageId,
      Body: 'poison',
      MessageAttributes: { k: { StringValue: 'v' } },
      Attributes: {
        ApproximateReceiveCount: '4',
        SentTimestamp: String(START),
        DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:source',
      },
    });
  });

  it('wakes those who wait for it', async () => {
    const world = queueWorld();
    const { source, deadLetter } = await world.createPair(1);
    await world.send(source, 'a');
    await world.receive(source, { VisibilityTimeout: 0 });
    const polling = world.bodies(deadLetter, { WaitTimeSeconds: 20 });
    expect(await world.receive(source)).toEqual([]);
    expect(await polling).toEqual(['a']);
  });

  it('keeps a message of a standard queue for what is left of its retention since it was sent', async () => {
    const world = queueWorld();
    const { source, deadLetter } = await world.createPair(1);
    const Attributes = { MessageRetentionPeriod: '100' };
    await world.call('SetQueueAttributes', { QueueUrl: deadLetter, Attributes });
    await world.send(source, 'a');
    await world.receive(source);
    world.advance(40);
    await world.receive(source);
    world.advance(59);
    expect(await world.depths(deadLetter)).toEqual([1, 0, 0]);
    world.advance(1);
    expect(await world.depths(deadLetter)).toEqual([0, 0, 0]);
  });

  it('of a FIFO queue counts retention anew, and takes the message id for deduplication', async () => {
    const world = queueWorld();
    const { source, deadLetter } = await world.createPair(1, '.fifo', { VisibilityTimeout: '40' });
    const Attributes = { MessageRetentionPeriod: '100' };
    await world.call('SetQueueAttributes', { QueueUrl: deadLetter, Attributes });
    const { MessageId } = await world.send(source, 'a', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await world.receive(source);
    world.advance(40);
    await world.receive(source);
    world.advance(99);
    const [dead] = await world.receive(deadLetter, { VisibilityTimeout: 0 });
    expect(dead!.Attributes).toMatchObject({ MessageDeduplicationId: MessageId, MessageGroupId: 'g' });
    world.advance(1);
    expect(await world.depths(deadLetter)).toEqual([0, 0, 0]);
  });

  it('that is gone keeps nothing from being delivered', async () => {
    const world = queueWorld();
    const { source, deadLetter } = await world.createPair(1);
    await world.send(source, 'a');
    await world.receive(source, { VisibilityTimeout: 0 });
    await world.call('DeleteQueue', { QueueUrl: deadLetter });
    expect(await world.bodies(source)).toEqual(['a']);
  });

  it('passes on along a chain, counting receives on each queue by itself', async () => {
    const world = queueWorld();
    const last = await world.create('last');
    const { source, deadLetter } = await world.createPair(1);
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:last',
      maxReceiveCount: 2,
    });
    await world.call('SetQueueAttributes', { QueueUrl: deadLetter, Attributes: { RedrivePolicy } });
    await world.send(source, 'a');
    const receiveNow = async (queue: string) => world.bodies(queue, { VisibilityTimeout: 0 });
    expect(await receiveNow(source)).toEqual(['a']);
    expect(await receiveNow(source)).toEqual([]);
    expect(await receiveNow(deadLetter)).toEqual(['a']);
    expect(await receiveNow(deadLetter)).toEqual(['a']);
    expect(await receiveNow(deadLetter)).toEqual([]);
    expect(await receiveNow(last)).toEqual(['a']);
  });

  it('may be the queue itself without an endless round', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:q',
      maxReceiveCount: 1,
    });
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { RedrivePolicy } });
    await world.send(queue, 'a');
    for (let round = 0; round < 3; round++) {
      expect(await world.bodies(queue, { VisibilityTimeout: 0 })).toEqual(['a']);
    }
  });
});

describe('RedrivePolicy', () => {
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const policy = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

  const refused: [given: unknown, reason: string][] = [
    ['{', 'Redrive policy is not a valid JSON map.'],
    ['[]', 'Redrive policy is not a valid JSON map.'],
    [{ maxReceiveCount: 1 }, 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'],
    [{ deadLetterTargetArn: arn('dead') }, 'Redrive policy does not contain mandatory attribute: maxReceiveCount.'],
    [{ deadLetterTargetArn: 'dummy', maxReceiveCount: 42 }, 'Invalid value for deadLetterTargetArn.'],
    [{ deadLetterTargetArn: arn('nowhere'), maxReceiveCount: 1 }, 'Dead letter target does not exist.'],
    [
      { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead', maxReceiveCount: 1 },
      'Dead letter target does not exist.',
    ],
    [
      { deadLetterTargetArn: arn('dead.fifo'), maxReceiveCount: 1 },
      'Dead-letter queue must be same type of queue as the source.',
    ],
    ...[0, 1001, 1.5, -1, '0', 'x', true].map((maxReceiveCount): [unknown, string] => [
      { deadLetterTargetArn: arn('dead'), maxReceiveCount },
      'valid values are from 1 to 1000 both inclusive.',
    ]),
  ];
  it.each(refused)('%j is refused', async (given, reason) => {
    const world = queueWorld();
    await world.create('dead');
    await world.createFifo('dead.fifo');
    const queue = await world.create('q');
    const RedrivePolicy = policy(given);
    const wanted = /^InvalidParameterValueException: Value .* for parameter RedrivePolicy is invalid. Reason: .*/;
    for (const call of [
      world.create('other', { RedrivePolicy }),
      world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { RedrivePolicy } }),
    ]) {
      const text = await failure(call);
      expect(text).toMatch(wanted);
      expect(text).toContain(reason);
    }
    expect(await world.attributes(queue, 'RedrivePolicy')).toEqual({});
    expect((await world.call('ListQueues', { QueueNamePrefix: 'other' })).QueueUrls).toBeUndefined();
  });

  it('takes a count given as text, and an empty policy takes it away', async () => {
    const world = queueWorld();
    await world.create('dead');
    const RedrivePolicy = policy({ deadLetterTargetArn: arn('dead'), maxReceiveCount: '1' });
    const queue = await world.create('q', { RedrivePolicy });
    expect(await world.attributes(queue, 'RedrivePolicy')).toEqual({ RedrivePolicy });
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { RedrivePolicy: '' } });
    expect(await world.attributes(queue, 'RedrivePolicy')).toEqual({});
  });

  it.each([
    [{ redrivePermission: 'allowAll' }, true],
    [{ redrivePermission: 'denyAll' }, false],
    [{ redrivePermission: 'byQueue', sourceQueueArns: [arn('q')] }, true],
    [{ redrivePermission: 'byQueue', sourceQueueArns: [arn('other')] }, false],
  ])('is subject to the RedriveAllowPolicy %j', async (allow, allowed) => {
    const world = queueWorld();
    await world.create('dead', { RedriveAllowPolicy: policy(allow) });
    const RedrivePolicy = policy({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 });
    if (allowed) await world.create('q', { RedrivePolicy });
    else expect(await failure(world.create('q', { RedrivePolicy }))).toMatch(/redrive allow policy/);
  });

  it.each([
    ['{'],
    ['[]'],
    [{}],
    [{ redrivePermission: 'some' }],
    [{ redrivePermission: 'byQueue' }],
    [{ redrivePermission: 'byQueue', sourceQueueArns: [] }],
    [{ redrivePermission: 'byQueue', sourceQueueArns: ['x'] }],
    [{ redrivePermission: 'byQueue', sourceQueueArns: Array.from({ length: 11 }, (_, n) => arn(`q${n}`)) }],
    [{ redrivePermission: 'allowAll', sourceQueueArns: [arn('q')] }],
  ])('the RedriveAllowPolicy %j is refused', async (given) => {
    const world = queueWorld();
    const text = await failure(world.create('dead', { RedriveAllowPolicy: policy(given) }));
    expect(text).toMatch(/^InvalidAttributeValue: Invalid value for the parameter RedriveAllowPolicy\. Reason: /);
  });
});

describe('ListDeadLetterSourceQueues', () => {
  it('lists the queues that name it, page by page', async () => {
    const world = queueWorld();
    const dead = await world.create('dead');
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      maxReceiveCount: 1,
    });
    const sources = [];
    for (const name of ['a', 'b', 'c']) sources.push(await world.create(name, { RedrivePolicy }));
    await world.create('apart');
    const list = (more: object = {}) => world.call('ListDeadLetterSourceQueues', { QueueUrl: dead, ...more });
    expect(await list()).toEqual({ queueUrls: sources, NextToken: undefined });
    const first = await list({ MaxResults: 2 });
    expect(first.queueUrls).toEqual(sources.slice(0, 2));
    expect(await list({ MaxResults: 2, NextToken: first.NextToken })).toEqual({
      queueUrls: sources.slice(2),
      NextToken: undefined,
    });
  });
});
