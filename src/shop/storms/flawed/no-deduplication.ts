import type { ShopEvent } from '../../../domain/events.ts';
import type { Item } from '../../../domain/records.ts';
import type { Service, State } from '../../../services/effects.ts';
import type { Services } from '../../../services/registry.ts';
import { unconditionalPut, withChanges } from './unconditional.ts';

/** Services that repeat all effects at every delivery of an event. */
export const withoutDeduplication = (services: Services): Services => ({
  ...services,
  inventory: repeating(services.inventory),
  payment: repeating(services.payment),
  fulfillment: repeating(services.fulfillment),
});

const repeating = (service: Service): Service => ({
  ...service,
  decide(event, state, now) {
    const decision = service.decide(event, stateBefore(service, event, state), now);
    return withChanges(decision, (change) => unconditionalPut(change, state));
  },
});

/** The state as it was before the event was handled for the first time. */
const stateBefore =
  ({ name }: Service, event: ShopEvent, state: State): State =>
  (table, id) => {
    const item = state(table, id);
    if (item === undefined) return undefined;
    if (table === 'payments') return name === 'payment' ? undefined : item;
    return table === 'reservations' ? earlier(event, item) : item;
  };

function earlier({ event_type }: ShopEvent, reservation: Item): Item | undefined {
  switch (event_type) {
    case 'order_created':
      return undefined;
    case 'order_fulfilled':
      // The event says that it has shipped.
      return { ...reservation, status: 'shipped' };
    case 'payment_succeeded':
      return reservation.status === 'shipped' ? { ...reservation, status: 'held' } : reservation;
    case 'payment_failed':
      return reservation.status === 'released' ? { ...reservation, status: 'held' } : reservation;
    default:
      return reservation;
  }
}
