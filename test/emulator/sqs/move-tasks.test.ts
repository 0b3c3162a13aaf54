import { describe, expect, it } from 'vitest';
import { failure, queueWorld, START } from './queue-world.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000';

/** A dead-letter queue with messages in it that came from `source`. */
const setup = async (count: number, suffix = '') => {
  const world = queueWorld();
  const { source, deadLetter } = await world.createPair(1, suffix);
  for (let index = 0; index < count; index++) {
    await world.send(
      source,
      `${index}`,
      suffix ? { MessageGroupId: `g${index % 2}`, MessageDeduplicationId: `${index}` } : {},
    );
  }
  for (let received = 0; received < count; ) received += (await world.receive(source, { VisibilityTimeout: 1 })).length;
  world.advance(1);
  await world.receive(source);
  expect(await world.depths(deadLetter)).toEqual([count, 0, 0]);
  const start = (more: object = {}) =>
    world.call('StartMessageMoveTask', { SourceArn: `${ARN}:dead${suffix}`, ...more });
  const list = async (more: object = {}) =>
    (await world.call('ListMessageMoveTasks', { SourceArn: `${ARN}:dead${suffix}`, ...more })).Results;
  return { world, source, deadLetter, start, list };
};

describe('StartMessageMoveTask (SQS Developer Guide, Dead-letter queue redrive)', () => {
  it('moves messages back to where they came from, as new ones', async () => {
    const { world, source, deadLetter, start, list } = await setup(3);
    const before = (await world.receive(deadLetter, { VisibilityTimeout: 0 })).map(({ MessageId }) => MessageId);
    const { TaskHandle } = await start();
    expect(TaskHandle).toEqual(expect.any(String));
    expect(await list()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: `${ARN}:dead`,
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
        StartedTimestamp: START + 1000,
      },
    ]);
    expect(await world.depths(deadLetter)).toEqual([0, 0, 0]);
    const moved = await world.receive(source);
    expect(moved.map(({ Body }) => Body)).toEqual(['0', '1', '2']);
    expect(moved[0]!.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SentTimestamp: String(START + 1000) });
    expect(moved[0]!.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    expect(before).not.toContain(moved[0]!.MessageId);
  });

  it('moves messages to a queue that is named, and says so', async () => {
    const { world, start, list } = await setup(2);
    const other = await world.create('other');
    await start({ DestinationArn: `${ARN}:other` });
    expect(await list()).toMatchObject([{ Status: 'COMPLETED', DestinationArn: `${ARN}:other` }]);
    expect(await world.bodies(other)).toEqual(['0', '1']);
  });

  it('keeps the order of each group of a FIFO queue', async () => {
    const { world, start } = await setup(6, '.fifo');
    const inQueue = (name: string) =>
      [...world.state().queues.get(name)!.messages.values()].map(({ content }) => content.body);
    const ofGroup = (name: string, group: number) => inQueue(name).filter((body) => Number(body) % 2 === group);
    const order = [0, 1].map((group) => ofGroup('dead.fifo', group));
    await start();
    world.advance(0);
    expect([0, 1].map((group) => ofGroup('source.fifo', group))).toEqual(order);
    expect(inQueue('dead.fifo')).toEqual([]);
  });

  it('keeps to its rate', async () => {
    const { world, source, start, list } = await setup(5);
    await start({ MaxNumberOfMessagesPerSecond: 2 });
    const [task] = await list();
    expect(task).toMatchObject({
      Status: 'RUNNING',
      MaxNumberOfMessagesPerSecond: 2,
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 5,
      TaskHandle: expect.any(String),
    });
    expect(world.advance(1)).toEqual(['move task from dead: 2 messages moved, running']);
    expect(await world.depths(source)).toEqual([4, 0, 0]);
    expect(world.advance(1)).toEqual(['move task from dead: 1 message moved, completed']);
    expect(await list()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 5 }]);
  });

  it.each([{}, { MaxNumberOfMessagesPerSecond: 2 }])(
    '%j: moves what was there when it began, and no more',
    async (rate) => {
      const { world, source, start, list } = await setup(4);
      await start(rate);
      // Each message that comes back fails once more, and is a dead letter again.
      for (let second = 0; second < 10; second++) {
        await world.receive(source, { VisibilityTimeout: 1 });
        world.advance(1);
        await world.receive(source);
      }
      expect(await list()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 4 }]);
    },
  );

  it('goes on after a snapshot was loaded', async () => {
    const { world, source, start } = await setup(4);
    await start({ MaxNumberOfMessagesPerSecond: 1 });
    world.advance(0);
    world.engine.restore(structuredClone(world.engine.state));
    expect(await world.depths(source)).toEqual([1, 0, 0]);
    world.advance(10);
    expect(await world.depths(source)).toEqual([4, 0, 0]);
  });

  it('leaves messages that are in flight', async () => {
    const { world, source, deadLetter, start } = await setup(3);
    await world.receive(deadLetter, { MaxNumberOfMessages: 1 });
    await start();
    expect(await world.bodies(source)).toEqual(['1', '2']);
    expect(await world.depths(deadLetter)).toEqual([0, 1, 0]);
  });

  it.each([
    [
      'the source of a message is gone',
      'AWS.SimpleQueueService.NonExistentQueue',
      async ({ world, source }) => {
        // Another queue keeps it a dead-letter queue.
        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 1 });
        await world.create('another', { RedrivePolicy });
        await world.call('DeleteQueue', { QueueUrl: source });
      },
    ],
    [
      'a message was sent to the dead-letter queue itself',
      'CouldNotDetermineMessageSource',
      async ({ world, deadLetter }) => {
        await world.call('PurgeQueue', { QueueUrl: deadLetter });
        await world.send(deadLetter, 'direct');
      },
    ],
  ] as [string, string, (setting: Awaited<ReturnType<typeof setup>>) => Promise<void>][])(
    'fails when %s, and loses nothing',
    async (_, FailureReason, spoil) => {
      const setting = await setup(1);
      await spoil(setting);
      await setting.start();
      expect(await setting.list()).toMatchObject([{ Status: 'FAILED', FailureReason }]);
      expect(await setting.world.depths(setting.deadLetter)).toEqual([1, 0, 0]);
    },
  );

  it.each([
    [{ SourceArn: 'dead' }, /^InvalidParameterValueException: You must use this format to specify the SourceArn: arn:/],
    [
      { SourceArn: `${ARN}:none` },
      /^ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist\.$/,
    ],
    [
      { SourceArn: `${ARN}:source` },
      /^InvalidParameterValueException: Source queue must be configured as a Dead Letter Queue\.$/,
    ],
    [{ DestinationArn: `${ARN}:none` }, /^ResourceNotFoundException: .* DestinationArn parameter doesn't exist\.$/],
    [{ DestinationArn: `${ARN}:dead` }, /cannot be the same\.$/],
    [{ DestinationArn: `${ARN}:q.fifo` }, /must be of the same type\.$/],
    [
      { MaxNumberOfMessagesPerSecond: 0 },
      /^InvalidParameterValueException: Value 0 for parameter MaxNumberOfMessagesPerSecond/,
    ],
    [{ MaxNumberOfMessagesPerSecond: 501 }, /Must be between 1 and 500/],
  ])('refuses %j', async (input, message) => {
    const { world, start } = await setup(0);
    await world.createFifo('q.fifo');
    expect(await failure(start(input))).toMatch(message);
  });

  it('runs one at a time', async () => {
    const { start } = await setup(3);
    await start({ MaxNumberOfMessagesPerSecond: 1 });
    expect(await failure(start())).toBe(
      'InvalidParameterValueException: There is already a task running. ' +
        'Only one active task is allowed for a source queue arn at a given time.',
    );
  });
});

