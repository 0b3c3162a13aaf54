import { describe, expect, it } from 'vitest';
import type { EventType, ShopEvent } from '../../src/domain/events.ts';
import type { ServiceName } from '../../src/domain/names.ts';
import type { Item } from '../../src/domain/records.ts';
import { SERVICE_MODULES } from '../../src/services/registry.ts';
import { AT, anEvent, anOrder, NOW } from '../domain/shop-events.ts';
import { aPayment, aReservation, only, stateOf, stock } from './state.ts';

type Stored = Record<string, Item | undefined>;
const decide = (service: ServiceName, event: ShopEvent, stored: Stored = {}, now = NOW) =>
  SERVICE_MODULES[service].decide(event, stateOf(stored), now);
const LATER = NOW + 60_000;

const held = { 'reservations ord_1': aReservation() };
const paid = { 'payments ord_1': aPayment() };

describe('inventory', () => {
  it('holds all lines in one transaction with the reservation, only while there is enough', () => {
    const { changes } = only(decide('inventory', anEvent('order_created'), stock()), 'write');
    expect(changes).toEqual([
      { op: 'insert', table: 'reservations', item: expect.objectContaining({ order_id: 'ord_1', status: 'held' }) },
      {
        op: 'adjust',
        table: 'inventory',
        id: 'laptop-pro',
        add: { available: -1, reserved: 1 },
        atLeast: { available: 1 },
      },
      {
        op: 'adjust',
        table: 'inventory',
        id: 'keyboard',
        add: { available: -2, reserved: 2 },
        atLeast: { available: 2 },
      },
    ]);
  });

  it('turns an order away only while there really is too little', () => {
    const decision = decide('inventory', anEvent('order_created'), stock(0));
    expect(only(decision, 'write').changes).toEqual([
      { op: 'insert', table: 'reservations', item: expect.objectContaining({ status: 'rejected' }) },
      { op: 'expect_below', table: 'inventory', id: 'laptop-pro', below: { available: 1 } },
    ]);
    expect(only(decision, 'publish').event).toMatchObject({
      reason: 'laptop-pro: 1 asked, 0 there',
      shortages: [{ sku: 'laptop-pro', requested: 1, available: 0 }],
    });
  });

  it('gives back and lets go what was reserved, not what the event says', () => {
    const items = [{ ...anOrder().items[0]!, quantity: 7 }];
    const stored = { 'reservations ord_1': aReservation({ items }), ...stock() };
    expect(only(decide('inventory', anEvent('payment_failed'), stored), 'write').changes[1]).toMatchObject({
      add: { available: 7, reserved: -7 },
      atLeast: { reserved: 7 },
    });
    const shipped = { 'reservations ord_1': aReservation({ items, status: 'shipped' }), ...stock() };
    expect(only(decide('inventory', anEvent('order_fulfilled'), shipped), 'write').changes[1]).toMatchObject({
      add: { stock: -7, reserved: -7 },
      atLeast: { stock: 7, reserved: 7 },
    });
  });

  it('lets the first of request and parcel win, by one condition', () => {
    const { changes } = only(decide('inventory', anEvent('cancel_requested'), { ...held, ...stock() }), 'write');
    expect(changes[0]).toMatchObject({ op: 'replace', item: { status: 'released' }, where: { status: 'held' } });
    const [withdrawn] = only(decide('inventory', anEvent('cancel_requested')), 'write').changes;
    expect(withdrawn).toMatchObject({ op: 'insert', table: 'reservations', item: { status: 'withdrawn' } });
  });

  it('measures what is left to sell', () => {
    expect(only(decide('inventory', anEvent('order_created'), stock()), 'measure').metrics).toEqual([
      { name: 'StockLevel', value: 99, unit: 'Count', dimensions: { Product: 'laptop-pro' } },
      { name: 'StockLevel', value: 98, unit: 'Count', dimensions: { Product: 'keyboard' } },
    ]);
  });
});

