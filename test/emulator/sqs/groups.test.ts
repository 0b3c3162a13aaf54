import { describe, expect, it } from 'vitest';
import { queueWorld } from './queue-world.ts';

const group = (MessageGroupId: string) => ({ MessageGroupId });

async function fifoWith(...bodies: string[]) {
  const world = queueWorld();
  const queue = await world.createFifo('q.fifo');
  for (const [index, body] of bodies.entries()) {
    await world.send(queue, body, { ...group(body.slice(0, 2)), MessageDeduplicationId: `${index}` });
  }
  const change = (ReceiptHandle: string, VisibilityTimeout: number) =>
    world.call('ChangeMessageVisibility', { QueueUrl: queue, ReceiptHandle, VisibilityTimeout });
  return { world, queue, change };
}

// LocalStack's tests of these names are validated on AWS (tests/aws/services/sqs/test_sqs.py).
describe('a FIFO group is delivered up to its first message in flight', () => {
  it('test_fifo_message_group_visibility_after_terminate_visibility_timeout', async () => {
    const { world, queue, change } = await fifoWith('g1-m1', 'g1-m2', 'g2-m1');
    const [first] = await world.receive(queue, { MaxNumberOfMessages: 2 });
    await change(first!.ReceiptHandle, 0);
    expect(await world.bodies(queue, { MaxNumberOfMessages: 3 })).toEqual(['g2-m1', 'g1-m1']);
  });

  it('test_fifo_message_group_visibility_after_change_message_visibility', async () => {
    const { world, queue, change } = await fifoWith('g1-m1', 'g1-m2', 'g2-m1');
    const [first] = await world.receive(queue, { MaxNumberOfMessages: 2 });
    await change(first!.ReceiptHandle, 1);
    world.advance(2);
    expect(await world.bodies(queue, { MaxNumberOfMessages: 3 })).toEqual(['g2-m1', 'g1-m1']);
  });

  it('test_fifo_message_group_visibility_after_partial_delete', async () => {
    const bodies = ['g1-m1', 'g2-m1', 'g1-m2', 'g2-m2', 'g1-m3', 'g1-m4', 'g3-m1'];
    const { world, queue } = await fifoWith(...bodies);
    const [first] = await world.receive(queue, { MaxNumberOfMessages: 2 });
    await world.remove(queue, first!);
    expect(await world.bodies(queue)).toEqual(['g2-m1', 'g2-m2', 'g3-m1']);
  });

  it('gives back the first while a later one is in flight, then all in order', async () => {
    const { world, queue, change } = await fifoWith('g1-foo', 'g1-bar', 'g1-baz');
    const [foo, bar, baz] = await world.receive(queue);
    await change(baz!.ReceiptHandle, 0);
    expect(await world.receive(queue)).toEqual([]);
    await change(foo!.ReceiptHandle, 0);
    const [again, ...others] = await world.receive(queue);
    expect([again!.Body, others]).toEqual(['g1-foo', []]);
    await change(bar!.ReceiptHandle, 0);
    await change(again!.ReceiptHandle, 0);
    expect(await world.bodies(queue)).toEqual(['g1-foo', 'g1-bar', 'g1-baz']);
  });
});

describe('groups of a FIFO queue take turns', () => {
  it('test_fifo_receive_message_with_zero_visibility_timeout', async () => {
    const { world, queue } = await fifoWith('g1-m1', 'g2-m1', 'g2-m2', 'g3-m1', 'g1-m2');
    const receive = (MaxNumberOfMessages: number) => world.bodies(queue, { MaxNumberOfMessages, VisibilityTimeout: 0 });
    expect(await receive(3)).toEqual(['g1-m1', 'g1-m2', 'g2-m1']);
    expect(await receive(10)).toEqual(['g3-m1', 'g1-m1', 'g1-m2', 'g2-m1', 'g2-m2']);
  });

  it('test_fifo_message_group_visibility', async () => {
    const { world, queue } = await fifoWith('g1-m1', 'g1-m2', 'g1-m3', 'g1-m4', 'g2-m1', 'g3-m1');
    expect(await world.bodies(queue, { MaxNumberOfMessages: 2 })).toEqual(['g1-m1', 'g1-m2']);
    expect(await world.bodies(queue, { MaxNumberOfMessages: 1 })).toEqual(['g2-m1']);
    world.advance(31);
    const all = await world.bodies(queue, { VisibilityTimeout: 0 });
    expect(all).toEqual(['g3-m1', 'g1-m1', 'g1-m2', 'g1-m3', 'g1-m4', 'g2-m1']);
  });

  it('so that one which fails again and again does not keep the others waiting', async () => {
    const { world, queue, change } = await fifoWith('g1-bad', 'g2-m1', 'g3-m1');
    const seen: string[] = [];
    for (let index = 0; index < 4; index++) {
      const [message] = await world.receive(queue, { MaxNumberOfMessages: 1 });
      seen.push(message!.Body);
      if (message!.Body === 'g1-bad') await change(message!.ReceiptHandle, 0);
      else await world.remove(queue, message!);
    }
    expect(seen).toEqual(['g1-bad', 'g2-m1', 'g3-m1', 'g1-bad']);
  });
});

// SQS Developer Guide, How Amazon SQS fair queues work: tenants by MessageGroupId, a message without one is its own.
describe('fair queues: groups of a standard queue take turns', () => {
  async function standardWith(...bodies: string[]) {
    const world = queueWorld();
    const queue = await world.create('q');
    for (const body of bodies) await world.send(queue, body, body.startsWith('-') ? {} : group(body[0]!));
    return { world, queue };
  }

  it('so that a backlog of one does not hold up another', async () => {
    const { world, queue } = await standardWith('a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1');
    expect(await world.bodies(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('with messages without a group between them', async () => {
    const { world, queue } = await standardWith('a1', 'a2', '-1', 'a3', '-2');
    expect(await world.bodies(queue)).toEqual(['a1', '-1', '-2', 'a2', 'a3']);
  });

  it('and one group, or none, stays in order', async () => {
    const one = await standardWith('a1', 'a2', 'a3');
    expect(await one.world.bodies(one.queue)).toEqual(['a1', 'a2', 'a3']);
    const none = await standardWith('-1', '-2', '-3');
    expect(await none.world.bodies(none.queue)).toEqual(['-1', '-2', '-3']);
  });

  it('while no group is held up by its messages in flight', async () => {
    const { world, queue } = await standardWith('a1', 'a2');
    expect(await world.bodies(queue, { MaxNumberOfMessages: 1 })).toEqual(['a1']);
    expect(await world.bodies(queue, { MaxNumberOfMessages: 1 })).toEqual(['a2']);
  });
});
