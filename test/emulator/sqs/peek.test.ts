import { describe, expect, it } from 'vitest';
import { peekQueue, queueDepths } from '../../../src/emulator/sqs/index.ts';
import { queueWorld, START } from './queue-world.ts';

const setup = async (fifo = false) => {
  const world = queueWorld();
  const queue = fifo ? await world.createFifo('q.fifo') : await world.create('q');
  const more = fifo ? { MessageGroupId: 'g' } : {};
  for (const body of ['a', 'b', 'c', 'd']) await world.send(queue, body, more);
  const name = fifo ? 'q.fifo' : 'q';
  const bodies = (which: 'ready' | 'in-flight' | 'delayed', limit?: number, now = world.engine.clock.now()) =>
    peekQueue(world.state(), name, now, which, limit === undefined ? {} : { limit }).map(({ body }) => body);
  return { world, queue, bodies };
};

describe('peekQueue', () => {
  it('shows messages of each state, without an effect', async () => {
    const { world, queue, bodies } = await setup();
    await world.send(queue, 'later', { DelaySeconds: 20 });
    await world.send(queue, 'sooner', { DelaySeconds: 10 });
    await world.receive(queue, { MaxNumberOfMessages: 2 });
    const before = structuredClone(world.engine.state);
    expect(bodies('ready')).toEqual(['c', 'd']);
    expect(bodies('ready', 1)).toEqual(['c']);
    expect(bodies('in-flight')).toEqual(['a', 'b']);
    expect(bodies('delayed')).toEqual(['sooner', 'later']);
    expect(queueDepths(world.state(), 'q')).toEqual({ ready: 2, inFlight: 2, delayed: 2 });
    expect(world.engine.state).toEqual(before);
  });

  it('tells of a message what a receiver would hear, and its times', async () => {
    const { world, queue } = await setup();
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'v' },
      bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
    };
    const { MessageId } = await world.send(queue, 'e', { MessageAttributes, DelaySeconds: 10 });
    expect(peekQueue(world.state(), 'q', START, 'delayed')).toEqual([
      {
        held: false,
        messageId: MessageId,
        body: 'e',
        state: 'delayed',
        attributes: [
          { name: 'bytes', type: 'Binary', value: 'AQI=' },
          { name: 'text', type: 'String', value: 'v' },
        ],
        system: {
          SenderId: '000000000000',
          SentTimestamp: String(START),
          ApproximateReceiveCount: '0',
          ApproximateFirstReceiveTimestamp: '0',
        },
        receiveCount: 0,
        sentAt: START,
        visibleAt: START + 10_000,
        expiresAt: START + 345_600_000,
      },
    ]);
  });

  it('is right at a time whose timers have not been served', async () => {
    const { world, queue, bodies } = await setup();
    await world.receive(queue, { MaxNumberOfMessages: 1 });
    expect(bodies('ready', 10, START + 30_000)).toEqual(['a', 'b', 'c', 'd']);
    expect(bodies('in-flight', 10, START + 30_000)).toEqual([]);
    expect(bodies('ready', 10, START + 345_600_000)).toEqual([]);
  });

  it('shows messages of a blocked group too', async () => {
    const { world, queue, bodies } = await setup(true);
    await world.receive(queue, { MaxNumberOfMessages: 1 });
    expect(bodies('ready')).toEqual(['b', 'c', 'd']);
    expect(bodies('in-flight')).toEqual(['a']);
  });

  it('of a queue that is not there is empty', () => {
    const world = queueWorld();
    expect(peekQueue(world.state(), 'q', START, 'ready')).toEqual([]);
    expect(queueDepths(world.state(), 'q')).toBeUndefined();
  });
});
