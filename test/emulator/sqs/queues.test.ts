import { describe, expect, it } from 'vitest';
import { failure, queueWorld } from './queue-world.ts';

// SQS API Reference, CreateQueue.
describe('CreateQueue', () => {
  it.each([
    ['q', {}],
    ['A_b-9', {}],
    ['x'.repeat(80), {}],
    ['q.fifo', { FifoQueue: 'true' }],
    [`${'x'.repeat(75)}.fifo`, { FifoQueue: 'true' }],
    ['__proto__', {}],
  ])('makes %s', async (name, attributes) => {
    const world = queueWorld();
    const url = await world.create(name, attributes as Record<string, string>);
    expect(url).toBe(`http://127.0.0.1:4566/000000000000/${name}`);
    expect(await world.call('GetQueueUrl', { QueueName: name })).toEqual({ QueueUrl: url });
  });

  const plain = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
  const fifo =
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, ' +
    'must end with .fifo suffix and be 1 to 80 in length.';
  it.each([
    ['', {}, plain],
    ['a b', {}, plain],
    ['a/b', {}, plain],
    ['é', {}, plain],
    ['x'.repeat(81), {}, plain],
    ['q.fifo', {}, plain],
    ['q', { FifoQueue: 'true' }, fifo],
    ['.fifo', { FifoQueue: 'true' }, fifo],
    [`${'x'.repeat(76)}.fifo`, { FifoQueue: 'true' }, fifo],
  ])('refuses the name %j with %j', async (name, attributes, message) => {
    const world = queueWorld();
    expect(await failure(world.create(name, attributes as Record<string, string>))).toBe(
      `InvalidParameterValueException: ${message}`,
    );
  });

  it('again succeeds with the same attributes or none, and fails with others', async () => {
    const world = queueWorld();
    const url = await world.create('q', { DelaySeconds: '1' });
    expect(await world.create('q')).toBe(url);
    expect(await world.create('q', { DelaySeconds: '1', VisibilityTimeout: '30' })).toBe(url);
    const others = { DelaySeconds: '2', VisibilityTimeout: '31', KmsMasterKeyId: 'k' };
    for (const [name, value] of Object.entries(others)) {
      expect(await failure(world.create('q', { [name]: value }))).toBe(
        `QueueNameExists: A queue already exists with the same name and a different value for attribute ${name}`,
      );
    }
    await world.createFifo('q.fifo');
    const again = world.create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'false' });
    expect(await failure(again)).toMatch(/different value for attribute ContentBasedDeduplication$/);
  });

  it('compares policies as JSON', async () => {
    const world = queueWorld();
    await world.create('dead');
    const policy = { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead', maxReceiveCount: 3 };
    const url = await world.create('q', { RedrivePolicy: JSON.stringify(policy) });
    expect(await world.create('q', { RedrivePolicy: JSON.stringify(policy, null, 2) })).toBe(url);
  });

  it('right after DeleteQueue makes a new and empty queue', async () => {
    const world = queueWorld();
    const url = await world.create('q', { DelaySeconds: '5', VisibilityTimeout: '7' });
    await world.send(url, 'old');
    await world.call('DeleteQueue', { QueueUrl: url });
    expect(await failure(world.send(url, 'a'))).toBe('QueueDoesNotExist: The specified queue does not exist.');
    await world.create('q');
    expect(world.next()).toEqual([]);
    expect(await world.depths(url)).toEqual([0, 0, 0]);
  });
});

// SQS Developer Guide, Queue and message identifiers.
describe('queue URLs', () => {
  it.each([
    ['http://127.0.0.1:4566/000000000000/q'],
    ['http://localhost:4566/000000000000/q/'],
    ['https://sqs.us-east-1.amazonaws.com/000000000000/q'],
    ['http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/q'],
    ['http://localhost.localstack.cloud:4566/queue/us-east-1/000000000000/q'],
    ['/000000000000/q'],
    ['q'],
  ])('%s leads to the queue', async (QueueUrl) => {
    const world = queueWorld();
    await world.create('q');
    await world.send(QueueUrl, 'a');
  });

  it.each([
    ['http://127.0.0.1:4566/000000000000/other', 'QueueDoesNotExist: The specified queue does not exist.'],
    ['http://127.0.0.1:4566/', 'QueueDoesNotExist: The specified queue does not exist.'],
    ['', 'QueueDoesNotExist: The specified queue does not exist.'],
    ['http://127.0.0.1:4566/12/q', 'QueueDoesNotExist: The specified queue does not exist.'],
    // LocalStack's AWS-validated test_non_existent_queue.
  ])('%j does not', async (QueueUrl, message) => {
    const world = queueWorld();
    await world.create('q');
    expect(await failure(world.send(QueueUrl, 'a'))).toBe(message);
  });
});

