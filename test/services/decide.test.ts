import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, type EventType, type ShopEvent } from '../../src/domain/events.ts';
import { SERVICES, type ServiceName } from '../../src/domain/names.ts';
import type { Item } from '../../src/domain/records.ts';
import { SERVICE_MODULES } from '../../src/services/registry.ts';
import { anEvent, anOrder, NOW } from '../domain/shop-events.ts';
import { aPayment, aReservation, kindsOf, only, stateOf, stock } from './state.ts';

type Stored = Record<string, Item | undefined>;
const decide = (service: ServiceName, event: ShopEvent, stored: Stored = {}) =>
  SERVICE_MODULES[service].decide(event, stateOf(stored), NOW);

const held = { 'reservations ord_1': aReservation() };
const paid = { 'payments ord_1': aPayment() };
const order = { 'orders ord_1': anOrder() };
const ended = (status: 'shipped' | 'committed' | 'released' | 'rejected' | 'withdrawn') => ({
  'reservations ord_1': aReservation({ status }),
});
const wrote = ['write', 'publish', 'measure', 'log'];

interface Case {
  on: EventType;
  stored: Stored;
  outcome: 'handled' | 'duplicate' | 'ignored' | 'refused' | 'failed';
  kinds?: string[];
  publishes?: EventType;
  detail?: string;
}

