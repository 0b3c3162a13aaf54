import { type EventOf, followUp, type ShopEvent } from '../domain/events.ts';
import { derivedId } from '../domain/ids.ts';
import type { PaymentRecord } from '../domain/records.ts';
import {
  type Decision,
  duplicate,
  type Effect,
  handled,
  log,
  notForUs,
  publish,
  refused,
  type Service,
  write,
} from './effects.ts';

/** Charges an order once its goods are held. How it ends is written in the order; nothing is drawn here. */
export const paymentService: Service = {
  name: 'payment',
  consumes: ['inventory_reserved'],

  load: (event) => [{ table: 'payments', id: event.order_id }],

  decide(event, state, now) {
    if (event.event_type !== 'inventory_reserved') return notForUs('payment', event);
    const known = state('payments', event.order_id) as PaymentRecord | undefined;
    return known === undefined ? charge(event, new Date(now).toISOString()) : publishAgain(event, known);
  },
};

function charge(event: EventOf<'inventory_reserved'>, at: string): Decision {
  const { order_id, correlation_id, event_id: caused_by, total_amount: amount } = event;
  const payment_id = derivedId(order_id, 'payment');
  const payment: PaymentRecord = {
    order_id,
    payment_id,
    status: event.payment === 'approve' ? 'succeeded' : 'failed',
    amount,
    correlation_id,
    caused_by,
    created_at: at,
    ...(event.payment === 'decline' && { reason: 'payment declined' }),
  };
  const summary = `payment of ${amount} ${payment.status}`;
  return handled(
    write(summary, { op: 'insert', table: 'payments', item: payment }),
    publishOutcome(event, payment),
    log(payment.status === 'succeeded' ? 'info' : 'warn', `payment_${payment.status}`, summary),
  );
}

function publishAgain(event: ShopEvent, payment: PaymentRecord): Decision {
  if (payment.amount !== event.total_amount) {
    const detail = `order ${event.order_id} was charged ${payment.amount}, and now ${event.total_amount} is asked`;
    return refused('contradiction', detail);
  }
  const done = log('info', 'already_charged', `payment had already ${payment.status}`);
  return duplicate(publishOutcome(event, payment), done);
}

function publishOutcome(event: ShopEvent, payment: PaymentRecord): Effect {
  const { caused_by: causedBy, created_at: at, payment_id, reason = 'payment failed' } = payment;
  return publish(
    payment.status === 'succeeded'
      ? followUp(event, 'payment_succeeded', { causedBy, at, payload: { payment_id } })
      : followUp(event, 'payment_failed', { causedBy, at, payload: { payment_id, reason } }),
  );
}
