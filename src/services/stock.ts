import type { InventoryRecord, OrderLine, ReservationRecord, Shortage } from '../domain/records.ts';
import { type Change, type Effect, measure, type State } from './effects.ts';

export const stockOf = (state: State, sku: string) => state('inventory', sku) as InventoryRecord | undefined;

export const reservationOf = (state: State, orderId: string) =>
  state('reservations', orderId) as ReservationRecord | undefined;

/** Moves the pieces of each line between an inventory record's numbers; `take` are those that must hold them. */
export function moveStock(
  lines: readonly OrderLine[],
  signs: Partial<Record<'stock' | 'reserved' | 'available', 1 | -1>>,
): Change[] {
  return lines.map(({ sku, quantity }) => {
    const add: Record<string, number> = {};
    const atLeast: Record<string, number> = {};
    for (const [number, sign] of Object.entries(signs)) {
      add[number] = sign * quantity;
      if (sign < 0) atLeast[number] = quantity;
    }
    return { op: 'adjust', table: 'inventory', id: sku, add, atLeast };
  });
}

export function shortagesOf(lines: readonly OrderLine[], state: State): Shortage[] {
  return lines
    .map(({ sku, quantity }) => ({ sku, requested: quantity, available: stockOf(state, sku)?.available ?? 0 }))
    .filter(({ requested, available }) => available < requested);
}

/** What is left to sell of each product once `change` pieces (a line's quantity, signed) have come or gone. */
export function stockLevels(lines: readonly OrderLine[], state: State, sign: 1 | -1 | 0): Effect {
  return measure(
    ...lines.map(({ sku, quantity }) => ({
      name: 'StockLevel',
      value: Math.max(0, (stockOf(state, sku)?.available ?? 0) + sign * quantity),
      unit: 'Count' as const,
      dimensions: { Product: sku },
    })),
  );
}
