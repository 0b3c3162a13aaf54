import {
  type Item,
  keyOf,
  type OrderRecord,
  type PaymentRecord,
  type ReservationRecord,
} from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports, TablePort } from '../../ports.ts';
import type { OrderSnapshot } from './order-snapshot.ts';

/** A reservation or a payment of no order. */
export type Orphan = { reservation: ReservationRecord } | { payment: PaymentRecord };

/** Which orders it is about; all of them when neither is given. */
export interface Scope {
  /** This order alone; whoever reads it rejects with `not_found` when there is none. */
  order?: string | undefined;
  /** Those placed since then (milliseconds since the epoch). */
  since?: number | undefined;
}

/** What the tables hold: orders with their records, a page at a time, and records that belong to none. */
export interface SnapshotPage {
  snapshots: OrderSnapshot[];
  orphans: Orphan[];
}

/** Records looked up at once. */
const PAGE = 100;
/** Most orders with incomplete records that are kept. */
const WINDOW = 1_000;

/** An order, and those of its records that were read already. */
type Known = { order: OrderRecord; reservation?: ReservationRecord | undefined; payment?: PaymentRecord | undefined };

/** Adds the missing records of orders. */
export async function snapshotsOf(tables: TablePort, known: readonly Known[]): Promise<OrderSnapshot[]> {
  const wanted = known.flatMap(({ order: { order_id }, reservation, payment }) => [
    ...(reservation === undefined ? [{ table: 'reservations' as const, id: order_id }] : []),
    ...(payment === undefined ? [{ table: 'payments' as const, id: order_id }] : []),
  ]);
  const found = await tables.getMany(wanted.map(({ table, id }) => ({ table, key: keyOf(table, id) })));
  const items = new Map(wanted.map(({ table, id }, index) => [`${table} ${id}`, found[index]]));
  return known.map(({ order, reservation, payment }) => ({
    order,
    reservation: reservation ?? (items.get(`reservations ${order.order_id}`) as ReservationRecord | undefined),
    payment: payment ?? (items.get(`payments ${order.order_id}`) as PaymentRecord | undefined),
  }));
}

/** Reads orders again, each before its other records, so that these are not older than the order. */
export async function readAgain(tables: TablePort, snapshots: readonly OrderSnapshot[]): Promise<OrderSnapshot[]> {
  const keys = snapshots.map(({ order }) => ({ table: 'orders', key: keyOf('orders', order.order_id) }));
  const orders = (await tables.getMany(keys)) as (OrderRecord | undefined)[];
  return snapshotsOf(
    tables,
    orders.map((order, index) => ({ order: order ?? snapshots[index]!.order })),
  );
}

/** The order with its records; rejects with `not_found`. */
export async function snapshotOf({ tables }: Pick<Ports, 'tables'>, id: string): Promise<OrderSnapshot> {
  const order = (await tables.get('orders', keyOf('orders', id))) as OrderRecord | undefined;
  if (order === undefined) {
    throw new CliffracerError('not_found', `no order ${JSON.stringify(id)}`, {
      hint: { action: 'list_orders', id: '' },
    });
  }
  return (await snapshotsOf(tables, [{ order }]))[0]!;
}

/** The orders that an audit is about, with their records. */
export async function* snapshotsIn(
  ports: Pick<Ports, 'tables'>,
  { order, since }: Scope,
): AsyncGenerator<SnapshotPage> {
  if (order !== undefined) yield { snapshots: [await snapshotOf(ports, order)], orphans: [] };
  else if (since !== undefined) yield* snapshotsSince(ports, new Date(since).toISOString());
  else yield* allSnapshots(ports);
}

/** Orders placed since then (ISO 8601), with their records. */
async function* snapshotsSince({ tables }: Pick<Ports, 'tables'>, since: string): AsyncGenerator<SnapshotPage> {
  const filter = { attribute: 'created_at', comparison: '>=', value: since } as const;
  for await (const orders of paged(tables.scan('orders', { filter }))) {
    const known = orders.map((order) => ({ order: order as OrderRecord }));
    yield { snapshots: await snapshotsOf(tables, known), orphans: [] };
  }
}

/**
 * Every order with its records, in constant memory. The three tables are scanned concurrently and joined in a window: they
 * have the same key, so DynamoDB scans them in the same order. On other engines, records that leave the window incomplete
 * are looked up, so the result is the same.
 */
async function* allSnapshots({ tables }: Pick<Ports, 'tables'>): AsyncGenerator<SnapshotPage> {
  const scans = ['orders', 'reservations', 'payments'].map((table) => paged(tables.scan(table)));
  const window = new Window();
  for (;;) {
    const pages = await Promise.all(scans.map((scan) => scan.next()));
    if (pages.every(({ done }) => done)) break;
    const complete = window.take(pages.map(({ value }) => value ?? []));
    if (complete.length > 0) yield { snapshots: complete, orphans: [] };
    while (window.size > WINDOW) yield await lookUp(tables, window.oldest(PAGE));
  }
  while (window.size > 0) yield await lookUp(tables, window.oldest(PAGE));
}

type Partial = { [K in keyof OrderSnapshot]?: OrderSnapshot[K] | undefined };

class Window {
  readonly #open = new Map<string, Partial>();

  get size(): number {
    return this.#open.size;
  }

  /** Adds a page of each table, and returns the orders that are complete now. */
  take([orders = [], reservations = [], payments = []]: readonly Item[][]): OrderSnapshot[] {
    const complete: OrderSnapshot[] = [];
    const add = (items: readonly Item[], name: keyof OrderSnapshot) => {
      for (const item of items) {
        const id = String(item.order_id);
        const snapshot: Partial = this.#open.get(id) ?? {};
        Object.assign(snapshot, { [name]: item });
        if (snapshot.order !== undefined && snapshot.reservation !== undefined && snapshot.payment !== undefined) {
          this.#open.delete(id);
          complete.push(snapshot as OrderSnapshot);
        } else this.#open.set(id, snapshot);
      }
    };
    add(orders, 'order');
    add(reservations, 'reservation');
    add(payments, 'payment');
    return complete;
  }

  oldest(count: number): Partial[] {
    const taken: Partial[] = [];
    for (const [id, snapshot] of this.#open) {
      if (taken.length === count) break;
      taken.push(snapshot);
      this.#open.delete(id);
    }
    return taken;
  }
}

/** Looks up missing records. Records without an order in this page are orphans, unless the order exists. */
async function lookUp(tables: TablePort, partials: readonly Partial[]): Promise<SnapshotPage> {
  const orders = partials.filter((partial): partial is Known => partial.order !== undefined);
  const strays = partials.filter(({ order }) => order === undefined);
  const known = await tables.getMany(strays.map((stray) => ({ table: 'orders', key: keyOf('orders', idIn(stray)) })));
  const orphans = strays
    .filter((_, index) => known[index] === undefined)
    .flatMap(({ reservation, payment }): Orphan[] => [
      ...(reservation === undefined ? [] : [{ reservation }]),
      ...(payment === undefined ? [] : [{ payment }]),
    ]);
  return { snapshots: await snapshotsOf(tables, orders), orphans };
}

const idIn = ({ reservation, payment }: Partial): string => String((reservation ?? payment)!.order_id);

/** Groups items into pages. */
export async function* paged<T>(items: AsyncIterable<T>): AsyncGenerator<T[], undefined> {
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
