import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { queueOf } from '../../../src/domain/names.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import { audit, examine } from '../../../src/shop/audit/audit.ts';
import { repair } from '../../../src/shop/audit/repair.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { placeOrders } from '../../../src/shop/runtime/create-order.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import type { DrainSummary } from '../../../src/shop/runtime/drain-facts.ts';
import { work } from '../../../src/shop/runtime/worker.ts';
import { seed } from '../../../src/shop/stack/seed.ts';
import { ENGINES, startStack, type TestStack } from '../../support/engines.ts';
import { testIds } from './memory-ports.ts';
import { collect, DECLINED_WISH, HUGE_WISH, LAPTOP_WISH, type Wish } from './shop.ts';

const SOLD_OUT: Wish = { items: [{ sku: 'headphones', quantity: 30 }], payment: 'approve' };

describe.each(ENGINES)('the shop on $name', (fixture) => {
  let stack: TestStack;
  let clock: Clock;
  const ids = testIds();

  beforeEach(async () => {
    stack = await startStack(fixture, 'shop');
    await collect(seed(stack.ports));
    // The engine's time; whoever sleeps waits a turn of the event loop.
    const sleep = () => new Promise<void>((resolve) => setImmediate(resolve));
    clock = { now: () => stack.engine.now(), sleep };
  });
  afterEach(() => stack.close());

  const place = async ({ items, payment }: Wish, count = 1) => {
    const input = validateOrder({ customer: { id: 'ada', name: 'Ada Lovelace' }, items, payment }, CATALOGUE);
    return collect(placeOrders(input, count, { ports: stack.ports, clock, ids }));
  };
  const drainAll = async () => (await collect(drain({ ports: stack.ports, clock }))).at(-1) as DrainSummary;
  const broken = async () => (await audit(stack.ports)).checks.filter(({ ok }) => !ok);
  const statusesOf = async (placed: Awaited<ReturnType<typeof place>>) => {
    const keys = placed.map(({ order: { order_id } }) => ({ table: 'orders', key: { order_id } }));
    return (await stack.ports.tables.getMany(keys)).map((order) => order?.status);
  };

  it('brings three orders to three ends', async () => {
    const placed = [await place(LAPTOP_WISH), await place(DECLINED_WISH), await place(HUGE_WISH)].flat();
    expect(await drainAll()).toMatchObject({ ended: 'empty', handled: 25, ignored: 1, failed: 0, dead_lettered: 0 });
    expect(await statusesOf(placed)).toEqual(['fulfilled', 'cancelled', 'rejected']);
    expect(await stack.ports.tables.get('inventory', { sku: 'laptop-pro' })).toEqual({
      sku: 'laptop-pro',
      stock: 99,
      reserved: 0,
      available: 99,
      received: 100,
    });
    const receipt = await stack.ports.bucket.get(`receipts/${placed[0]!.order.order_id}.json`);
    expect(JSON.parse(receipt!.body)).toMatchObject({ total_amount: '1299.99', customer_name: 'Ada Lovelace' });
    const { order_id, correlation_id } = placed[0]!.order;
    expect(receipt!.metadata).toEqual({ order_id, correlation_id, total_amount: '1299.99' });
    expect(await broken()).toEqual([]);
  });

  it('sells what there is, and no more', async () => {
    const placed = await place(SOLD_OUT, 5);
    await drainAll();
    expect((await statusesOf(placed)).sort()).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(await broken()).toEqual([]);
  });

  it('gives goods and money back when an order is cancelled', async () => {
    const placed = await place(LAPTOP_WISH, 3);
    const [early, paid, late] = placed.map(({ order }) => order.order_id) as [string, string, string];
    const deps = { ports: stack.ports, clock };
    await cancelOrder(early, deps);
    await collect(drain(deps, { services: ['inventory'] }));
    await collect(drain(deps, { services: ['payment'] }));
    await cancelOrder(paid, deps);
    await drainAll();
    await expect(cancelOrder(late, deps)).rejects.toMatchObject({ code: 'conflict' });
    expect(await statusesOf(placed)).toEqual(['cancelled', 'cancelled', 'fulfilled']);
    const payments = await stack.ports.tables.getMany(
      [early, paid, late].map((order_id) => ({ table: 'payments', key: { order_id } })),
    );
    expect(payments.map((payment) => payment?.status)).toEqual([expect.any(String), 'refunded', 'succeeded']);
    expect(await broken()).toEqual([]);
  });

  it('finds and mends what was lost on the way', async () => {
    await place(LAPTOP_WISH, 3);
    await stack.ports.queues.purge(queueOf('inventory'));
    await drainAll();
    const deps = { ports: stack.ports, clock };
    const examination = await examine(stack.ports, {});
    expect(examination.report).toMatchObject({ verdict: 'violated', settled: true });
    const facts = await collect(repair(examination, deps, {}));
    expect(facts.at(-1)).toMatchObject({ kind: 'repair', orders: 3, events: 3 });
    await drainAll();
    expect(await audit(stack.ports)).toMatchObject({ verdict: 'holds', orders: 3 });
  });

  it('bears every event twice', async () => {
    const placed = await place(LAPTOP_WISH, 3);
    const { topic } = stack.ports;
    const twice = {
      ...stack.ports,
      topic: { publish: async (events: Parameters<typeof topic.publish>[0]) => topic.publish([...events, ...events]) },
    };
    await collect(drain({ ports: twice, clock }));
    expect(await statusesOf(placed)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(await broken()).toEqual([]);
  });

  it('lets workers do the same, who stop when told', async () => {
    const placed = await place(LAPTOP_WISH, 8);
    const stop = new AbortController();
    let steps = 0;
    for await (const fact of work({ ports: stack.ports, clock }, { stop: stop.signal })) {
      if (fact.kind === 'step' && ++steps === 8 * 11) stop.abort();
    }
    expect(new Set(await statusesOf(placed))).toEqual(new Set(['fulfilled']));
    expect(await broken()).toEqual([]);
  });

  it('ends with poison in the dead-letter queue, and says so', async () => {
    await stack.ports.queues.send(queueOf('payment'), [{ body: 'not json', attributes: { event_type: 'x' } }]);
    expect(await drainAll()).toMatchObject({ ended: 'empty', failed: 1, dead_lettered: 1 });
    expect(await broken()).toMatchObject([{ id: 'messages_done' }]);
  });

  it('leaves metrics and log lines behind', async () => {
    await place(LAPTOP_WISH);
    await drainAll();
    const names = new Set((await stack.ports.metrics.list()).map(({ name }) => name));
    for (const name of ['OrdersCreated', 'OrderValue', 'PaymentSuccessRate', 'ProcessingTime', 'StockLevel']) {
      expect(names).toContain(name);
    }
    const lines = await collect(stack.ports.logs.filter({ streams: ['order-service'] }));
    expect(lines.map(({ message }) => JSON.parse(message).action)).toContain('order_fulfilled');
  });
});
