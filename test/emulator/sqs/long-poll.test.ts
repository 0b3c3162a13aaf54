import { describe, expect, it } from 'vitest';
import { failure, queueWorld } from './queue-world.ts';

const settled = async (promise: Promise<unknown>) => {
  const pending = Symbol();
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
};

describe('long polling (SQS Developer Guide, Short and long polling)', () => {
  it('answers at once when there is a message', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    expect(await world.bodies(queue, { WaitTimeSeconds: 20 })).toEqual(['a']);
  });

  it.each([
    ['a message is sent', (w: ReturnType<typeof queueWorld>, q: string) => w.send(q, 'late')],
    [
      'a delay ends',
      async (w: ReturnType<typeof queueWorld>, q: string) => {
        await w.send(q, 'late', { DelaySeconds: 5 });
        w.advance(5);
      },
    ],
  ])('wakes when %s', async (_, arrive) => {
    const world = queueWorld();
    const queue = await world.create('q');
    const polling = world.bodies(queue, { WaitTimeSeconds: 20 });
    expect(await settled(polling)).toBe(false);
    await arrive(world, queue);
    expect(await polling).toEqual(['late']);
    expect(world.engine.waiters.size).toBe(0);
  });

  it('wakes one waiter for one message, the one that has waited longest', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const polls = [1, 2, 3].map(() => world.bodies(queue, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }));
    await world.send(queue, 'a');
    expect(world.engine.waiters.size).toBe(2);
    expect(await polls[0]).toEqual(['a']);
    await world.send(queue, 'b');
    await world.send(queue, 'c');
    expect((await Promise.all(polls.slice(1))).flat().sort()).toEqual(['b', 'c']);
  });

  it('wakes the next when the client that was woken has gone', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const gone = new AbortController();
    const input = { QueueUrl: queue, WaitTimeSeconds: 20 };
    const call = { service: 'sqs', account: '000000000000', region: 'us-east-1' } as const;
    const first = world.engine.call({ ...call, operation: 'ReceiveMessage', input, signal: gone.signal });
    const second = world.bodies(queue, { WaitTimeSeconds: 20 });
    await world.send(queue, 'a');
    gone.abort();
    expect(await first).toEqual({});
    expect(await second).toEqual(['a']);
  });

  it('wakes when a visibility timeout ends', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { VisibilityTimeout: '5' });
    await world.send(queue, 'a');
    await world.receive(queue);
    const polling = world.bodies(queue, { WaitTimeSeconds: 20 });
    world.advance(5);
    expect(await polling).toEqual(['a']);
  });

  // AWS delivers the next of the group at once: only messages in flight hold it up (FIFO delivery logic).
  it.each(['DeleteMessage', 'DeleteMessageBatch'])('wakes when %s frees a FIFO group', async (operation) => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo');
    for (const body of ['m1', 'm2']) await world.send(queue, body, { MessageGroupId: 'g' });
    const [first] = await world.receive(queue, { MaxNumberOfMessages: 1 });
    const polling = world.bodies(queue, { WaitTimeSeconds: 20 });
    const { ReceiptHandle } = first!;
    const entry = operation === 'DeleteMessage' ? { ReceiptHandle } : { Entries: [{ Id: '1', ReceiptHandle }] };
    await world.call(operation, { QueueUrl: queue, ...entry });
    expect(await settled(polling)).toBe(true);
    expect(await polling).toEqual(['m2']);
  });

  it('wakes when the retention of a message that held up its FIFO group ends', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo', { MessageRetentionPeriod: '60' });
    await world.send(queue, 'm1', { MessageGroupId: 'g' });
    await world.receive(queue, { VisibilityTimeout: 600 });
    world.advance(50);
    await world.send(queue, 'm2', { MessageGroupId: 'g' });
    const polling = world.bodies(queue, { WaitTimeSeconds: 20 });
    world.advance(10);
    expect(await polling).toEqual(['m2']);
  });

  it('wakes by itself on a running clock', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { VisibilityTimeout: '5' });
    world.engine.clock.resume();
    await world.send(queue, 'a');
    await world.receive(queue);
    const polling = world.bodies(queue, { WaitTimeSeconds: 20 });
    world.host.pass(5000);
    expect(await polling).toEqual(['a']);
  });

  it('gives one message to one of those who wait, and lets the others wait on', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const first = world.bodies(queue, { WaitTimeSeconds: 20 });
    const second = world.bodies(queue, { WaitTimeSeconds: 20 });
    await world.send(queue, 'a');
    expect(await first).toEqual(['a']);
    expect(await settled(second)).toBe(false);
    await world.send(queue, 'b');
    expect(await second).toEqual(['b']);
  });

  it('ends empty after its time, of the engine or of the host', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { ReceiveMessageWaitTimeSeconds: '20' });
    const polling = world.receive(queue);
    world.advance(19);
    expect(await settled(polling)).toBe(false);
    world.advance(1);
    expect(await polling).toEqual([]);
    const onHost = world.receive(queue);
    world.host.pass(20_000);
    expect(await onHost).toEqual([]);
    expect(await world.receive(queue, { WaitTimeSeconds: 0 })).toEqual([]);
  });

  it('takes no message for a client that has gone', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const client = new AbortController();
    const input = { QueueUrl: queue, WaitTimeSeconds: 20 };
    const polling = world.call('ReceiveMessage', input, { signal: client.signal });
    client.abort();
    await world.send(queue, 'a');
    expect(await polling).toEqual({});
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
  });

  it('hears that the queue was deleted', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const polling = failure(world.receive(queue, { WaitTimeSeconds: 20 }));
    await world.call('DeleteQueue', { QueueUrl: queue });
    expect(await polling).toBe('QueueDoesNotExist: The specified queue does not exist.');
  });

  it('sees the state that was loaded meanwhile', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'saved');
    const saved = structuredClone(world.engine.state);
    await world.call('PurgeQueue', { QueueUrl: queue });
    const polling = world.bodies(queue, { WaitTimeSeconds: 20 });
    world.engine.restore(saved);
    expect(await polling).toEqual(['saved']);
  });
});
