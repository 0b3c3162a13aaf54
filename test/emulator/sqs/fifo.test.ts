import { describe, expect, it } from 'vitest';
import { failure, queueWorld } from './queue-world.ts';

const group = (MessageGroupId: string) => ({ MessageGroupId });

describe('message groups (SQS Developer Guide, FIFO delivery logic)', () => {
  it('are delivered in order, as many of one group as there is room for', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const body of ['a1', 'b1', 'a2', 'b2', 'c1']) await world.send(queue, body, group(body[0]!));
    expect(await world.bodies(queue, { MaxNumberOfMessages: 1 })).toEqual(['a1']);
    expect(await world.bodies(queue, { MaxNumberOfMessages: 3 })).toEqual(['b1', 'b2', 'c1']);
    expect(await world.receive(queue)).toEqual([]);
    expect(await world.depths(queue)).toEqual([1, 4, 0]);
  });

  it('are blocked while any of their messages is in flight', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const body of ['1', '2', '3']) await world.send(queue, body, group('g'));
    const [first, second] = await world.receive(queue, { MaxNumberOfMessages: 2 });
    await world.remove(queue, first!);
    expect(await world.receive(queue)).toEqual([]);
    await world.remove(queue, second!);
    expect(await world.bodies(queue)).toEqual(['3']);
  });

  it('begin again with what came back', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const body of ['1', '2', '3']) await world.send(queue, body, group('g'));
    await world.receive(queue, { MaxNumberOfMessages: 2, VisibilityTimeout: 5 });
    world.advance(5);
    expect(await world.bodies(queue)).toEqual(['1', '2', '3']);
  });

  it('wait for the last of a batch of which one came back early', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const body of ['1', '2']) await world.send(queue, body, group('g'));
    const [, second] = await world.receive(queue);
    const input = { QueueUrl: queue, ReceiptHandle: second!.ReceiptHandle, VisibilityTimeout: 0 };
    await world.call('ChangeMessageVisibility', input);
    expect(await world.receive(queue)).toEqual([]);
    world.advance(30);
    expect(await world.bodies(queue)).toEqual(['1', '2']);
  });

  it('go on past a message that goes to the dead-letter queue', async () => {
    const world = queueWorld();
    const { source, deadLetter } = await world.createPair(1, '.fifo', { ContentBasedDeduplication: 'true' });
    for (const body of ['1', '2', '3']) await world.send(source, body, group('g'));
    await world.receive(source, { MaxNumberOfMessages: 1, VisibilityTimeout: 0 });
    expect(await world.bodies(source)).toEqual(['2', '3']);
    expect(await world.depths(source)).toEqual([0, 2, 0]);
    expect(await world.bodies(deadLetter)).toEqual(['1']);
  });

  it('go on past a message whose retention ended', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo', { MessageRetentionPeriod: '60' });
    await world.send(queue, '1', group('g'));
    await world.receive(queue, { VisibilityTimeout: 300 });
    world.advance(30);
    await world.send(queue, '2', group('g'));
    expect(await world.receive(queue)).toEqual([]);
    world.advance(30);
    expect(await world.bodies(queue)).toEqual(['2']);
  });

  it('leave nothing behind', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (let index = 0; index < 500; index++) await world.send(queue, `${index}`, group(`g${index % 50}`));
    for (let left = 500; left > 0; ) {
      for (const message of await world.receive(queue)) {
        await world.remove(queue, message);
        left--;
      }
    }
    const state = world.state().queues.get('q.fifo')!;
    expect([state.messages.size, state.groups.size]).toEqual([0, 0]);
    expect(state.ready.length + state.hidden.length).toBeLessThan(300);
  });

  it('may be called as they like', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const name of ['__proto__', 'constructor', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~']) {
      await world.send(queue, name, group(name));
    }
    expect(await world.receive(queue)).toHaveLength(3);
  });
});

describe('deduplication (SQS Developer Guide, Exactly-once processing)', () => {
  it('answers a repeated send with the ids of the first, and delivers once, even after it was deleted', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    const sent = await world.send(queue, 'a', { ...group('g'), MessageDeduplicationId: 'd' });
    const again = await world.send(queue, 'other', { ...group('h'), MessageDeduplicationId: 'd' });
    expect(again).toMatchObject({ MessageId: sent.MessageId, SequenceNumber: sent.SequenceNumber });
    const [message] = await world.receive(queue);
    expect(message!.Attributes).toMatchObject({ MessageDeduplicationId: 'd', SequenceNumber: sent.SequenceNumber });
    await world.remove(queue, message!);
    await world.send(queue, 'a', { ...group('g'), MessageDeduplicationId: 'd' });
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
  });

  it('lasts five minutes from the first send', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    const send = () => world.send(queue, 'a', { ...group('g'), MessageDeduplicationId: 'd' });
    await send();
    world.advance(200);
    await send();
    world.advance(99.999);
    await send();
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
    expect(world.advance(0.001)).toEqual(['deduplication interval of 1 id on q.fifo ended']);
    await send();
    expect(await world.depths(queue)).toEqual([2, 0, 0]);
  });

  it('is exact though ids are tidied away once a second only', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const body of ['1', '2', '3']) {
      await world.send(queue, body, group('g'));
      world.advance(0.1);
    }
    world.advance(299.8);
    await world.send(queue, '2', group('g'));
    await world.send(queue, '3', group('g'));
    expect(await world.depths(queue)).toEqual([4, 0, 0]);
    world.advance(600);
    expect(world.state().queues.get('q.fifo')!.sent.size).toBe(0);
  });

  it('by content looks at the body alone', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    await world.send(queue, 'a', group('g'));
    await world.send(queue, 'a', { ...group('h'), MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } });
    await world.send(queue, 'a', { ...group('g'), MessageDeduplicationId: 'own' });
    expect(await world.depths(queue)).toEqual([2, 0, 0]);
    const [first] = await world.receive(queue);
    // The SHA-256 of "a".
    expect(first!.Attributes!.MessageDeduplicationId).toBe(
      'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    );
  });

  it('of the scope messageGroup tells groups apart', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo', {
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    for (const name of ['g', 'h', 'g']) await world.send(queue, 'a', group(name));
    expect(await world.depths(queue)).toEqual([2, 0, 0]);
  });

  // LocalStack's AWS-validated test_purge_queue_clears_fifo_deduplication_cache.
  it('ends with a purge', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    await world.send(queue, 'a', group('g'));
    await world.call('PurgeQueue', { QueueUrl: queue });
    await world.send(queue, 'a', group('g'));
    expect(await world.bodies(queue)).toEqual(['a']);
  });
});

