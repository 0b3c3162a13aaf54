import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { formatMoney, parseMoney, sumMoney } from '../../../src/domain/money.ts';
import { queueOf, SERVICES } from '../../../src/domain/names.ts';
import { parseReceipt } from '../../../src/domain/receipt.ts';
import type { CliffracerError } from '../../../src/errors.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { handleMessages } from '../../../src/shop/runtime/step.ts';
import { crashing } from './crashing.ts';
import { World } from './memory-ports.ts';
import { broken, collect, drainAll, place, statuses, type Wish } from './shop.ts';

const item = fc.record({
  sku: fc.constantFrom(...CATALOGUE.map(({ sku }) => sku)),
  quantity: fc.integer({ min: 1, max: 4 }),
});
const wish: fc.Arbitrary<Wish> = fc.record({
  items: fc.uniqueArray(item, { minLength: 1, maxLength: 3, selector: ({ sku }) => sku }),
  payment: fc.constantFrom('approve', 'approve', 'decline', 'timeout'),
});
const wishes = fc.array(wish, { minLength: 1, maxLength: 6 });

/** What happens next: which service receives how many messages, from where in its queue, and what goes wrong. */
const turn = fc.record({
  service: fc.constantFrom(...SERVICES),
  max: fc.integer({ min: 1, max: 10 }),
  pick: fc.nat(20),
  again: fc.boolean(),
  crash: fc.option(fc.record({ call: fc.integer({ min: 1, max: 12 }), when: fc.constantFrom('before', 'after') }), {
    freq: 3,
  }),
});
const schedule = fc.array(turn, { maxLength: 60 });
/** Which order somebody asks to cancel, and before which turn. */
const requests = fc.array(fc.record({ order: fc.nat(5), turn: fc.nat(60) }), { maxLength: 6 });
type Request = { order: number; turn: number };
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

/** Asks for what there is to ask before a turn; that an order has come too far is an answer. */
async function ask(world: World, ids: readonly string[], asked: readonly Request[]): Promise<void> {
  for (const { order } of asked) {
    const request = cancelOrder(ids[order % ids.length]!, { ports: world, clock: world.clock });
    await request.catch((error: CliffracerError) => expect(error.code).toBe('conflict'));
  }
}

/** Follows the schedule, then lets the rest run its course. */
async function run(
  world: World,
  turns: readonly Turn[],
  { ids = [], asked = [] }: { ids?: readonly string[]; asked?: readonly Request[] } = {},
): Promise<void> {
  for (const [index, { service, max, pick, again, crash }] of turns.entries()) {
    await ask(
      world,
      ids,
      asked.filter((request) => request.turn === index),
    );
    world.pick = () => pick;
    const queue = queueOf(service);
    const messages = await world.queues.receive(queue, { max, waitSeconds: 0 });
    if (again) for (const { body, attributes } of messages) world.enqueue(queue, body, attributes);
    const { ports } = crashing(world, crash ?? undefined);
    const deps = { ports, clock: world.clock, services: SERVICE_MODULES, retryDelay: () => 0 };
    await handleMessages(service, messages, deps).catch(() => undefined);
    // Receives that a crash cost must not add up to a dead letter here: that would be an operator's matter.
    for (const message of world.messages(queue)) Object.assign(message, { visibleAt: 0, receives: 0 });
  }
  world.pick = () => 0;
  await ask(
    world,
    ids,
    asked.filter((request) => request.turn >= turns.length),
  );
  const { summary } = await drainAll(world);
  expect(summary).toMatchObject({ ended: 'empty', failed: 0 });
}

const check = (runs: number) => ({ numRuns: runs, endOnFailure: true });

describe('whatever the interleaving, duplication and crashes', () => {
  it('orders that do not compete end in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, schedule, async (orders, turns) => {
        const [straight, wild] = [new World(), new World()];
        await place(straight, orders);
        await place(wild, orders);
        await drainAll(straight);
        await run(wild, turns);
        expect(wild.state()).toEqual(straight.state());
      }),
      check(100),
    );
  });

  it('orders that compete for the last pieces keep every invariant', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, schedule, fc.integer({ min: 0, max: 6 }), async (orders, turns, stock) => {
        const world = new World(stock);
        await place(world, orders);
        await run(world, turns);
        expect(await broken(world)).toEqual([]);
      }),
      check(100),
    );
  });

  it('a request to cancel has one winner: every order ends, money and stock are conserved', async () => {
    const stock = fc.integer({ min: 3, max: 12 });
    await fc.assert(
      fc.asyncProperty(wishes, schedule, requests, stock, async (orders, turns, asked, pieces) => {
        const world = new World(pieces);
        const ids = (await place(world, orders)).map(({ order_id }) => order_id);
        await run(world, turns, { ids, asked });
        expect(await broken(world)).toEqual([]);
        const ends = new Set(['fulfilled', 'cancelled', 'rejected']);
        expect((await statuses(world)).filter((status) => !ends.has(status))).toEqual([]);
        const payments = await collect(world.tables.scan('payments'));
        const kept = payments.filter(({ status }) => status === 'succeeded').map(({ order_id }) => order_id);
        const shipped = [...world.objects.keys()].map((key) => key.replace('receipts/', '').replace('.json', ''));
        expect(kept.sort()).toEqual(shipped.sort());
      }),
      check(150),
    );
  });

  it('money is what was ordered: receipts add up to the payments that succeeded, to the cent', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, schedule, async (orders, turns) => {
        const world = new World();
        await place(world, orders);
        await run(world, turns);
        const payments = await collect(world.tables.scan('payments'));
        const paid = payments
          .filter(({ status }) => status === 'succeeded')
          .map(({ amount }) => parseMoney(String(amount))!);
        const receipts = [...world.objects.values()].map(({ body }) => parseMoney(parseReceipt(body)!.total_amount)!);
        expect(formatMoney(sumMoney(receipts))).toBe(formatMoney(sumMoney(paid)));
      }),
      check(50),
    );
  });

  it('an order is sold exactly as often as there is something to sell', async () => {
    const world = new World(5);
    await place(
      world,
      Array.from({ length: 20 }, () => ({ items: [{ sku: 'laptop-pro', quantity: 1 }], payment: 'approve' as const })),
    );
    await drainAll(world);
    expect((await statuses(world)).filter((status) => status === 'fulfilled')).toHaveLength(5);
    expect(await world.tables.get('inventory', { sku: 'laptop-pro' })).toMatchObject({
      stock: 0,
      reserved: 0,
      available: 0,
    });
    expect(await broken(world)).toEqual([]);
  });
});
