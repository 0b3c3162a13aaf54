import type { EventOf, ShopEvent } from '../domain/events.ts';
import { totalOf } from '../domain/lines.ts';
import { formatMoney } from '../domain/money.ts';
import { receiptKeyOf } from '../domain/names.ts';
import { receiptFor } from '../domain/receipt.ts';
import { fulfillmentEvent } from '../domain/recorded-events.ts';
import type { PaymentRecord, ReservationRecord } from '../domain/records.ts';
import {
  type Decision,
  duplicate,
  type Effect,
  handled,
  ignored,
  log,
  notForUs,
  publishing,
  refused,
  type Service,
  write,
} from './effects.ts';

/** Ships what is paid and held, and writes the receipt. */
export const fulfillmentService: Service = {
  name: 'fulfillment',
  consumes: ['payment_succeeded'],

  load: (event) => [
    { table: 'payments', id: event.order_id },
    { table: 'reservations', id: event.order_id },
  ],

  decide(event, state, now) {
    if (event.event_type !== 'payment_succeeded') return notForUs('fulfillment', event);
    const payment = state('payments', event.order_id) as PaymentRecord | undefined;
    const reservation = state('reservations', event.order_id) as ReservationRecord | undefined;
    if (payment === undefined) return refused('unknown_order', `order ${event.order_id} has no payment`);
    if (reservation === undefined) return refused('unknown_order', `order ${event.order_id} has no reservation`);
    if (wasCancelled(payment, reservation)) {
      return ignored(log('warn', 'not_shipped', `it was cancelled before it shipped: ${reservation.reason}`));
    }
    const objection = objectionTo(event, payment, reservation);
    if (objection !== undefined) return refused('contradiction', `order ${event.order_id} ${objection}`);
    return ship(event, payment, reservation, new Date(now).toISOString());
  },
};

/** Goods were given back after they had been paid: the payment is refunded, or about to be. */
const wasCancelled = (payment: PaymentRecord, reservation: ReservationRecord) =>
  reservation.status === 'released' && (payment.status === 'succeeded' || payment.status === 'refunded');

/** The records decide, not the event: anybody who may publish could send one. */
function objectionTo(event: ShopEvent, payment: PaymentRecord, { status, items }: ReservationRecord) {
  if (payment.status !== 'succeeded') return `has a payment that is ${payment.status}`;
  if (payment.amount !== event.total_amount) return `was paid ${payment.amount}, not ${event.total_amount}`;
  if (status !== 'held' && status !== 'shipped' && status !== 'committed')
    return `has a reservation that was ${status}`;
  const total = totalOf(items);
  const worth = total === undefined ? 'out of range' : formatMoney(total);
  return worth === payment.amount ? undefined : `was paid ${payment.amount} for goods of ${worth}`;
}

function ship(
  event: EventOf<'payment_succeeded'>,
  payment: PaymentRecord,
  reservation: ReservationRecord,
  now: string,
): Decision {
  if (reservation.status !== 'held') {
    return duplicate(
      ...delivery(event, payment, reservation),
      log('info', 'already_shipped', 'it had already shipped'),
    );
  }
  const shipped: ReservationRecord = {
    ...reservation,
    status: 'shipped',
    shipped_at: now,
    shipped_for: event.event_id,
  };
  const summary = `shipped, receipt ${receiptKeyOf(event.order_id)}`;
  return handled(
    // Goods are taken from the reservation before they leave, so that a release at the same moment fails or comes first.
    write(
      'reservation held -> shipped',
      { op: 'replace', table: 'reservations', item: shipped, where: { status: 'held' } },
      { op: 'expect', table: 'payments', id: event.order_id, where: { status: 'succeeded' } },
    ),
    ...delivery(event, payment, shipped),
    log('info', 'order_fulfilled', summary),
  );
}

/** Receipt and event, made of what is recorded alone: the same bytes for every duplicate. */
function delivery(event: ShopEvent, payment: PaymentRecord, reservation: ReservationRecord): Effect[] {
  const { order_id, correlation_id } = event;
  const key = receiptKeyOf(order_id);
  return [
    {
      kind: 'store',
      summary: key,
      key,
      body: receiptFor(event, payment, reservation),
      contentType: 'application/json',
      metadata: { order_id, correlation_id, total_amount: payment.amount },
    },
    ...publishing(fulfillmentEvent(event, reservation)),
  ];
}
