import { type Emission, type EventOf, type EventType, followUp, orderCreated } from '../../src/domain/events.ts';
import { newOrder } from '../../src/domain/order.ts';
import type { OrderLine, OrderRecord, PaymentInstruction } from '../../src/domain/records.ts';

export const NOW = Date.UTC(2026, 0, 1);
export const AT = new Date(NOW).toISOString();

export const LAPTOP: OrderLine = { sku: 'laptop-pro', name: 'Laptop Pro', quantity: 1, unit_price: '1299.99' };
export const KEYBOARDS: OrderLine = { sku: 'keyboard', name: 'Keyboard', quantity: 2, unit_price: '149.99' };

/** An order over 1599.97. */
export function anOrder(orderId = 'ord_1', payment: PaymentInstruction = 'approve'): OrderRecord {
  const customer = { customer_id: 'ada', customer_name: 'Ada Lovelace' };
  return newOrder(orderId, { ...customer, items: [LAPTOP, KEYBOARDS], total_amount: '1599.97', payment }, NOW);
}

export const created = (order = anOrder()) => orderCreated(order);

const PAYLOADS: { [T in EventType]: Emission<T>['payload'] } = {
  order_created: {},
  inventory_reserved: {},
  inventory_rejected: { reason: 'none left', shortages: [{ sku: 'laptop-pro', requested: 1, available: 0 }] },
  payment_succeeded: { payment_id: 'pay-1' },
  payment_failed: { payment_id: 'pay-1', reason: 'payment declined' },
  inventory_released: { reason: 'payment declined' },
  order_fulfilled: { receipt_key: 'receipts/ord_1.json' },
  cancel_requested: { reason: 'cancelled on request' },
  payment_refunded: { payment_id: 'pay-1', reason: 'cancelled on request' },
};

/** An event of the type, about `anOrder()`. */
export function anEvent<T extends EventType>(type: T, order = anOrder(), at = AT): EventOf<T> {
  if (type === 'order_created') return created(order) as unknown as EventOf<T>;
  return followUp(created(order), type, { causedBy: `cause-of-${type}`, at, payload: PAYLOADS[type] } as Emission<T>);
}
