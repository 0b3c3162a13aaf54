import { type Cents, formatMoney } from './money.ts';
import type { CustomerRecord, InventoryRecord, ProductRecord } from './records.ts';

export interface Product {
  sku: string;
  name: string;
  price: Cents;
}

export const CATALOGUE: readonly Product[] = [
  { sku: 'laptop-pro', name: 'Laptop Pro', price: 129_999 },
  { sku: 'smartphone-x', name: 'Smartphone X', price: 89_999 },
  { sku: 'tablet-air', name: 'Tablet Air', price: 59_999 },
  { sku: 'headphones', name: 'Headphones', price: 19_999 },
  { sku: 'keyboard', name: 'Keyboard', price: 14_999 },
];

/** Pieces of each product that a fresh stack has. */
export const INITIAL_STOCK = 100;

export const DEMO_CUSTOMERS: readonly CustomerRecord[] = [
  { customer_id: 'ada', name: 'Ada Lovelace' },
  { customer_id: 'grace', name: 'Grace Hopper' },
  { customer_id: 'linus', name: 'Linus Torvalds' },
  { customer_id: 'margaret', name: 'Margaret Hamilton' },
];

export const productRecord = (product: Product): ProductRecord => ({
  sku: product.sku,
  name: product.name,
  price: formatMoney(product.price),
});

export const inventoryRecord = (sku: string, pieces: number = INITIAL_STOCK): InventoryRecord => ({
  sku,
  stock: pieces,
  reserved: 0,
  available: pieces,
  received: pieces,
});
