import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../src/ports.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import type { Trace, TraceEvent } from '../../../src/shop/trace/facts.ts';
import { followOrder, traceOrder } from '../../../src/shop/trace/source.ts';
import { stepsOf } from '../../../src/shop/trace/steps.ts';
import { World } from './memory-ports.ts';
import { collect, DECLINED_WISH, drainAll, LAPTOP_WISH, place } from './shop.ts';

/** A tree as lines, siblings by alphabet: at one time there is no other order. */
function outline({ event_type, deliveries, follows }: TraceEvent, depth = ''): string[] {
  const below = deliveries.map(({ service, outcome, publishes }) => [
    `${depth}  ${service} ${outcome}`,
    ...publishes.flatMap((event) => outline(event, `${depth}    `)),
  ]);
  const sorted = below.sort(([a], [b]) => (a! < b! ? -1 : 1)).flat();
  return [depth + event_type, ...sorted, ...follows.flatMap((event) => outline(event, `${depth}  `))];
}

const missing = (trace: Trace) =>
  trace.missing.map(({ service, event_type, state }) => `${service} ${event_type} ${state}`);

async function shop(wish = LAPTOP_WISH) {
  const world = new World();
  const [order] = await place(world, [wish]);
  return { world, id: order!.order_id };
}

describe('an order', () => {
  it('that came to its end is one tree', async () => {
    const { world, id } = await shop();
    await drainAll(world);
    const trace = await traceOrder(id, world);
    expect(trace).toMatchObject({
      order: { status: 'fulfilled' },
      settled: true,
      missing: [],
      counts: { events: 4, deliveries: 11, failed: 0 },
    });
    expect(trace.events.flatMap((event) => outline(event)).join('\n')).toMatchInlineSnapshot(`
      "order_created
        analytics handled
        inventory handled
          inventory_reserved
            analytics handled
            order handled
            payment handled
              payment_succeeded
                analytics handled
                fulfillment handled
                  order_fulfilled
                    analytics handled
                    inventory handled
                    order handled
                order handled"
    `);
    const [root] = trace.events;
    expect(root).toMatchObject({ published_by: 'order', effects: ['write order created'], causation_id: null });
  });

  it('that was declined shows its compensation', async () => {
    const { world, id } = await shop(DECLINED_WISH);
    await drainAll(world);
    const trace = await traceOrder(id, world);
    expect(outline(trace.events[0]!).join('\n')).toMatch(
      /payment_failed\n[\s\S]*inventory handled\n *inventory_released\n/,
    );
    expect(trace).toMatchObject({ order: { status: 'cancelled' }, settled: true });
  });

  it('that was cancelled has a second beginning', async () => {
    const { world, id } = await shop();
    await cancelOrder(id, { ports: world, clock: world.clock });
    await drainAll(world);
    const trace = await traceOrder(id, world);
    expect(trace.events.map(({ event_type, causation_id }) => [event_type, causation_id])).toEqual([
      ['order_created', null],
      ['cancel_requested', null],
    ]);
    expect(trace).toMatchObject({ order: { status: 'cancelled' }, settled: true, missing: [] });
  });

  it('that nobody has worked on waits', async () => {
    const { world, id } = await shop();
    const trace = await traceOrder(id, world);
    expect(trace).toMatchObject({ settled: false, counts: { events: 1, deliveries: 0 } });
    expect(missing(trace)).toEqual(['inventory order_created waiting', 'analytics order_created waiting']);
  });

  it('whose events nobody has handled yet shows them all the same', async () => {
    const { world, id } = await shop();
    const [message] = await world.queues.receive('inventory-queue', { max: 1, waitSeconds: 0 });
    expect(message).toBeDefined();
    world.clock.time += 60_000;
    await collect(drainOnly(world, 'inventory'));
    const trace = await traceOrder(id, world);
    expect(missing(trace)).toContain('payment inventory_reserved waiting');
    expect(trace.events[0]!.deliveries[0]!.publishes[0]).toMatchObject({
      event_type: 'inventory_reserved',
      published_by: 'inventory',
    });
    // The id that the event will turn out to have.
    const [reserved] = world.messages('payment-queue');
    expect(trace.events[0]!.deliveries[0]!.publishes[0]!.event_id).toBe(JSON.parse(reserved!.body).event_id);
  });

  it('shows duplicates, and each event once', async () => {
    const { world, id } = await shop();
    const [created] = world.messages('inventory-queue');
    world.enqueue('inventory-queue', created!.body, created!.attributes);
    await drainAll(world);
    const trace = await traceOrder(id, world);
    expect(trace.counts.duplicates).toBeGreaterThan(0);
    expect(trace.events[0]!.deliveries.map(({ service, outcome }) => `${service} ${outcome}`)).toEqual([
      'inventory handled',
      'inventory duplicate',
      'analytics handled',
    ]);
    expect(trace.counts.events).toBe(4);
  });

  it('that fails and then succeeds shows every attempt', async () => {
    const { world, id } = await shop();
    let writes = 0;
    const write: Ports['tables']['write'] = async (writing) => {
      if (++writes === 1) throw new Error('out of luck');
      return world.tables.write(writing);
    };
    const tables = new Proxy(world.tables, { get: (target, name) => (name === 'write' ? write : bound(target, name)) });
    await drainAll(world, withPorts(world, { tables }));
    const trace = await traceOrder(id, world);
    expect(trace.events[0]!.deliveries.filter(({ service }) => service === 'inventory')).toMatchObject([
      { service: 'inventory', attempt: 1, outcome: 'failed', error: { code: 'internal', message: 'out of luck' } },
      { service: 'inventory', attempt: 2, outcome: 'handled', error: null },
    ]);
    expect(trace).toMatchObject({ settled: true, counts: { failed: 1 } });
  });

  it('that is stuck says where', async () => {
    const { world, id } = await shop();
    await collect(drainOnly(world, 'inventory'));
    // Paid for something else before: a contradiction that no further try can mend.
    await world.tables.putMany('payments', [
      {
        order_id: id,
        payment_id: 'p',
        status: 'succeeded',
        amount: '1.00',
        correlation_id: 'c',
        caused_by: 'x',
        created_at: '2026-01-01T00:00:00.000Z',
      },
    ]);
    await drainAll(world);
    const trace = await traceOrder(id, world);
    expect(missing(trace)).toEqual(['payment inventory_reserved dead_lettered']);
    expect(trace.settled).toBe(false);
    world.stored.set('payment-queue-dlq', []);
    expect(missing(await traceOrder(id, world))).toEqual(['payment inventory_reserved unaccounted']);
  });

  it('whose log lines are gone is not said to miss anything', async () => {
    const { world, id } = await shop();
    await drainAll(world);
    world.logged.length = 0;
    expect(await traceOrder(id, world)).toMatchObject({
      events: [],
      missing: [],
      settled: true,
      counts: { log_lines: 0 },
    });
  });

  it('that was never published is found in no queue', async () => {
    const { world, id } = await shop();
    world.logged.length = 0;
    world.stored.clear();
    expect(missing(await traceOrder(id, world))).toEqual([
      'inventory order_created unaccounted',
      'analytics order_created unaccounted',
    ]);
  });

  it('that is unknown is not found', async () => {
    await expect(traceOrder('ord_nobody', new World())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('log lines that nobody of us wrote', () => {
  const line = (fields: object) =>
    JSON.stringify({ order_id: 'ord_x', service: 'inventory', event_id: 'e1', ...fields });
  const traced = async (...messages: string[]) => {
    const world = new World();
    await world.logs.put(
      'inventory-service',
      messages.map((message, n) => ({ at: world.clock.now() + n, message })),
    );
    return traceOrder('ord_x', world);
  };

  it('are read as far as they make sense', async () => {
    const trace = await traced(
      'plain text with ord_x in it',
      '{"order_id":"ord_x"}',
      'null',
      line({
        event_type: 7,
        message_id: 'm',
        attempt: 'x',
        duration_ms: null,
        effects: 'none',
        error: 'bad',
        outcome: 1,
      }),
      line({ event_id: 'e2', message_id: 'm', effects: [1, 'publish ', 'publish toString'], error: { code: 5 } }),
    );
    expect(trace).toMatchObject({
      order: null,
      correlation_id: null,
      counts: { log_lines: 2, deliveries: 2, events: 2 },
    });
    expect(trace.events[0]).toMatchObject({
      event_type: 'unknown',
      deliveries: [{ attempt: 1, duration_ms: 0, effects: [], error: null, outcome: 'handled' }],
    });
  });

  it('may cause each other in a circle', async () => {
    const trace = await traced(
      line({ event_id: 'a', causation_id: 'b', message_id: 'm1' }),
      line({ event_id: 'b', causation_id: 'c', message_id: 'm2' }),
      line({ event_id: 'c', causation_id: 'a', message_id: 'm3' }),
      line({ event_id: 'd', causation_id: 'd', message_id: 'm4' }),
      line({ event_id: 'e', causation_id: 'a', message_id: 'm5' }),
    );
    expect(
      stepsOf(trace)
        .map(({ event_id }) => event_id)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('may be thousands', async () => {
    const lines = Array.from({ length: 3_000 }, (_, n) =>
      line({ event_id: `e${n}`, causation_id: `e${n - 1}`, message_id: 'm' }),
    );
    expect(stepsOf(await traced(...lines))).toHaveLength(3_000);
  });
});

describe('following', () => {
  it('tells each delivery once, and ends when the order is settled', async () => {
    const { world, id } = await shop();
    const seen: string[] = [];
    let polls = 0;
    const clock = {
      now: () => world.clock.now(),
      sleep: async () => {
        if (++polls === 2) await drainAll(world);
        world.clock.time += 1_000;
      },
    };
    for await (const fact of followOrder(id, { ports: world, clock, signal: new AbortController().signal })) {
      seen.push(fact.kind === 'step' ? `${fact.service} ${fact.event_type}` : `${fact.kind} ${fact.settled}`);
    }
    expect(seen).toHaveLength(1 + 11 + 1);
    expect(new Set(seen).size).toBe(seen.length);
    expect([seen[0], seen.at(-1), polls]).toEqual(['order order_created', 'trace true', 2]);
  });

  it('ends with what there is when stopped', async () => {
    const { world, id } = await shop();
    const abort = new AbortController();
    const clock = { now: () => world.clock.now(), sleep: async () => abort.abort() };
    const facts = await collect(followOrder(id, { ports: world, clock, signal: abort.signal }));
    expect(facts.at(-1)).toMatchObject({ kind: 'trace', settled: false });
  });
});

async function* drainOnly(world: World, service: 'inventory') {
  const { drain } = await import('../../../src/shop/runtime/drain.ts');
  yield* drain({ ports: world, clock: world.clock }, { services: [service] });
}

const withPorts = ({ queues, topic, tables, bucket, metrics, logs }: World, changed: Partial<Ports>): Ports => ({
  ...{ queues, topic, tables, bucket, metrics, logs },
  ...changed,
});

function bound<T extends object>(target: T, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name);
  return typeof member === 'function' ? member.bind(target) : member;
}
