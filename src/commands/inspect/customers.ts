import { Command } from 'commander';
import type { App } from '../../app.ts';
import { type Cents, formatMoney, parseMoney } from '../../domain/money.ts';
import { type CustomerRow, customersView } from '../../views/stock.ts';

export function inspectCustomersCommand(app: App): Command {
  return new Command('customers')
    .addHelpText('after', '\nExample:\n  $ cliffracer inspect customers')
    .action(async () => {
      await app.print.result(await customers(app), customersView);
    });
}

/** Customers with the number of their orders and what their fulfilled ones came to. */
export async function customers(app: App) {
  const { tables } = (await app.connect()).ports;
  const totals = new Map<string, { orders: number; spent: Cents }>();
  for await (const { customer_id, status, total_amount } of tables.scan('orders')) {
    const id = String(customer_id);
    const { orders, spent } = totals.get(id) ?? { orders: 0, spent: 0 };
    const paid = status === 'fulfilled' ? (parseMoney(String(total_amount)) ?? 0) : 0;
    totals.set(id, { orders: orders + 1, spent: spent + paid });
  }
  const rows: CustomerRow[] = [];
  for await (const item of tables.scan('customers')) {
    const id = String(item.customer_id);
    const { orders, spent } = totals.get(id) ?? { orders: 0, spent: 0 };
    const email = item.email === undefined ? {} : { email: String(item.email) };
    rows.push({ customer_id: id, name: String(item.name), ...email, orders, spent: formatMoney(spent) });
  }
  return { customers: rows.sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1)) };
}
