import { receiptKeyOf } from '../domain/names.ts';
import { parseReceipt } from '../domain/receipt.ts';
import {
  type InventoryRecord,
  type Item,
  keyOf,
  type OrderRecord,
  type PaymentRecord,
  type ReservationRecord,
} from '../domain/records.ts';
import type { Check } from './checks.ts';
import { type QueueState, queueStates } from './drain-facts.ts';
import { Invariants, type OrderStory } from './invariants.ts';
import type { Ports } from './ports.ts';

export interface AuditReport {
  /** Every invariant holds. */
  ok: boolean;
  /** No message waits or is in flight: only then a violation is certain. */
  settled: boolean;
  orders: number;
  checks: Check[];
  queues: QueueState[];
}

/** Records looked up at once, and receipts read at once. */
const PAGE = 100;
const READS = 16;

/** Checks every invariant over everything that is stored, page by page. Changes nothing. */
export async function audit(ports: Ports): Promise<AuditReport> {
  const invariants = new Invariants();
  for await (const item of ports.tables.scan('inventory')) invariants.inventory(item as InventoryRecord);
  const orders = await auditOrders(ports, invariants);
  await auditOthers(ports, invariants);
  const queues = await queueStates(ports);
  for (const queue of queues) invariants.queue(queue);
  const checks = invariants.results();
  const settled = queues.every(({ ready, in_flight, delayed }) => ready + in_flight + delayed === 0);
  return { ok: checks.every(({ ok }) => ok), settled, orders, checks, queues };
}

async function auditOrders(ports: Ports, invariants: Invariants): Promise<number> {
  let orders = 0;
  for await (const page of paged(ports.tables.scan('orders'))) {
    for (const story of await storiesOf(ports, page as OrderRecord[])) invariants.order(story);
    orders += page.length;
  }
  return orders;
}

/** Brings together what the services recorded about each order. */
export async function storiesOf(ports: Ports, orders: readonly OrderRecord[]): Promise<OrderStory[]> {
  const found = await ports.tables.getMany(
    orders.flatMap(({ order_id }) => [
      { table: 'reservations', key: keyOf('reservations', order_id) },
      { table: 'payments', key: keyOf('payments', order_id) },
    ]),
  );
  const stories = orders.map((order, index): OrderStory => {
    const reservation = found[2 * index] as ReservationRecord | undefined;
    const payment = found[2 * index + 1] as PaymentRecord | undefined;
    return { order, reservation, payment, receipt: undefined };
  });
  for (let start = 0; start < stories.length; start += READS) {
    await Promise.all(stories.slice(start, start + READS).map((story) => addReceipt(ports, story)));
  }
  return stories;
}

/** Only what may have shipped is looked up; receipts of other orders turn up when the bucket is listed. */
async function addReceipt(ports: Ports, story: OrderStory): Promise<void> {
  const { order, reservation } = story;
  if (order.status !== 'fulfilled' && reservation?.shipped_at === undefined) return;
  const stored = await ports.bucket.get(receiptKeyOf(order.order_id));
  if (stored !== undefined) story.receipt = parseReceipt(stored.body) ?? 'unreadable';
}

/** Sums over reservations, and what other services recorded about an order that there is not, or that never shipped. */
async function auditOthers(ports: Ports, invariants: Invariants): Promise<void> {
  await withOrders(ports, ports.tables.scan('reservations'), orderIdOf, (item, order) => {
    invariants.reservation(item as ReservationRecord);
    if (order === undefined) invariants.orphan('reservation', orderIdOf(item));
  });
  await withOrders(ports, ports.tables.scan('payments'), orderIdOf, (item, order) => {
    if (order === undefined) invariants.orphan('payment', orderIdOf(item));
  });
  const idInKey = ({ key }: { key: string }) => key.slice(RECEIPTS.length).replace(/\.json$/, '');
  await withOrders(ports, ports.bucket.list(RECEIPTS), idInKey, (stored, order) => {
    if (order?.status !== 'fulfilled') invariants.strayReceipt(idInKey(stored), order);
  });
}

const RECEIPTS = 'receipts/';

async function withOrders<T>(
  ports: Ports,
  records: AsyncIterable<T>,
  idIn: (record: T) => string,
  judge: (record: T, order: OrderRecord | undefined) => void,
): Promise<void> {
  for await (const page of paged(records)) {
    const keys = page.map((record) => ({ table: 'orders', key: keyOf('orders', idIn(record)) }));
    const orders = await ports.tables.getMany(keys);
    page.forEach((record, index) => {
      judge(record, orders[index] as OrderRecord | undefined);
    });
  }
}

const orderIdOf = (item: Item) => String(item.order_id);

async function* paged<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length === PAGE) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}
