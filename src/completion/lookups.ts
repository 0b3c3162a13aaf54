import type { App } from '../app.ts';
import type { Completes } from '../cli/arguments.ts';
import { CATALOGUE } from '../domain/catalogue.ts';
import { formatMoney } from '../domain/money.ts';
import { deadLetterQueueOf, queueOf, SERVICES } from '../domain/names.ts';
import { control } from '../engines/embedded/control.ts';
import { probe } from '../engines/probe.ts';
import { unreachable } from '../engines/ready.ts';
import { safe } from '../views/text.ts';

export interface Candidate {
  value: string;
  description: string;
}

type Lookup = Exclude<Completes, readonly string[] | 'files' | 'faults'>;

/** Nobody waits for Tab longer than this. */
const PATIENCE_MS = 1_000;
const MOST = 30;

/** What there is now, newest first. Of an engine that is slow or away: nothing. AWS is not asked for the sake of a key. */
export async function lookUp(app: App, what: Lookup): Promise<Candidate[]> {
  try {
    return await LOOKUPS[what](app);
  } catch {
    return [];
  }
}

const LOOKUPS: Readonly<Record<Lookup, (app: App) => Promise<Candidate[]>>> = {
  orders,
  customers,
  snapshots,
  products: async () =>
    CATALOGUE.map(({ sku, name, price }) => ({ value: `${sku}:1`, description: `${name}, ${formatMoney(price)}` })),
  queues: async (app) => named([...SERVICES.map(queueOf), ...SERVICES.map(deadLetterQueueOf)], await queuesOf(app)),
  dead_letters: async (app) =>
    named(
      SERVICES,
      (await queuesOf(app)).filter(({ isDeadLetterQueue }) => isDeadLetterQueue),
    ),
};

/** What the stack has stands first, and without an engine alone. */
const named = (ofStack: readonly string[], found: readonly { queue: string }[]): Candidate[] =>
  [...new Set([...ofStack, ...found.map(({ queue }) => queue)])].map((value) => ({ value, description: '' }));

/** Queues that are none of the stack's. */
async function queuesOf(app: App): Promise<{ queue: string; isDeadLetterQueue: boolean }[]> {
  try {
    await engineAt(app);
    const [{ names }, { queueStates }] = await Promise.all([app.connect(), import('../access/queues.ts')]);
    const own = new Set(SERVICES.flatMap((each) => [queueOf(each), deadLetterQueueOf(each)]).map(names.queue));
    const others = (await queueStates(app)).filter(({ queue }) => !own.has(queue));
    return others
      .slice(0, MOST)
      .map(({ queue, dead_letters_of }) => ({ queue, isDeadLetterQueue: dead_letters_of.length > 0 }));
  } catch {
    return [];
  }
}

async function orders(app: App): Promise<Candidate[]> {
  await engineAt(app);
  const { ports } = await app.connect();
  const { orderList } = await import('../commands/order/list.ts');
  const { orders: found } = await orderList(ports, { limit: MOST });
  return found.map(({ order_id, status, customer_id, total_amount }) => ({
    value: order_id,
    description: safe(`${status}, ${total_amount} for ${customer_id}`),
  }));
}

async function customers(app: App): Promise<Candidate[]> {
  await engineAt(app);
  const { ports } = await app.connect();
  const found: Candidate[] = [];
  for await (const { customer_id, name } of ports.tables.scan('customers', { limit: MOST })) {
    found.push({ value: String(customer_id), description: safe(String(name)) });
  }
  return found.slice(0, MOST);
}

async function snapshots(app: App): Promise<Candidate[]> {
  const endpoint = await engineAt(app);
  const request = { path: '/snapshots', what: 'a snapshot' };
  const { snapshots: found } = await control<{ snapshots: { name: string }[] }>(endpoint, app.clock.now, request);
  return found.map(({ name }) => ({ value: name, description: '' }));
}

/** The endpoint of a local engine that answers in time. */
async function engineAt(app: App): Promise<string> {
  const { value } = await app.endpoint();
  const found = await probe(value, app.clock.now, PATIENCE_MS);
  if (found.answer !== 'engine') throw unreachable(value, found);
  return value;
}
