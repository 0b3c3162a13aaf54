import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NOON, refusalOf, world } from './world.ts';

async function fifo(attributes: Record<string, string> = {}, raw = true) {
  const here = world();
  const TopicArn = await here.createTopic('orders.fifo', attributes);
  const queue = await here.createQueue('q.fifo');
  await here.subscribe(TopicArn, queue.arn, { RawMessageDelivery: String(raw) });
  const publish = (Message: string, input: object = {}) =>
    here.call('Publish', { TopicArn, Message, MessageGroupId: 'g', ...input });
  const bodies = async () => (await here.receive(queue.url)).map(({ Body }) => Body);
  return { ...here, TopicArn, queue, publish, bodies };
}

describe('FIFO topics', () => {
  it('number their messages and keep their order and ids', async () => {
    const { publish, receive, queue } = await fifo();
    const sequence = [];
    for (const id of ['1', '2', '3'])
      sequence.push((await publish(`m${id}`, { MessageDeduplicationId: id })).SequenceNumber);
    expect(sequence.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect([...sequence].sort()).toEqual(sequence);
    const received = await receive(queue.url);
    expect(received.map(({ Body }) => Body)).toEqual(['m1', 'm2', 'm3']);
    expect(received[0]!.Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: '1' });
  });

  it('put the number into the envelope, which is not signed', async () => {
    const { publish, bodies } = await fifo({}, false);
    const { SequenceNumber } = await publish('m', { MessageDeduplicationId: '1' });
    const envelope = JSON.parse((await bodies())[0]!);
    expect(Object.keys(envelope)).toEqual([
      'Type',
      'MessageId',
      'SequenceNumber',
      'TopicArn',
      'Message',
      'Timestamp',
      'UnsubscribeURL',
    ]);
    expect(envelope.SequenceNumber).toBe(SequenceNumber);
  });

  it.each<[object, string]>([
    [
      { MessageGroupId: undefined, MessageDeduplicationId: 'd' },
      'The MessageGroupId parameter is required for FIFO topics',
    ],
    [
      {},
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
    [
      { MessageDeduplicationId: 'x'.repeat(129) },
      'MessageDeduplicationId Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
  ])('refuse %j', async (input, message) => {
    const { call, publish, TopicArn } = await fifo();
    const expected = `InvalidParameter: Invalid parameter: ${message}`;
    expect(await refusalOf(publish('m', input))).toBe(expected);
    const entry = { Id: '1', Message: 'm', MessageGroupId: 'g', ...input };
    expect(await refusalOf(call('PublishBatch', { TopicArn, PublishBatchRequestEntries: [entry] }))).toBe(expected);
  });

  it('deliver to standard queues without ids', async () => {
    const { createQueue, subscribe, publish, receive, TopicArn } = await fifo();
    const standard = await createQueue('standard');
    await subscribe(TopicArn, standard.arn);
    await publish('m', { MessageDeduplicationId: 'd' });
    const [received] = await receive(standard.url);
    expect(received!.Attributes).not.toHaveProperty('MessageGroupId');
  });

  it('send what fails to a FIFO dead-letter queue with its ids', async () => {
    const { call, createQueue, subscribe, publish, receive, TopicArn } = await fifo();
    const dlq = await createQueue('dlq.fifo');
    const missing = dlq.arn.replace('dlq', 'missing');
    await subscribe(TopicArn, missing, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq.arn }) });
    await publish('m', { MessageDeduplicationId: 'd' });
    const [dead] = await receive(dlq.url);
    expect(dead!.Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    expect((await call('ListSubscriptions')).Subscriptions).toHaveLength(2);
  });
});

describe('deduplication (Developer Guide, Message deduplication for FIFO topics)', () => {
  it('answers a duplicate like the first and does not deliver it', async () => {
    const { publish, bodies } = await fifo();
    const first = await publish('m', { MessageDeduplicationId: 'd' });
    expect(await publish('other', { MessageDeduplicationId: 'd' })).toEqual(first);
    expect(await publish('other', { MessageDeduplicationId: 'd', MessageGroupId: 'h' })).toEqual(first);
    expect(await bodies()).toEqual(['m']);
  });

  it('goes by the content where the topic says so, unless an id is given', async () => {
    const { publish, receive, queue } = await fifo({ ContentBasedDeduplication: 'true' });
    const first = await publish('m');
    expect(await publish('m')).toEqual(first);
    // The id that content makes is an id like any other.
    const hash = createHash('sha256').update('m').digest('hex');
    expect(await publish('other', { MessageDeduplicationId: hash })).toEqual(first);
    await publish('m', { MessageDeduplicationId: 'd' });
    const received = await receive(queue.url);
    expect(received.map((message) => message.Attributes!.MessageDeduplicationId)).toEqual([hash, 'd']);
  });

  it('stays within a group where the topic says so', async () => {
    const { publish, bodies } = await fifo({ FifoThroughputScope: 'MessageGroup' });
    const first = await publish('m1', { MessageDeduplicationId: 'd' });
    expect(await publish('m2', { MessageDeduplicationId: 'd', MessageGroupId: 'h' })).not.toEqual(first);
    expect(await publish('m3', { MessageDeduplicationId: 'd' })).toEqual(first);
    expect((await bodies())[0]).toBe('m1');
  });

  it('lasts five minutes of the engine clock', async () => {
    const { engine, publish, TopicArn } = await fifo();
    const first = await publish('m', { MessageDeduplicationId: 'a' });
    engine.advanceTo(NOON + 60_000);
    await publish('m', { MessageDeduplicationId: 'b' });
    engine.advanceTo(NOON + 299_999);
    expect(await publish('m', { MessageDeduplicationId: 'a' })).toEqual(first);
    const fired = engine.advanceTo(NOON + 300_000).filter((one) => one.service === 'sns');
    expect(fired.map((one) => one.what)).toEqual(['deduplication window of 1 message on orders.fifo ended']);
    expect(await publish('m', { MessageDeduplicationId: 'a' })).not.toEqual(first);
    const second = await publish('m', { MessageDeduplicationId: 'b' });
    engine.advanceTo(NOON + 360_000);
    expect(await publish('m', { MessageDeduplicationId: 'b' })).not.toEqual(second);
    expect(TopicArn).toMatch(/\.fifo$/);
  });

  it('ends quietly with the topic', async () => {
    const { engine, call, publish, TopicArn } = await fifo();
    await publish('m', { MessageDeduplicationId: 'a' });
    await call('DeleteTopic', { TopicArn });
    expect(engine.advanceTo(NOON + 300_000).filter((one) => one.service === 'sns')).toEqual([]);
  });

  it('is part of a snapshot', async () => {
    const { engine, publish } = await fifo();
    const first = await publish('m', { MessageDeduplicationId: 'a' });
    engine.restore(structuredClone(engine.state));
    expect(await publish('m', { MessageDeduplicationId: 'a' })).toEqual(first);
  });
});
