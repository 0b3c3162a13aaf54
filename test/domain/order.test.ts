import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../src/domain/events.ts';
import { cancelRequest, factOf, isCancellable, isTerminal, recordFact, requestCancel } from '../../src/domain/order.ts';
import { ORDER_STATUSES, type OrderRecord } from '../../src/domain/records.ts';
import { AT, anEvent, anOrder, NOW } from './shop-events.ts';

const record = (order: OrderRecord, type: EventType, at?: string) =>
  recordFact(order, factOf(anEvent(type, anOrder(), at))) ?? order;
const without = ({ version: _, ...rest }: OrderRecord) => rest;

const COURSES: [string, EventType[], string, string | undefined][] = [
  ['fulfilled', ['inventory_reserved', 'payment_succeeded', 'order_fulfilled'], 'fulfilled', undefined],
  ['cancelled', ['inventory_reserved', 'payment_failed', 'inventory_released'], 'cancelled', 'payment declined'],
  ['rejected', ['inventory_rejected'], 'rejected', 'none left'],
  [
    'cancelled and refunded',
    ['inventory_reserved', 'payment_succeeded', 'cancel_requested', 'inventory_released', 'payment_refunded'],
    'cancelled',
    'payment declined',
  ],
  [
    'asked to be cancelled too late',
    ['inventory_reserved', 'payment_succeeded', 'cancel_requested', 'order_fulfilled'],
    'fulfilled',
    undefined,
  ],
  ['asked to be cancelled but rejected', ['cancel_requested', 'inventory_rejected'], 'rejected', 'none left'],
];

describe('an order', () => {
  it('starts as created', () => {
    expect(anOrder()).toMatchObject({ status: 'created', version: 1, created_at: AT, updated_at: AT });
    expect(anOrder().history).toEqual([{ status: 'created', at: AT, event_id: expect.any(String) }]);
  });

  it.each(COURSES)('that is %s ends in the same record whatever the order of facts', (_, types, status, reason) => {
    const straight = types.reduce((order, type) => record(order, type), anOrder());
    expect(straight).toMatchObject({ status, version: types.length + 1 });
    expect(straight.reason).toBe(reason);
    expect(isTerminal(straight.status)).toBe(true);
    const shuffled = fc.shuffledSubarray([...types, ...types], { minLength: 2 * types.length });
    fc.assert(
      fc.property(shuffled, (facts) => {
        const order = facts.reduce((before, type) => record(before, type), anOrder());
        expect(without(order)).toEqual(without(straight));
      }),
    );
  });

  it('takes the earliest telling of a fact, so that tellings commute', () => {
    const [early, late] = ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:02.000Z'];
    const one = record(record(anOrder(), 'inventory_reserved', late), 'inventory_reserved', early);
    const other = record(record(anOrder(), 'inventory_reserved', early), 'inventory_reserved', late);
    expect(without(one)).toEqual(without(other));
    expect(one.history[1]!.at).toBe(early);
    expect(one.updated_at).toBe(early);
  });

  it('is unchanged by a fact that is known', () => {
    const order = record(anOrder(), 'inventory_reserved');
    expect(recordFact(order, factOf(anEvent('inventory_reserved')))).toBeUndefined();
  });

  it('can be cancelled until it ships, and asked once', () => {
    expect(ORDER_STATUSES.filter(isCancellable)).toEqual(['created', 'reserved', 'paid']);
    expect(cancelRequest(anOrder())).toBeUndefined();
    const asked = requestCancel(anOrder(), NOW + 1)!;
    expect(asked).toMatchObject({ status: 'cancelling', reason: 'cancelled on request', version: 2 });
    expect(requestCancel(asked, NOW + 2)).toBeUndefined();
    expect(cancelRequest(asked)).toMatchObject({
      event_type: 'cancel_requested',
      timestamp: new Date(NOW + 1).toISOString(),
      causation_id: null,
      reason: 'cancelled on request',
    });
    // The same event, however often it is published.
    expect(cancelRequest(record(asked, 'inventory_reserved'))).toEqual(cancelRequest(asked));
  });

  it('keeps fields that it does not know', () => {
    const order = { ...anOrder(), note: 'by hand' };
    expect(record(order, 'inventory_reserved')).toMatchObject({ note: 'by hand' });
  });
});
