import type { App } from '../app.ts';
import type { Choice } from '../cli/prompt.ts';
import type { Product } from '../domain/catalogue.ts';
import { parseMoney } from '../domain/money.ts';
import { type ItemRequest, type NewOrder, parseItem, validateOrder } from '../domain/order-input.ts';
import type { CustomerRecord, PaymentInstruction } from '../domain/records.ts';
import { CliffracerError } from '../errors.ts';
import { aligned } from '../views/choices.ts';
import { orderTotalView } from '../views/orders.ts';
import type { InventoryRow } from '../views/stock.ts';
import { askCustomer, type Customer } from './customer.ts';
import { inSteps } from './steps.ts';
import { verdictOf } from './verdict.ts';

/** What is known of an order before anything is asked. */
export interface Draft {
  customer?: Customer;
  items?: readonly ItemRequest[];
  payment?: PaymentInstruction;
}

/** What can be ordered, and at which price. */
export const productsOf = (stock: readonly InventoryRow[]): Product[] =>
  stock.map(({ sku, name, price }) => ({ sku, name, price: parseMoney(price) ?? 0 }));

interface Shop {
  stock: readonly InventoryRow[];
  customers: readonly CustomerRecord[];
}

const PRODUCTS_FLAG = '--item SKU:QTY';

/** Asks for what the draft does not say, each answer judged when it is given, and for the order as a whole. */
export async function askOrder(app: App, given: Draft, shop: Shop, times: number): Promise<NewOrder> {
  const draft: Draft = { ...given };
  const products = productsOf(shop.stock);
  const order = () =>
    validateOrder({ customer: draft.customer!, items: draft.items ?? [], payment: draft.payment }, products);
  let picked: readonly string[] = [];
  await inSteps([
    async () => {
      const { customer, asked } = await askCustomer(app, given.customer, shop.customers, draft.customer);
      draft.customer = customer;
      return asked;
    },
    async () => {
      if (given.items !== undefined) return false;
      picked = await askProducts(app, shop.stock, picked);
      return true;
    },
    async () => {
      if (given.items !== undefined) return false;
      draft.items = await askQuantities(app, shop.stock, { picked, before: draft.items ?? [] }, (items) =>
        validateOrder({ customer: draft.customer!, items }, products),
      );
      return true;
    },
    async () => {
      if (given.payment !== undefined) return false;
      draft.payment = await askPayment(app, draft.payment);
      return true;
    },
    async () => {
      await confirm(app, order(), times);
      return true;
    },
  ]);
  return order();
}

function askProducts(app: App, stock: readonly InventoryRow[], picked: readonly string[]): Promise<string[]> {
  const names = aligned(
    stock.map(({ name, price, available }) => [
      name,
      price.padStart(8),
      available > 0 ? `${available} available` : 'sold out',
    ]),
  );
  return app.prompt.checkbox({
    message: 'Products (space picks, enter goes on)',
    flag: PRODUCTS_FLAG,
    choices: stock.map(({ sku, name }, index) => ({
      value: sku,
      name: names[index]!,
      short: name,
      checked: picked.includes(sku),
    })),
  });
}

async function askQuantities(
  app: App,
  stock: readonly InventoryRow[],
  { picked, before }: { picked: readonly string[]; before: readonly ItemRequest[] },
  check: (items: readonly ItemRequest[]) => void,
): Promise<ItemRequest[]> {
  const items: ItemRequest[] = [];
  await inSteps(
    picked.map((sku, index) => async () => {
      const { name, price, available } = stock.find((each) => each.sku === sku)!;
      const earlier = items[index] ?? before.find((item) => item.sku === sku);
      const read = (text: string) => parseItem(`${sku}:${text.trim()}`);
      const answer = await app.prompt.input({
        message: `How many ${name} at ${price} (${available} available)`,
        flag: PRODUCTS_FLAG,
        default: String(earlier?.quantity ?? 1),
        validate: (text) => verdictOf(() => check([...items.slice(0, index), read(text)])),
      });
      items[index] = read(answer);
      return true;
    }),
  );
  return items;
}

const PAYMENTS: readonly Choice<PaymentInstruction>[] = [
  { value: 'approve', name: 'approve', description: 'the payment succeeds, and the order ships' },
  { value: 'decline', name: 'decline', description: 'it is declined: the goods are released, the order is cancelled' },
  { value: 'timeout', name: 'timeout', description: 'it times out: the goods are released, the order is cancelled' },
  { value: 'error', name: 'error', description: 'the provider fails at every try, until `order retry`' },
];

const askPayment = (app: App, before: PaymentInstruction | undefined): Promise<PaymentInstruction> =>
  app.prompt.select<PaymentInstruction>({
    message: 'How does the simulated payment end?',
    flag: '--payment OUTCOME',
    choices: PAYMENTS,
    ...(before !== undefined && { default: before }),
  });

async function confirm(app: App, order: NewOrder, times: number): Promise<void> {
  await app.print.note(order, orderTotalView);
  const message = times === 1 ? 'Place this order?' : `Place this order ${times} times?`;
  if (await app.prompt.confirm({ message, flag: '--customer and --item', default: true })) return;
  throw new CliffracerError('refused', 'the order was not placed');
}
