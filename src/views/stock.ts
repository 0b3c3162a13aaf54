import type { CustomerRecord, InventoryRecord } from '../domain/records.ts';
import type { View } from './context.ts';
import { table } from './table.ts';

export type InventoryRow = Pick<InventoryRecord, 'sku' | 'stock' | 'reserved' | 'available'> & {
  name: string;
  price: string;
};

const LOW_STOCK = 10;

export const inventoryView: View<{ inventory: readonly InventoryRow[] }> = ({ inventory }, context) =>
  table(
    [
      { title: 'sku', text: (row) => row.sku },
      { title: 'product', text: (row) => row.name, shrinks: true },
      { title: 'price', text: (row) => row.price, align: 'right' },
      { title: 'stock', text: (row) => String(row.stock), align: 'right' },
      { title: 'reserved', text: (row) => String(row.reserved), align: 'right' },
      {
        title: 'available',
        text: (row) => String(row.available),
        align: 'right',
        paint: (text, row) => (row.available < LOW_STOCK ? context.paint.yellow(text) : text),
      },
    ],
    inventory,
    context,
  );

export type CustomerRow = CustomerRecord & { orders: number; spent: string };

export const customersView: View<{ customers: readonly CustomerRow[] }> = ({ customers }, context) =>
  customers.length === 0
    ? 'No customers.'
    : table(
        [
          { title: 'customer', text: (row: CustomerRow) => row.customer_id, shrinks: true },
          { title: 'name', text: (row) => row.name, shrinks: true },
          ...(customers.some(({ email }) => email !== undefined)
            ? [{ title: 'email', text: (row: CustomerRow) => row.email ?? '', shrinks: 12, yields: true }]
            : []),
          { title: 'orders', text: (row) => String(row.orders), align: 'right' },
          { title: 'spent', text: (row) => row.spent, align: 'right' },
        ],
        customers,
        context,
      );
