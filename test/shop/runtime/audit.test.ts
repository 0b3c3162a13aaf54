import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/records.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { INVARIANTS, type InvariantId } from '../../../src/shop/audit/checks.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import { World } from './memory-ports.ts';
import { collect, DECLINED_WISH, drainAll, HUGE_WISH, LAPTOP_WISH, place } from './shop.ts';

async function settled(): Promise<World> {
  const world = new World();
  await place(world, [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH]);
  await drainAll(world);
  return world;
}

const itemsOf = (world: World, table: string) => world.tables.tables.get(table)!;
const idWith = (world: World, status: string) =>
  [...itemsOf(world, 'orders').values()].find((order) => order.status === status)!.order_id as string;
function edit(world: World, table: string, id: string, change: Item): void {
  const items = itemsOf(world, table);
  items.set(id, { ...items.get(id), ...change });
}
function editReceipt(world: World, change: (text: string) => string | undefined): void {
  const [key, receipt] = [...world.objects][0]!;
  const body = change(receipt.body);
  if (body === undefined) world.objects.delete(key);
  else world.objects.set(key, { ...receipt, body });
}

describe('the audit', () => {
  it('finds nothing wrong with a shop at rest, and says what it looked at', async () => {
    const report = await audit(await settled());
    expect(report).toMatchObject({ ok: true, settled: true, verdict: 'holds', orders: 3, notes: [] });
    expect(report.checks.map(({ id }) => id)).toEqual(Object.keys(INVARIANTS));
    expect(Object.fromEntries(report.checks.map(({ id, examined }) => [id, examined]))).toEqual({
      stock_not_negative: 5,
      stock_adds_up: 5,
      reservations_add_up: 5,
      stock_conserved: 5,
      one_payment: 2,
      refunds_match: 0,
      shipped_is_paid: 1,
      shipped_is_reserved: 1,
      receipts_match: 1,
      records_agree: 3,
      orders_finished: 3,
      messages_conserved: 26,
      messages_done: 5,
    });
  });

  it('is not settled while messages wait', async () => {
    const world = new World();
    await place(world, [LAPTOP_WISH]);
    const { ok, settled: rest, verdict, checks } = await audit(world);
    expect([ok, rest, verdict]).toEqual([false, false, 'not_settled']);
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(checks.filter((check) => !check.ok).map(({ id }) => id)).toEqual(['orders_finished', 'messages_done']);
  });

  const flaws: [string, InvariantId[], (world: World) => void][] = [
    [
      'oversold stock',
      ['stock_not_negative', 'stock_conserved'],
      (world) => edit(world, 'inventory', 'keyboard', { stock: -1, available: -1 }),
    ],
    [
      'a number that is none',
      ['stock_not_negative', 'stock_adds_up'],
      (world) => edit(world, 'inventory', 'keyboard', { available: 'many' }),
    ],
    ['a lost update', ['stock_adds_up'], (world) => edit(world, 'inventory', 'keyboard', { available: 99 })],
    [
      'a reservation that is never given back',
      ['reservations_add_up'],
      (world) => edit(world, 'inventory', 'keyboard', { reserved: 2, available: 98 }),
    ],
    [
      'stock from nowhere',
      ['stock_conserved'],
      (world) => edit(world, 'inventory', 'keyboard', { stock: 101, available: 101 }),
    ],
    ['a product that vanished', ['stock_conserved'], (world) => itemsOf(world, 'inventory').delete('laptop-pro')],
    [
      'a charge of too much',
      ['one_payment'],
      (world) => edit(world, 'payments', idWith(world, 'fulfilled'), { amount: '1300.00' }),
    ],
    [
      'goods that nobody paid for',
      ['one_payment', 'shipped_is_paid', 'records_agree'],
      (world) => itemsOf(world, 'payments').delete(idWith(world, 'fulfilled')),
    ],
    [
      'goods whose payment failed',
      ['shipped_is_paid', 'records_agree'],
      (world) => edit(world, 'payments', idWith(world, 'fulfilled'), { status: 'failed' }),
    ],
    [
      'a payment for no order',
      ['one_payment'],
      (world) => edit(world, 'payments', 'ord_none', { order_id: 'ord_none' }),
    ],
    [
      'goods that were not reserved',
      ['shipped_is_reserved', 'stock_conserved', 'records_agree'],
      (world) => itemsOf(world, 'reservations').delete(idWith(world, 'fulfilled')),
    ],
    [
      'goods reserved for others',
      ['shipped_is_reserved', 'stock_conserved'],
      (world) =>
        edit(world, 'reservations', idWith(world, 'fulfilled'), {
          items: [{ sku: 'keyboard', name: 'K', quantity: 1, unit_price: '149.99' }],
        }),
    ],
    ['a receipt that is missing', ['receipts_match'], (world) => editReceipt(world, () => undefined)],
    ['a receipt that is no receipt', ['receipts_match'], (world) => editReceipt(world, () => 'thank you')],
    [
      'a receipt that is a cent off',
      ['receipts_match'],
      (world) => editReceipt(world, (text) => text.replace('"total_amount": "1299.99"', '"total_amount": "1299.98"')),
    ],
    [
      'a line of a receipt that is a cent off',
      ['receipts_match'],
      (world) => editReceipt(world, (text) => text.replace('"line_total": "1299.99"', '"line_total": "1299.98"')),
    ],
    [
      'a receipt for an order that was cancelled',
      ['receipts_match'],
      (world) => world.objects.set(`receipts/${idWith(world, 'cancelled')}.json`, { body: '{}', metadata: {} }),
    ],
    [
      'a receipt for no order',
      ['receipts_match'],
      (world) => world.objects.set('receipts/ord_none.json', { body: '{}', metadata: {} }),
    ],
    [
      'an order that was cancelled but kept its goods',
      ['reservations_add_up', 'records_agree'],
      (world) => edit(world, 'reservations', idWith(world, 'cancelled'), { status: 'held' }),
    ],
    [
      'an order that was lost on its way',
      ['records_agree', 'orders_finished'],
      (world) => edit(world, 'orders', idWith(world, 'fulfilled'), { status: 'reserved' }),
    ],
    [
      'an order of an unknown status',
      ['records_agree', 'orders_finished'],
      (world) => edit(world, 'orders', idWith(world, 'rejected'), { status: 'dreaming' }),
    ],
    [
      'an order without items',
      ['shipped_is_reserved'],
      (world) => edit(world, 'orders', idWith(world, 'fulfilled'), { items: [] }),
    ],
    ['a dead letter', ['messages_done'], (world) => world.enqueue('order-queue-dlq', 'x')],
  ];

  it.each(flaws)('finds %s', async (_, expected, spoil) => {
    const world = await settled();
    spoil(world);
    const { ok, checks } = await audit(world);
    const failed = checks.filter((check) => !check.ok);
    expect(ok).toBe(false);
    expect(failed.map(({ id }) => id)).toEqual(expect.arrayContaining(expected));
    for (const { violations, offenders } of failed) {
      expect(violations).toBeGreaterThan(0);
      expect(offenders[0]).toEqual({
        id: expect.any(String),
        detail: expect.any(String),
        remedy: { action: expect.any(String), id: offenders[0]!.id },
      });
    }
  });

  const refunded: [string, InvariantId[], (world: World, id: string) => void][] = [
    [
      'money that was kept although nothing shipped',
      ['refunds_match', 'records_agree'],
      (world, id) => edit(world, 'payments', id, { status: 'succeeded' }),
    ],
    [
      'money that was given back although the goods have left',
      ['refunds_match', 'shipped_is_paid', 'records_agree'],
      (world) => edit(world, 'payments', idWith(world, 'fulfilled'), { status: 'refunded' }),
    ],
    ['a refund of something else', ['one_payment'], (world, id) => edit(world, 'payments', id, { amount: '1.00' })],
    [
      'goods that are held for an order that was cancelled',
      ['records_agree', 'reservations_add_up'],
      (world, id) => edit(world, 'reservations', id, { status: 'held' }),
    ],
    [
      'an order that is to be cancelled for ever',
      ['orders_finished', 'records_agree'],
      (world, id) => edit(world, 'orders', id, { status: 'cancelling' }),
    ],
  ];

  it.each(refunded)('finds %s', async (_, expected, spoil) => {
    const world = new World();
    const [order] = await place(world, [LAPTOP_WISH]);
    await collect(drain({ ports: world, clock: world.clock }, { max: 2 }));
    await cancelOrder(order!.order_id, { ports: world, clock: world.clock });
    await place(world, [LAPTOP_WISH]);
    await drainAll(world);
    expect(await audit(world)).toMatchObject({ verdict: 'holds', orders: 2 });
    spoil(world, order!.order_id);
    const failed = (await audit(world)).checks.filter(({ ok }) => !ok).map(({ id }) => id);
    expect(failed).toEqual(expect.arrayContaining(expected));
  });

  it('does not stumble over records that are not whole', async () => {
    const world = await settled();
    const id = idWith(world, 'fulfilled');
    itemsOf(world, 'orders').set(id, { order_id: id, status: 'fulfilled' });
    itemsOf(world, 'reservations').set(id, { order_id: id, status: 'held' });
    const { ok } = await audit(world);
    expect(ok).toBe(false);
  });

  it('names the first twenty offenders and counts all', async () => {
    const world = new World();
    await place(
      world,
      Array.from({ length: 120 }, () => LAPTOP_WISH),
    );
    const { checks, orders } = await audit(world);
    const unfinished = checks.find(({ id }) => id === 'orders_finished')!;
    expect([orders, unfinished.violations, unfinished.offenders.length]).toEqual([120, 120, 20]);
  });
});
