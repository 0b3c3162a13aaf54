import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedId } from '../../../src/domain/ids.ts';
import type { Item, Ports } from '../../../src/ports.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { ReceiptLedger } from '../../../src/shop/audit/receipt-ledger.ts';
import { hashes, SeenEvents } from '../../../src/shop/audit/seen-events.ts';
import { World } from './memory-ports.ts';
import { collect, DECLINED_WISH, drainAll, HUGE_WISH, LAPTOP_WISH, place } from './shop.ts';

describe('the set of events', () => {
  it('knows every event that was put in, and hardly another', () => {
    const seen = new SeenEvents();
    for (let index = 0; index < 50_000; index++) seen.add(derivedId('in', String(index)));
    let wrong = 0;
    for (let index = 0; index < 50_000; index++) {
      if (!seen.has(derivedId('in', String(index)))) throw new Error('forgotten');
      if (seen.has(derivedId('out', String(index)))) wrong++;
    }
    expect(seen.count).toBe(50_000);
    expect(wrong).toBe(0);
  });

  it.each([0, 20_001])('takes any text for an id, beside %d others', (others) => {
    const seen = new SeenEvents();
    for (let index = 0; index < others; index++) seen.add(String(index));
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), (ids) => {
        for (const id of ids) seen.add(id);
        return ids.every((id) => seen.has(id));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the ledger of receipts', () => {
  const md5 = (text: string) => `"${createHash('md5').update(text).digest('hex')}"`;
  const key = (index: number) => `receipts/ord_${index}.json`;

  it('is balanced when both sides are the same, in whatever order', () => {
    const ledger = new ReceiptLedger();
    for (let index = 0; index < 3_000; index++) ledger.expected(key(index), `text ${index}`);
    for (let index = 2_999; index >= 0; index--) ledger.found(key(index), md5(`text ${index}`));
    expect([ledger.balanced, ledger.expectedCount]).toEqual([true, 3_000]);
  });

  it.each<[string, (ledger: ReceiptLedger) => void]>([
    ['one is missing', () => {}],
    ['one is different', (ledger) => ledger.found(key(7), md5('text 8'))],
    ['one has no ETag', (ledger) => ledger.found(key(7), undefined)],
    [
      'two are exchanged',
      (ledger) => {
        ledger.found(key(7), md5('text 8'));
        ledger.expected(key(8), 'text 8');
        ledger.found(key(8), md5('text 7'));
      },
    ],
  ])('doubts the right receipt when %s, and few others', (_, spoil) => {
    const ledger = new ReceiptLedger();
    for (let index = 0; index < 3_000; index++) {
      ledger.expected(key(index), `text ${index}`);
      if (index !== 7) ledger.found(key(index), md5(`text ${index}`));
    }
    spoil(ledger);
    expect(ledger.balanced).toBe(false);
    expect(ledger.isDoubtful(key(7))).toBe(true);
    const doubtful = Array.from({ length: 3_000 }, (_unused, index) => key(index)).filter((each) =>
      ledger.isDoubtful(each),
    );
    expect(doubtful.length).toBeLessThan(20);
  });

  it('tells two contents apart whose first hashes are the same', () => {
    const [one, other] = ['31784', '62314'];
    const first = (text: string) => hashes(`${key(1)} ${md5(text).replaceAll('"', '')}`)[0];
    expect(first(one)).toBe(first(other));
    const ledger = new ReceiptLedger();
    ledger.expected(key(1), one);
    ledger.found(key(1), md5(other));
    expect([ledger.balanced, ledger.isDoubtful(key(1))]).toEqual([false, true]);
  });
});

const open = ({ queues, topic, tables, bucket, metrics, logs }: Ports): Ports => ({
  ...{ queues, topic, tables, bucket, metrics, logs },
});

describe('an audit', () => {
  async function settled(): Promise<World> {
    const world = new World();
    await place(
      world,
      Array.from({ length: 60 }, (_, index) => [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH][index % 3]!),
    );
    await drainAll(world);
    return world;
  }

  it('comes to the same whatever order the tables are scanned in', async () => {
    const world = await settled();
    for (const table of ['orders', 'reservations', 'payments']) {
      world.tables.tables.get(table)!.set('ord_stray', { order_id: 'ord_stray', status: 'held', items: [] });
    }
    world.tables.tables.get('orders')!.delete('ord_stray');
    const straight = await audit(world);
    const sort = (items: Item[], seed: number) => items.sort((a, b) => digest(a, seed).localeCompare(digest(b, seed)));
    const digest = (item: Item, seed: number) => createHash('md5').update(`${seed}${item.order_id}`).digest('hex');
    let seed = 0;
    const tables = Object.assign(Object.create(world.tables) as World['tables'], {
      async *scan(table: string) {
        yield* sort(await collect(world.tables.scan(table)), ++seed);
      },
    });
    const shuffled = await audit({ ...open(world), tables });
    const comparable = ({ checks, deliveries, orders }: typeof straight) => ({
      ...{ deliveries, orders },
      checks: checks.map(({ offenders, ...check }) => ({ ...check, offenders: offenders.map(({ id }) => id).sort() })),
    });
    expect(comparable(shuffled)).toEqual(comparable(straight));
    expect(straight.checks.filter(({ ok }) => !ok).map(({ id }) => id)).toEqual(['one_payment', 'records_agree']);
  });

  it('reads again what seems wrong, as it may have changed between two reads', async () => {
    const world = new World();
    await place(world, [LAPTOP_WISH]);
    const stale = structuredClone(world.tables.tables);
    await drainAll(world);
    const tables = Object.assign(Object.create(world.tables) as World['tables'], {
      async *scan(table: string) {
        yield* table === 'orders' ? world.tables.scan(table) : (stale.get(table)?.values() ?? []);
      },
    });
    const { checks } = await audit({ ...open(world), tables });
    expect(checks.find(({ id }) => id === 'shipped_is_paid')).toMatchObject({ ok: true, examined: 1 });
    expect(checks.find(({ id }) => id === 'records_agree')).toMatchObject({ ok: true });
  });

  it('of one order judges that one, and no sums', async () => {
    const world = await settled();
    const [order] = await collect(world.tables.scan('orders'));
    const id = String(order!.order_id);
    world.objects.delete(`receipts/${id}.json`);
    const report = await audit(world, { order: id });
    expect(report).toMatchObject({ orders: 1, verdict: 'violated' });
    expect(report.checks.filter(({ ok }) => !ok)).toMatchObject([{ id: 'receipts_match', offenders: [{ id }] }]);
    expect(report.checks.map((check) => check.id)).not.toContain('stock_conserved');
    await expect(audit(world, { order: 'ord_none' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('since a time judges orders placed after it', async () => {
    const world = await settled();
    world.clock.time += 3_600_000;
    const since = world.clock.now();
    await place(world, [{ ...LAPTOP_WISH, items: [{ sku: 'headphones', quantity: 1 }] }]);
    await drainAll(world);
    expect(await audit(open(world), { since })).toMatchObject({ orders: 1, verdict: 'holds' });
  });
});
