import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../src/ports.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import { World } from './memory-ports.ts';
import {
  broken,
  collect,
  DECLINED_WISH,
  drainAll,
  ERROR_WISH,
  HUGE_WISH,
  LAPTOP_WISH,
  place,
  statuses,
} from './shop.ts';

const MESSAGES = 11;

/** A world in which one order has come so many messages far. */
async function cameTo(messages: number, wish = LAPTOP_WISH): Promise<{ world: World; id: string }> {
  const world = new World();
  const [order] = await place(world, [wish]);
  await collect(drain({ ports: world, clock: world.clock }, { max: messages }));
  return { world, id: order!.order_id };
}

const depsOf = (world: World, ports: Ports = world) => ({ ports, clock: world.clock });
const itemOf = (world: World, table: string, order_id: string) => world.tables.get(table, { order_id });

describe('a request to cancel', () => {
  it.each(Array.from({ length: MESSAGES + 1 }, (_, messages) => messages))(
    'after %i messages has one winner, and all records agree',
    async (messages) => {
      const { world, id } = await cameTo(messages);
      const shipped = (await itemOf(world, 'reservations', id))?.shipped_at !== undefined;
      const request = cancelOrder(id, depsOf(world));
      if (shipped) await expect(request).rejects.toMatchObject({ code: 'conflict' });
      else expect(await request).toMatchObject({ order: { status: 'cancelling' }, asked_before: false, warnings: [] });
      await drainAll(world);
      expect(await statuses(world)).toEqual([shipped ? 'fulfilled' : 'cancelled']);
      expect(await broken(world)).toEqual([]);
      expect(await world.tables.get('inventory', { sku: 'laptop-pro' })).toMatchObject({
        available: shipped ? 99 : 100,
      });
    },
  );

  it('before the order was heard of withdraws it: nothing is held, nothing is charged', async () => {
    const { world, id } = await cameTo(0);
    await cancelOrder(id, depsOf(world));
    // The request overtakes the order.
    world.pick = (visible) => visible - 1;
    await collect(drain({ ports: world, clock: world.clock }, { services: ['inventory'], max: 1 }));
    world.pick = () => 0;
    await drainAll(world);
    expect(await itemOf(world, 'reservations', id)).toMatchObject({ status: 'withdrawn' });
    expect(await itemOf(world, 'payments', id)).toMatchObject({ status: 'voided' });
    expect(await broken(world)).toEqual([]);
  });

  it('after the payment gives it back, and says so in an event', async () => {
    const { world, id } = await cameTo(2);
    expect(await itemOf(world, 'payments', id)).toMatchObject({ status: 'succeeded' });
    await cancelOrder(id, depsOf(world));
    await drainAll(world);
    expect(await itemOf(world, 'payments', id)).toMatchObject({ status: 'refunded', reason: 'cancelled on request' });
    expect(await itemOf(world, 'orders', id)).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled on request',
      history: ['created', 'reserved', 'paid', 'cancelling', 'refunded', 'cancelled'].map((status) =>
        expect.objectContaining({ status }),
      ),
    });
    expect(world.published.map(({ attributes }) => attributes.event_type)).toContain('payment_refunded');
    expect(world.measured.map(({ name }) => name)).toContain('Refunds');
    expect(world.objects.size).toBe(0);
  });

  it('that the parcel overtakes is too late: the order is fulfilled', async () => {
    const { world, id } = await cameTo(2);
    await cancelOrder(id, depsOf(world));
    await collect(drain({ ports: world, clock: world.clock }, { services: ['fulfillment'] }));
    const { steps } = await drainAll(world);
    const late = steps.find(({ event_type, service }) => event_type === 'cancel_requested' && service === 'inventory');
    expect(late).toMatchObject({
      outcome: 'ignored',
      effects: [{ kind: 'log', summary: 'the order was already shipped' }],
    });
    const order = await itemOf(world, 'orders', id);
    expect(order).toMatchObject({ status: 'fulfilled' });
    expect(order).not.toHaveProperty('reason');
    expect(await broken(world)).toEqual([]);
  });

  it('ends an order whose payment provider fails', async () => {
    const { world, id } = await cameTo(1, ERROR_WISH);
    await cancelOrder(id, depsOf(world));
    const { summary } = await drainAll(world);
    expect(summary.dead_lettered).toBe(0);
    expect(await itemOf(world, 'payments', id)).toMatchObject({ status: 'voided' });
    expect(await broken(world)).toEqual([]);
  });

  it.each([
    ['fulfilled', LAPTOP_WISH],
    ['cancelled', DECLINED_WISH],
    ['rejected', HUGE_WISH],
  ] as const)('of an order that is %s is a conflict that says so', async (status, wish) => {
    const { world, id } = await cameTo(100, wish);
    const before = world.state();
    await expect(cancelOrder(id, depsOf(world))).rejects.toMatchObject({
      code: 'conflict',
      message: `order ${id} is ${status}: it cannot be cancelled`,
    });
    expect(world.state()).toEqual(before);
  });

  it('of no order is not found', async () => {
    const world = new World();
    await expect(cancelOrder('ord_none', depsOf(world))).rejects.toMatchObject({ code: 'not_found' });
    await expect(cancelOrder('__proto__', depsOf(world))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('asked twice is one event', async () => {
    const { world, id } = await cameTo(1);
    const first = await cancelOrder(id, depsOf(world));
    const second = await cancelOrder(id, depsOf(world));
    expect(second).toMatchObject({ event_id: first.event_id, asked_before: true });
    const requests = world.published.filter(({ attributes }) => attributes.event_type === 'cancel_requested');
    expect(requests[0]).toEqual(requests[1]);
    await drainAll(world);
    expect(await broken(world)).toEqual([]);
  });

  it('is decided anew when the order changes meanwhile', async () => {
    const { world, id } = await cameTo(1);
    let raced = false;
    const tables = Object.assign(Object.create(world.tables) as World['tables'], {
      write: async (writes: Parameters<World['tables']['write']>[0]) => {
        if (!raced) {
          raced = true;
          await drainAll(world);
        }
        return world.tables.write(writes);
      },
    });
    const { queues, topic, bucket, metrics, logs } = world;
    const request = cancelOrder(id, depsOf(world, { queues, topic, tables, bucket, metrics, logs }));
    await expect(request).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('is fulfilled') });
    expect(await broken(world)).toEqual([]);
  });

  it('that was written but not published can be asked for again', async () => {
    const { world, id } = await cameTo(2);
    const { queues, tables, bucket, metrics, logs } = world;
    const topic = { publish: async () => [{ index: 0, code: 'Throttled', message: 'slow down', senderFault: false }] };
    const request = cancelOrder(id, depsOf(world, { queues, topic, tables, bucket, metrics, logs }));
    await expect(request).rejects.toMatchObject({
      code: 'aws_error',
      retryable: true,
      message: expect.stringContaining('cancel_requested of order'),
    });
    expect(await cancelOrder(id, depsOf(world))).toMatchObject({ asked_before: true });
    await drainAll(world);
    expect(await statuses(world)).toEqual(['cancelled']);
    expect(await broken(world)).toEqual([]);
  });
});