const CASES: Record<string, [ServiceName, Case][]> = {
  inventory: [
    [
      'inventory',
      { on: 'order_created', stored: stock(), outcome: 'handled', kinds: wrote, publishes: 'inventory_reserved' },
    ],
    [
      'inventory',
      {
        on: 'order_created',
        stored: stock(0),
        outcome: 'handled',
        kinds: ['write', 'publish', 'log'],
        publishes: 'inventory_rejected',
      },
    ],
    [
      'inventory',
      {
        on: 'order_created',
        stored: {},
        outcome: 'handled',
        kinds: ['write', 'publish', 'log'],
        publishes: 'inventory_rejected',
      },
    ],
    ...(['held', 'shipped', 'committed', 'released'] as const).map((status): [ServiceName, Case] => [
      'inventory',
      {
        on: 'order_created',
        stored: { 'reservations ord_1': aReservation({ status }), ...stock(0) },
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'inventory_reserved',
      },
    ]),
    [
      'inventory',
      {
        on: 'order_created',
        stored: { ...ended('rejected'), ...stock() },
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'inventory_rejected',
      },
    ],
    [
      'inventory',
      {
        on: 'order_created',
        stored: { 'reservations ord_1': aReservation({ items: [] }) },
        outcome: 'refused',
        detail: 'asked for',
      },
    ],
    [
      'inventory',
      {
        on: 'payment_failed',
        stored: { ...held, ...stock() },
        outcome: 'handled',
        kinds: wrote,
        publishes: 'inventory_released',
      },
    ],
    [
      'inventory',
      {
        on: 'payment_failed',
        stored: { ...ended('released'), ...stock() },
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'inventory_released',
      },
    ],
    ['inventory', { on: 'payment_failed', stored: {}, outcome: 'refused', detail: 'has no reservation' }],
    [
      'inventory',
      { on: 'payment_failed', stored: ended('shipped'), outcome: 'refused', detail: 'whose reservation is shipped' },
    ],
    [
      'inventory',
      {
        on: 'order_fulfilled',
        stored: { ...ended('shipped'), ...stock() },
        outcome: 'handled',
        kinds: ['write', 'measure', 'log'],
      },
    ],
    ['inventory', { on: 'order_fulfilled', stored: ended('committed'), outcome: 'duplicate', kinds: ['log'] }],
    ['inventory', { on: 'order_fulfilled', stored: held, outcome: 'refused', detail: 'whose reservation is held' }],
    ['inventory', { on: 'order_fulfilled', stored: {}, outcome: 'refused', detail: 'has no reservation' }],
    [
      'inventory',
      {
        on: 'cancel_requested',
        stored: { ...held, ...stock() },
        outcome: 'handled',
        kinds: wrote,
        publishes: 'inventory_released',
      },
    ],
    [
      'inventory',
      {
        on: 'cancel_requested',
        stored: {},
        outcome: 'handled',
        kinds: ['write', 'publish', 'log'],
        publishes: 'inventory_released',
      },
    ],
    ...(['released', 'withdrawn'] as const).map((status): [ServiceName, Case] => [
      'inventory',
      {
        on: 'cancel_requested',
        stored: ended(status),
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'inventory_released',
      },
    ]),
    ...(['shipped', 'committed', 'rejected'] as const).map((status): [ServiceName, Case] => [
      'inventory',
      { on: 'cancel_requested', stored: ended(status), outcome: 'ignored', kinds: ['log'] },
    ]),
    [
      'inventory',
      {
        on: 'order_created',
        stored: { ...ended('withdrawn'), ...stock() },
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'inventory_released',
      },
    ],
    [
      'inventory',
      { on: 'payment_failed', stored: ended('withdrawn'), outcome: 'refused', detail: 'reservation is withdrawn' },
    ],
  ],
  payment: [
    [
      'payment',
      {
        on: 'inventory_reserved',
        stored: {},
        outcome: 'handled',
        kinds: ['write', 'publish', 'log'],
        publishes: 'payment_succeeded',
      },
    ],
    [
      'payment',
      {
        on: 'inventory_reserved',
        stored: paid,
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'payment_succeeded',
      },
    ],
    [
      'payment',
      {
        on: 'inventory_reserved',
        stored: { 'payments ord_1': aPayment({ status: 'failed' }) },
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'payment_failed',
      },
    ],
    [
      'payment',
      {
        on: 'inventory_reserved',
        stored: { 'payments ord_1': aPayment({ amount: '1.00' }) },
        outcome: 'refused',
        detail: 'was charged 1.00',
      },
    ],
    [
      'payment',
      {
        on: 'inventory_reserved',
        stored: { 'payments ord_1': aPayment({ status: 'refunded' }) },
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'payment_succeeded',
      },
    ],
    [
      'payment',
      {
        on: 'inventory_reserved',
        stored: { 'payments ord_1': aPayment({ status: 'voided' }) },
        outcome: 'ignored',
        kinds: ['log'],
      },
    ],
    ['payment', { on: 'inventory_released', stored: {}, outcome: 'handled', kinds: ['write', 'log'] }],
    [
      'payment',
      {
        on: 'inventory_released',
        stored: paid,
        outcome: 'handled',
        kinds: ['write', 'publish', 'log'],
        publishes: 'payment_refunded',
      },
    ],
    [
      'payment',
      {
        on: 'inventory_released',
        stored: { 'payments ord_1': aPayment({ status: 'refunded' }) },
        outcome: 'duplicate',
        kinds: ['publish', 'log'],
        publishes: 'payment_refunded',
      },
    ],
    ...(['failed', 'voided'] as const).map((status): [ServiceName, Case] => [
      'payment',
      {
        on: 'inventory_released',
        stored: { 'payments ord_1': aPayment({ status }) },
        outcome: 'ignored',
        kinds: ['log'],
      },
    ]),
    [
      'payment',
      {
        on: 'inventory_released',
        stored: { 'payments ord_1': aPayment({ amount: '1.00' }) },
        outcome: 'refused',
        detail: 'was charged 1.00',
      },
    ],
  ],
  fulfillment: [
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...held, ...paid },
        outcome: 'handled',
        kinds: ['write', 'store', 'publish', 'log'],
        publishes: 'order_fulfilled',
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...ended('shipped'), ...paid },
        outcome: 'duplicate',
        kinds: ['store', 'publish', 'log'],
        publishes: 'order_fulfilled',
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...ended('committed'), ...paid },
        outcome: 'duplicate',
        kinds: ['store', 'publish', 'log'],
        publishes: 'order_fulfilled',
      },
    ],
    ['fulfillment', { on: 'payment_succeeded', stored: held, outcome: 'refused', detail: 'has no payment' }],
    ['fulfillment', { on: 'payment_succeeded', stored: paid, outcome: 'refused', detail: 'has no reservation' }],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...held, 'payments ord_1': aPayment({ status: 'failed' }) },
        outcome: 'refused',
        detail: 'payment that is failed',
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...held, 'payments ord_1': aPayment({ amount: '1.00' }) },
        outcome: 'refused',
        detail: 'was paid 1.00, not 1599.97',
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...ended('released'), ...paid },
        outcome: 'ignored',
        kinds: ['log'],
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...ended('released'), 'payments ord_1': aPayment({ status: 'refunded' }) },
        outcome: 'ignored',
        kinds: ['log'],
      },
    ],
    ...(['refunded', 'voided'] as const).map((status): [ServiceName, Case] => [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...held, 'payments ord_1': aPayment({ status }) },
        outcome: 'refused',
        detail: `payment that is ${status}`,
      },
    ]),
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...ended('released'), 'payments ord_1': aPayment({ status: 'failed' }) },
        outcome: 'refused',
        detail: 'payment that is failed',
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...ended('withdrawn'), ...paid },
        outcome: 'refused',
        detail: 'that was withdrawn',
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { ...ended('rejected'), ...paid },
        outcome: 'refused',
        detail: 'that was rejected',
      },
    ],
    [
      'fulfillment',
      {
        on: 'payment_succeeded',
        stored: { 'reservations ord_1': aReservation({ items: [] }), ...paid },
        outcome: 'refused',
        detail: 'for goods of 0.00',
      },
    ],
  ],
  order: [
    ...SERVICE_MODULES.order.consumes.flatMap((on): [ServiceName, Case][] => [
      ['order', { on, stored: order, outcome: 'handled', kinds: ['write', 'log'] }],
      ['order', { on, stored: {}, outcome: 'refused', detail: 'is not in the table orders' }],
    ]),
  ],
};

describe.each(Object.entries(CASES))('%s', (_, cases) => {
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

describe('every service', () => {
  it.each(SERVICES)('%s leaves alone what it does not consume', (name) => {
    for (const type of EVENT_TYPES.filter((each) => !SERVICE_MODULES[name].consumes.includes(each))) {
      expect(decide(name, anEvent(type))).toMatchObject({ outcome: 'ignored', effects: [{ kind: 'log' }] });
    }
  });

  it.each(SERVICES)('%s loads all that it looks at', (name) => {
    for (const type of EVENT_TYPES) {
      const event = anEvent(type);
      const loaded = new Set(SERVICE_MODULES[name].load(event).map(({ table, id }) => `${table} ${id}`));
      SERVICE_MODULES[name].decide(
        event,
        (table, id) => {
          expect(loaded).toContain(`${table} ${id}`);
          return undefined;
        },
        NOW,
      );
    }
  });
});
