import type { ServiceName } from '../../src/domain/names.ts';
import { type Case, ended, held, paid, testCases } from './cases.ts';
import { aPayment, aReservation } from './state.ts';

testCases('payment', [
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
]);

testCases('fulfillment', [
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
]);