// SQS API Reference, ListQueues.
describe('ListQueues', () => {
  it('lists by prefix', async () => {
    const world = queueWorld();
    expect(await world.call('ListQueues', {})).toEqual({});
    const [b, a] = [await world.create('order-b'), await world.create('order-a')];
    await world.create('stock');
    expect((await world.call('ListQueues', { QueueNamePrefix: 'order-' })).QueueUrls).toEqual([a, b]);
    expect((await world.call('ListQueues', {})).QueueUrls).toHaveLength(3);
  });

  it('pages, whatever comes and goes in between', async () => {
    const world = queueWorld();
    for (let index = 0; index < 5; index++) await world.create(`q${index}`);
    const first = await world.call('ListQueues', { MaxResults: 2 });
    await world.call('DeleteQueue', { QueueUrl: first.QueueUrls[1] });
    await world.create('a');
    const second = await world.call('ListQueues', { MaxResults: 2, NextToken: first.NextToken });
    const third = await world.call('ListQueues', { MaxResults: 2, NextToken: second.NextToken });
    const names = [first, second, third].flatMap(({ QueueUrls }) => QueueUrls.map((url: string) => url.slice(-2)));
    expect(names).toEqual(['q0', 'q1', 'q2', 'q3', 'q4']);
    expect(third.NextToken).toBeUndefined();
  });

  it('returns 1,000 at most', async () => {
    const world = queueWorld();
    for (let index = 0; index < 1001; index++) await world.create(`q${index}`);
    const all = await world.call('ListQueues', {});
    expect([all.QueueUrls.length, all.NextToken]).toEqual([1000, undefined]);
  });

  it.each([
    [{ MaxResults: 0 }, /MaxResults must be an integer between 1 and 1000\.$/],
    [{ MaxResults: 1001 }, /MaxResults must be an integer between 1 and 1000\.$/],
    [{ MaxResults: 1, NextToken: 'x' }, /Invalid or expired next token\.$/],
    [{ NextToken: 'x' }, /MaxResults is a mandatory parameter when you provide a value for NextToken\.$/],
  ])('refuses %j', async (input, message) => {
    const world = queueWorld();
    expect(await failure(world.call('ListQueues', input))).toMatch(message);
  });
});

// SQS API Reference, PurgeQueue.
describe('PurgeQueue', () => {
  it('drops every message, and once a minute at most', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    for (const body of ['a', 'b']) await world.send(queue, body);
    await world.send(queue, 'c', { DelaySeconds: 5 });
    const [message] = await world.receive(queue, { MaxNumberOfMessages: 1 });
    await world.call('PurgeQueue', { QueueUrl: queue });
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    await world.remove(queue, message!);
    expect(world.advance(59)).toEqual([]);
    expect(await failure(world.call('PurgeQueue', { QueueUrl: queue }))).toBe(
      'PurgeQueueInProgress: Only one PurgeQueue operation on q is allowed every 60 seconds.',
    );
    await world.send(queue, 'd');
    world.advance(1);
    await world.call('PurgeQueue', { QueueUrl: queue });
    expect(await world.receive(queue)).toEqual([]);
  });
});

// SQS API Reference, TagQueue, ListQueueTags.
describe('tags', () => {
  it('are added, overwritten, listed and taken away', async () => {
    const world = queueWorld();
    const { QueueUrl } = await world.call('CreateQueue', { QueueName: 'q', tags: { a: '1', b: '2' } });
    await world.call('TagQueue', { QueueUrl, Tags: { b: '3', c: '', toString: 'x' } });
    const list = async () => ({ ...(await world.call('ListQueueTags', { QueueUrl })).Tags });
    expect(await list()).toEqual({ a: '1', b: '3', c: '', toString: 'x' });
    await world.call('UntagQueue', { QueueUrl, TagKeys: ['a', 'c', 'toString', 'unknown'] });
    expect(await list()).toEqual({ b: '3' });
  });

  it.each([
    [{}, /^MissingRequiredParameterException: .*Tags\.$/],
    [{ '': 'v' }, /between 1 and 128 characters/],
    [{ ['k'.repeat(129)]: 'v' }, /between 1 and 128 characters/],
    [{ k: 'v'.repeat(257) }, /between 0 and 256 characters/],
    [Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v'])), /Too many tags added for queue q\.$/],
  ])('refuse %j', async (Tags, message) => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    expect(await failure(world.call('TagQueue', { QueueUrl, Tags }))).toMatch(message);
    expect(await world.call('ListQueueTags', { QueueUrl })).toEqual({});
  });
});
