import { type EventOf, followUp, orderCreated, type ShopEvent } from './events.ts';
import { receiptKeyOf } from './names.ts';
import { cancelRequest } from './order.ts';
import type { OrderRecord, PaymentRecord, ReservationRecord } from './records.ts';

/*
 * What was published about an order, made of the records alone: the same bytes for every duplicate, and at any later
 * time for whoever finds that an event never came out. `base` is any event of the order.
 */

/** Inventory's answer to the order, whatever became of the reservation since; none when it was withdrawn before. */
export function answerEvent(
  base: ShopEvent,
  reservation: ReservationRecord,
): EventOf<'inventory_reserved' | 'inventory_rejected'> | undefined {
  const { caused_by: causedBy, created_at: at, status, shortages = [], reason = 'out of stock' } = reservation;
  if (status === 'withdrawn') return undefined;
  return status === 'rejected'
    ? followUp(base, 'inventory_rejected', { causedBy, at, payload: { reason, shortages } })
    : followUp(base, 'inventory_reserved', { causedBy, at, payload: {} });
}

/** That goods were given back, or will never be held. */
export function releaseEvent(
  base: ShopEvent,
  reservation: ReservationRecord,
): EventOf<'inventory_released'> | undefined {
  if (reservation.status !== 'released' && reservation.status !== 'withdrawn') return undefined;
  const { released_for: causedBy = base.event_id, released_at: at = base.timestamp } = reservation;
  const reason = reservation.reason ?? 'not given';
  return followUp(base, 'inventory_released', { causedBy, at, payload: { reason } });
}

/** The provider's answer, whatever became of the payment since; none when it was never asked. */
export function paymentEvent(
  base: ShopEvent,
  payment: PaymentRecord,
): EventOf<'payment_succeeded' | 'payment_failed'> | undefined {
  const { caused_by: causedBy, created_at: at, payment_id, status, reason = 'payment failed' } = payment;
  if (status === 'voided') return undefined;
  return status === 'failed'
    ? followUp(base, 'payment_failed', { causedBy, at, payload: { payment_id, reason } })
    : followUp(base, 'payment_succeeded', { causedBy, at, payload: { payment_id } });
}

export function refundEvent(base: ShopEvent, payment: PaymentRecord): EventOf<'payment_refunded'> | undefined {
  if (payment.status !== 'refunded') return undefined;
  const { payment_id, refunded_for: causedBy = base.event_id, refunded_at: at = base.timestamp } = payment;
  const reason = payment.reason ?? 'not given';
  return followUp(base, 'payment_refunded', { causedBy, at, payload: { payment_id, reason } });
}

export function fulfillmentEvent(
  base: ShopEvent,
  reservation: ReservationRecord,
): EventOf<'order_fulfilled'> | undefined {
  if (reservation.status !== 'shipped' && reservation.status !== 'committed') return undefined;
  const { shipped_for: causedBy = base.event_id, shipped_at: at = base.timestamp } = reservation;
  return followUp(base, 'order_fulfilled', { causedBy, at, payload: { receipt_key: receiptKeyOf(base.order_id) } });
}

/** Every event that the records say there was about an order, causes before what follows from them. */
export function recordedEvents(
  order: OrderRecord,
  reservation: ReservationRecord | undefined,
  payment: PaymentRecord | undefined,
): ShopEvent[] {
  const base = orderCreated(order);
  const events: (ShopEvent | undefined)[] = [base, cancelRequest(order)];
  if (reservation !== undefined) events.push(answerEvent(base, reservation));
  if (payment !== undefined) events.push(paymentEvent(base, payment));
  if (reservation !== undefined) events.push(releaseEvent(base, reservation), fulfillmentEvent(base, reservation));
  if (payment !== undefined) events.push(refundEvent(base, payment));
  return events.filter((event) => event !== undefined);
}
