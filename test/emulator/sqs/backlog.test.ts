import { describe, expect, it } from 'vitest';
import { Snapshots } from '../../../src/emulator/persistence/snapshots.ts';
import { peekQueue, placeOf } from '../../../src/emulator/sqs/index.ts';
import { queueWorld, type Received, START } from './queue-world.ts';

/** So many messages that the later ones wait in the backlog. */
const MANY = 600;

const BODIES = ['plain', 'ä one-byte', '\u20ac and \u{1f680}', 'x'.repeat(20_000), `${'y'.repeat(9_000)}\u{1f680}`];

function message(index: number) {
  const MessageAttributes = { kind: { DataType: 'String', StringValue: `k${index}\u20ac` } };
  const binary = { bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(index % 256) } };
  const trace = { AWSTraceHeader: { DataType: 'String', StringValue: `Root=1-${index}` } };
  return {
    MessageBody: `${index} ${BODIES[index % BODIES.length]}`,
    ...(index % 3 === 0 && { MessageAttributes }),
    ...(index % 7 === 0 && { MessageAttributes: binary }),
    ...(index % 4 === 0 && { MessageSystemAttributes: trace }),
  };
}

async function filled() {
  const world = queueWorld();
  const { source: queue, deadLetter } = await world.createPair(2);
  const sent: { id: string; index: number; at: number }[] = [];
  for (let index = 0; index < MANY; index++) {
    if (index % 50 === 0) world.advance(0.5);
    const { MessageBody, ...more } = message(index);
    const at = world.engine.clock.now();
    sent.push({ id: (await world.send(queue, MessageBody, more)).MessageId, index, at });
  }
  const source = () => world.state().queues.get('source')!;
  expect(source().backlog!.size).toBeGreaterThan(MANY / 4);
  return { world, queue, deadLetter, sent, source };
}

type Filled = Awaited<ReturnType<typeof filled>>;

async function drain({ world }: Filled, queue: string, more: object = {}): Promise<Received[]> {
  const all: Received[] = [];
  for (;;) {
    const received = await world.receive(queue, { MessageAttributeNames: ['All'], ...more });
    if (received.length === 0) return all;
    all.push(...received);
  }
}

function expectAsSent(received: readonly Received[], sent: Filled['sent']): void {
  expect(received.map(({ MessageId }) => MessageId)).toEqual(sent.map(({ id }) => id));
  for (const [place, { Body, Attributes, MessageAttributes }] of received.entries()) {
    const { index, at } = sent[place]!;
    const expected = message(index);
    expect(Body).toBe(expected.MessageBody);
    expect(MessageAttributes).toEqual(expected.MessageAttributes);
    const trace = expected.MessageSystemAttributes?.AWSTraceHeader.StringValue;
    expect(Attributes).toMatchObject({ SentTimestamp: `${at}`, SenderId: '000000000000' });
    expect(Attributes!.AWSTraceHeader).toBe(trace || undefined);
  }
}

