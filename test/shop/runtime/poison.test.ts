import { describe, expect, it } from 'vitest';
import { CliffracerError } from '../../../src/errors.ts';
import type { OutgoingMessage, Ports, ReceivedMessage } from '../../../src/ports.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { handleMessages } from '../../../src/shop/runtime/step.ts';
import { Crash, crashing } from './crashing.ts';
import { World } from './memory-ports.ts';
import { drainAll, LAPTOP_WISH, place } from './shop.ts';

const message = (over: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  ...{ messageId: 'm-1', receiptHandle: 'r-1', body: 'not json', attributes: {}, receiveCount: 2, sentAt: 0 },
  ...over,
});

/** Handles messages with ports whose queues only take note. */
async function handle(messages: ReceivedMessage[], send: Ports['queues']['send'] = async () => []) {
  const world = new World();
  const sent: { queue: string; messages: readonly OutgoingMessage[] }[] = [];
  const deleted: string[] = [];
  const returned: string[] = [];
  const { topic, tables, bucket, metrics, logs } = world;
  const queues: Ports['queues'] = {
    ...world.queues,
    send: async (queue, outgoing) => {
      sent.push({ queue, messages: outgoing });
      return send(queue, outgoing);
    },
    delete: async (_, handles) => {
      deleted.push(...handles);
      return [];
    },
    changeVisibility: async (_, entries) => {
      returned.push(...entries.map(({ receiptHandle }) => receiptHandle));
      return [];
    },
  };
  const ports = { queues, topic, tables, bucket, metrics, logs };
  const deps = { ports, clock: world.clock, services: SERVICE_MODULES, retryDelay: () => 0 };
  return { facts: await handleMessages('order', messages, deps), sent, deleted, returned, world };
}

describe('a message that cannot be mended', () => {
  it('is sent on as it came, with the reason, and deleted after that', async () => {
    const typed = { score: { type: 'Number', value: '7' } };
    const given = message({ attributes: { order_id: 'ord_1', score: '7' }, typed, traceHeader: 'Root=1' });
    const { facts, sent, deleted, returned } = await handle([given]);
    expect(sent).toEqual([
      {
        queue: 'order-queue-dlq',
        messages: [
          {
            body: 'not json',
            attributes: {
              order_id: 'ord_1',
              score: '7',
              cliffracer_reason: 'not_json',
              cliffracer_detail: 'the body is not JSON',
              cliffracer_attempt: '2',
              cliffracer_message_id: 'm-1',
            },
            typed,
            traceHeader: 'Root=1',
          },
        ],
      },
    ]);
    expect([deleted, returned]).toEqual([['r-1'], []]);
    expect(facts).toMatchObject([
      { outcome: 'poison', acknowledged: true, dead_letter_queue: 'order-queue-dlq', warnings: [] },
    ]);
  });

  it('that was redriven carries its latest reason', async () => {
    const attributes = { cliffracer_reason: 'unknown_order', cliffracer_attempt: '9' };
    const { sent } = await handle([message({ attributes })]);
    expect(sent[0]!.messages[0]!.attributes).toMatchObject({ cliffracer_reason: 'not_json', cliffracer_attempt: '2' });
  });

  it.each([
    [7, ['cliffracer_reason', 'cliffracer_detail', 'cliffracer_attempt']],
    [9, ['cliffracer_reason']],
    [10, []],
  ])('with %i attributes of its own keeps them all, within the 10 that SQS takes', async (count, added) => {
    const own = Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 'x']));
    const { sent } = await handle([message({ attributes: own })]);
    const { attributes = {} } = sent[0]!.messages[0]!;
    expect(Object.keys(attributes)).toEqual([...Object.keys(own), ...added]);
  });

  it('has nothing in its reason that SQS refuses', async () => {
    const body = JSON.stringify({ event_type: 'order_created', order_id: `\u0000\ud800${'x'.repeat(2000)}` });
    const { sent } = await handle([message({ body })]);
    const { cliffracer_detail: detail } = sent[0]!.messages[0]!.attributes!;
    expect(detail!.length).toBeLessThanOrEqual(500);
    expect(detail).not.toMatch(/[\u0000-\u0008]/);
  });

  it.each([
    ['there is no such queue', new CliffracerError('not_provisioned', 'no queue order-queue-dlq')],
    ['it is too large', new CliffracerError('aws_error', 'InvalidParameterValue')],
  ])('takes the queue’s own way when %s', async (_, error) => {
    const { facts, deleted, returned } = await handle([message()], async () => {
      throw error;
    });
    expect([deleted, returned]).toEqual([[], ['r-1']]);
    expect(facts).toMatchObject([
      { outcome: 'poison', acknowledged: false, warnings: [`not moved to order-queue-dlq: ${error.message}`] },
    ]);
    expect(facts[0]).not.toHaveProperty('dead_letter_queue');
  });

  it('stays alone when its neighbours go', async () => {
    const given = [message(), message({ messageId: 'm-2', receiptHandle: 'r-2' })];
    const { facts, deleted, returned } = await handle(given, async () => [
      { index: 0, code: 'InternalError', message: 'try again', senderFault: false },
    ]);
    expect([deleted, returned]).toEqual([['r-2'], ['r-1']]);
    expect(facts.map(({ acknowledged }) => acknowledged)).toEqual([false, true]);
  });

  it('rejects when the engine is gone, and nothing is acknowledged', async () => {
    const gone = async () => {
      throw new CliffracerError('engine_unreachable', 'nothing answers');
    };
    await expect(handle([message()], gone)).rejects.toMatchObject({ code: 'engine_unreachable' });
  });

  it('is never lost by a process that dies, wherever that is', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; call <= 8; call++) {
        const world = new World();
        await place(world, [LAPTOP_WISH]);
        world.enqueue('inventory-queue', 'not json');
        const messages = await world.queues.receive('inventory-queue', { max: 10, waitSeconds: 0 });
        const { ports } = crashing(world, { call, when });
        const deps = { ports, clock: world.clock, services: SERVICE_MODULES, retryDelay: () => 0 };
        await handleMessages('inventory', messages, deps).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
        world.clock.time += 31_000;
        await drainAll(world);
        const dead = world.messages('inventory-queue-dlq').map(({ body }) => body);
        expect(dead.length, `${when} call ${call}`).toBeGreaterThan(0);
        expect(dead.every((body) => body === 'not json')).toBe(true);
      }
    }
  });
});

describe('a message that asks for metrics alone', () => {
  it.each(['metrics', 'logs'] as const)('is tried again when %s are refused', async (port) => {
    const world = new World();
    await place(world, [LAPTOP_WISH]);
    const messages = await world.queues.receive('analytics-queue', { max: 1, waitSeconds: 0 });
    const refusing = async () => {
      throw new CliffracerError('aws_error', 'too many');
    };
    const { queues, topic, tables, bucket, metrics, logs } = world;
    const ports = { queues, topic, tables, bucket, metrics, logs, [port]: { ...world[port], put: refusing } };
    const deps = { ports, clock: world.clock, services: SERVICE_MODULES, retryDelay: () => 0 };
    const [fact] = await handleMessages('analytics', messages, deps);
    expect(fact).toMatchObject({ outcome: 'failed', acknowledged: false, error: { code: 'aws_error' } });
    const { summary } = await drainAll(world);
    expect(summary.failed).toBe(0);
    expect(world.logged.some(({ message }) => message.includes('count_order_created'))).toBe(true);
  });
});