describe('sequence numbers', () => {
  it('have 20 digits and rise', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    const numbers: string[] = [];
    for (let index = 0; index < 20; index++) {
      numbers.push((await world.send(queue, `${index}`, group('g'))).SequenceNumber);
    }
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(20);
  });
});

describe('a FIFO queue refuses', () => {
  const long = 'x'.repeat(129);
  const charset = 'can only include alphanumeric and punctuation characters. 1 to 128 in length.';
  it.each([
    ['no group', {}, 'MissingRequiredParameterException: The request must contain the parameter MessageGroupId.'],
    [
      'no deduplication',
      group('g'),
      'InvalidParameterValueException: The queue should either have ContentBasedDeduplication enabled or ' +
        'MessageDeduplicationId provided explicitly',
    ],
    [
      'a delay of its own',
      { ...group('g'), MessageDeduplicationId: 'd', DelaySeconds: 2 },
      'InvalidParameterValueException: Value 2 for parameter DelaySeconds is invalid. Reason: ' +
        'The request include parameter that is not valid for this queue type.',
    ],
    ...['', 'a b', 'é', long].map((id): [string, object, string] => [
      `the group ${id}`,
      group(id),
      `InvalidParameterValueException: Value ${id} for parameter MessageGroupId is invalid. Reason: MessageGroupId ${charset}`,
    ]),
    [
      'an empty deduplication id',
      { ...group('g'), MessageDeduplicationId: '' },
      `InvalidParameterValueException: Value  for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId ${charset}`,
    ],
    [
      'a long deduplication id',
      { ...group('g'), MessageDeduplicationId: long },
      `InvalidParameterValueException: Value ${long} for parameter MessageDeduplicationId is invalid. ` +
        `Reason: MessageDeduplicationId ${charset}`,
    ],
  ])('%s', async (_, more, message) => {
    const world = queueWorld();
    const queue = await world.create('q.fifo', { FifoQueue: 'true' });
    expect(await failure(world.send(queue, 'a', more))).toBe(message);
    await world.send(queue, 'a', { ...group('g'), MessageDeduplicationId: 'd', DelaySeconds: 0 });
  });

  it('a receipt handle whose visibility timeout has ended', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    await world.send(queue, 'a', group('g'));
    const [message] = await world.receive(queue);
    world.advance(30);
    expect(await failure(world.remove(queue, message!))).toBe(
      `InvalidParameterValueException: Value ${message!.ReceiptHandle} for parameter ReceiptHandle is invalid. ` +
        'Reason: The receipt handle has expired.',
    );
    const input = { QueueUrl: queue, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout: 5 };
    expect(await failure(world.call('ChangeMessageVisibility', input))).toMatch(/not available for visibility timeout/);
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
  });
});

describe('ReceiveRequestAttemptId (SQS API, ReceiveMessage)', () => {
  const setup = async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const body of ['1', '2']) await world.send(queue, body, group('g'));
    await world.send(queue, '3', group('h'));
    const attempt = (id: string) => world.receive(queue, { MaxNumberOfMessages: 2, ReceiveRequestAttemptId: id });
    return { world, queue, attempt };
  };

  it('gives the same messages and handles again, and their timeout anew', async () => {
    const { world, queue, attempt } = await setup();
    const first = await attempt('try');
    world.advance(20);
    expect(await attempt('try')).toEqual(first);
    world.advance(29);
    expect(await world.depths(queue)).toEqual([1, 2, 0]);
    world.advance(1);
    expect(await world.depths(queue)).toEqual([3, 0, 0]);
  });

  it('gives other messages for another id', async () => {
    const { attempt } = await setup();
    await attempt('one');
    expect((await attempt('two')).map(({ Body }) => Body)).toEqual(['3']);
  });

  it.each([
    ['deleted', 'DeleteMessage', {}],
    ['changed in visibility', 'ChangeMessageVisibility', { VisibilityTimeout: 100 }],
  ])('is a new receive once a message was %s', async (_, operation, more) => {
    const { world, queue, attempt } = await setup();
    const [first] = await attempt('try');
    await world.call(operation, { QueueUrl: queue, ReceiptHandle: first!.ReceiptHandle, ...more });
    expect((await attempt('try')).map(({ Body }) => Body)).toEqual(['3']);
  });

  it('is forgotten after five minutes', async () => {
    const { world, queue, attempt } = await setup();
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { VisibilityTimeout: '1000' } });
    await attempt('try');
    world.advance(300);
    expect((await attempt('try')).map(({ Body }) => Body)).toEqual(['3']);
  });
});
