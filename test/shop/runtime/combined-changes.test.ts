import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/records.ts';
import type { Change } from '../../../src/services/effects.ts';
import { CombinedChanges } from '../../../src/shop/runtime/combined-changes.ts';
import { toWrite } from '../../../src/shop/runtime/transaction.ts';
import { MemoryTables } from './memory-tables.ts';

const stock = (id: string, available: number): Item => ({ sku: id, available, reserved: 5 });
const order = (id: string, status: string): Item => ({ order_id: id, status });

const id = fc.constantFrom('a', 'b');
const status = fc.constantFrom('held', 'shipped', 'gone');
const small = fc.integer({ min: -3, max: 3 });
const bounds = fc.record({ available: fc.integer({ min: 0, max: 6 }) }, { requiredKeys: [] });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    op: fc.constant('insert' as const),
    table: fc.constant('reservations' as const),
    item: fc.tuple(id, status).map(([key, to]) => order(key, to)),
  }),
  fc.record({
    ...{ op: fc.constant('replace' as const), table: fc.constant('reservations' as const) },
    ...{ item: fc.tuple(id, status).map(([key, to]) => order(key, to)), where: fc.record({ status }) },
  }),
  fc.record({
    op: fc.constant('expect' as const),
    table: fc.constant('reservations' as const),
    id,
    where: fc.record({ status }),
  }),
  fc.record({
    ...{ op: fc.constant('adjust' as const), table: fc.constant('inventory' as const), id },
    ...{ add: fc.record({ available: small, reserved: small }), atLeast: bounds, below: bounds },
  }),
  fc.record({
    op: fc.constant('expect_below' as const),
    table: fc.constant('inventory' as const),
    id,
    below: fc.record({ available: fc.integer({ min: 0, max: 6 }) }),
  }),
);

async function tablesWith(reservation: string, available: number): Promise<MemoryTables> {
  const tables = new MemoryTables();
  await tables.putMany('reservations', [order('a', reservation)]);
  await tables.putMany('inventory', [stock('a', available), stock('b', 3)]);
  return tables;
}

describe('changes in one transaction', () => {
  it('do the same as one after the other, and are refused where one of those would be', async () => {
    let combinations = 0;
    let refusals = 0;
    const property = fc.asyncProperty(
      fc.array(change, { minLength: 2, maxLength: 5 }),
      status,
      fc.nat(6),
      async (changes, held, available) => {
        const combined = new CombinedChanges();
        const added = changes.filter((each) => combined.add([each]));
        if (added.length < 2) return;
        combinations++;
        const together = await tablesWith(held, available);
        const { written } = await together.write(combined.all.map(toWrite));
        const apart = await tablesWith(held, available);
        const outcomes: boolean[] = [];
        for (const each of added) outcomes.push((await apart.write([toWrite(each)])).written);
        expect(written).toBe(outcomes.every((done) => done));
        if (!written) return void refusals++;
        expect(together.tables).toEqual(apart.tables);
      },
    );
    await fc.assert(property, { numRuns: 2_000, seed: 14 });
    expect(combinations).toBeGreaterThan(500);
    expect(combinations - refusals).toBeGreaterThan(100);
  });

  it('add up what many orders take of one product', () => {
    const combined = new CombinedChanges();
    const take: Change = {
      op: 'adjust',
      table: 'inventory',
      id: 'a',
      add: { available: -2 },
      atLeast: { available: 2 },
    };
    for (let orders = 0; orders < 3; orders++) expect(combined.add([take])).toBe(true);
    expect(combined.all).toMatchObject([{ add: { available: -6 }, atLeast: { available: 6 } }]);
  });

  it('end at the 100 items that a transaction takes, with all of a message or none', () => {
    const combined = new CombinedChanges();
    const inserts = (from: number, count: number) =>
      Array.from({ length: count }, (_, index): Change => {
        return { op: 'insert', table: 'orders', item: order(String(from + index), 'held') };
      });
    expect(combined.add(inserts(0, 99))).toBe(true);
    expect(combined.add(inserts(99, 2))).toBe(false);
    expect(combined.all).toHaveLength(99);
    expect(combined.add(inserts(99, 1))).toBe(true);
  });
});
