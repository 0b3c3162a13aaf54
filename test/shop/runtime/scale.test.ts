import { expect, it } from 'vitest';
import { validateOrder } from '../../../src/domain/order-input.ts';
import type { SdkRequest, SdkResponse } from '../../../src/emulator/request-handler.ts';
import type { Ports } from '../../../src/ports.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { placeOrders } from '../../../src/shop/runtime/create-order.ts';
import { work } from '../../../src/shop/runtime/worker.ts';
import { seed } from '../../../src/shop/stack/seed.ts';
import { apply } from '../../../src/topology/apply.ts';
import { type Limits, openLatentStack } from '../../support/latency.ts';
import { testIds } from './memory-ports.ts';
import { collect } from './shop.ts';

const CALL_MS = 10;
const ORDERS = 400;
const MESSAGES_OF_AN_ORDER = 11;
/** Processes, and the items that the product's stock lies in. */
const CASES = [
  [1, 1],
  [4, 1],
  [16, 1],
  [16, 4],
  [16, 16],
] as const;

/**
 * DynamoDB's limits on one item: a transaction is refused while another one on the item is under way, and a partition takes
 * 1,000 write units a second, of which a transactional write of up to 1 KB costs two (Amazon DynamoDB Developer Guide,
 * "Transactions: how it works" and "Read and write operations").
 */
class ItemLimits implements Limits {
  conflicts = 0;
  throttled = 0;
  readonly #busy = new Set<string>();
  readonly #units = new Map<string, { second: number; units: number }>();

  begin(request: SdkRequest, now: number): SdkResponse | undefined {
    const items = itemsOf(request);
    const reasons = items.map((item) =>
      this.#busy.has(item) ? 'TransactionConflict' : this.#isFull(item, now) ? 'ProvisionedThroughputExceeded' : 'None',
    );
    if (reasons.includes('TransactionConflict')) this.conflicts++;
    else if (reasons.includes('ProvisionedThroughputExceeded')) this.throttled++;
    else {
      for (const item of items) {
        this.#busy.add(item);
        this.#charge(item, now);
      }
      return undefined;
    }
    const type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
    const body = { __type: type, Message: 'cancelled', CancellationReasons: reasons.map((Code) => ({ Code })) };
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { statusCode: 400, headers, body: Buffer.from(JSON.stringify(body)) };
  }

  end(request: SdkRequest): void {
    for (const item of itemsOf(request)) this.#busy.delete(item);
  }

  #isFull(item: string, now: number): boolean {
    const used = this.#units.get(item);
    return used !== undefined && used.second === Math.floor(now / 1000) && used.units + 2 > 1000;
  }

  #charge(item: string, now: number): void {
    const second = Math.floor(now / 1000);
    const used = this.#units.get(item);
    this.#units.set(item, { second, units: (used?.second === second ? used.units : 0) + 2 });
  }
}

/** The items of a transaction. */
function itemsOf({ headers, body }: SdkRequest): string[] {
  if (headers['x-amz-target'] !== 'DynamoDB_20120810.TransactWriteItems') return [];
  const { TransactItems } = JSON.parse(body as string) as {
    TransactItems: Record<string, Record<string, unknown>>[];
  };
  return TransactItems.flatMap((member) =>
    Object.values(member).map(({ TableName, Key, Item }) => {
      // The items of the shop's tables that are put have their key first.
      const [key] = Object.entries((Key ?? Item) as Record<string, unknown>);
      return `${TableName} ${JSON.stringify(key)}`;
    }),
  );
}

/** Whether a receive finds something is asked again after a pause: on a clock that waits for calls a long poll would hold it up. */
const withoutLongPolls = (ports: Ports): Ports => ({
  ...ports,
  queues: { ...ports.queues, receive: (queue, how) => ports.queues.receive(queue, { ...how, waitSeconds: 0 }) },
});

/** Orders of one product whose stock lies in so many items, handled by so many processes. */
async function handled(processes: number, shards: number) {
  const limits = new ItemLimits();
  const stack = await openLatentStack(CALL_MS, limits);
  try {
    const { connection, clock, measure } = stack;
    const { ports, names } = connection;
    const products = Array.from({ length: shards }, (_, shard) => ({ sku: `pen-${shard}`, name: 'Pen', price: 100 }));
    await measure(async () => {
      const { admin, desired } = await connection.administration();
      await collect(apply(admin, desired, { adopt: true }));
      await collect(seed(ports, names));
      const stock = { stock: ORDERS, available: ORDERS, received: ORDERS, reserved: 0 };
      await ports.tables.putMany(
        'inventory',
        products.map(({ sku }) => ({ sku, ...stock })),
      );
      const ids = testIds();
      for (const { sku } of products) {
        const wanted = { customer: { id: 'ada' }, items: [{ sku, quantity: 1 }] };
        await collect(placeOrders(validateOrder(wanted, products), ORDERS / shards, { ports, clock, ids }));
      }
    });
    Object.assign(limits, { conflicts: 0, throttled: 0 });
    const stops: AbortController[] = [];
    let open = ORDERS * MESSAGES_OF_AN_ORDER;
    const run = async () => {
      const stop = new AbortController();
      stops.push(stop);
      for await (const fact of work({ ports: withoutLongPolls(ports), clock }, { stop: stop.signal })) {
        if (fact.kind === 'step' && fact.acknowledged && --open === 0) for (const each of stops) each.abort();
      }
    };
    const { ms } = await measure(() => Promise.all(Array.from({ length: processes }, run)));
    await measure(async () => expect((await audit(ports)).ok).toBe(true));
    return { rate: Math.round((ORDERS * 1000) / ms), conflicts: limits.conflicts, throttled: limits.throttled };
  } finally {
    stack.close();
  }
}

/** What docs/scale.md shows; the figures are by the virtual clock. */
it('many processes at one item get on, and shards of it move the limit', async () => {
  const rates = new Map<string, number>();
  for (const [processes, shards] of CASES) {
    const { rate, conflicts, throttled } = await handled(processes, shards);
    rates.set(`${processes}/${shards}`, rate);
    console.log(`| ${processes} | ${shards} | ${rate} | ${conflicts} | ${throttled} |`);
  }
  const times = (more: string, less: string) => rates.get(more)! / rates.get(less)!;
  expect(times('4/1', '1/1')).toBeGreaterThan(3.5);
  expect(times('16/1', '4/1')).toBeGreaterThan(1.2);
  expect(times('16/16', '16/1')).toBeGreaterThan(1.8);
}, 300_000);
