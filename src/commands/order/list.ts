import { Command } from 'commander';
import type { App } from '../../app.ts';
import { count, customerId, oneOf } from '../../cli/arguments.ts';
import { compare } from '../../domain/order.ts';
import { ORDER_STATUSES, type OrderRecord, type OrderStatus } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { ORDER_INDEXES } from '../../shop/stack/tables.ts';
import { ordersView } from '../../views/orders.ts';

export interface OrderListOptions {
  status?: OrderStatus;
  customer?: string;
  limit?: number;
}

const DEFAULT_LIMIT = 20;

/** `path` is the command as typed. */
export function orderListCommand(app: App, path = 'order list'): Command {
  return new Command(path.split(' ').at(-1))
    .option('--status <status>', `only these: ${ORDER_STATUSES.join(', ')}`, oneOf(ORDER_STATUSES))
    .option('--customer <id>', "only this customer's", customerId)
    .option('-L, --limit <n>', `at most so many (default ${DEFAULT_LIMIT})`, count)
    .addHelpText('after', `\nExample:\n  $ cliffracer ${path} --status fulfilled --limit 5`)
    .action(async (options: OrderListOptions) => {
      const { ports } = await app.connect();
      await app.print.result(await orderList(ports, options), ordersView);
    });
}

/** Orders, newest first; `more` says that the limit cut the list. */
export async function orderList({ tables }: Pick<Ports, 'tables'>, options: OrderListOptions) {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const { customer, status } = options;
  const found =
    customer === undefined
      ? await byStatus(tables, status === undefined ? ORDER_STATUSES : [status], limit + 1)
      : await byCustomer(tables, customer, status, limit + 1);
  return { orders: found.slice(0, limit), more: found.length > limit };
}

async function byCustomer(tables: Ports['tables'], customer: string, status: OrderStatus | undefined, limit: number) {
  return take(
    tables.query('orders', {
      index: ORDER_INDEXES.byCustomer,
      partition: { customer_id: customer },
      ...(status !== undefined && { filter: { attribute: 'status', comparison: '=', value: status } }),
      newestFirst: true,
      // A filter is applied after the limit, so a filtered list is cut on our side only.
      ...(status === undefined && { limit }),
    }),
    limit,
  );
}

/** The newest of each status, merged: no scan, however many orders there are. */
async function byStatus(tables: Ports['tables'], statuses: readonly OrderStatus[], limit: number) {
  const lists = await Promise.all(
    statuses.map((status) => {
      return take(
        tables.query('orders', { index: ORDER_INDEXES.byStatus, partition: { status }, newestFirst: true, limit }),
        limit,
      );
    }),
  );
  return lists.flat().sort(newestFirst).slice(0, limit);
}

const newestFirst = (a: OrderRecord, b: OrderRecord) =>
  compare(b.created_at, a.created_at) || compare(b.order_id, a.order_id);

async function take(items: AsyncIterable<unknown>, limit: number): Promise<OrderRecord[]> {
  const taken: OrderRecord[] = [];
  for await (const item of items) {
    taken.push(item as OrderRecord);
    if (taken.length === limit) break;
  }
  return taken;
}
