import { describe, expect, it } from 'vitest';
import { orderCreated } from '../../../src/domain/events.ts';
import { CliffracerError } from '../../../src/errors.ts';
import type { Ports, ReceivedMessage } from '../../../src/ports.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { handleMessages } from '../../../src/shop/runtime/step.ts';
import { World } from './memory-ports.ts';
import { broken, drainAll, LAPTOP_WISH, place } from './shop.ts';

/** A world with some orders placed, and ports to it that can be replaced one by one. */
async function setUp(orders = 1) {
  const world = new World();
  await place(
    world,
    Array.from({ length: orders }, () => LAPTOP_WISH),
  );
  const { queues, topic, tables, bucket, metrics, logs } = world;
  const ports: Ports = { queues, topic, tables, bucket, metrics, logs };
  const messages = await queues.receive('inventory-queue', { max: 10, waitSeconds: 0 });
  return { world, ports, messages };
}

const handle = (
  world: World,
  ports: Ports,
  messages: ReceivedMessage[],
  retryDelay: () => number | undefined = () => 0,
) => handleMessages('inventory', messages, { ports, clock: world.clock, services: SERVICE_MODULES, retryDelay });

const refusing = (error: Error) => async () => {
  throw error;
};

describe('a batch of messages', () => {
  it('takes one request of each kind', async () => {
    const { world, ports, messages } = await setUp(10);
    const calls: string[] = [];
    const counted = Object.fromEntries(
      Object.entries(ports).map(([port, target]) => [
        port,
        new Proxy(target, {
          get: (object, name) => {
            const member = Reflect.get(object, name);
            if (typeof member !== 'function') return member;
            return (...args: unknown[]) => {
              calls.push(`${port}.${String(name)}`);
              return member.apply(object, args);
            };
          },
        }),
      ]),
    ) as unknown as Ports;
    await handle(world, counted, messages);
    expect(calls).toEqual([
      'tables.getMany',
      'tables.write',
      'topic.publish',
      'metrics.put',
      'logs.put',
      'queues.delete',
    ]);
  });

  it('decides each message by what the one before it did', async () => {
    const { world, ports, messages } = await setUp(3);
    await handle(world, ports, messages);
    const levels = world.measured.filter(({ name }) => name === 'StockLevel').map(({ value }) => value);
    expect(levels).toEqual([99, 98, 97]);
  });

  it('takes the same event twice in it as one', async () => {
    const { world, ports, messages } = await setUp();
    world.enqueue('inventory-queue', messages[0]!.body);
    const copies = await world.queues.receive('inventory-queue', { max: 10, waitSeconds: 0 });
    const facts = await handle(world, ports, [...messages, ...copies]);
    expect(facts.map(({ outcome }) => outcome)).toEqual(['handled', 'duplicate']);
    expect(await world.tables.get('inventory', { sku: 'laptop-pro' })).toMatchObject({ available: 99, reserved: 1 });
  });

  it('decides each by itself when the write for all is refused', async () => {
    const { world, ports, messages } = await setUp(3);
    // Somebody else handles the second message in the meantime.
    let sizes: number[] = [];
    ports.tables = Object.assign(Object.create(world.tables) as World['tables'], {
      write: async (writes: Parameters<World['tables']['write']>[0]) => {
        if (sizes.length === 0) await handle(world, { ...ports, tables: world.tables }, messages.slice(1, 2));
        sizes = [...sizes, writes.length];
        return world.tables.write(writes);
      },
    });
    const facts = await handle(world, ports, messages);
    expect(facts.map(({ effects }) => effects.map(({ kind }) => kind))).toEqual([
      ['write', 'publish', 'measure', 'log'],
      ['publish', 'log'],
      ['write', 'publish', 'measure', 'log'],
    ]);
    expect(sizes).toEqual([4, 2, 2]);
    expect(await world.tables.get('inventory', { sku: 'laptop-pro' })).toMatchObject({ available: 97, reserved: 3 });
    await drainAll(world);
    expect(await broken(world)).toEqual([]);
  });

  it('takes back what it decided on changes that were not made', async () => {
    const { world, ports, messages } = await setUp();
    const cancel = { ...JSON.parse(messages[0]!.body), event_type: 'cancel_requested', reason: 'no more' };
    world.enqueue('inventory-queue', JSON.stringify({ ...cancel, event_id: 'another' }));
    const [cancelled] = await world.queues.receive('inventory-queue', { max: 10, waitSeconds: 0 });
    let calls = 0;
    ports.tables = Object.assign(Object.create(world.tables) as World['tables'], {
      write: async (writes: Parameters<World['tables']['write']>[0]) => {
        if (++calls < 3) throw new CliffracerError('aws_error', 'an error, nothing done');
        return world.tables.write(writes);
      },
    });
    const facts = await handle(world, ports, [messages[0]!, cancelled!]);
    // The first message was not written, so there is nothing to release for the second one.
    expect(facts).toMatchObject([
      { outcome: 'failed', error: { code: 'aws_error' } },
      { outcome: 'handled', effects: [{ kind: 'write', summary: 'withdrawn before anything was held' }, {}, {}] },
    ]);
  });

  it('leaves exactly the messages whose events were not published', async () => {
    const { world, ports, messages } = await setUp(3);
    ports.topic = {
      publish: async (events) => {
        await world.topic.publish(events.filter((_, index) => index !== 1));
        return [{ index: 1, code: 'InternalError', message: 'try again', senderFault: false }];
      },
    };
    const facts = await handle(world, ports, messages);
    expect(facts.map(({ outcome, acknowledged }) => [outcome, acknowledged])).toEqual([
      ['handled', true],
      ['failed', false],
      ['handled', true],
    ]);
    expect(facts[1]!.error).toEqual({
      code: 'InternalError',
      message: 'inventory_reserved was not published: try again',
    });
    expect(world.messages('inventory-queue')).toHaveLength(1);
    await drainAll(world);
    expect(await broken(world)).toEqual([]);
  });

  it('tells what was not acknowledged; it comes again as a duplicate', async () => {
    const { world, ports, messages } = await setUp(2);
    ports.queues = {
      ...world.queues,
      delete: async (queue, handles) => {
        await world.queues.delete(queue, handles.slice(0, 1));
        return [{ index: 1, code: 'InternalError', message: 'try again', senderFault: false }];
      },
    };
    const facts = await handle(world, ports, messages);
    expect(facts).toMatchObject([
      { outcome: 'handled', acknowledged: true },
      { outcome: 'failed', acknowledged: false, error: { code: 'not_acknowledged' } },
    ]);
    const { steps } = await drainAll(world);
    const again = steps.filter(({ event_type }) => event_type === 'order_created');
    expect(again.filter(({ service }) => service === 'inventory')).toMatchObject([
      { outcome: 'duplicate', attempt: 2 },
    ]);
    expect(await broken(world)).toEqual([]);
  });

  it('leaves a failing message to its timeout, to a delay, or makes it ready at once', async () => {
    for (const [delay, ready] of [
      [undefined, 0],
      [5, 0],
      [0, 1],
    ] as const) {
      const { world, ports, messages } = await setUp();
      ports.topic = { publish: refusing(new Error('no')) };
      const [fact] = await handle(world, ports, messages, () => delay);
      expect(fact).toMatchObject({ outcome: 'failed', error: { code: 'internal', message: 'no' } });
      expect(await world.queues.depth('inventory-queue')).toMatchObject({ ready });
      world.clock.time += 5000;
      expect(await world.queues.depth('inventory-queue')).toMatchObject({ ready: delay === undefined ? 0 : 1 });
    }
  });

  it('is acknowledged although metrics and log lines are refused, with a warning', async () => {
    const { world, ports, messages } = await setUp();
    ports.metrics = { ...world.metrics, put: refusing(new CliffracerError('aws_error', 'too many')) };
    ports.logs = { ...world.logs, put: refusing(new CliffracerError('aws_error', 'too old')) };
    const [fact] = await handle(world, ports, messages);
    expect(fact).toMatchObject({
      outcome: 'handled',
      acknowledged: true,
      warnings: ['metrics were not recorded: too many', 'log lines were not written: too old'],
    });
  });

  it('names the message whose return failed, and goes on', async () => {
    const { world, ports, messages } = await setUp();
    ports.topic = { publish: refusing(new Error('no')) };
    ports.queues = {
      ...world.queues,
      changeVisibility: async () => [{ index: 0, code: 'X', message: 'gone', senderFault: true }],
    };
    expect((await handle(world, ports, messages))[0]!.warnings).toEqual(['not released yet: gone']);
  });

  it.each(['load', 'write', 'publish', 'measure', 'delete'])(
    'rejects when the engine is gone at %s, and acknowledges nothing',
    async (stage) => {
      const { world, ports, messages } = await setUp(2);
      const gone = refusing(new CliffracerError('engine_unreachable', 'nothing answers'));
      if (stage === 'load') ports.tables = Object.assign(Object.create(world.tables), { getMany: gone });
      if (stage === 'write') ports.tables = Object.assign(Object.create(world.tables), { write: gone });
      if (stage === 'publish') ports.topic = { publish: gone };
      if (stage === 'measure') ports.metrics = { ...world.metrics, put: gone };
      if (stage === 'delete') ports.queues = { ...world.queues, delete: gone };
      await expect(handle(world, ports, messages)).rejects.toMatchObject({ code: 'engine_unreachable' });
      expect(await world.queues.depth('inventory-queue')).toEqual({ ready: 2, inFlight: 0, delayed: 0 });
      await drainAll(world);
      expect(await broken(world)).toEqual([]);
    },
  );

  it('loads and decides again when the state has moved on, and gives up after a while', async () => {
    const { world, ports, messages } = await setUp();
    let races = 0;
    ports.tables = Object.assign(Object.create(world.tables) as World['tables'], {
      write: async () => {
        races++;
        return { written: false as const, conflicts: [{ index: 1, label: 'inventory laptop-pro', item: undefined }] };
      },
    });
    const [fact] = await handle(world, ports, messages);
    expect(fact).toMatchObject({ outcome: 'failed', acknowledged: false, error: { code: 'conflict' } });
    expect(fact!.error!.message).toContain('inventory laptop-pro');
    expect(races).toBe(5);
  });

  it('lets what was written in between decide', async () => {
    const { world, ports, messages } = await setUp();
    let raced = false;
    ports.tables = Object.assign(Object.create(world.tables) as World['tables'], {
      write: async (writes: Parameters<World['tables']['write']>[0]) => {
        // Another worker, with the same message, is faster.
        if (!raced) {
          raced = true;
          await world.tables.write(writes);
        }
        return world.tables.write(writes);
      },
    });
    const [fact] = await handle(world, ports, messages);
    expect(fact).toMatchObject({ outcome: 'duplicate', acknowledged: true });
    expect(world.published.map(({ attributes }) => attributes.event_type)).toEqual([
      'order_created',
      'inventory_reserved',
    ]);
    expect(await world.tables.get('inventory', { sku: 'laptop-pro' })).toMatchObject({ available: 99 });
  });

  it('survives a service that throws, stack in the log', async () => {
    const { world, ports, messages } = await setUp();
    const throwing = {
      ...SERVICE_MODULES.inventory,
      decide: () => {
        throw new TypeError('a bug');
      },
    };
    const services = { ...SERVICE_MODULES, inventory: throwing };
    const deps = { ports, clock: world.clock, services, retryDelay: () => 0 };
    const [fact] = await handleMessages('inventory', messages, deps);
    expect(fact).toMatchObject({ outcome: 'failed', error: { code: 'internal', message: 'a bug' } });
    expect(JSON.parse(world.logged.at(-1)!.message).error.stack).toContain('TypeError: a bug');
  });

  it('measures at the time of the event, within what CloudWatch takes', async () => {
    const { world, ports } = await setUp();
    const [order] = await place(new World(), [LAPTOP_WISH]);
    const at = async (timestamp: string) => {
      const body = JSON.stringify({ ...orderCreated(order!), timestamp });
      const message = { messageId: 'm', receiptHandle: 'r', body, attributes: {}, receiveCount: 1, sentAt: 0 };
      world.measured.length = 0;
      await handleMessages('analytics', [message], {
        ports,
        clock: world.clock,
        services: SERVICE_MODULES,
        retryDelay: () => 0,
      });
      return world.measured.find(({ name }) => name === 'OrdersCreated')!.at;
    };
    expect(await at('2025-12-31T23:00:00Z')).toBe(Date.UTC(2025, 11, 31, 23));
    expect(await at('2025-01-01T00:00:00Z')).toBe(world.clock.now());
    expect(await at('2027-01-01T00:00:00Z')).toBe(world.clock.now());
  });
});
