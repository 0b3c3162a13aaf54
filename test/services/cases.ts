import { describe, expect, it } from 'vitest';
import type { EventType, ShopEvent } from '../../src/domain/events.ts';
import type { ServiceName } from '../../src/domain/names.ts';
import type { Item } from '../../src/domain/records.ts';
import { SERVICE_MODULES } from '../../src/services/registry.ts';
import { anEvent, anOrder, NOW } from '../domain/shop-events.ts';
import { aPayment, aReservation, kindsOf, only, stateOf } from './state.ts';

export type Stored = Record<string, Item | undefined>;
export const decide = (service: ServiceName, event: ShopEvent, stored: Stored = {}) =>
  SERVICE_MODULES[service].decide(event, stateOf(stored), NOW);

export const held = { 'reservations ord_1': aReservation() };
export const paid = { 'payments ord_1': aPayment() };
export const order = { 'orders ord_1': anOrder() };
export const ended = (status: 'shipped' | 'committed' | 'released' | 'rejected' | 'withdrawn') => ({
  'reservations ord_1': aReservation({ status }),
});
export const wrote = ['write', 'publish', 'measure', 'log'];

export interface Case {
  on: EventType;
  stored: Stored;
  outcome: 'handled' | 'duplicate' | 'ignored' | 'refused' | 'failed';
  kinds?: string[];
  publishes?: EventType;
  detail?: string;
}

/** What a service decides, row by row: on this event, with this stored. */
export function testCases(name: string, cases: readonly [ServiceName, Case][]): void {
  describe(name, () => {
    it.each(
      cases.map(
        ([service, each]) => [each.on, Object.keys(each.stored).join(', '), each.outcome, service, each] as const,
      ),
    )('on %s with [%s]: %s', (on, _stored, outcome, service, { stored, kinds, publishes, detail }) => {
      const decision = decide(service, anEvent(on), stored);
      expect(decision.outcome).toBe(outcome);
      if (detail !== undefined) expect(decision).toMatchObject({ detail: expect.stringContaining(detail) });
      if (kinds !== undefined) expect(kindsOf(decision)).toEqual(kinds);
      if (publishes !== undefined) expect(only(decision, 'publish').event.event_type).toBe(publishes);
    });
  });
}
