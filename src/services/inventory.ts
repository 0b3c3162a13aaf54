import type { EventOf, ShopEvent } from '../domain/events.ts';
import { describeLines, sameLines } from '../domain/lines.ts';
import { answerEvent, releaseEvent } from '../domain/recorded-events.ts';
import type { ReservationRecord, Shortage } from '../domain/records.ts';
import {
  type Decision,
  duplicate,
  handled,
  log,
  notForUs,
  publishing,
  refused,
  type Service,
  type State,
  write,
} from './effects.ts';
import { commit, release } from './reservation-end.ts';
import { moveStock, reservationOf, shortagesOf, stockLevels } from './stock.ts';

/** Holds stock for orders, all lines or none, gives it back, and lets it go when the goods have left. */
export const inventoryService: Service = {
  name: 'inventory',
  consumes: ['order_created', 'payment_failed', 'order_fulfilled', 'cancel_requested'],

  load: (event) => [
    { table: 'reservations', id: event.order_id },
    ...event.items.map(({ sku }) => ({ table: 'inventory' as const, id: sku })),
  ],

  decide(event, state, now) {
    const at = new Date(now).toISOString();
    switch (event.event_type) {
      case 'order_created':
        return reserve(event, state, at);
      case 'payment_failed':
      case 'cancel_requested':
        return release(event, state, at);
      case 'order_fulfilled':
        return commit(event, state, at);
      default:
        return notForUs('inventory', event);
    }
  },
};

function reserve(event: EventOf<'order_created'>, state: State, at: string): Decision {
  const known = reservationOf(state, event.order_id);
  if (known !== undefined) {
    if (!sameLines(known.items, event.items)) {
      return refused('contradiction', `order ${event.order_id} asked for ${describeLines(known.items)} before`);
    }
    const again = publishing(answerEvent(event, known) ?? releaseEvent(event, known));
    return duplicate(...again, log('info', 'already_answered', `stock was already ${known.status}`));
  }
  const { order_id, items, correlation_id, event_id: caused_by } = event;
  const reservation: ReservationRecord = { order_id, status: 'held', items, correlation_id, caused_by, created_at: at };
  const shortages = shortagesOf(items, state);
  if (shortages.length > 0) return reject(event, { ...reservation, status: 'rejected', shortages });
  const summary = `held ${describeLines(items)}`;
  return handled(
    write(
      summary,
      { op: 'insert', table: 'reservations', item: reservation },
      ...moveStock(items, { available: -1, reserved: 1 }),
    ),
    ...publishing(answerEvent(event, reservation)),
    stockLevels(items, state, -1),
    log('info', 'inventory_reserved', summary),
  );
}

function reject(event: ShopEvent, reservation: ReservationRecord & { shortages: Shortage[] }): Decision {
  const reason = describeShortages(reservation.shortages);
  const rejected = { ...reservation, reason };
  // Without this an order could be turned away for stock that somebody gave back since it was counted.
  const { sku, requested } = reservation.shortages[0]!;
  return handled(
    write(
      `rejected: ${reason}`,
      { op: 'insert', table: 'reservations', item: rejected },
      { op: 'expect_below', table: 'inventory', id: sku, below: { available: requested } },
    ),
    ...publishing(answerEvent(event, rejected)),
    log('warn', 'inventory_rejected', reason),
  );
}

const describeShortages = (shortages: readonly Shortage[]) =>
  shortages.map(({ sku, requested, available }) => `${sku}: ${requested} asked, ${available} there`).join('; ');
