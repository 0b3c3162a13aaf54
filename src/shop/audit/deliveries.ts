import type { EventType, ShopEvent } from '../../domain/events.ts';
import { SERVICES, type ServiceName } from '../../domain/names.ts';
import { statusAfter } from '../../domain/order.ts';
import { recordedEvents } from '../../domain/recorded-events.ts';
import { SERVICE_MODULES } from '../../services/registry.ts';
import type { OrderStory } from './story.ts';

/** An event that the records of an order say there was, at one service that is to handle it. */
export interface Delivery {
  service: ServiceName;
  event: ShopEvent;
  /** The records show what handling it brings about; undefined where no record can (analytics keeps none). */
  handled: boolean | undefined;
}

const SUBSCRIBERS = new Map<EventType, readonly ServiceName[]>();

function subscribersOf(type: EventType): readonly ServiceName[] {
  let known = SUBSCRIBERS.get(type);
  if (known === undefined) {
    known = SERVICES.filter((service) => SERVICE_MODULES[service].consumes.includes(type));
    SUBSCRIBERS.set(type, known);
  }
  return known;
}

/**
 * Every delivery that an order has had or is still to have, from its records: what the order waits for is the first
 * that nobody has handled. A delivery that came too late to change anything counts as handled, as nothing misses it.
 */
export function deliveriesOf(story: OrderStory): Delivery[] {
  const { order, reservation, payment } = story;
  return recordedEvents(order, reservation, payment).flatMap((event) =>
    subscribersOf(event.event_type).map((service) => ({ service, event, handled: isHandled(service, event, story) })),
  );
}

function isHandled(
  service: ServiceName,
  { event_type }: ShopEvent,
  { order, reservation, payment }: OrderStory,
): boolean | undefined {
  switch (service) {
    case 'order':
      return order.history.some(({ status }) => status === statusAfter(event_type));
    case 'inventory':
      if (event_type === 'order_created') return reservation !== undefined;
      if (event_type === 'order_fulfilled') return reservation?.status === 'committed';
      return reservation !== undefined && reservation.status !== 'held';
    case 'payment':
      if (event_type === 'inventory_reserved') return payment !== undefined;
      return payment !== undefined && payment.status !== 'succeeded';
    case 'fulfillment':
      return reservation !== undefined && reservation.status !== 'held';
    case 'analytics':
      return undefined;
  }
}
