import type { ServiceName } from '../../domain/names.ts';
import type { Attributes } from '../../topology/resources.ts';

/** Which events each service's queue receives; analytics takes all. */
export const SUBSCRIBED_EVENTS: Readonly<Record<ServiceName, readonly string[] | 'all'>> = {
  order: [
    'inventory_reserved',
    'inventory_rejected',
    'payment_succeeded',
    'payment_failed',
    'inventory_released',
    'order_fulfilled',
    'payment_refunded',
  ],
  inventory: ['order_created', 'payment_failed', 'order_fulfilled', 'cancel_requested'],
  payment: ['inventory_reserved', 'inventory_released'],
  fulfillment: ['payment_succeeded'],
  analytics: 'all',
};

/** Raw delivery: the message is the event, its attributes are the message's. An empty policy lets everything through. */
export function subscriptionAttributes(service: ServiceName): Attributes {
  const events = SUBSCRIBED_EVENTS[service];
  return {
    RawMessageDelivery: true,
    FilterPolicyScope: 'MessageAttributes',
    FilterPolicy: events === 'all' ? {} : { event_type: events },
    // A second subscription of the same queue would deliver everything twice.
    subscriptions: 1,
  };
}
