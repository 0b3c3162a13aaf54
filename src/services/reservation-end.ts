import { type EventOf, followUp, type ShopEvent } from '../domain/events.ts';
import { describeLines } from '../domain/lines.ts';
import type { ReservationRecord } from '../domain/records.ts';
import { type Decision, duplicate, type Effect, handled, log, publish, refused, type State, write } from './effects.ts';
import { moveStock, reservationOf, stockLevels } from './stock.ts';

/** Gives the goods of an order back that will not be paid. */
export function release(event: EventOf<'payment_failed'>, state: State, at: string): Decision {
  const reservation = reservationOf(state, event.order_id);
  if (reservation === undefined) return refused('unknown_order', `order ${event.order_id} has no reservation`);
  if (reservation.status === 'released') {
    return duplicate(publishRelease(event, reservation), log('info', 'already_released', 'stock was already released'));
  }
  if (reservation.status !== 'held') return contradiction(event, reservation);
  const released: ReservationRecord = {
    ...reservation,
    status: 'released',
    released_at: at,
    released_for: event.event_id,
    reason: event.reason,
  };
  const summary = `released ${describeLines(reservation.items)}`;
  return handled(
    write(
      summary,
      { op: 'replace', table: 'reservations', item: released, where: { status: 'held' } },
      ...moveStock(reservation.items, { available: 1, reserved: -1 }),
    ),
    publishRelease(event, released),
    stockLevels(reservation.items, state, 1),
    log('warn', 'inventory_released', `${summary}: ${event.reason}`),
  );
}

function publishRelease(event: EventOf<'payment_failed'>, reservation: ReservationRecord): Effect {
  const { released_for: causedBy = event.event_id, released_at: at = event.timestamp } = reservation;
  const payload = { reason: reservation.reason ?? event.reason };
  return publish(followUp(event, 'inventory_released', { causedBy, at, payload }));
}

/** Lets the goods of an order go that has shipped. */
export function commit(event: EventOf<'order_fulfilled'>, state: State, at: string): Decision {
  const reservation = reservationOf(state, event.order_id);
  if (reservation === undefined) return refused('unknown_order', `order ${event.order_id} has no reservation`);
  if (reservation.status === 'committed') {
    return duplicate(log('info', 'already_committed', 'stock had already left'));
  }
  if (reservation.status !== 'shipped') return contradiction(event, reservation);
  const summary = `stock left: ${describeLines(reservation.items)}`;
  return handled(
    write(
      summary,
      {
        op: 'replace',
        table: 'reservations',
        item: { ...reservation, status: 'committed', committed_at: at },
        where: { status: 'shipped' },
      },
      ...moveStock(reservation.items, { stock: -1, reserved: -1 }),
    ),
    stockLevels(reservation.items, state, 0),
    log('info', 'stock_committed', summary),
  );
}

const contradiction = (event: ShopEvent, { status }: ReservationRecord): Decision =>
  refused('contradiction', `${event.event_type} for order ${event.order_id}, whose reservation is ${status}`);
