import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import { CliffracerError } from '../../../src/errors.ts';
import { placeOrder, placeOrders, publishOrders } from '../../../src/shop/runtime/create-order.ts';
import { testIds, World } from './memory-ports.ts';
import { broken, collect, drainAll, statuses } from './shop.ts';

const INPUT = validateOrder(
  { customer: { id: 'zoe', name: 'Zoë' }, items: [{ sku: 'laptop-pro', quantity: 1 }] },
  CATALOGUE,
);
const depsOf = (world: World) => ({ ports: world, clock: world.clock, ids: testIds() });

describe('placing an order', () => {
  it('writes the order and its customer, publishes the event and a log line', async () => {
    const world = new World();
    const { order, event_id, warnings } = await placeOrder(INPUT, depsOf(world));
    expect(order).toMatchObject({ status: 'created', total_amount: '1299.99', customer_name: 'Zoë', version: 1 });
    expect(warnings).toEqual([]);
    expect(await world.tables.get('orders', { order_id: order.order_id })).toEqual(order);
    expect(await world.tables.get('customers', { customer_id: 'zoe' })).toEqual({ customer_id: 'zoe', name: 'Zoë' });
    expect(JSON.parse(world.published[0]!.body)).toMatchObject({
      event_id,
      order_id: order.order_id,
      causation_id: null,
    });
    expect(world.messages('inventory-queue')).toHaveLength(1);
    expect(world.logged).toMatchObject([{ stream: 'order-service', message: expect.stringContaining('order_placed') }]);
  });

  it('leaves the name of a customer alone who is there', async () => {
    const world = new World();
    await world.tables.putMany('customers', [{ customer_id: 'zoe', name: 'Zoë the first', since: '2019' }]);
    await placeOrder(INPUT, depsOf(world));
    expect(await world.tables.get('customers', { customer_id: 'zoe' })).toMatchObject({
      name: 'Zoë the first',
      since: '2019',
    });
  });

  it.each([1, 50, 51, 120])('places %i orders in batches', async (count) => {
    const world = new World(1000);
    let writes = 0;
    const tables = Object.assign(Object.create(world.tables) as World['tables'], {
      write: (...args: Parameters<World['tables']['write']>) => {
        writes++;
        return world.tables.write(...args);
      },
    });
    const { queues, topic, bucket, metrics, logs } = world;
    const ports = { tables, queues, topic, bucket, metrics, logs };
    const placed = await collect(placeOrders(INPUT, count, { ports, clock: world.clock, ids: testIds() }));
    expect(new Set(placed.map(({ order }) => order.order_id)).size).toBe(count);
    expect(world.published).toHaveLength(count);
    expect(writes).toBe(Math.ceil(count / 50));
  });

  it('draws other ids when they are taken, and gives up in the end', async () => {
    const world = new World();
    const first = await placeOrder(INPUT, depsOf(world));
    const next = await placeOrder(INPUT, depsOf(world));
    expect(next.order.order_id).not.toBe(first.order.order_id);
    const same = { uuid: () => '00000000-0000-4000-8000-000000000000' };
    await expect(placeOrder(INPUT, { ...depsOf(world), ids: same })).rejects.toMatchObject({ code: 'conflict' });
    expect(world.published).toHaveLength(2);
  });

  it('writes nothing when the message would be too large', async () => {
    const world = new World();
    const items = INPUT.items.map((line) => ({ ...line, name: 'x'.repeat(300_000) }));
    await expect(placeOrder({ ...INPUT, items }, depsOf(world))).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await statuses(world)).toEqual([]);
  });

  it('says which order was written but not published; publishing it later is harmless', async () => {
    const world = new World();
    const { tables, queues, bucket, metrics, logs } = world;
    const topic = { publish: async () => [{ index: 0, code: 'Throttled', message: 'slow down', senderFault: false }] };
    const ports = { tables, queues, topic, bucket, metrics, logs };
    const failure = placeOrder(INPUT, { ports, clock: world.clock, ids: testIds() });
    await expect(failure).rejects.toMatchObject({
      code: 'aws_error',
      retryable: true,
      message: expect.stringMatching(/^order ord_\w+ was written, but not published: Throttled: slow down$/),
    });
    const orders = await collect(world.tables.scan('orders'));
    await publishOrders(orders as never, world);
    await publishOrders(orders as never, world);
    await drainAll(world);
    expect(await statuses(world)).toEqual(['fulfilled']);
    expect(await broken(world)).toEqual([]);
  });

  it('stands although its log line was refused', async () => {
    const world = new World();
    const logs = {
      ...world.logs,
      put: async () => {
        throw new CliffracerError('aws_error', 'too many');
      },
    };
    const { tables, queues, bucket, metrics, topic } = world;
    const ports = { tables, queues, topic, bucket, metrics, logs };
    const { warnings } = await placeOrder(INPUT, { ports, clock: world.clock, ids: testIds() });
    expect(warnings).toEqual(['log lines were not written: too many']);
    expect(world.published).toHaveLength(1);
  });
});
