import { describe, expect, it } from 'vitest';
import type { FaultSource } from '../../../src/emulator/core/faults.ts';
import { queueWorld } from './queue-world.ts';

const always =
  (action: 'reorder' | 'duplicate'): FaultSource =>
  (service, operation, point) =>
    service === 'sqs' && operation === 'ReceiveMessage' && point === action ? { action } : undefined;

describe('the fault reorder', () => {
  const receiveAll = async (faults: FaultSource | undefined, name = 'q') => {
    const world = queueWorld(faults === undefined ? {} : { faults });
    const queue = name === 'q' ? await world.create(name) : await world.createFifo(name);
    for (let index = 0; index < 300; index++) {
      await world.send(queue, `${index}`, name === 'q' ? {} : { MessageGroupId: 'g' });
    }
    const order: number[] = [];
    while (order.length < 300) {
      for (const message of await world.receive(queue)) {
        order.push(Number(message.Body));
        await world.remove(queue, message);
      }
    }
    return order;
  };
  const sorted = Array.from({ length: 300 }, (_, index) => index);

  it('delivers every message of a standard queue once, out of order, the same for the same seed', async () => {
    const order = await receiveAll(always('reorder'));
    expect(order).not.toEqual(sorted);
    expect([...order].sort((a, b) => a - b)).toEqual(sorted);
    expect(await receiveAll(always('reorder'))).toEqual(order);
    // No message overtakes more than the window of a hundred.
    expect(order.every((value, position) => value <= position + 99)).toBe(true);
  });

  it('leaves a FIFO queue in order', async () => {
    expect(await receiveAll(always('reorder'), 'q.fifo')).toEqual(sorted);
  });

  it('is not there unless asked for', async () => {
    expect(await receiveAll(undefined)).toEqual(sorted);
  });
});

describe('the fault duplicate', () => {
  it('delivers a message of a standard queue and leaves it ready', async () => {
    let left = 1;
    const once: FaultSource = (...call) =>
      left > 0 && always('duplicate')(...call) !== undefined && left-- > 0 ? { action: 'duplicate' } : undefined;
    const world = queueWorld({ faults: once });
    const queue = await world.create('q');
    await world.send(queue, 'a');
    const [first] = await world.receive(queue);
    const [second] = await world.receive(queue);
    expect(second).toMatchObject({ Body: 'a', MessageId: first!.MessageId });
    expect(second!.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
    expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
    expect(await world.receive(queue)).toEqual([]);
    await world.remove(queue, second!);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
  });

  it('does not touch a FIFO queue', async () => {
    const world = queueWorld({ faults: always('duplicate') });
    const queue = await world.createFifo('q.fifo');
    await world.send(queue, 'a', { MessageGroupId: 'g' });
    await world.receive(queue);
    expect(await world.receive(queue)).toEqual([]);
  });
});
