import { describe, expect, it } from 'vitest';
import { queueOf, SERVICES } from '../../../src/domain/names.ts';
import { CliffracerError } from '../../../src/errors.ts';
import type { Ports } from '../../../src/ports.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import { World } from './memory-ports.ts';
import { broken, collect, DECLINED_WISH, drainAll, HUGE_WISH, LAPTOP_WISH, place, statuses } from './shop.ts';

const WISHES = [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH];

describe('a drain', () => {
  it('brings every order to its end, following the events that it causes', async () => {
    const world = new World();
    await place(world, WISHES);
    const { steps, summary } = await drainAll(world);
    expect(await statuses(world)).toEqual(['cancelled', 'fulfilled', 'rejected']);
    expect(await broken(world)).toEqual([]);
    expect(steps).toHaveLength(26);
    expect(steps.every(({ acknowledged, warnings }) => acknowledged && !warnings.length)).toBe(true);
    expect(summary).toMatchObject({ ended: 'empty', handled: 25, ignored: 1, failed: 0, dead_lettered: 0, left: 0 });
    expect(summary.queues.map(({ queue }) => queue)).toEqual(SERVICES.map(queueOf));
    expect([...world.objects.keys()]).toEqual([expect.stringMatching(/^receipts\/ord_/)]);
  });

  it('says what each message did, in the order in which it was done', async () => {
    const world = new World();
    await place(world, [LAPTOP_WISH]);
    const { steps } = await drainAll(world);
    const shipped = steps.find(({ service }) => service === 'fulfillment')!;
    expect(shipped).toMatchObject({
      kind: 'step',
      queue: 'fulfillment-queue',
      event_type: 'payment_succeeded',
      attempt: 1,
      effects: [
        { kind: 'write', summary: 'reservation held -> shipped' },
        { kind: 'store', summary: expect.stringContaining('receipts/') },
        { kind: 'publish', summary: 'order_fulfilled' },
        { kind: 'log' },
      ],
    });
  });

  it('carries one correlation id through events, log lines and the receipt, and causes back to the first event', async () => {
    const world = new World();
    const [order] = await place(world, [LAPTOP_WISH]);
    await drainAll(world);
    const events = world.published.map(({ body }) => JSON.parse(body));
    const lines = world.logged.map(({ message }) => JSON.parse(message));
    const receipt = JSON.parse([...world.objects.values()][0]!.body);
    expect(new Set([...events, ...lines, receipt].map(({ correlation_id }) => correlation_id))).toEqual(
      new Set([order!.correlation_id]),
    );
    const known = new Set(events.map(({ event_id }) => event_id));
    expect(events.filter(({ causation_id }) => !known.has(causation_id)).map(({ event_type }) => event_type)).toEqual([
      'order_created',
    ]);
    expect(lines[0]).toMatchObject({ level: 'info', service: 'order', action: 'order_placed', attempt: 1 });
    expect(Object.keys(lines[1])).toEqual(
      expect.arrayContaining(['timestamp', 'event_id', 'causation_id', 'duration_ms']),
    );
  });

  it('takes poison to the dead-letter queue at once, past its neighbours', async () => {
    const world = new World();
    const [order] = await place(world, [LAPTOP_WISH]);
    const unknown = world.published[0]!.body.replaceAll(order!.order_id, 'ord_unknown').replace(
      'order_created',
      'inventory_reserved',
    );
    world.enqueue('order-queue', 'not json');
    world.enqueue('order-queue', '{}');
    world.enqueue('order-queue', unknown);
    world.enqueue('payment-queue', world.published[0]!.body.replace('"schema_version":1', '"schema_version":2'));
    const before = world.clock.now();
    const { steps, summary } = await drainAll(world);
    const poison = steps.filter(({ outcome }) => outcome === 'poison');
    expect(poison.map(({ attempt, error }) => `${error!.code} ${attempt}`).sort()).toEqual([
      'newer_schema 1',
      'not_event 1',
      'not_json 1',
      'unknown_order 1',
    ]);
    expect(poison.map(({ acknowledged, dead_letter_queue }) => [acknowledged, dead_letter_queue]).sort()).toEqual([
      [true, 'order-queue-dlq'],
      [true, 'order-queue-dlq'],
      [true, 'order-queue-dlq'],
      [true, 'payment-queue-dlq'],
    ]);
    expect(summary).toMatchObject({ ended: 'empty', failed: 4, dead_lettered: 4 });
    expect(world.messages('order-queue-dlq').map(({ body }) => body)).toContain('not json');
    expect(world.clock.now()).toBe(before);
    expect(await statuses(world)).toEqual(['fulfilled']);
    expect(world.measured.filter(({ name, value }) => name === 'Errors' && value === 1)).toHaveLength(4);
    expect(world.logged.filter(({ message }) => JSON.parse(message).level === 'error')).toHaveLength(4);
  });

  it('acknowledges an event of an unknown type, with a warning in the log', async () => {
    const world = new World();
    world.enqueue('analytics-queue', JSON.stringify({ event_type: 'order_admired', order_id: 'ord_1' }));
    const { steps, summary } = await drainAll(world);
    expect(steps).toMatchObject([
      { outcome: 'ignored', acknowledged: true, event_type: 'order_admired', order_id: 'ord_1' },
    ]);
    expect(summary).toMatchObject({ ended: 'empty', ignored: 1, dead_lettered: 0 });
    expect(JSON.parse(world.logged[0]!.message)).toMatchObject({ level: 'warn', action: 'unknown_type' });
  });

  it('of some services leaves the queues of the others alone', async () => {
    const world = new World();
    await place(world, WISHES);
    const facts = await collect(drain({ ports: world, clock: world.clock }, { services: ['inventory'] }));
    expect(facts.at(-1)).toMatchObject({ ended: 'empty', handled: 3 });
    expect(world.messages('payment-queue')).toHaveLength(2);
    expect(world.messages('analytics-queue')).toHaveLength(6);
  });

  it.each([0, 1, 4, 7])('stops after --max %i messages', async (max) => {
    const world = new World();
    await place(world, WISHES);
    const facts = await collect(drain({ ports: world, clock: world.clock }, { max }));
    expect(facts).toHaveLength(max + 1);
    expect(facts.at(-1)).toMatchObject({ ended: 'max', handled: max });
  });

  it('ends although others have messages in hand, and says so', async () => {
    const world = new World();
    await place(world, [LAPTOP_WISH]);
    await world.queues.receive('inventory-queue', { max: 1, waitSeconds: 0 });
    const { summary } = await drainAll(world);
    expect(summary.ended).toBe('in_flight');
    expect(summary.queues.find(({ service }) => service === 'inventory')).toMatchObject({ in_flight: 1 });
  });

  it('gives up on queues that count messages which they do not give out', async () => {
    const world = new World();
    const queues = { ...world.queues, depth: async () => ({ ready: 1, inFlight: 0, delayed: 0 }) };
    const facts = await collect(
      drain({ ports: { ...world, queues, topic: world.topic, tables: world.tables }, clock: world.clock }),
    );
    expect(facts).toMatchObject([{ kind: 'summary', ended: 'unsettled' }]);
  });

  it('stops between rounds when interrupted', async () => {
    const world = new World();
    await place(world, WISHES);
    const interrupt = new AbortController();
    const facts = [];
    for await (const fact of drain({ ports: world, clock: world.clock }, { signal: interrupt.signal })) {
      facts.push(fact);
      interrupt.abort();
    }
    expect(facts.at(-1)).toMatchObject({ kind: 'summary', ended: 'interrupted' });
    // The three orders, at inventory.
    expect(facts).toHaveLength(3 + 1);
    expect((await drainAll(world)).summary.ended).toBe('empty');
    expect(await broken(world)).toEqual([]);
  });
});

