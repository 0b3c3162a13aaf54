import { followUp } from '../../../domain/events.ts';
import { derivedId } from '../../../domain/ids.ts';
import { receiptKeyOf } from '../../../domain/names.ts';
import { receiptText } from '../../../domain/receipt.ts';
import { handled, log, notForUs, publish, type Service } from '../../../services/effects.ts';

/** Fulfillment that ships at order_created without looking at the payment. */
export const shippingUnpaid: Service = {
  name: 'fulfillment',
  consumes: ['order_created'],
  load: () => [],
  decide(event, _state, now) {
    if (event.event_type !== 'order_created') return notForUs('fulfillment', event);
    const { order_id, event_id: causedBy, timestamp: at } = event;
    const key = receiptKeyOf(order_id);
    const body = receiptText({
      ...event,
      payment_id: derivedId(order_id, 'payment'),
      paid_at: at,
      fulfilled_at: new Date(now).toISOString(),
    });
    return handled(
      { kind: 'store', summary: key, key, body, contentType: 'application/json', metadata: { order_id } },
      publish(followUp(event, 'order_fulfilled', { causedBy, at, payload: { receipt_key: key } })),
      log('info', 'order_fulfilled', `shipped, receipt ${key}`),
    );
  },
};
