import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, startStack, type TestStack } from '../support/engines.ts';

describe.each(ENGINES)('queues and topic on $name', (fixture) => {
  let stack: TestStack;
  const queue = 'payment-queue';
  const queues = () => stack.ports.queues;
  /** Counts are approximate by name: an engine may need a moment. */
  const ready = async (of = queue) => (await queues().depth(of)).ready;
  const inHand = new Map<string, string[]>();
  const receive = async (max = 10, from = queue) => {
    const messages = await queues().receive(from, { max, waitSeconds: 0 });
    inHand.set(from, [...(inHand.get(from) ?? []), ...messages.map(({ receiptHandle }) => receiptHandle)]);
    return messages;
  };

  beforeAll(async () => {
    stack = await startStack(fixture, 'messages-test');
  });
  // Not by a purge: SQS allows one a minute.
  afterEach(async () => {
    for (const each of [queue, `${queue}-dlq`, 'order-queue', 'analytics-queue']) {
      while ((await receive(10, each)).length > 0);
      await queues().delete(each, inHand.get(each) ?? []);
    }
    inHand.clear();
  });
  afterAll(() => stack.close());

  test('a message carries body, attributes, receive count and time of sending', async () => {
    const attributes = { event_type: 'order_created', correlation_id: 'c-1' };
    const body = '{"name":"Zoë 🛒"}';
    expect(await queues().send(queue, [{ body, attributes }])).toEqual([]);
    const [message] = await receive();
    expect(message).toMatchObject({ body, attributes, receiveCount: 1 });
    expect(message!.messageId).not.toBe('');
    expect(Math.abs(message!.sentAt - stack.engine.now())).toBeLessThan(60_000);
  });

  test('batches above ten are split, none is lost and none is empty', async () => {
    expect(await queues().send(queue, [])).toEqual([]);
    expect(await queues().delete(queue, [])).toEqual([]);
    const bodies = Array.from({ length: 23 }, (_, n) => `message ${n}`);
    expect(
      await queues().send(
        queue,
        bodies.map((body) => ({ body })),
      ),
    ).toEqual([]);
    await expect.poll(() => queues().depth(queue)).toEqual({ ready: 23, inFlight: 0, delayed: 0 });

    const received: string[] = [];
    const handles: string[] = [];
    for (let batch = await receive(); batch.length > 0; batch = await receive()) {
      received.push(...batch.map(({ body }) => body));
      handles.push(...batch.map(({ receiptHandle }) => receiptHandle));
    }
    expect(received.sort()).toEqual(bodies.sort());
    expect(await queues().depth(queue)).toEqual({ ready: 0, inFlight: 23, delayed: 0 });
    expect(await queues().delete(queue, handles)).toEqual([]);
    expect(await queues().depth(queue)).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  test('large messages are split by size: SQS and older engines take 256 KiB a batch', async () => {
    const body = 'x'.repeat(100 * 1024);
    expect(await queues().send(queue, [{ body }, { body }, { body }])).toEqual([]);
    await expect.poll(() => ready()).toBe(3);
  });

  test('visibility can be given back, and extended', async () => {
    await queues().send(queue, [{ body: 'again' }]);
    const [first] = await receive();
    expect(await receive()).toEqual([]);
    const { receiptHandle } = first!;
    expect(await queues().changeVisibility(queue, [{ receiptHandle, seconds: 0 }])).toEqual([]);
    const [second] = await receive();
    expect(second).toMatchObject({ body: 'again', receiveCount: 2 });
    const later = { receiptHandle: second!.receiptHandle, seconds: 120 };
    expect(await queues().changeVisibility(queue, [later])).toEqual([]);
  });

  test('a wrong receipt handle is reported for its place in the list', async () => {
    await queues().send(queue, [{ body: 'kept' }]);
    const [message] = await receive();
    const failures = await queues().delete(queue, [message!.receiptHandle, 'no such handle']);
    expect(failures.map(({ index, senderFault }) => ({ index, senderFault }))).toEqual([
      { index: 1, senderFault: true },
    ]);
  });

  test('a second purge within a minute deletes what can be received, and says what cannot', async () => {
    const other = 'inventory-queue';
    await queues().purge(other);
    await queues().send(other, [{ body: 'one' }, { body: 'two' }]);
    await queues().purge(other);
    await expect.poll(() => queues().depth(other)).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  test.runIf(fixture.name.startsWith('embedded'))('also when somebody else holds a message', async () => {
    const other = 'inventory-queue';
    await queues().purge(other);
    await queues().send(other, [{ body: 'held' }]);
    const [held] = await queues().receive(other, { max: 1, waitSeconds: 0 });
    await expect(queues().purge(other)).rejects.toMatchObject({
      code: 'conflict',
      message: 'messages-test-inventory-queue still holds a message that cannot be received now',
    });
    await queues().delete(other, [held!.receiptHandle]);
  });

  test('the receive after the third moves a message to the dead-letter queue', async () => {
    await queues().send(queue, [{ body: 'poison', attributes: { event_type: 'unknown' } }]);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const [message] = await receive();
      expect(message?.receiveCount).toBe(attempt);
      await queues().changeVisibility(queue, [{ receiptHandle: message!.receiptHandle, seconds: 0 }]);
    }
    expect(await receive()).toEqual([]);
    const [dead] = await receive(10, `${queue}-dlq`);
    expect(dead).toMatchObject({ body: 'poison', attributes: { event_type: 'unknown' } });
  });

  test('a long poll ends with nothing when it is aborted', async () => {
    // On a queue of its own: an engine that does not notice keeps the poll open and takes the next message for it.
    const abort = new AbortController();
    const poll = () => queues().receive('fulfillment-queue', { max: 1, waitSeconds: 20, signal: abort.signal });
    const polled = poll();
    setImmediate(() => abort.abort());
    expect(await polled).toEqual([]);
    expect(await poll()).toEqual([]);
  });

  test('a long poll ends as soon as a message comes', async () => {
    const polled = queues().receive(queue, { max: 1, waitSeconds: 20 });
    setImmediate(() => void queues().send(queue, [{ body: 'woken' }]));
    const messages = await polled;
    expect(messages).toMatchObject([{ body: 'woken' }]);
    expect(
      await queues().delete(
        queue,
        messages.map(({ receiptHandle }) => receiptHandle),
      ),
    ).toEqual([]);
  });

  test('more than ten events are published, each once, to those who filter for them', async () => {
    const events = Array.from({ length: 24 }, (_, n) => ({
      body: JSON.stringify({ n }),
      attributes: { event_type: n % 2 === 0 ? 'inventory_reserved' : 'inventory_rejected', order_id: `o${n}` },
    }));
    expect(await stack.ports.topic.publish(events)).toEqual([]);
    expect(await stack.ports.topic.publish([])).toEqual([]);
    await expect.poll(() => ready(queue)).toBe(12);
    await expect.poll(() => ready('order-queue')).toBe(24);
    const [message] = await receive(1);
    expect(message!.attributes).toMatchObject({ event_type: 'inventory_reserved' });
  });
});
