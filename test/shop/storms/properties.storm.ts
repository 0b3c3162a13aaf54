import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, inventoryRecord } from '../../../src/domain/catalogue.ts';
import { formatMoney, parseMoney, sumMoney } from '../../../src/domain/money.ts';
import { isTerminal } from '../../../src/domain/order.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import { parseReceipt } from '../../../src/domain/receipt.ts';
import { type InventoryRecord, type OrderRecord, PAYMENT_INSTRUCTIONS } from '../../../src/domain/records.ts';
import { FAULT_KINDS } from '../../../src/shop/storms/faults.ts';
import type { OrderScenario } from '../../../src/shop/storms/order-scenarios.ts';
import { passed, runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import type { TestBed } from '../../../src/shop/storms/test-bed.ts';
import { collect } from '../runtime/shop.ts';
import { settings, testBedFor } from './test-beds.ts';

const item = fc.record({
  sku: fc.constantFrom(...CATALOGUE.map(({ sku }) => sku)),
  quantity: fc.integer({ min: 1, max: 4 }),
});
const wish: fc.Arbitrary<OrderScenario> = fc
  .record({
    items: fc.uniqueArray(item, { minLength: 1, maxLength: 3, selector: ({ sku }) => sku }),
    payment: fc.constantFrom(...PAYMENT_INSTRUCTIONS),
    regret: fc.option(fc.nat(200), { freq: 3, nil: undefined }),
  })
  .map(({ items, payment, regret }) => {
    const order = validateOrder({ customer: { id: 'ada', name: 'Ada Lovelace' }, items, payment }, CATALOGUE);
    return { order, regret };
  });

/** Any orders, any stock, any kinds of faults, any schedule (it follows from the seed), 1 to 4 workers. */
const anything = fc.record({
  wishes: fc.array(wish, { minLength: 1, maxLength: 12 }),
  pieces: fc.integer({ min: 0, max: 15 }),
  kinds: fc.subarray([...FAULT_KINDS]),
  workers: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
});

async function statusesOf({ ports }: TestBed): Promise<OrderRecord['status'][]> {
  const orders = (await collect(ports.tables.scan('orders'))) as OrderRecord[];
  return orders.map(({ status }) => status);
}

async function moneyOf({ ports }: TestBed): Promise<{ taken: string; receipted: string }> {
  const payments = await collect(ports.tables.scan('payments'));
  const taken = payments
    .filter(({ status }) => status === 'succeeded')
    .map(({ amount }) => parseMoney(String(amount))!);
  const receipted: number[] = [];
  for await (const { key } of ports.bucket.list('receipts/')) {
    receipted.push(parseMoney(parseReceipt((await ports.bucket.get(key))!.body)!.total_amount)!);
  }
  return { taken: formatMoney(sumMoney(taken)), receipted: formatMoney(sumMoney(receipted)) };
}

describe('whatever is ordered, and whatever goes wrong', () => {
  it('every order comes to an end, and money and stock are conserved', async () => {
    const stage = await testBedFor();
    await fc.assert(
      fc.asyncProperty(anything, async ({ wishes, pieces, kinds, workers, seed }) => {
        const wanted = settings(seed, { orders: wishes.length, kinds, workers });
        const stock = () => CATALOGUE.map(({ sku }) => inventoryRecord(sku, pieces));
        const report = await runStormAndAudit(stage, wanted, { scenarios: (number) => wishes[number - 1]!, stock });
        expect(report.audit.checks.filter(({ ok }) => !ok)).toEqual([]);
        expect(passed(report)).toBe(true);
        expect((await statusesOf(stage)).every(isTerminal)).toBe(true);
        const { taken, receipted } = await moneyOf(stage);
        expect(receipted).toBe(taken);
        for (const record of (await collect(stage.ports.tables.scan('inventory'))) as InventoryRecord[]) {
          expect(record).toMatchObject({ reserved: 0, received: pieces, available: record.stock });
        }
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});
