import type { TableName } from './names.ts';

/** Values of stored items, as the tables' port has them. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Item = Record<string, Value>;

/** The partition key of each table; none has a sort key, and every key is a string. */
export const KEY_ATTRIBUTE = {
  orders: 'order_id',
  products: 'sku',
  inventory: 'sku',
  reservations: 'order_id',
  payments: 'order_id',
  customers: 'customer_id',
} as const satisfies Record<TableName, string>;

export const keyOf = (table: TableName, id: string): Record<string, string> => ({ [KEY_ATTRIBUTE[table]]: id });
export const idOf = (table: TableName, item: Item): string => String(item[KEY_ATTRIBUTE[table]]);

/** A line of an order; `unit_price` is a decimal string. */
export type OrderLine = { sku: string; name: string; quantity: number; unit_price: string };

/** What was asked for and what there was. */
export type Shortage = { sku: string; requested: number; available: number };

export const PAYMENT_INSTRUCTIONS = ['approve', 'decline', 'error', 'timeout'] as const;
/**
 * How the simulated payment of an order ends: a property of the order, never drawn when the message is handled. With
 * `error` the provider fails at every try, until somebody retries the order.
 */
export type PaymentInstruction = (typeof PAYMENT_INSTRUCTIONS)[number];

export const ORDER_STATUSES = [
  'created',
  'reserved',
  'payment_failed',
  'paid',
  'cancelling',
  'refunded',
  'rejected',
  'cancelled',
  'fulfilled',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** One fact in the life of an order. */
export type OrderFact = { status: OrderStatus; at: string; event_id: string; reason?: string };

export type OrderRecord = {
  order_id: string;
  customer_id: string;
  customer_name: string;
  correlation_id: string;
  status: OrderStatus;
  items: OrderLine[];
  total_amount: string;
  payment: PaymentInstruction;
  created_at: string;
  updated_at: string;
  /** Why it was rejected or cancelled. */
  reason?: string;
  history: OrderFact[];
  /** Counts the writes, for optimistic locking. */
  version: number;
};

export type ProductRecord = { sku: string; name: string; price: string };

/** `available` = `stock` - `reserved` is kept as an attribute: conditions in DynamoDB have no arithmetic. */
export type InventoryRecord = {
  sku: string;
  stock: number;
  reserved: number;
  available: number;
  /** All that ever came in: `stock` plus what was shipped. */
  received: number;
};

export type ReservationStatus = 'held' | 'shipped' | 'committed' | 'released' | 'withdrawn' | 'rejected';

/**
 * Inventory's answer to an order, and the one place where an order's goods change hands: held -> shipped (fulfillment)
 * -> committed (stock has left), or held -> released. An order that asked for too much has a record too (rejected), so
 * that a duplicate which comes after new stock cannot turn the answer round; and so has one that was cancelled before
 * it came (withdrawn), so that nothing is held for it when it comes.
 */
export type ReservationRecord = {
  order_id: string;
  status: ReservationStatus;
  items: OrderLine[];
  correlation_id: string;
  /** Event that the answer was given to; ids of what follows derive from it. */
  caused_by: string;
  created_at: string;
  shortages?: Shortage[];
  reason?: string;
  shipped_at?: string;
  shipped_for?: string;
  committed_at?: string;
  released_at?: string;
  released_for?: string;
};

/**
 * The provider's answer (succeeded, failed), and what became of it: succeeded -> refunded. An order that was cancelled
 * before it was charged has a record too (voided), so that it is never charged.
 */
export type PaymentStatus = 'succeeded' | 'failed' | 'refunded' | 'voided';

export type PaymentRecord = {
  order_id: string;
  payment_id: string;
  status: PaymentStatus;
  amount: string;
  correlation_id: string;
  caused_by: string;
  created_at: string;
  /** Why it failed, was given back or never taken. */
  reason?: string;
  refunded_at?: string;
  refunded_for?: string;
};

export type CustomerRecord = { customer_id: string; name: string; email?: string };
