import type { EventType, ShopEvent } from '../../domain/events.ts';
import { SERVICES, type ServiceName } from '../../domain/names.ts';
import { statusAfter } from '../../domain/order.ts';
import { recordedEvents } from '../../domain/recorded-events.ts';
import { SERVICE_MODULES } from '../../services/registry.ts';
import type { OrderSnapshot } from './order-snapshot.ts';

/** An event that follows from an order's records, and one service that subscribes to it. */
export interface Delivery {
  service: ServiceName;
  event: ShopEvent;
  /** Whether the records show that it was handled; undefined for analytics, which keeps no records. */
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
 * Every delivery that an order had or will have, by its records: the order waits for the first unhandled one. A delivery
 * that came too late to change anything counts as handled.
 */
export function deliveriesOf(snapshot: OrderSnapshot): Delivery[] {
  const { order, reservation, payment } = snapshot;
  return recordedEvents(order, reservation, payment).flatMap((event) =>
    subscribersOf(event.event_type).map((service) => ({
      service,
      event,
      handled: isHandled(service, event, snapshot),
    })),
  );
}

function isHandled(
  service: ServiceName,
  { event_type }: ShopEvent,
  { order, reservation, payment }: OrderSnapshot,
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
