import type { App } from '../app.ts';
import { type ItemRequest, parseItem } from '../domain/order-input.ts';
import { CliffracerError } from '../errors.ts';
import type { InventoryRow } from '../views/stock.ts';

/** Asks for the customer: one of those there are, or a new id as typed. */
export async function askCustomer(app: App, known: readonly { customer_id: string; name: string }[]): Promise<string> {
  return app.prompt.search({
    message: 'Customer (type to search, or a new id)',
    flag: '--customer ID',
    source: (term) => {
      const wanted = term.trim().toLowerCase();
      const found = known
        .filter(({ customer_id, name }) => `${customer_id} ${name}`.toLowerCase().includes(wanted))
        .map(({ customer_id, name }) => ({ value: customer_id, name: `${customer_id}  ${name}` }));
      const fresh = wanted !== '' && !known.some(({ customer_id }) => customer_id === term.trim());
      return fresh ? [...found, { value: term.trim(), name: `${term.trim()}  (new customer)` }] : found;
    },
  });
}

/** Asks for products by price and stock, then for the quantity of each. */
export async function askItems(app: App, inventory: readonly InventoryRow[]): Promise<ItemRequest[]> {
  const widest = Math.max(...inventory.map(({ name }) => name.length));
  const dearest = Math.max(...inventory.map(({ price }) => price.length));
  const skus = await app.prompt.checkbox({
    message: 'Products (space picks, enter goes on)',
    flag: '--item SKU:QTY',
    choices: inventory.map(({ sku, name, price, available }) => ({
      value: sku,
      name: `${name.padEnd(widest)}  ${price.padStart(dearest)}  ${available} available`,
    })),
  });
  const items: ItemRequest[] = [];
  for (const sku of skus) {
    const row = inventory.find((each) => each.sku === sku)!;
    const answer = await app.prompt.input({
      message: `How many ${row.name}`,
      flag: '--item SKU:QTY',
      default: '1',
      validate: (text) => quantityVerdict(sku, text),
    });
    items.push(parseItem(`${sku}:${answer.trim()}`));
  }
  return items;
}

function quantityVerdict(sku: string, text: string): true | string {
  try {
    parseItem(`${sku}:${text.trim()}`);
    return true;
  } catch (error) {
    return error instanceof CliffracerError ? [error.message, error.hint].filter(Boolean).join(': ') : String(error);
  }
}
