import type { ShopEvent } from '../../../domain/events.ts';
import type { Item } from '../../../domain/records.ts';
import type { Service, State } from '../../../services/effects.ts';
import type { Services } from '../../../services/registry.ts';
import { putAnyway, withChanges } from './unconditional.ts';

/** Services that do what an event says, however often they have done it. */
export const forgetful = (services: Services): Services => ({
  ...services,
  inventory: unaware(services.inventory),
  payment: unaware(services.payment),
  fulfillment: unaware(services.fulfillment),
});

const unaware = (service: Service): Service => ({
  ...service,
  decide(event, state, now) {
    const decision = service.decide(event, forgotten(service, event, state), now);
    return withChanges(decision, (change) => putAnyway(change, state));
  },
});

/** What is stored, as it was before the event was handled for the first time. */
const forgotten =
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
      // Whether it has shipped says the event.
      return { ...reservation, status: 'shipped' };
    case 'payment_succeeded':
      return reservation.status === 'shipped' ? { ...reservation, status: 'held' } : reservation;
    case 'payment_failed':
      return reservation.status === 'released' ? { ...reservation, status: 'held' } : reservation;
    default:
      return reservation;
  }
}