describe('CancelMessageMoveTask', () => {
  it('stops the task where it is', async () => {
    const { world, source, start, list } = await setup(5);
    const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
    world.advance(1);
    const cancel = () => world.call('CancelMessageMoveTask', { TaskHandle });
    expect(await cancel()).toEqual({ ApproximateNumberOfMessagesMoved: 2 });
    expect(world.advance(60)).toEqual([]);
    const [task] = await list();
    expect(task).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 });
    expect(task.TaskHandle).toBeUndefined();
    expect(await world.depths(source)).toEqual([2, 0, 0]);
    expect(await failure(cancel())).toMatch(/^InvalidParameterValueException: Only active tasks can be cancelled\.$/);
    await start();
  });

  const handle = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
  it.each([
    ['x', 'InvalidParameterValueException: Value for parameter TaskHandle is invalid.'],
    [handle({ taskId: 1 }), 'InvalidParameterValueException: Value for parameter TaskHandle is invalid.'],
    [handle(null), 'InvalidParameterValueException: Value for parameter TaskHandle is invalid.'],
    [
      handle({ taskId: 'x', sourceArn: `${ARN}:none` }),
      "ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist.",
    ],
    [handle({ taskId: 'x', sourceArn: `${ARN}:dead` }), 'ResourceNotFoundException: Task does not exist.'],
  ])('refuses the handle %s', async (TaskHandle, message) => {
    const { world } = await setup(0);
    expect(await failure(world.call('CancelMessageMoveTask', { TaskHandle }))).toBe(message);
  });
});

describe('ListMessageMoveTasks', () => {
  it('lists the newest task, or up to ten, newest first', async () => {
    const { world, start, list } = await setup(0);
    for (let index = 0; index < 15; index++) {
      await start();
      world.advance(1);
    }
    expect(await list()).toHaveLength(1);
    const ten = await list({ MaxResults: 10 });
    const times = ten.map(({ StartedTimestamp }: { StartedTimestamp: number }) => StartedTimestamp);
    expect(times).toEqual([...times].sort().reverse());
    expect(ten).toHaveLength(10);
    expect(world.state().moveTasks.size).toBe(10);
    for (const MaxResults of [0, 11]) expect(await failure(list({ MaxResults }))).toMatch(/Must be between 1 and 10/);
    expect(await failure(list({ SourceArn: `${ARN}:none` }))).toMatch(/^ResourceNotFoundException/);
  });
});
