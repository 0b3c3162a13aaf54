import { INITIAL_STOCK, inventoryRecord } from '../../src/domain/catalogue.ts';
import type { Item, PaymentRecord, ReservationRecord } from '../../src/domain/records.ts';
import type { Decision, Effect, State } from '../../src/services/effects.ts';
import { AT, anOrder } from '../domain/shop-events.ts';

/** State as a service would have loaded it, by `table id`. */
export const stateOf =
  (items: Record<string, Item | undefined>): State =>
  (table, id) =>
    items[`${table} ${id}`];

export const stock = (available = INITIAL_STOCK) => ({
  'inventory laptop-pro': inventoryRecord('laptop-pro', available),
  'inventory keyboard': inventoryRecord('keyboard'),
});

export function aReservation(over: Partial<ReservationRecord> = {}): ReservationRecord {
  const { order_id, items, correlation_id } = anOrder();
  return { order_id, items, correlation_id, status: 'held', caused_by: 'cause-1', created_at: AT, ...over };
}

export function aPayment(over: Partial<PaymentRecord> = {}): PaymentRecord {
  const { order_id, total_amount: amount, correlation_id } = anOrder();
  const payment = { order_id, amount, correlation_id, payment_id: 'pay-1', status: 'succeeded' as const };
  return { ...payment, caused_by: 'cause-2', created_at: AT, ...over };
}

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

export function effectsOf(decision: Decision): readonly Effect[] {
  if ('detail' in decision) throw new Error(`${decision.outcome}: ${decision.detail}`);
  return decision.effects;
}

export const kindsOf = (decision: Decision) => effectsOf(decision).map(({ kind }) => kind);

export const only = <K extends Effect['kind']>(decision: Decision, kind: K): Of<K> => {
  const found = effectsOf(decision).filter((effect): effect is Of<K> => effect.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} effects of kind ${kind}`);
  return found[0]!;
};
