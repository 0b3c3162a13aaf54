import { Command } from 'commander';
import type { App } from '../../app.ts';
import { count, customerId, itemList, oneOf } from '../../cli/arguments.ts';
import { needsTerminal } from '../../cli/prompt.ts';
import { CATALOGUE, type Product } from '../../domain/catalogue.ts';
import { parseMoney } from '../../domain/money.ts';
import { type NewOrder, parseItem, validateOrder } from '../../domain/order-input.ts';
import { type CustomerRecord, keyOf, PAYMENT_INSTRUCTIONS, type PaymentInstruction } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import { askCustomer, askItems } from '../../questions/order.ts';
import type { PlacedOrder } from '../../shop/runtime/create-order.ts';
import { orderTotalView, placedView } from '../../views/orders.ts';
import { inventory } from '../inspect/inventory.ts';

export interface OrderCreateOptions {
  customer?: string;
  name?: string;
  item?: string[];
  payment?: PaymentInstruction;
  count?: number;
}

const MOST_CUSTOMERS = 500;

export function orderCreateCommand(app: App): Command {
  return new Command('create')
    .option('--customer <id>', 'who orders; a new id makes a new customer', customerId)
    .option('--name <text>', "a new customer's name (default: the id)")
    .option('--item <sku:qty>', 'a product and how many; give it again for more', itemList)
    .option(
      '--payment <outcome>',
      'how the simulated payment ends: approve (default), decline, timeout, or error (fails until `order retry`)',
      oneOf(PAYMENT_INSTRUCTIONS),
    )
    .option('-n, --count <n>', 'place the same order so many times', count)
    .addHelpText(
      'after',
      `\nProducts: ${CATALOGUE.map(({ sku }) => sku).join(', ')}\n\nExample:\n  $ cliffracer order create --customer ada --item laptop-pro:1 --item keyboard:2`,
    )
    .action(async (options: OrderCreateOptions) => {
      if (options.count === undefined) await app.print.result(await first(orderCreate(app, options)), placedView);
      else for await (const placed of orderCreate(app, options)) await app.print.fact(placed, placedView);
    });
}

async function first(placed: AsyncGenerator<PlacedOrder>): Promise<PlacedOrder> {
  const { value } = await placed.next();
  if (value === undefined) throw new CliffracerError('internal', 'no order was placed');
  return value;
}

/** Checks the whole order, asking for what no flag gave, before anything is written; then places it. */
export async function* orderCreate(app: App, options: OrderCreateOptions): AsyncGenerator<PlacedOrder> {
  const given = options.item?.map(parseItem);
  const complete = given !== undefined && options.customer !== undefined;
  if (!complete && !app.prompt.available) throw missingFlags(options);
  const { ports, clock } = await app.connect();
  const stock = await inventory(ports);
  const customer = options.customer ?? (await askCustomer(app, await customers(ports)));
  const items = given ?? (await askItems(app, stock));
  const known = await ports.tables.get('customers', keyOf('customers', customer));
  const name = options.name ?? (known === undefined ? undefined : String(known.name));
  const products = stock.map(({ sku, name, price }): Product => ({ sku, name, price: parseMoney(price) ?? 0 }));
  const order = validateOrder({ customer: { id: customer, name }, items, payment: options.payment }, products);
  const times = options.count ?? 1;
  if (!complete) await confirm(app, order, times);
  const { placeOrders } = await import('../../shop/runtime/create-order.ts');
  // An order is written and then published: Ctrl-C must not come between the two.
  app.endsOnSignal();
  const { system: ids, signal } = app;
  let placed = 0;
  for await (const each of placeOrders(order, times, { ports, clock, ids, signal })) {
    placed++;
    yield each;
  }
  if (placed < times) throw new CliffracerError('interrupted', `interrupted after ${placed} of ${times} orders`);
}

async function customers({ tables }: Ports): Promise<CustomerRecord[]> {
  const found: CustomerRecord[] = [];
  for await (const { customer_id, name } of tables.scan('customers', { limit: MOST_CUSTOMERS })) {
    found.push({ customer_id: String(customer_id), name: String(name) });
  }
  return found.sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1));
}

function missingFlags({ customer, item }: OrderCreateOptions): CliffracerError {
  const missing = [
    ...(customer === undefined ? ['--customer ID'] : []),
    ...(item === undefined ? ['--item SKU:QTY'] : []),
  ];
  return needsTerminal(missing.join(' and '));
}

async function confirm(app: App, order: NewOrder, times: number): Promise<void> {
  await app.print.note(order, orderTotalView);
  const message = times === 1 ? 'Place this order?' : `Place this order ${times} times?`;
  if (await app.prompt.confirm({ message, flag: '--customer and --item', default: true })) return;
  throw new CliffracerError('refused', 'the order was not placed');
}
