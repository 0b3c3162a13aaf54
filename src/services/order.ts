import { factOf, recordFact } from '../domain/order.ts';
import type { OrderRecord } from '../domain/records.ts';
import { duplicate, handled, log, notForUs, refused, type Service, write } from './effects.ts';

/** Keeps the order's record: what happened to it, in whatever order the facts arrive. */
export const orderService: Service = {
  name: 'order',
  consumes: [
    'inventory_reserved',
    'inventory_rejected',
    'payment_succeeded',
    'payment_failed',
    'inventory_released',
    'order_fulfilled',
    'payment_refunded',
  ],

  load: (event) => [{ table: 'orders', id: event.order_id }],

  decide(event, state) {
    if (!orderService.consumes.includes(event.event_type)) return notForUs('order', event);
    const order = state('orders', event.order_id) as OrderRecord | undefined;
    if (order === undefined) return refused('unknown_order', `order ${event.order_id} is not in the table orders`);
    const fact = factOf(event);
    const changed = recordFact(order, fact);
    if (changed === undefined) return duplicate(log('info', 'order_unchanged', `order already ${fact.status}`));
    const summary =
      changed.status === order.status
        ? `order stays ${order.status}, ${fact.status} recorded`
        : `order ${order.status} -> ${changed.status}`;
    return handled(
      write(summary, { op: 'replace', table: 'orders', item: changed, where: { version: order.version } }),
      log(fact.reason === undefined ? 'info' : 'warn', `order_${fact.status}`, withReason(summary, fact.reason)),
    );
  },
};

const withReason = (summary: string, reason: string | undefined) =>
  reason === undefined ? summary : `${summary}: ${reason}`;
