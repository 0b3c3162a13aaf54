import { type EventOf, type EventType, orderCreated, type ShopEvent } from './events.ts';
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
  cancelling: 4,
  refunded: 5,
  rejected: 6,
  cancelled: 7,
  fulfilled: 8,
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
  cancel_requested: 'cancelling',
  payment_refunded: 'refunded',
};

export const statusAfter = (type: EventType): OrderStatus => STATUS_AFTER[type];

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
  const { status } = history.at(-1)!;
  // A request to cancel that came too late is no reason of what became of the order.
  const reason = status === 'fulfilled' ? undefined : history.findLast((entry) => entry.reason !== undefined)?.reason;
  return {
    ...rest,
    status,
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

/** By code units, as ISO times and ids sort; for `sort`. */
export const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The record of a new order. */
export function newOrder(orderId: string, input: NewOrder, now: number): OrderRecord {
  const at = new Date(now).toISOString();
  const { customer_email: _, ...ordered } = input;
  const order: OrderRecord = {
    order_id: orderId,
    ...ordered,
    correlation_id: derivedId(orderId, 'correlation'),
    status: 'created',
    created_at: at,
    updated_at: at,
    history: [],
    version: 1,
  };
  return { ...order, history: [factOf(orderCreated(order))] };
}

/** Statuses in which goods may still be held back from shipping. */
const CANCELLABLE: ReadonlySet<OrderStatus> = new Set(['created', 'reserved', 'paid']);

export const isCancellable = (status: OrderStatus): boolean => CANCELLABLE.has(status);

const CANCELLED_BY_REQUEST = 'cancelled on request';

/** The order with the request to cancel it recorded, or undefined when that was asked before. */
export function requestCancel(order: OrderRecord, now: number): OrderRecord | undefined {
  return recordFact(order, {
    status: 'cancelling',
    at: new Date(now).toISOString(),
    event_id: derivedId(order.order_id, 'cancel_requested'),
    reason: CANCELLED_BY_REQUEST,
  });
}

/** The request to cancel an order, from its record alone; undefined when nobody asked. */
export function cancelRequest(order: OrderRecord): EventOf<'cancel_requested'> | undefined {
  const asked = order.history.find(({ status }) => status === 'cancelling');
  if (asked === undefined) return undefined;
  return {
    ...orderCreated(order),
    event_type: 'cancel_requested',
    event_id: asked.event_id,
    timestamp: asked.at,
    reason: asked.reason ?? CANCELLED_BY_REQUEST,
  };
}
