import { derivedId } from './ids.ts';
import type { OrderLine, OrderRecord, PaymentInstruction, Shortage } from './records.ts';

export const EVENT_TYPES = [
  'order_created',
  'inventory_reserved',
  'inventory_rejected',
  'payment_succeeded',
  'payment_failed',
  'inventory_released',
  'order_fulfilled',
  'cancel_requested',
  'payment_refunded',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Readers refuse what is newer: a later version may mean something else by the same words. */
export const SCHEMA_VERSION = 1;

/** Every event carries the whole order, so that no service has to ask another one. */
export interface EventBase {
  event_id: string;
  order_id: string;
  customer_id: string;
  customer_name: string;
  /** The same in everything that one order causes. */
  correlation_id: string;
  /** The event that this one follows from; null for what a person started. */
  causation_id: string | null;
  /** When it happened (ISO 8601), which is when it was recorded, not when it was published again. */
  timestamp: string;
  schema_version: number;
  items: OrderLine[];
  total_amount: string;
  payment: PaymentInstruction;
}

interface Payloads {
  order_created: object;
  inventory_reserved: object;
  inventory_rejected: { reason: string; shortages: Shortage[] };
  payment_succeeded: { payment_id: string };
  payment_failed: { payment_id: string; reason: string };
  inventory_released: { reason: string };
  order_fulfilled: { receipt_key: string };
  cancel_requested: { reason: string };
  payment_refunded: { payment_id: string; reason: string };
}

export type EventOf<T extends EventType> = { [K in T]: { event_type: K } & EventBase & Payloads[K] }[T];
export type ShopEvent = EventOf<EventType>;

export interface Emission<T extends EventType> {
  /** The event that it follows from, as recorded when the effect was done. */
  causedBy: string;
  /** ISO 8601, as recorded when the effect was done. */
  at: string;
  payload: Payloads[T];
}

/**
 * The event of `type` that follows in the order of `event`. Id and time come from the record of what was done, so that
 * a duplicate publishes the same event to the byte.
 */
export function followUp<T extends EventType>(event: ShopEvent, type: T, emission: Emission<T>): EventOf<T> {
  const { order_id, customer_id, customer_name, correlation_id, items, total_amount, payment } = event;
  return {
    event_type: type,
    event_id: derivedId(emission.causedBy, type),
    order_id,
    customer_id,
    customer_name,
    correlation_id,
    causation_id: emission.causedBy,
    timestamp: emission.at,
    schema_version: SCHEMA_VERSION,
    items,
    total_amount,
    payment,
    ...emission.payload,
  } as EventOf<T>;
}

/** The event that starts an order: made from its record alone, so that it can be published again at any later time. */
export function orderCreated(order: OrderRecord): EventOf<'order_created'> {
  return {
    event_type: 'order_created',
    event_id: derivedId(order.order_id, 'order_created'),
    order_id: order.order_id,
    customer_id: order.customer_id,
    customer_name: order.customer_name,
    correlation_id: order.correlation_id,
    causation_id: null,
    timestamp: order.created_at,
    schema_version: SCHEMA_VERSION,
    items: order.items,
    total_amount: order.total_amount,
    payment: order.payment,
  };
}

/** An event as it travels: JSON text, and the attributes that subscriptions filter on. */
export function encodeEvent(event: ShopEvent): { body: string; attributes: Record<string, string> } {
  const { event_type, order_id, correlation_id } = event;
  return { body: JSON.stringify(event), attributes: { event_type, order_id, correlation_id } };
}
