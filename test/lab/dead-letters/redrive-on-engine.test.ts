import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import { parseExpression } from '../../../src/expression/parser.ts';
import { NO_KNOWLEDGE } from '../../../src/lab/dead-letters/knowledge.ts';
import { redrive } from '../../../src/lab/dead-letters/redrive.ts';
import type { ReceivedMessage } from '../../../src/ports.ts';
import { ENGINES, startStack, type TestStack } from '../../support/engines.ts';

const QUEUE = 'payment-queue';
const DEAD = 'payment-queue-dlq';
const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';

describe.each(ENGINES)('dead letters on $name', (fixture) => {
  let stack: TestStack;
  let clock: Clock;

  beforeEach(async () => {
    stack = await startStack(fixture, 'letters');
    // The engine's time; on an engine of another process a sleep has to be one.
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, stack.engine.emulator ? 0 : ms));
    clock = { now: () => stack.engine.now(), sleep };
  });
  afterEach(() => stack.close());

  const from = () => ({ queue: DEAD, queues: stack.ports.queues, knowledge: NO_KNOWLEDGE });

  /** Dead letters as they come to be: received too often, sent by a program, and with attributes of every type. */
  async function fill(): Promise<void> {
    const { queues } = stack.ports;
    await queues.send(QUEUE, [{ body: '{"event_type":"tired"}', attributes: { event_type: 'tired' } }]);
    for (let attempt = 1; attempt <= 4; attempt++) {
      for (const { receiptHandle } of await queues.receive(QUEUE, { max: 10, waitSeconds: 0 })) {
        await queues.changeVisibility(QUEUE, [{ receiptHandle, seconds: 0 }]);
      }
    }
    await queues.send(
      DEAD,
      Array.from({ length: 25 }, (_, n) => ({
        body: JSON.stringify({ n }),
        attributes: { cliffracer_reason: 'not_event' },
      })),
    );
    const sqs = await stack.clients.sqs();
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: await urlOf(DEAD),
        MessageBody: 'Zoë 🛒 {',
        MessageAttributes: {
          count: { DataType: 'Number.pieces', StringValue: '007' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 10]) },
          label: { DataType: 'String.label', StringValue: 'Zoë' },
          plain: { DataType: 'String', StringValue: 'x' },
        },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: TRACE } },
      }),
    );
    await expect.poll(() => depths()).toEqual([0, 27]);
  }

  async function urlOf(queue: string): Promise<string> {
    const { GetQueueUrlCommand } = await import('@aws-sdk/client-sqs');
    const sqs = await stack.clients.sqs();
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: stack.names.queue(queue) }))).QueueUrl!;
  }

  const depths = async () => {
    const { queues } = stack.ports;
    return (await Promise.all([QUEUE, DEAD].map((queue) => queues.depth(queue)))).map(({ ready }) => ready);
  };

  /** What is in a queue, without what differs with every delivery. */
  async function contents(queue: string): Promise<unknown[]> {
    const found: ReceivedMessage[] = [];
    for (;;) {
      const messages = await stack.ports.queues.receive(queue, { max: 10, waitSeconds: 0 });
      if (messages.length === 0) break;
      found.push(...messages);
    }
    return found
      .map(({ body, attributes, typed, traceHeader, receiveCount }) => ({
        body,
        attributes,
        typed,
        traceHeader,
        receiveCount,
      }))
      .sort((a, b) => (a.body < b.body ? -1 : 1));
  }

  /** With a filter that everything fulfils, the engine's own task is out of the question. */
  const WAYS = [{}, { where: parseExpression('body != ""') }];

  it('the move task and our own way end in the same state', async () => {
    const ends: unknown[][] = [];
    const ways: string[] = [];
    for (const options of WAYS) {
      await fill();
      const report = await redrive({ to: QUEUE, ...options }, { from: from(), clock });
      expect(report).toMatchObject({ ended: 'done', moved: 27, failed: 0, duplicates: 0 });
      await expect.poll(() => depths()).toEqual([27, 0]);
      ends.push(await contents(QUEUE));
      ways.push(report.way);
      await stack.close();
      stack = await startStack(fixture, 'letters');
    }
    expect(ends[0]).toHaveLength(27);
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]).toContainEqual({
      body: 'Zoë 🛒 {',
      attributes: { count: '007', label: 'Zoë', plain: 'x' },
      typed: {
        count: { type: 'Number.pieces', value: '007' },
        bytes: { type: 'Binary', value: new Uint8Array([0, 255, 10]) },
        label: { type: 'String.label', value: 'Zoë' },
      },
      traceHeader: fixture.lacks?.includes('trace headers') ? undefined : TRACE,
      receiveCount: 1,
    });
    expect(ways[1]).toBe('receive_send_delete');
    if (stack.engine.emulator !== undefined) expect(ways[0]).toBe('move_task');
  });

  it('a dry run tells the way, and changes nothing', async () => {
    await fill();
    const report = await redrive({ to: QUEUE, dryRun: true }, { from: from(), clock });
    expect(report).toMatchObject({ dry_run: true, moved: 27, remaining: 27 });
    if (stack.engine.emulator !== undefined) expect(report.way).toBe('move_task');
    await expect.poll(() => depths()).toEqual([0, 27]);
  });

  it.runIf(fixture.name.startsWith('embedded'))('only one task moves the messages of a queue', async () => {
    await fill();
    const { queues } = stack.ports;
    const handle = await queues.startMove(DEAD, QUEUE, { perSecond: 1 });
    await expect(queues.startMove(DEAD, QUEUE, {})).rejects.toMatchObject({
      ...{ code: 'conflict', retryable: true },
      message: 'the messages of letters-payment-queue-dlq are being moved already',
    });
    await queues.cancelMove(handle!);
    expect(await queues.moveProgress(DEAD)).toMatchObject({ status: 'cancelled' });
  });

  it('a queue that is missing is named', async () => {
    const { queues } = stack.ports;
    await expect(queues.startMove('toaster-queue-dlq', QUEUE, {})).rejects.toMatchObject({ code: 'not_provisioned' });
  });

  it.runIf(fixture.name.startsWith('embedded'))('thousands are moved in batches side by side', async () => {
    const letters = Array.from({ length: 2_000 }, (_, n) => ({
      body: JSON.stringify({ n, order_id: `ord_${n % 2}` }),
    }));
    await stack.ports.queues.send(DEAD, letters);
    const report = await redrive({ to: QUEUE, where: parseExpression('order_id = ord_1') }, { from: from(), clock });
    expect(report).toMatchObject({ moved: 1_000, skipped: 1_000, remaining: 1_000 });
    expect(await depths()).toEqual([1_000, 1_000]);
  });
});