describe('a drain of many orders', () => {
  const MANY = Array.from({ length: 60 }, () => LAPTOP_WISH);

  it('tells the facts of a batch a queue in the same order however long calls take', async () => {
    const slow = async (world: World, delay: () => number) => {
      await place(world, MANY.slice(0, 10));
      const ports = withPauses(world, delay);
      return (await drainAll(world, ports)).steps.map(({ service, event_id }) => `${service} ${event_id}`);
    };
    let turn = 0;
    const evenly = await slow(new World(), () => 1);
    expect(await slow(new World(), () => turn++ % 11)).toEqual(evenly);
  });

  it('hands on and tells what was handled when a call of another queue fails', async () => {
    const world = new World();
    await place(world, MANY);
    const gone = async () => {
      throw new CliffracerError('engine_unreachable', 'nothing answers');
    };
    const queues: World['queues'] = {
      ...world.queues,
      receive: (queue, options) => (queue === 'order-queue' ? gone() : world.queues.receive(queue, options)),
    };
    const facts: string[] = [];
    const draining = async () => {
      for await (const fact of drain({ ports: { ...portsOf(world), queues }, clock: world.clock })) {
        if (fact.kind === 'step') facts.push(fact.service);
      }
    };
    await expect(draining()).rejects.toMatchObject({ code: 'engine_unreachable' });
    expect(facts.filter((service) => service === 'inventory')).toHaveLength(60);
    await drainAll(world);
    expect(await broken(world)).toEqual([]);
  });
});

const portsOf = ({ queues, topic, tables, bucket, metrics, logs }: World) => {
  return { queues, topic, tables, bucket, metrics, logs };
};

/** Ports whose every answer comes after so many turns of the event loop. */
function withPauses(world: World, delay: () => number): Ports {
  const slow = <P extends object>(port: P): P =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          for (let turns = delay(); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
          return member.apply(target, args);
        };
      },
    });
  const { queues, topic, tables, bucket, metrics, logs } = world;
  return {
    ...{ queues: slow(queues), topic: slow(topic), tables: slow(tables), bucket: slow(bucket) },
    ...{ metrics: slow(metrics), logs: slow(logs) },
  };
}
