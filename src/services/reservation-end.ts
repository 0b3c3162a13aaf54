import type { EventOf, ShopEvent } from '../domain/events.ts';
import { describeLines } from '../domain/lines.ts';
import { releaseEvent } from '../domain/recorded-events.ts';
import type { ReservationRecord } from '../domain/records.ts';
import { type Decision, duplicate, handled, ignored, log, publishing, refused, type State, write } from './effects.ts';
import { moveStock, reservationOf, stockLevels } from './stock.ts';

type EndOfHold = EventOf<'payment_failed' | 'cancel_requested'>;

/** Gives the goods of an order back that will not be paid, or not be shipped. Here it is decided who came first. */
export function release(event: EndOfHold, state: State, at: string): Decision {
  const reservation = reservationOf(state, event.order_id);
  const cancelled = event.event_type === 'cancel_requested';
  if (reservation === undefined) {
    return cancelled ? withdraw(event, at) : refused('unknown_order', `order ${event.order_id} has no reservation`);
  }
  const { status, items } = reservation;
  if (status === 'released' || (cancelled && status === 'withdrawn')) {
    const again = publishing(releaseEvent(event, reservation));
    return duplicate(...again, log('info', 'already_released', `stock was already ${status}`));
  }
  if (status !== 'held') {
    return cancelled
      ? ignored(log('warn', 'cancelled_too_late', `the order was already ${status}`))
      : contradiction(event, reservation);
  }
  const released: ReservationRecord = {
    ...reservation,
    status: 'released',
    released_at: at,
    released_for: event.event_id,
    reason: event.reason,
  };
  const summary = `released ${describeLines(items)}`;
  return handled(
    write(
      summary,
      { op: 'replace', table: 'reservations', item: released, where: { status: 'held' } },
      ...moveStock(items, { available: 1, reserved: -1 }),
    ),
    ...publishing(releaseEvent(event, released)),
    stockLevels(items, state, 1),
    log('warn', 'inventory_released', `${summary}: ${event.reason}`),
  );
}

/** The request overtook the order itself: its record keeps anything from being held when the order comes. */
function withdraw(event: EndOfHold, at: string): Decision {
  const { order_id, items, correlation_id, event_id: caused_by, reason } = event;
  const withdrawn: ReservationRecord = {
    order_id,
    status: 'withdrawn',
    items,
    correlation_id,
    caused_by,
    created_at: at,
    released_at: at,
    released_for: caused_by,
    reason,
  };
  const summary = 'withdrawn before anything was held';
  return handled(
    write(summary, { op: 'insert', table: 'reservations', item: withdrawn }),
    ...publishing(releaseEvent(event, withdrawn)),
    log('warn', 'reservation_withdrawn', `${summary}: ${reason}`),
  );
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
