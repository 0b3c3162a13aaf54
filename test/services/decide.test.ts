import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/events.ts';
import { SERVICES, type ServiceName } from '../../src/domain/names.ts';
import { SERVICE_MODULES } from '../../src/services/registry.ts';
import { anEvent, NOW } from '../domain/shop-events.ts';
import { type Case, decide, ended, held, order, testCases, wrote } from './cases.ts';
import { aReservation, stock } from './state.ts';

testCases('inventory', [
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
]);

testCases('order', [
  ...SERVICE_MODULES.order.consumes.flatMap((on): [ServiceName, Case][] => [
    ['order', { on, stored: order, outcome: 'handled', kinds: ['write', 'log'] }],
    ['order', { on, stored: {}, outcome: 'refused', detail: 'is not in the table orders' }],
  ]),
]);

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
