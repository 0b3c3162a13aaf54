import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Key, Update, Write } from '../../src/ports.ts';
import { collect, ENGINES, startStack, type TestStack } from '../support/engines.ts';

describe.each(ENGINES)('tables on $name', (fixture) => {
  let stack: TestStack;
  const tables = () => stack.ports.tables;
  const stock = (sku: string, available: number) => ({ sku, available });
  const take = (sku: string, quantity: number): Write => ({
    kind: 'update',
    table: 'inventory',
    label: `stock of ${sku}`,
    key: { sku },
    update: { add: { available: -quantity } },
    condition: { all: [{ attribute: 'available', comparison: '>=', value: quantity }] },
  });
  const marker = (order_id: string): Write => ({
    kind: 'put',
    table: 'reservations',
    label: 'the reservation',
    item: { order_id, status: 'held' },
    condition: { all: [{ attribute: 'order_id', comparison: 'missing' }] },
  });

  beforeAll(async () => {
    stack = await startStack(fixture, 'tables-test');
  });
  beforeEach(async () => {
    for (const [table, key] of [
      ['orders', 'order_id'],
      ['inventory', 'sku'],
      ['reservations', 'order_id'],
    ] as const) {
      const keys = (await collect(tables().scan(table))).map((item) => ({ [key]: item[key] as string }));
      await tables().deleteMany(table, keys);
    }
  });
  afterAll(() => stack.close());

  test('values come back as they were: text, numbers, nothing, lists and documents', async () => {
    const item = {
      order_id: 'o1',
      name: 'Zoë 🛒 "quoted"',
      cents: 9_007_199_254_740_991,
      rate: 0.1,
      negative: -3,
      gift: false,
      note: null,
      items: [{ sku: 'keyboard', quantity: 2 }, 'text', []],
      empty: '',
    };
    await tables().putMany('orders', [item]);
    expect(await tables().get('orders', { order_id: 'o1' })).toEqual(item);
    expect(await tables().get('orders', { order_id: 'none' })).toBeUndefined();
  });

  test('getMany answers in the order of the keys, over tables, above a hundred, with repeats', async () => {
    const orders = Array.from({ length: 120 }, (_, n) => ({ order_id: `o${n}`, n }));
    await tables().putMany('orders', orders);
    await tables().putMany('inventory', [stock('keyboard', 3)]);
    const keys: { table: string; key: Key }[] = [
      { table: 'inventory', key: { sku: 'keyboard' } },
      { table: 'orders', key: { order_id: 'missing' } },
      ...orders.map(({ order_id }) => ({ table: 'orders', key: { order_id } })),
      { table: 'orders', key: { order_id: 'o7' } },
    ];
    const found = await tables().getMany(keys);
    expect(found).toEqual([stock('keyboard', 3), undefined, ...orders, orders[7]]);
    expect(await tables().getMany([])).toEqual([]);
  });

  test('a transaction writes all or nothing and names what stood against it', async () => {
    await tables().putMany('inventory', [stock('keyboard', 5), stock('headphones', 1)]);
    expect(await tables().write([marker('o1'), take('keyboard', 2), take('headphones', 1)])).toEqual({ written: true });
    expect(await tables().write([marker('o2'), take('keyboard', 2), take('headphones', 1)])).toEqual({
      written: false,
      conflicts: [{ index: 2, label: 'stock of headphones', item: stock('headphones', 0) }],
    });
    expect(await tables().get('reservations', { order_id: 'o2' })).toBeUndefined();
    expect(await tables().get('inventory', { sku: 'keyboard' })).toEqual(stock('keyboard', 3));
  });

  test('a single write reports its conflict in the same way', async () => {
    expect(await tables().write([marker('o1')])).toEqual({ written: true });
    expect(await tables().write([marker('o1')])).toEqual({
      written: false,
      conflicts: [{ index: 0, label: 'the reservation', item: { order_id: 'o1', status: 'held' } }],
    });
    expect(await tables().write([take('nothing', 1)])).toEqual({
      written: false,
      conflicts: [{ index: 0, label: 'stock of nothing', item: undefined }],
    });
    expect(await tables().write([])).toEqual({ written: true });
  });

  test('checks and deletes take part in a transaction', async () => {
    await tables().putMany('orders', [{ order_id: 'o1', status: 'paid' }]);
    await tables().write([marker('o1')]);
    const paid = (status: string): Write => ({
      kind: 'check',
      table: 'orders',
      label: 'the order',
      key: { order_id: 'o1' },
      condition: { all: [{ attribute: 'status', comparison: '=', value: status }] },
    });
    const remove: Write = { kind: 'delete', table: 'reservations', label: 'it', key: { order_id: 'o1' } };
    const refused = await tables().write([paid('created'), remove]);
    expect(refused).toMatchObject({ written: false, conflicts: [{ index: 0, label: 'the order' }] });
    expect(await tables().write([paid('paid'), remove])).toEqual({ written: true });
    expect(await tables().get('reservations', { order_id: 'o1' })).toBeUndefined();
  });

  test('conditions compare numbers as numbers, not as text', async () => {
    await tables().putMany('inventory', [stock('keyboard', 9)]);
    expect(await tables().write([take('keyboard', 10)])).toMatchObject({ written: false });
    await tables().putMany('inventory', [stock('keyboard', 100)]);
    expect(await tables().write([take('keyboard', 20)])).toEqual({ written: true });
  });

  test('writers of the same stock at the same time never sell what is not there', async () => {
    await tables().putMany('inventory', [stock('keyboard', 5)]);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, n) => tables().write([marker(`o${n}`), take('keyboard', 1)])),
    );
    expect(outcomes.filter(({ written }) => written)).toHaveLength(5);
    expect(await tables().get('inventory', { sku: 'keyboard' })).toEqual(stock('keyboard', 0));
    expect(await collect(tables().scan('reservations'))).toHaveLength(5);
  });

  test('scans page through, filter, and stop at the limit', async () => {
    const filler = 'x'.repeat(20_000);
    const orders = Array.from({ length: 80 }, (_, n) => ({ order_id: `o${n}`, n, filler }));
    await tables().putMany('orders', orders);
    const all = await collect(tables().scan('orders'));
    expect(all.map(({ n }) => n).sort()).toEqual(orders.map(({ n }) => n).sort());
    const filter = { attribute: 'n', comparison: '>=', value: 70 } as const;
    expect(await collect(tables().scan('orders', { filter }))).toHaveLength(10);
    expect(await collect(tables().scan('orders', { filter, limit: 4 }))).toHaveLength(4);
    expect(await collect(tables().scan('orders', { limit: 7 }))).toHaveLength(7);
    expect(await collect(tables().scan('payments'))).toEqual([]);
  });

  test('orders are found by status and by customer, oldest or newest first', async () => {
    const order = (n: number, status: string, customer_id: string) => ({
      order_id: `o${n}`,
      status,
      customer_id,
      created_at: `2026-01-01T00:00:0${n}.000Z`,
    });
    const orders = [order(3, 'paid', 'ada'), order(1, 'paid', 'grace'), order(2, 'created', 'ada')];
    await tables().putMany('orders', orders);
    const by = (index: string, name: string, value: string) => ({ index, partition: { [name]: value } });
    const ids = async (query: Parameters<ReturnType<typeof tables>['query']>[1]) =>
      (await collect(tables().query('orders', query))).map(({ order_id }) => order_id);

    expect(await ids(by('by_status', 'status', 'paid'))).toEqual(['o1', 'o3']);
    expect(await ids({ ...by('by_customer', 'customer_id', 'ada'), newestFirst: true })).toEqual(['o3', 'o2']);
    expect(await ids({ ...by('by_status', 'status', 'paid'), newestFirst: true, limit: 1 })).toEqual(['o3']);
    const filter = { attribute: 'status', comparison: '=', value: 'created' } as const;
    expect(await ids({ ...by('by_customer', 'customer_id', 'ada'), filter, limit: 1 })).toEqual(['o2']);
    expect(await ids(by('by_status', 'status', 'none'))).toEqual([]);
    const started = { attribute: 'order_id', comparison: 'begins_with', value: 'o1' } as const;
    expect(await collect(tables().scan('orders', { filter: started }))).toEqual([orders[1]]);
  });

  test('an update adds to numbers, or sets what is missing and leaves the rest alone', async () => {
    const update = (given: Update): Write => ({
      ...{ kind: 'update', table: 'inventory', label: 'the stock', key: { sku: 'keyboard' } },
      update: given,
    });
    const setIfMissing = { available: 7, note: null, name: 'Keyboard' };
    expect(await tables().write([update({ setIfMissing })])).toEqual({ written: true });
    expect(await tables().write([update({ add: { available: 3 } })])).toEqual({ written: true });
    expect(await tables().write([update({ setIfMissing: { available: 1, reserved: 0 } })])).toEqual({ written: true });
    expect(await tables().get('inventory', { sku: 'keyboard' })).toEqual({
      ...{ sku: 'keyboard', available: 10, note: null, name: 'Keyboard', reserved: 0 },
    });
    await expect(tables().write([update({ add: { sold: 1 } })])).rejects.toMatchObject({ code: 'aws_error' });
  });

  test('one of several conditions is enough where any is asked for', async () => {
    const below = (value: number): Write => ({
      ...{ kind: 'check', table: 'inventory', label: 'the stock', key: { sku: 'keyboard' } },
      condition: {
        any: [
          { attribute: 'sku', comparison: 'missing' },
          { attribute: 'available', comparison: '<', value },
        ],
      },
    });
    expect(await tables().write([below(3)])).toEqual({ written: true });
    await tables().putMany('inventory', [stock('keyboard', 3)]);
    expect(await tables().write([below(4)])).toEqual({ written: true });
    expect(await tables().write([below(3)])).toMatchObject({ written: false, conflicts: [{ label: 'the stock' }] });
  });
});
