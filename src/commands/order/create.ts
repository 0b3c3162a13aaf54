import { Command } from 'commander';
import type { App } from '../../app.ts';
import { count, customerId, itemList, oneOf } from '../../cli/arguments.ts';
import type { Progress } from '../../cli/progress.ts';
import { needsTerminal } from '../../cli/prompt.ts';
import { CATALOGUE } from '../../domain/catalogue.ts';
import {
  checkCustomerId,
  checkEmail,
  checkName,
  type NewOrder,
  parseItem,
  validateOrder,
} from '../../domain/order-input.ts';
import { type CustomerRecord, keyOf, PAYMENT_INSTRUCTIONS, type PaymentInstruction } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import { confirm } from '../../questions/confirm.ts';
import { askOrder, type Draft, productsOf } from '../../questions/order.ts';
import type { PlacedOrder } from '../../shop/runtime/create-order.ts';
import { placedManyView, placedView } from '../../views/orders.ts';
import type { InventoryRow } from '../../views/stock.ts';
import { inventory } from '../inspect/inventory.ts';

export interface OrderCreateOptions {
  customer?: string;
  name?: string;
  email?: string;
  item?: string[];
  payment?: PaymentInstruction;
  count?: number;
  yes?: boolean;
}

const MOST_CUSTOMERS = 500;

export function orderCreateCommand(app: App): Command {
  return new Command('create')
    .option('--customer <id>', 'who orders; a new id makes a new customer', customerId)
    .option('--name <text>', "a new customer's name (default: the id)")
    .option('--email <address>', "a new customer's email address")
    .option('--item <sku:qty>', 'a product and how many; give it again for more', itemList)
    .option(
      '--payment <outcome>',
      'how the simulated payment ends: approve (default), decline, timeout, or error (fails until `order retry`)',
      oneOf(PAYMENT_INSTRUCTIONS),
    )
    .option('-n, --count <n>', 'place the same order so many times', count)
    .option('-y, --yes', `do not ask, with a --count above ${ASKS_ABOVE}`)
    .addHelpText(
      'after',
      `\nProducts: ${CATALOGUE.map(({ sku }) => sku).join(', ')}\n\nExample:\n  $ cliffracer order create --customer ada --item laptop-pro:1 --item keyboard:2`,
    )
    .action(async (options: OrderCreateOptions) => {
      if (options.count === undefined) await app.print.result(await first(orderCreate(app, options)), placedView);
      else await createMany(app, options, options.count);
    });
}

/** Above this a slip of the finger is likelier than a wish. */
const ASKS_ABOVE = 1_000;

/** One line each for programs; for a person, who would read none of them, progress and one summary. */
async function createMany(app: App, options: OrderCreateOptions, wanted: number): Promise<void> {
  if (wanted > ASKS_ABOVE) await confirm(app, options, `Place ${wanted} orders?`);
  const summary = app.io.stdout.isTTY === true && !app.globals.json;
  // From the first order on: before it there may be questions.
  let progress: Progress | undefined;
  let placed = 0;
  let last: PlacedOrder | undefined;
  try {
    for await (const each of orderCreate(app, options)) {
      last = each;
      progress ??= await app.progress('Placing orders');
      progress.update(`${++placed} of ${wanted} orders`);
      if (!summary) await app.print.fact(each, placedView);
    }
  } finally {
    progress?.stop();
    if (summary && last !== undefined) await app.print.fact({ ...last, placed }, placedManyView);
  }
}

async function first(placed: AsyncGenerator<PlacedOrder>): Promise<PlacedOrder> {
  const { value } = await placed.next();
  if (value === undefined) throw new CliffracerError('internal', 'no order was placed');
  return value;
}

/** Checks the whole order, asking for what no flag gave, before anything is written; then places it. */
export async function* orderCreate(app: App, options: OrderCreateOptions): AsyncGenerator<PlacedOrder> {
  const draft = draftOf(options);
  const complete = draft.items !== undefined && draft.customer !== undefined;
  if (!complete && !app.prompt.available) throw missingFlags(options);
  const { ports, clock } = await app.connect();
  const times = options.count ?? 1;
  const stock = await inventory(ports);
  const order = complete
    ? await completeOrder(draft as Required<Draft>, stock, ports)
    : await askForRest(app, draft, { stock, customers: await customers(ports, draft.customer?.id) }, times);
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

/** What the flags say; throws `invalid_input` for what no order may have, before anything is asked. */
function draftOf({ customer, name, email, item, payment }: OrderCreateOptions): Draft {
  return {
    ...(customer !== undefined && {
      customer: {
        id: checkCustomerId(customer),
        ...(name !== undefined && { name: checkName(name) }),
        ...(email !== undefined && { email: checkEmail(email) }),
      },
    }),
    ...(item !== undefined && { items: item.map(parseItem) }),
    ...(payment !== undefined && { payment }),
  };
}

async function completeOrder(
  { customer, items, payment }: Required<Draft>,
  stock: readonly InventoryRow[],
  { tables }: Ports,
): Promise<NewOrder> {
  const known = await tables.get('customers', keyOf('customers', customer.id));
  refuseOtherName(customer, known?.name);
  const name = customer.name ?? (known === undefined ? undefined : String(known.name));
  return validateOrder({ customer: { ...customer, name }, items, payment }, productsOf(stock));
}

function askForRest(app: App, draft: Draft, known: Parameters<typeof askOrder>[2], times: number): Promise<NewOrder> {
  const { customer } = draft;
  if (customer !== undefined) {
    refuseOtherName(customer, known.customers.find(({ customer_id }) => customer_id === customer.id)?.name);
  }
  return askOrder(app, draft, known, times);
}

/** A customer's name is written once; an order with another one would contradict it. */
function refuseOtherName({ id, name }: NonNullable<Draft['customer']>, known: unknown): void {
  if (name === undefined || known === undefined || name === known) return;
  const shown = `${JSON.stringify(id)} is known as ${JSON.stringify(String(known))}`;
  throw new CliffracerError('invalid_input', `customer ${shown}; --name is for a new customer`, {
    hint: 'drop --name, or give another --customer',
  });
}

/** Those to choose from, and the one that was named. */
async function customers({ tables }: Ports, named: string | undefined): Promise<CustomerRecord[]> {
  const found: CustomerRecord[] = [];
  for await (const item of tables.scan('customers', { limit: MOST_CUSTOMERS })) found.push(item as CustomerRecord);
  if (named !== undefined && !found.some(({ customer_id }) => customer_id === named)) {
    const item = await tables.get('customers', keyOf('customers', named));
    if (item !== undefined) found.push(item as CustomerRecord);
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
