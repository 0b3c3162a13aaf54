import {
  type Item,
  keyOf,
  type OrderRecord,
  type PaymentRecord,
  type ReservationRecord,
} from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports, TablePort } from '../../ports.ts';
import type { OrderStory } from './story.ts';

/** A reservation or a payment of no order. */
export type Orphan = { reservation: ReservationRecord } | { payment: PaymentRecord };

/** Which orders it is about; all of them when neither is given. */
export interface Scope {
  /** This order alone; whoever reads it rejects with `not_found` when there is none. */
  order?: string;
  /** Those placed since then (milliseconds since the epoch). */
  since?: number;
}

/** What the tables hold: orders with their records, a page at a time, and records that belong to none. */
export interface StoryPage {
  stories: OrderStory[];
  orphans: Orphan[];
}

/** Records looked up at once. */
const PAGE = 100;
/** Orders of which not all records have come up yet. */
const WINDOW = 1_000;

/** An order, and what is known already of its records. */
type Known = { order: OrderRecord; reservation?: ReservationRecord | undefined; payment?: PaymentRecord | undefined };

/** Looks up what the services recorded about orders, but for what is known. */
export async function storiesOf(tables: TablePort, known: readonly Known[]): Promise<OrderStory[]> {
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

/** The stories of orders as they stand now: the order is read first, so that its records cannot lag behind it. */
export async function readAgain(tables: TablePort, stories: readonly OrderStory[]): Promise<OrderStory[]> {
  const keys = stories.map(({ order }) => ({ table: 'orders', key: keyOf('orders', order.order_id) }));
  const orders = (await tables.getMany(keys)) as (OrderRecord | undefined)[];
  return storiesOf(
    tables,
    orders.map((order, index) => ({ order: order ?? stories[index]!.order })),
  );
}

/** The order with its records; rejects with `not_found`. */
export async function storyOf({ tables }: Pick<Ports, 'tables'>, id: string): Promise<OrderStory> {
  const order = (await tables.get('orders', keyOf('orders', id))) as OrderRecord | undefined;
  if (order === undefined) {
    throw new CliffracerError('not_found', `no order ${JSON.stringify(id)}`, { hint: 'cliffracer order list' });
  }
  return (await storiesOf(tables, [{ order }]))[0]!;
}

/** The orders that an audit is about, with their records. */
export async function* storiesIn(ports: Pick<Ports, 'tables'>, { order, since }: Scope): AsyncGenerator<StoryPage> {
  if (order !== undefined) yield { stories: [await storyOf(ports, order)], orphans: [] };
  else if (since !== undefined) yield* storiesSince(ports, new Date(since).toISOString());
  else yield* allStories(ports);
}

/** Orders placed since then (ISO 8601), with their records. */
async function* storiesSince({ tables }: Pick<Ports, 'tables'>, since: string): AsyncGenerator<StoryPage> {
  const filter = { text: '#at >= :since', names: { '#at': 'created_at' }, values: { ':since': since } };
  for await (const orders of paged(tables.scan('orders', { filter }))) {
    const known = orders.map((order) => ({ order: order as OrderRecord }));
    yield { stories: await storiesOf(tables, known), orphans: [] };
  }
}

/**
 * Every order with its records, in constant memory. The three tables are scanned side by side, and records of one order
 * meet in a window: as all have the same key, a scan of DynamoDB meets them in the same order. Where it does not, what
 * leaves the window without its counterparts has them looked up, so the result is the same.
 */
async function* allStories({ tables }: Pick<Ports, 'tables'>): AsyncGenerator<StoryPage> {
  const scans = ['orders', 'reservations', 'payments'].map((table) => paged(tables.scan(table)));
  const window = new Window();
  for (;;) {
    const pages = await Promise.all(scans.map((scan) => scan.next()));
    if (pages.every(({ done }) => done)) break;
    const complete = window.take(pages.map(({ value }) => value ?? []));
    if (complete.length > 0) yield { stories: complete, orphans: [] };
    while (window.size > WINDOW) yield await lookUp(tables, window.oldest(PAGE));
  }
  while (window.size > 0) yield await lookUp(tables, window.oldest(PAGE));
}

type Partial = { [K in keyof OrderStory]?: OrderStory[K] | undefined };

class Window {
  readonly #open = new Map<string, Partial>();

  get size(): number {
    return this.#open.size;
  }

  /** Takes in a page of each table, and gives the orders that are complete by that. */
  take([orders = [], reservations = [], payments = []]: readonly Item[][]): OrderStory[] {
    const complete: OrderStory[] = [];
    const add = (items: readonly Item[], name: keyof OrderStory) => {
      for (const item of items) {
        const id = String(item.order_id);
        const story: Partial = this.#open.get(id) ?? {};
        Object.assign(story, { [name]: item });
        if (story.order !== undefined && story.reservation !== undefined && story.payment !== undefined) {
          this.#open.delete(id);
          complete.push(story as OrderStory);
        } else this.#open.set(id, story);
      }
    };
    add(orders, 'order');
    add(reservations, 'reservation');
    add(payments, 'payment');
    return complete;
  }

  oldest(count: number): Partial[] {
    const taken: Partial[] = [];
    for (const [id, story] of this.#open) {
      if (taken.length === count) break;
      taken.push(story);
      this.#open.delete(id);
    }
    return taken;
  }
}

/** An order is told with its own record alone: what turns up without it belongs to one told elsewhere, or to none. */
async function lookUp(tables: TablePort, partials: readonly Partial[]): Promise<StoryPage> {
  const orders = partials.filter((partial): partial is Known => partial.order !== undefined);
  const strays = partials.filter(({ order }) => order === undefined);
  const known = await tables.getMany(strays.map((stray) => ({ table: 'orders', key: keyOf('orders', idIn(stray)) })));
  const orphans = strays
    .filter((_, index) => known[index] === undefined)
    .flatMap(({ reservation, payment }): Orphan[] => [
      ...(reservation === undefined ? [] : [{ reservation }]),
      ...(payment === undefined ? [] : [{ payment }]),
    ]);
  return { stories: await storiesOf(tables, orders), orphans };
}

const idIn = ({ reservation, payment }: Partial): string => String((reservation ?? payment)!.order_id);

/** Hands on items in pages. */
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
