import { describe, expect, it } from 'vitest';
import { failure, queueWorld } from './queue-world.ts';

describe('visibility timeout (SQS Developer Guide, Visibility timeout)', () => {
  it("is the queue's 30 seconds by default, to the millisecond", async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    await world.receive(queue);
    world.advance(29.999);
    expect(await world.receive(queue)).toEqual([]);
    const [fired] = world.advance(0.001);
    expect(fired).toMatch(/^visibility timeout of message \S+ \(received once\) on q ended, ready again$/);
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
  });

  it('is that of the receive when it names one, and counts receives', async () => {
    const world = queueWorld();
    const queue = await world.create('q', { VisibilityTimeout: '5' });
    await world.send(queue, 'a');
    const handles = new Set<string>();
    for (let count = 1; count <= 3; count++) {
      const [message] = await world.receive(queue, { VisibilityTimeout: 2 });
      expect(message!.Attributes).toMatchObject({ ApproximateReceiveCount: String(count) });
      handles.add(message!.ReceiptHandle);
      world.advance(2);
    }
    expect(handles.size).toBe(3);
  });

  it('of zero leaves the message visible, but not twice in one receive', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    expect(await world.bodies(queue, { VisibilityTimeout: 0 })).toEqual(['a']);
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
    const [message] = await world.receive(queue, { VisibilityTimeout: 0 });
    await world.remove(queue, message!);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    expect(await world.receive(queue)).toEqual([]);
  });

  it('ends for all messages of a receive at once, in one step of the clock', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    for (const body of ['a', 'b', 'c']) await world.send(queue, body);
    await world.receive(queue);
    expect(world.next()).toEqual(['visibility timeout of 3 messages on q ended, ready again']);
    expect(world.seconds()).toBe(30);
    expect(await world.bodies(queue)).toEqual(['a', 'b', 'c']);
  });

  it('of a deleted message is no step of the clock', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    const [message] = await world.receive(queue);
    await world.remove(queue, message!);
    expect(world.next()).toEqual([]);
  });
});

describe('ChangeMessageVisibility', () => {
  const setup = async (timeout = '30') => {
    const world = queueWorld();
    const queue = await world.create('q', { VisibilityTimeout: timeout });
    await world.send(queue, 'a');
    const [message] = await world.receive(queue);
    const change = (VisibilityTimeout: number, ReceiptHandle = message!.ReceiptHandle) =>
      world.call('ChangeMessageVisibility', { QueueUrl: queue, ReceiptHandle, VisibilityTimeout });
    return { world, queue, message: message!, change };
  };

  it('counts the new timeout from now, longer or shorter', async () => {
    const { world, queue, change } = await setup();
    world.advance(20);
    await change(60);
    world.advance(59);
    expect(await world.depths(queue)).toEqual([0, 1, 0]);
    await change(1);
    world.advance(1);
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
  });

  it('to zero makes the message visible at once', async () => {
    const { world, queue, change } = await setup();
    await change(0);
    expect(await world.bodies(queue)).toEqual(['a']);
  });

  it('does not last: the next receive has the timeout of the queue again', async () => {
    const { world, queue, change } = await setup('10');
    await change(5);
    world.advance(5);
    await world.receive(queue);
    world.advance(9);
    expect(await world.depths(queue)).toEqual([0, 1, 0]);
  });

  it('ends twelve hours after the receive', async () => {
    const { world, change } = await setup('43200');
    await change(43_200);
    world.advance(1);
    await change(43_199);
    expect(await failure(change(43_200))).toBe(
      'InvalidParameterValueException: Value 43200 for parameter VisibilityTimeout is invalid. ' +
        'Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    );
  });

  it.each([-1, 43_201, 0.5])('refuses %d seconds', async (seconds) => {
    const { change } = await setup();
    expect(await failure(change(seconds))).toBe(
      `InvalidParameterValueException: Value ${seconds} for parameter VisibilityTimeout is invalid. ` +
        'Reason: VisibilityTimeout must be an integer between 0 and 43200.',
    );
  });

  it('succeeds and changes nothing once the timeout has ended (recorded from AWS)', async () => {
    const { world, queue, change } = await setup();
    world.advance(30);
    await change(600);
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
  });

  // LocalStack's AWS-validated test_terminate_visibility_timeout_after_receive.
  it('works with the handle of an earlier receive, and fails for a deleted message', async () => {
    const { world, queue, message, change } = await setup();
    world.advance(30);
    const [again] = await world.receive(queue);
    await change(0, message.ReceiptHandle);
    expect(await world.depths(queue)).toEqual([1, 0, 0]);
    await world.remove(queue, again!);
    const reason = 'Reason: Message does not exist or is not available for visibility timeout change.';
    expect(await failure(change(5, again!.ReceiptHandle))).toContain(reason);
    expect(await failure(change(5, message.ReceiptHandle))).toMatch(/^InvalidParameterValueException/);
  });
});

describe('DeleteMessage after the visibility timeout', () => {
  it('deletes with the latest handle', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    const [message] = await world.receive(queue);
    world.advance(30);
    await world.remove(queue, message!);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    expect(await world.receive(queue)).toEqual([]);
  });

  // moto keeps every handle of a message good likewise; LocalStack's AWS-validated test_remove_message_with_old_receipt_handle.
  it('deletes with an older one too, on a standard queue', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    const [first] = await world.receive(queue);
    world.advance(30);
    const [second] = await world.receive(queue);
    await world.remove(queue, first!);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    await world.remove(queue, second!);
  });
});

describe('the limit on messages in flight (SQS Developer Guide, Message quotas)', () => {
  it.each([
    ['q', {}, 'OverLimit: Too many messages are in flight on this queue.'],
    ['q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' }, undefined],
  ])('of 120,000 on %s', async (name, attributes, error) => {
    const world = queueWorld();
    const queue = await world.create(name, attributes as Record<string, string>);
    for (let sent = 0; sent < 120_002; sent++) await world.send(queue, `${sent}`, { MessageGroupId: `${sent}` });
    for (let received = 0; received < 120_000; ) received += (await world.receive(queue)).length;
    const more = world.receive(queue);
    if (error === undefined) expect(await more).toEqual([]);
    else expect(await failure(more)).toBe(error);
  });
});
