import { describe, expect, it } from 'vitest';
import { queueWorld } from './queue-world.ts';

describe('delay (SQS Developer Guide, Delay queues and message timers)', () => {
  it.each([
    ['the queue', { DelaySeconds: '10' }, {}, 10],
    ['the message', {}, { DelaySeconds: 7 }, 7],
    ['the message before the queue', { DelaySeconds: '10' }, { DelaySeconds: 3 }, 3],
  ])('of %s', async (_, attributes, more, seconds) => {
    const world = queueWorld();
    const queue = await world.create('q', attributes as Record<string, string>);
    await world.send(queue, 'a', more);
    expect(await world.depths(queue)).toEqual([0, 0, 1]);
    world.advance(seconds - 0.001);
    expect(await world.receive(queue)).toEqual([]);
    expect(world.advance(0.001)).toEqual([expect.stringMatching(/^delay of message \S+ on q ended, ready$/)]);
    expect(await world.bodies(queue)).toEqual(['a']);
  });

  it('of zero on a message overrides that of the queue', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { DelaySeconds: '10' });
    await world.send(queue, 'a', { DelaySeconds: 0 });
    expect(await world.bodies(queue)).toEqual(['a']);
  });

  it('of a standard queue, when changed, leaves the messages that are there', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { DelaySeconds: '10' });
    await world.send(queue, 'a');
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { DelaySeconds: '0' } });
    expect(await world.depths(queue)).toEqual([0, 0, 1]);
  });

  it('of a FIFO queue, when changed, changes for them too', async () => {
    const world = queueWorld();
    const queue = await world.createFifo('q.fifo', { DelaySeconds: '10' });
    await world.send(queue, 'a', { MessageGroupId: 'g' });
    const set = (DelaySeconds: string) =>
      world.call('SetQueueAttributes', { QueueUrl: queue, Attributes: { DelaySeconds } });
    await set('20');
    world.advance(15);
    expect(await world.depths(queue)).toEqual([0, 0, 1]);
    await set('0');
    expect(await world.bodies(queue)).toEqual(['a']);
  });
});

describe('retention (SQS API, MessageRetentionPeriod)', () => {
  it('drops each message when its own time has come, in flight or not', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { MessageRetentionPeriod: '60', VisibilityTimeout: '300' });
    await world.send(queue, 'a');
    world.advance(10);
    await world.send(queue, 'b');
    await world.send(queue, 'c', { DelaySeconds: 200 });
    await world.receive(queue, { MaxNumberOfMessages: 1 });
    expect(world.next()).toEqual([expect.stringMatching(/^retention of message \S+ on q ended, dropped$/)]);
    expect(world.seconds()).toBe(60);
    expect(await world.depths(queue)).toEqual([1, 0, 1]);
    expect(world.next()).toEqual(['retention of 2 messages on q ended, dropped']);
    expect(world.seconds()).toBe(70);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    expect(await world.receive(queue)).toEqual([]);
    expect(world.next()).toEqual([]);
  });

  it('is four days by default, with one timer for all messages', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    for (let index = 0; index < 1000; index++) await world.send(queue, 'a');
    expect(world.engine.state.timers).toHaveLength(1);
    world.advance(345_599);
    expect(await world.depths(queue)).toEqual([1000, 0, 0]);
    world.advance(1);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
  });

  it.each([
    ['shorter', '60', 60],
    ['longer', '1000', 1000],
  ])('made %s reaches the messages that are there', async (_, period, seconds) => {
    const world = queueWorld();
    const queue = await world.create('q', { MessageRetentionPeriod: '500' });
    await world.send(queue, 'a');
    const Attributes = { MessageRetentionPeriod: period };
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes });
    world.advance(seconds - 1);
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
    world.advance(1);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
  });

  it('made shorter than the age of a message drops it', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    world.advance(100);
    const Attributes = { MessageRetentionPeriod: '60' };
    await world.call('SetQueueAttributes', { QueueUrl: queue, Attributes });
    expect(await world.receive(queue)).toEqual([]);
  });
});
