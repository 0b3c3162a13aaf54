import { describe, expect, it } from 'vitest';
import { retryOrder } from '../../../src/shop/runtime/retry-order.ts';
import { World } from './memory-ports.ts';
import { broken, drainAll, ERROR_WISH, LAPTOP_WISH, place, statuses, type Wish } from './shop.ts';

async function setUp(wish: Wish = LAPTOP_WISH): Promise<{ world: World; id: string }> {
  const world = new World();
  const [order] = await place(world, [wish]);
  return { world, id: order!.order_id };
}

const retry = (world: World, id: string) => retryOrder(id, { ports: world, clock: world.clock });

describe('retrying an order', () => {
  it.each(['inventory', 'payment', 'fulfillment', 'order'] as const)(
    'whose messages to %s were lost brings it to its end',
    async (service) => {
      const world = new World();
      const { enqueue } = world;
      world.enqueue = (queue, ...message) => queue === `${service}-queue` || enqueue.call(world, queue, ...message);
      const [order] = await place(world, [LAPTOP_WISH]);
      const id = order!.order_id;
      await drainAll(world);
      expect(await statuses(world)).not.toEqual(['fulfilled']);
      world.enqueue = enqueue;
      for (let again = 0; again < 4; again++) {
        await retry(world, id);
        await drainAll(world);
      }
      expect(await statuses(world)).toEqual(['fulfilled']);
      expect(await retry(world, id)).toMatchObject({ published: [], status: 'fulfilled' });
      expect(await broken(world)).toEqual([]);
    },
  );

  it('that waits for nothing changes nothing', async () => {
    const { world, id } = await setUp();
    await drainAll(world);
    const published = world.published.length;
    expect(await retry(world, id)).toEqual({
      order_id: id,
      status: 'fulfilled',
      payment_repaired: false,
      published: [],
      warnings: [],
    });
    expect(world.published).toHaveLength(published);
  });

  it('is harmless while the messages are merely on their way', async () => {
    const { world, id } = await setUp();
    expect(await retry(world, id)).toMatchObject({
      status: 'created',
      published: [{ event_type: 'order_created', unhandled_by: ['inventory'] }],
    });
    await drainAll(world);
    expect(await broken(world)).toEqual([]);
  });

  it('gives an order whose payment provider failed one that works; the dead letter can be redriven', async () => {
    const { world, id } = await setUp(ERROR_WISH);
    const { summary } = await drainAll(world);
    expect(summary).toMatchObject({ failed: 3, dead_lettered: 1 });
    const [dead] = world.messages('payment-queue-dlq').splice(0);
    expect(await retry(world, id)).toMatchObject({
      payment_repaired: true,
      published: [{ event_type: 'inventory_reserved', unhandled_by: ['payment'] }],
    });
    await drainAll(world);
    expect(await statuses(world)).toEqual(['fulfilled']);
    world.enqueue('payment-queue', dead!.body, dead!.attributes);
    const { steps } = await drainAll(world);
    expect(steps[0]).toMatchObject({ service: 'payment', outcome: 'duplicate' });
    expect(await broken(world)).toEqual([]);
  });

  it.each([
    ['missing', (world: World) => world.objects.clear()],
    [
      'wrong',
      (world: World) => {
        for (const [key, { body, metadata }] of world.objects) {
          world.objects.set(key, { body: body.replace('1299.99', '0.01'), metadata });
        }
      },
    ],
  ])('has a receipt written again that is %s', async (_, spoil) => {
    const { world, id } = await setUp();
    await drainAll(world);
    const before = structuredClone(world.objects);
    spoil(world);
    expect(await retry(world, id)).toMatchObject({ published: [{ event_type: 'payment_succeeded' }] });
    await drainAll(world);
    expect(world.objects).toEqual(before);
  });

  it('that does not exist is not found', async () => {
    await expect(retry(new World(), 'ord_none')).rejects.toMatchObject({ code: 'not_found' });
  });
});