describe('messages of a long queue', () => {
  it('are received as they were sent, in their order, with their digests', async () => {
    const all = await filled();
    const digests = new Map<string, string>();
    for (let index = 0; index < 10; index++) {
      const { MD5OfMessageBody } = await all.world.send(
        await all.world.create(`q${index}`),
        message(index).MessageBody,
      );
      digests.set(message(index).MessageBody, MD5OfMessageBody);
    }
    const received = await drain(all, all.queue);
    expectAsSent(received, all.sent);
    for (const { Body, MD5OfBody } of received) expect(MD5OfBody).toBe(digests.get(Body) ?? MD5OfBody);
    expect(received.at(-1)!.MD5OfBody).toMatch(/^[0-9a-f]{32}$/);
    expect(all.source().backlog!.pages).toEqual([]);
    for (const one of received) await all.world.remove(all.queue, one);
    expect(await all.world.depths(all.queue)).toEqual([0, 0, 0]);
    expect([all.source().messages.size, all.source().expiry.length < 200]).toEqual([0, true]);
  });

  it.each([
    ['a structured clone', ({ world: { engine } }: Filled) => engine.restore(structuredClone(engine.state))],
    [
      'a snapshot',
      ({ world: { engine } }: Filled) => {
        const snapshots = new Snapshots(engine);
        snapshots.save('s');
        snapshots.load('s');
      },
    ],
  ])('outlive %s', async (_, reload) => {
    const all = await filled();
    const first = await all.world.receive(all.queue, { MessageAttributeNames: ['All'] });
    reload(all);
    expectAsSent([...first, ...(await drain(all, all.queue))], all.sent);
  });

  it('can be seen and found where they lie, and stay there', async () => {
    const { world, sent, source } = await filled();
    const now = world.engine.clock.now();
    const before = source().backlog!.size;
    const peeked = peekQueue(world.state(), 'source', now, 'ready', { limit: MANY });
    expect(peeked.map(({ messageId }) => messageId)).toEqual(sent.map(({ id }) => id));
    expect(peeked.map(({ body }) => body)).toEqual(sent.map(({ index }) => message(index).MessageBody));
    const place = placeOf(world.state(), 'source', now, sent[500]!.id);
    expect(place).toMatchObject({ ahead: 500, body: message(500).MessageBody, sentAt: sent[500]!.at });
    expect(placeOf(world.state(), 'source', now, sent[500]!.id.replace(/.$/, 'x'))).toBeUndefined();
    expect(source().backlog!.size).toBe(before);
  });

  it('expire in their turn, each at its time', async () => {
    const { world, queue, source } = await filled();
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { MessageRetentionPeriod: '60' } });
    world.engine.advanceTo(START + 62_000);
    const [ready] = await world.depths(queue);
    expect([ready > 0, ready < MANY]).toEqual([true, true]);
    const oldest = [...peekQueue(world.state(), 'source', world.engine.clock.now(), 'ready', { limit: 1 })][0]!;
    expect(oldest.expiresAt).toBeGreaterThan(START + 62_000);
    world.engine.advanceTo(START + 70_000);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    expect([source().messages.size, source().backlog!.size, source().expiry.length]).toEqual([0, 0, 0]);
  });

  it('go to the dead-letter queue and back, whole', async () => {
    const all = await filled();
    for (let round = 0; round < 3; round++) await drain(all, all.queue, { VisibilityTimeout: round });
    for (let round = 0; round < 3; round++) {
      all.world.advance(100);
      await drain(all, all.queue);
    }
    const dead = all.world.state().queues.get('dead')!;
    expect(dead.counts.ready).toBe(MANY);
    expect(dead.backlog!.size).toBeGreaterThan(0);
    const received = await drain(all, all.deadLetter);
    expect(new Set(received.map(({ MessageId }) => MessageId))).toEqual(new Set(all.sent.map(({ id }) => id)));
    const source = 'arn:aws:sqs:us-east-1:000000000000:source';
    for (const { Attributes } of received) {
      expect(Attributes).toMatchObject({ ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: source });
    }
  });

  it('can be released one by one, in another wording', async () => {
    const { world, queue, sent } = await filled();
    const control = (operation: string, input: object) => world.call(operation, { QueueName: 'source', ...input });
    await control('HoldQueue', {});
    expect(await world.receive(queue)).toEqual([]);
    await control('ReleaseMessages', { MessageId: sent[550]!.id, Body: 'another' });
    expect(await world.bodies(queue)).toEqual(['another']);
    await control('ReleaseMessages', { MessageIds: [sent[420]!.id] });
    expect(await world.bodies(queue)).toEqual([message(420).MessageBody]);
    await control('EndHold', {});
    expect((await world.receive(queue))[0]!.MessageId).toBe(sent[0]!.id);
    expect(await world.depths(queue)).toEqual([MANY - 12, 12, 0]);
  });
});
