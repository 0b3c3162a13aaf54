import { type EventType, orderCreated, type ShopEvent } from './events.ts';
import { derivedId } from './ids.ts';
import type { NewOrder } from './order-input.ts';
import type { OrderFact, OrderRecord, OrderStatus } from './records.ts';

/**
 * How far along each status is. Facts arrive in any order and more than once; the order's status is the furthest one
 * that has been recorded, so every interleaving ends in the same record.
 */
const RANK: Record<OrderStatus, number> = {
  created: 0,
  reserved: 1,
  payment_failed: 2,
  paid: 3,
  rejected: 4,
  cancelled: 5,
  fulfilled: 6,
};

export const isTerminal = (status: OrderStatus): boolean => RANK[status] >= RANK.rejected;

/** What each event makes of an order. */
const STATUS_AFTER: Record<EventType, OrderStatus> = {
  order_created: 'created',
  inventory_reserved: 'reserved',
  inventory_rejected: 'rejected',
  payment_succeeded: 'paid',
  payment_failed: 'payment_failed',
  inventory_released: 'cancelled',
  order_fulfilled: 'fulfilled',
};

export function factOf(event: ShopEvent): OrderFact {
  const fact: OrderFact = { status: STATUS_AFTER[event.event_type], at: event.timestamp, event_id: event.event_id };
  return 'reason' in event ? { ...fact, reason: event.reason } : fact;
}

/** The order with the fact recorded, or undefined when it changes nothing. */
export function recordFact(order: OrderRecord, fact: OrderFact): OrderRecord | undefined {
  const known = order.history.find(({ status }) => status === fact.status);
  if (known !== undefined && compareFacts(known, fact) <= 0) return undefined;
  const history = [...order.history.filter((other) => other !== known), fact].sort(compareFacts);
  const { reason: _, ...rest } = order;
  const reason = history.findLast((entry) => entry.reason !== undefined)?.reason;
  return {
    ...rest,
    status: history.at(-1)!.status,
    updated_at: [order.created_at, ...history.map(({ at }) => at)].sort().at(-1)!,
    ...(reason !== undefined && { reason }),
    history,
    version: order.version + 1,
  };
}

/** By progress; among tellings of the same fact the earliest one stands. */
function compareFacts(a: OrderFact, b: OrderFact): number {
  return RANK[a.status] - RANK[b.status] || compare(a.at, b.at) || compare(a.event_id, b.event_id);
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The record of a new order. */
export function newOrder(orderId: string, input: NewOrder, now: number): OrderRecord {
  const at = new Date(now).toISOString();
  const order: OrderRecord = {
    order_id: orderId,
    ...input,
    correlation_id: derivedId(orderId, 'correlation'),
    status: 'created',
    created_at: at,
    updated_at: at,
    history: [],
    version: 1,
  };
  return { ...order, history: [factOf(orderCreated(order))] };
}
