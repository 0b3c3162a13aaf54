import { inventoryRecord } from '../domain/catalogue.ts';
import { queueOf, SERVICES } from '../domain/names.ts';
import { NO_KNOWLEDGE } from '../lab/dead-letters/knowledge.ts';
import { redrive } from '../lab/dead-letters/redrive.ts';
import type { Ports } from '../ports.ts';
import { work } from '../shop/runtime/worker.ts';
import { reset } from '../shop/stack/reset.ts';
import { apply } from '../topology/apply.ts';
import { type Behaviour, differs, type Trial } from './behaviour.ts';
import { all, same, until } from './expectations.ts';
import { collect, drainAll, place, sound, statuses, wish } from './shop-trials.ts';

const DESIGN = 'docs/architecture.md';
const WORKERS = 4;
const ORDERS = 200;
const PIECES = 50;

export const SHOP: readonly Omit<Behaviour, 'area'>[] = [
  {
    id: 'shop-provision',
    does: 'the stack is made once; provisioning it again changes nothing, and every attribute is kept',
    source: DESIGN,
    run: (trial) =>
      trial.shop(async ({ admin, desired }) => {
        const again = await collect(apply(admin, desired, { adopt: true }));
        const dropped = again
          .filter(({ detail }) => detail !== '')
          .map(({ resource, detail }) => `${resource}: ${detail}`);
        const changed = again.filter(({ action }) => action !== 'unchanged').map(({ resource }) => resource);
        return all(same('what changes again', changed, []), same('what is said of it', dropped, []));
      }),
  },
  {
    id: 'shop-main-job',
    does: 'three orders end as they must: fulfilled with a receipt, cancelled unpaid, rejected for want of stock',
    source: DESIGN,
    run: (trial) =>
      trial.shop(async (stack) => {
        const { ports } = stack;
        const [paid] = await place(trial, stack, wish('laptop-pro', 1));
        await place(trial, stack, wish('keyboard', 2), { payment: 'decline' });
        await place(trial, stack, wish('tablet-air', 101));
        const { ended, failed, dead_lettered } = await drainAll(trial, ports);
        const receipt = await ports.bucket.get(`receipts/${paid!.order.order_id}.json`);
        const laptops = await ports.tables.get('inventory', { sku: 'laptop-pro' });
        return all(
          same('the end of the drain', [ended, failed, dead_lettered], ['empty', 0, 0]),
          same('the orders', await statuses(ports), { fulfilled: 1, cancelled: 1, rejected: 1 }),
          same('the receipt', JSON.parse(receipt?.body ?? '{}').total_amount, '1299.99'),
          same('the stock', [laptops?.stock, laptops?.reserved], [99, 0]),
          await sound(ports),
        );
      }),
  },
  {
    id: 'shop-last-items',
    does: `${ORDERS} orders for the last ${PIECES} pieces, handled by ${WORKERS} workers at once, sell exactly ${PIECES}`,
    source: DESIGN,
    run: (trial) =>
      trial.shop(async (stack) => {
        const { ports } = stack;
        await ports.tables.putMany('inventory', [{ ...inventoryRecord('headphones', PIECES) }]);
        await place(trial, stack, wish('headphones', 1), { count: ORDERS });
        await withWorkers(trial, ports);
        const headphones = await ports.tables.get('inventory', { sku: 'headphones' });
        return all(
          same('the orders', await statuses(ports), { fulfilled: PIECES, rejected: ORDERS - PIECES }),
          same('what is left', [headphones?.stock, headphones?.reserved, headphones?.available], [0, 0, 0]),
          await sound(ports),
        );
      }),
  },
  {
    id: 'shop-twice',
    does: 'events that come twice have their effects once',
    source: DESIGN,
    run: (trial) =>
      trial.shop(async (stack) => {
        const { topic } = stack.ports;
        const publish: typeof topic.publish = async (events) => topic.publish([...events, ...events]);
        const ports: Ports = { ...stack.ports, topic: { publish } };
        await place(trial, { ports }, wish('laptop-pro', 1), { count: 3 });
        await drainAll(trial, ports);
        const laptops = await ports.tables.get('inventory', { sku: 'laptop-pro' });
        return all(
          same('the orders', await statuses(ports), { fulfilled: 3 }),
          same('the stock', laptops?.stock, 97),
          await sound(ports),
        );
      }),
  },
  {
    id: 'shop-dead-letters',
    does: 'what cannot be handled ends in the dead-letter queue; moved back, an event is handled after all',
    source: DESIGN,
    run: (trial) =>
      trial.shop(async (stack) => {
        const { ports } = stack;
        await place(trial, stack, wish('keyboard', 1));
        const waiting = await until(trial, async () => (await ports.queues.receive('inventory-queue', ONE))[0]);
        if (waiting === undefined) return differs('the event does not come');
        await ports.queues.send('inventory-queue-dlq', [waiting]);
        await ports.queues.delete('inventory-queue', [waiting.receiptHandle]);
        await ports.queues.send('payment-queue', [{ body: 'no event' }]);
        const { dead_lettered } = await drainAll(trial, ports);
        const from = { queue: 'inventory-queue-dlq', queues: ports.queues, knowledge: NO_KNOWLEDGE };
        const report = await redrive({ to: 'inventory-queue' }, { from, clock: trial.clock });
        await drainAll(trial, ports);
        return all(
          same('messages that were given up', dead_lettered, 1),
          same('messages that were moved back', [report.moved, report.failed, report.remaining], [1, 0, 0]),
          same('the orders', await statuses(ports), { fulfilled: 1 }),
          await sound(ports, ['messages_done']),
        );
      }),
  },
  {
    id: 'shop-observed',
    does: 'metrics and log lines of every order can be read',
    source: DESIGN,
    run: (trial) =>
      trial.shop(async (stack) => {
        const { ports } = stack;
        const since = trial.clock.now() - 60_000;
        await place(trial, stack, wish('laptop-pro', 1), { count: 2 });
        await drainAll(trial, ports);
        const until = trial.clock.now() + 60_000;
        const window = { since, until, periodSeconds: 3_600 };
        const points = await ports.metrics.statistics({ name: 'OrdersCreated', percentiles: ['p95'], ...window });
        const created = points.reduce((sum, point) => sum + point.sum, 0);
        const pattern = '{ $.action = "order_fulfilled" }';
        const lines = await collect(ports.logs.filter({ streams: ['order-service'], since, pattern }));
        const fulfilled = lines.filter(({ message }) => JSON.parse(message).action === 'order_fulfilled');
        return all(same('the metric OrdersCreated', created, 2), same('the log lines', fulfilled.length, 2));
      }),
  },
  {
    id: 'shop-reset',
    does: 'the stack is emptied and seeded again, twice in a row, and works on',
    source: DESIGN,
    run: (trial) =>
      trial.shop(async (stack) => {
        const { ports, admin } = stack;
        await place(trial, stack, wish('laptop-pro', 1), { count: 3 });
        await collect(reset(ports, admin, stack.names));
        await place(trial, stack, wish('laptop-pro', 1));
        await collect(reset(ports, admin, stack.names));
        await place(trial, stack, wish('laptop-pro', 1));
        await drainAll(trial, ports);
        return all(same('the orders', await statuses(ports), { fulfilled: 1 }), await sound(ports));
      }),
  },
];

const ONE = { max: 1, waitSeconds: 0 };
const PATIENCE_MS = 240_000;

/**
 * Runs workers until no message is left, or until patience ends, which shows in what they left. Stopped earlier they might give
 * up a receive that has been answered, whose messages come again only when their visibility timeout ends.
 */
async function withWorkers(trial: Trial, ports: Ports): Promise<void> {
  const stop = new AbortController();
  const workers = Array.from({ length: WORKERS }, () =>
    collect(work({ ports, clock: trial.clock }, { stop: stop.signal })),
  );
  await until(trial, async () => ((await isEmpty(ports)) ? true : undefined), PATIENCE_MS);
  stop.abort();
  await Promise.all(workers);
}

async function isEmpty({ queues }: Ports): Promise<boolean> {
  const depths = await Promise.all(SERVICES.map((service) => queues.depth(queueOf(service))));
  return depths.every(({ ready, inFlight, delayed }) => ready + inFlight + delayed === 0);
}