describe('payment', () => {
  it('does what the order says', () => {
    const declined = anEvent('inventory_reserved', anOrder('ord_1', 'decline'));
    const decision = decide('payment', declined);
    expect(only(decision, 'write').changes).toMatchObject([
      { op: 'insert', item: { status: 'failed', amount: '1599.97' } },
    ]);
    expect(only(decision, 'publish').event).toMatchObject({ event_type: 'payment_failed', reason: 'payment declined' });
    const timedOut = decide('payment', anEvent('inventory_reserved', anOrder('ord_1', 'timeout')));
    expect(only(timedOut, 'publish').event).toMatchObject({
      event_type: 'payment_failed',
      reason: 'payment timed out',
    });
  });

  it('of an order whose provider fails is left to be tried again', () => {
    expect(decide('payment', anEvent('inventory_reserved', anOrder('ord_1', 'error')))).toEqual({
      outcome: 'failed',
      reason: 'payment_error',
      detail: 'the payment provider failed',
    });
  });

  it('is given back once, and only while it is kept', () => {
    const decision = decide('payment', anEvent('inventory_released'), paid);
    expect(only(decision, 'write').changes).toEqual([
      {
        op: 'replace',
        table: 'payments',
        item: {
          ...aPayment(),
          status: 'refunded',
          refunded_at: AT,
          refunded_for: expect.any(String),
          reason: expect.any(String),
        },
        where: { status: 'succeeded' },
      },
    ]);
    expect(only(decision, 'publish').event).toMatchObject({ payment_id: 'pay-1', total_amount: '1599.97' });
  });

  it('that is not due any more is kept from being taken by a record', () => {
    const [change] = only(decide('payment', anEvent('inventory_released')), 'write').changes;
    expect(change).toMatchObject({ op: 'insert', table: 'payments', item: { status: 'voided', amount: '1599.97' } });
  });
});

describe('fulfillment', () => {
  it('takes the goods while they are held and paid, in the same moment', () => {
    const decision = decide('fulfillment', anEvent('payment_succeeded'), { ...held, ...paid });
    expect(only(decision, 'write').changes).toEqual([
      {
        op: 'replace',
        table: 'reservations',
        item: expect.objectContaining({ status: 'shipped', shipped_at: AT }),
        where: { status: 'held' },
      },
      { op: 'expect', table: 'payments', id: 'ord_1', where: { status: 'succeeded' } },
    ]);
  });

  it('writes the receipt from what is recorded', () => {
    const { key, body } = only(decide('fulfillment', anEvent('payment_succeeded'), { ...held, ...paid }), 'store');
    expect(key).toBe('receipts/ord_1.json');
    expect(JSON.parse(body)).toEqual({
      order_id: 'ord_1',
      customer_id: 'ada',
      customer_name: 'Ada Lovelace',
      correlation_id: anOrder().correlation_id,
      payment_id: 'pay-1',
      items: [
        { sku: 'laptop-pro', name: 'Laptop Pro', quantity: 1, unit_price: '1299.99', line_total: '1299.99' },
        { sku: 'keyboard', name: 'Keyboard', quantity: 2, unit_price: '149.99', line_total: '299.98' },
      ],
      total_amount: '1599.97',
      paid_at: AT,
      fulfilled_at: AT,
    });
  });
});

describe('a duplicate, however late', () => {
  const replay: [ServiceName, EventType, Stored, string][] = [
    ['inventory', 'order_created', stock(), 'reservations'],
    ['inventory', 'order_created', stock(0), 'reservations'],
    ['inventory', 'payment_failed', { ...held, ...stock() }, 'reservations'],
    ['inventory', 'cancel_requested', { ...held, ...stock() }, 'reservations'],
    ['inventory', 'cancel_requested', {}, 'reservations'],
    ['payment', 'inventory_reserved', {}, 'payments'],
    ['payment', 'inventory_released', paid, 'payments'],
    ['fulfillment', 'payment_succeeded', { ...held, ...paid }, 'reservations'],
  ];
  it.each(replay)('makes %s publish and store the same bytes again on %s', (service, type, stored, table) => {
    const first = decide(service, anEvent(type), stored);
    const marker = only(first, 'write').changes.find((change) => change.table === table)!;
    const again = decide(
      service,
      anEvent(type),
      { ...stored, [`${table} ord_1`]: 'item' in marker ? marker.item : {} },
      LATER,
    );
    expect(again.outcome).toBe('duplicate');
    expect(only(again, 'publish')).toEqual(only(first, 'publish'));
    if (service === 'fulfillment') expect(only(again, 'store')).toEqual(only(first, 'store'));
  });
});

describe('analytics', () => {
  it.each([
    ['order_created', { OrdersCreated: 1, OrderValue: 1599.97 }],
    ['inventory_reserved', { InventoryReservations: 1 }],
    ['inventory_rejected', { InventoryRejections: 1 }],
    ['payment_succeeded', { PaymentsProcessed: 1, PaymentSuccessRate: 100 }],
    ['payment_failed', { PaymentsProcessed: 1, PaymentSuccessRate: 0 }],
    ['inventory_released', { OrdersCancelled: 1 }],
    ['order_fulfilled', { OrdersFulfilled: 1 }],
    ['cancel_requested', { CancellationsRequested: 1 }],
    ['payment_refunded', { Refunds: 1, RefundValue: 1599.97 }],
  ] as const)('counts %s at the time when it happened', (type, counts) => {
    const { metrics } = only(decide('analytics', anEvent(type), {}, LATER), 'measure');
    expect(Object.fromEntries(metrics.map(({ name, value }) => [name, value]))).toEqual(counts);
    expect(new Set(metrics.map(({ at }) => at))).toEqual(new Set([NOW]));
  });
});
