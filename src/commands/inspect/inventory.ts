import { Command } from 'commander';
import type { App } from '../../app.ts';
import { keyOf } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { type InventoryRow, inventoryView } from '../../views/stock.ts';

export function inspectInventoryCommand(app: App): Command {
  return new Command('inventory')
    .addHelpText('after', '\nExample:\n  $ cliffracer inspect inventory')
    .action(async () => {
      const { ports } = await app.connect();
      await app.print.result({ inventory: await inventory(ports) }, inventoryView);
    });
}

/** Stock of every product, dearest first. */
export async function inventory({ tables }: Pick<Ports, 'tables'>): Promise<InventoryRow[]> {
  const products = [];
  for await (const product of tables.scan('products')) products.push(product);
  const stock = await tables.getMany(
    products.map(({ sku }) => ({ table: 'inventory', key: keyOf('inventory', String(sku)) })),
  );
  const rows = products.map(({ sku, name, price }, index): InventoryRow => {
    const { stock: pieces = 0, reserved = 0, available = 0 } = stock[index] ?? {};
    return {
      sku: String(sku),
      name: String(name),
      price: String(price),
      stock: Number(pieces),
      reserved: Number(reserved),
      available: Number(available),
    };
  });
  return rows.sort((a, b) => Number(b.price) - Number(a.price) || (a.sku < b.sku ? -1 : 1));
}
