import type { ShopEvent } from '../domain/events.ts';
import { EVENT_TYPES } from '../domain/events.ts';
import { handled, log, type Metric, measure, type Service } from './effects.ts';

const count = (name: string): Metric => ({ name, value: 1, unit: 'Count' });
const paymentSuccess = (percent: 0 | 100): Metric => ({ name: 'PaymentSuccessRate', value: percent, unit: 'Percent' });

/** Counts what happens. Keeps no state: a duplicate counts twice, and nothing decides by these numbers. */
export const analyticsService: Service = {
  name: 'analytics',
  consumes: EVENT_TYPES,
  load: () => [],
  decide(event) {
    const at = Date.parse(event.timestamp);
    const effect = measure(...metricsOf(event).map((metric) => ({ ...metric, at })));
    return handled(effect, log('info', `count_${event.event_type}`, effect.summary));
  },
};

function metricsOf(event: ShopEvent): Metric[] {
  switch (event.event_type) {
    case 'order_created':
      return [count('OrdersCreated'), { name: 'OrderValue', value: Number(event.total_amount), unit: 'None' }];
    case 'inventory_reserved':
      return [count('InventoryReservations')];
    case 'inventory_rejected':
      return [count('InventoryRejections')];
    case 'payment_succeeded':
      // The average of these over a period is the rate.
      return [count('PaymentsProcessed'), paymentSuccess(100)];
    case 'payment_failed':
      return [count('PaymentsProcessed'), paymentSuccess(0)];
    case 'inventory_released':
      return [count('OrdersCancelled')];
    case 'order_fulfilled':
      return [count('OrdersFulfilled')];
    case 'cancel_requested':
      return [count('CancellationsRequested')];
    case 'payment_refunded':
      return [count('Refunds'), { name: 'RefundValue', value: Number(event.total_amount), unit: 'None' }];
  }
}
