import type { EventOf, ShopEvent } from '../domain/events.ts';
import { derivedId } from '../domain/ids.ts';
import { paymentEvent, refundEvent } from '../domain/recorded-events.ts';
import type { PaymentInstruction, PaymentRecord, PaymentStatus } from '../domain/records.ts';
import {
  type Decision,
  duplicate,
  handled,
  ignored,
  log,
  notForUs,
  publishing,
  refused,
  type Service,
  write,
} from './effects.ts';

/** Charges an order once its goods are held, and gives the money back when they were released after all. */
export const paymentService: Service = {
  name: 'payment',
  consumes: ['inventory_reserved', 'inventory_released'],

  load: (event) => [{ table: 'payments', id: event.order_id }],

  decide(event, state, now) {
    const at = new Date(now).toISOString();
    const known = state('payments', event.order_id) as PaymentRecord | undefined;
    switch (event.event_type) {
      case 'inventory_reserved':
        return known === undefined ? charge(event, at) : answerAgain(event, known);
      case 'inventory_released':
        return known === undefined ? voidPayment(event, at) : refund(event, known, at);
      default:
        return notForUs('payment', event);
    }
  },
};

/** How the provider answers is written in the order; nothing is drawn here. */
const ANSWERS: Record<Exclude<PaymentInstruction, 'error'>, { status: PaymentStatus; reason?: string }> = {
  approve: { status: 'succeeded' },
  decline: { status: 'failed', reason: 'payment declined' },
  timeout: { status: 'failed', reason: 'payment timed out' },
};

function charge(event: EventOf<'inventory_reserved'>, at: string): Decision {
  if (event.payment === 'error') {
    return { outcome: 'failed', reason: 'payment_error', detail: 'the payment provider failed' };
  }
  const payment: PaymentRecord = { ...newPayment(event, at), ...ANSWERS[event.payment] };
  const summary = `payment of ${payment.amount} ${payment.status}`;
  const succeeded = payment.status === 'succeeded';
  return handled(
    write(summary, { op: 'insert', table: 'payments', item: payment }),
    ...publishing(paymentEvent(event, payment)),
    log(succeeded ? 'info' : 'warn', `payment_${payment.status}`, summary),
  );
}

const newPayment = (event: ShopEvent, at: string) => ({
  order_id: event.order_id,
  payment_id: derivedId(event.order_id, 'payment'),
  amount: event.total_amount,
  correlation_id: event.correlation_id,
  caused_by: event.event_id,
  created_at: at,
});

function answerAgain(event: ShopEvent, payment: PaymentRecord): Decision {
  if (payment.amount !== event.total_amount) return otherAmount(event, payment);
  if (payment.status === 'voided') {
    return ignored(log('warn', 'not_charged', `not charged: ${payment.reason}`));
  }
  const done = log('info', 'already_charged', `payment was already ${payment.status}`);
  return duplicate(...publishing(paymentEvent(event, payment)), done);
}

/** The order ended before it was charged: its record keeps it from being charged when the reservation is heard of. */
function voidPayment(event: EventOf<'inventory_released'>, at: string): Decision {
  const payment: PaymentRecord = { ...newPayment(event, at), status: 'voided', reason: event.reason };
  const summary = `payment of ${payment.amount} voided`;
  return handled(
    write(summary, { op: 'insert', table: 'payments', item: payment }),
    log('warn', 'payment_voided', `${summary}: ${event.reason}`),
  );
}

function refund(event: EventOf<'inventory_released'>, payment: PaymentRecord, at: string): Decision {
  if (payment.amount !== event.total_amount) return otherAmount(event, payment);
  if (payment.status === 'refunded') {
    return duplicate(
      ...publishing(refundEvent(event, payment)),
      log('info', 'already_refunded', 'it was refunded before'),
    );
  }
  if (payment.status !== 'succeeded') {
    return ignored(log('info', 'nothing_to_refund', `nothing to refund: the payment is ${payment.status}`));
  }
  const refunded: PaymentRecord = {
    ...payment,
    status: 'refunded',
    refunded_at: at,
    refunded_for: event.event_id,
    reason: event.reason,
  };
  const summary = `payment of ${payment.amount} refunded`;
  return handled(
    write(summary, { op: 'replace', table: 'payments', item: refunded, where: { status: 'succeeded' } }),
    ...publishing(refundEvent(event, refunded)),
    log('warn', 'payment_refunded', `${summary}: ${event.reason}`),
  );
}

const otherAmount = ({ order_id, total_amount }: ShopEvent, { amount }: PaymentRecord): Decision =>
  refused('contradiction', `order ${order_id} was charged ${amount}, and now ${total_amount} is asked`);
