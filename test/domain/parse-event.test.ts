import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, encodeEvent } from '../../src/domain/events.ts';
import { derivedId } from '../../src/domain/ids.ts';
import { type ParsedMessage, parseMessage } from '../../src/domain/parse-event.ts';
import { AT, anEvent, NOW } from './shop-events.ts';

const read = (body: unknown, attributes: Record<string, string> = {}): ParsedMessage =>
  parseMessage({ body: typeof body === 'string' ? body : JSON.stringify(body), attributes, sentAt: NOW });
const event = anEvent('order_created');

describe('messages that are events', () => {
  it.each(EVENT_TYPES)('%s survives encoding and parsing', (type) => {
    const { body, attributes } = encodeEvent(anEvent(type));
    expect(attributes).toEqual({ event_type: type, order_id: 'ord_1', correlation_id: event.correlation_id });
    expect(parseMessage({ body, attributes, sentAt: NOW })).toEqual({ event: anEvent(type) });
  });

  it("come in SNS's envelope too", () => {
    const envelope = {
      Type: 'Notification',
      MessageId: 'm',
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:order-events',
      Message: JSON.stringify(event),
      Timestamp: AT,
      MessageAttributes: { event_type: { Type: 'String', Value: 'order_created' } },
    };
    expect(read(envelope)).toEqual({ event });
  });

  it('may have fields that nobody knows', () => {
    const items = event.items.map((line) => ({ ...line, colour: 'grey' }));
    expect(read({ ...event, items, hats: 3, ['__proto__']: { polluted: true } })).toEqual({ event });
  });

  it('of an older publisher are completed', () => {
    const older = { order_id: 'ord_9', customer_id: 'ada', items: [{ sku: 'keyboard', quantity: 2 }] };
    const parsed = read(older, { event_type: 'order_created', correlation_id: 'corr-9' });
    expect(parsed).toEqual({
      event: {
        event_type: 'order_created',
        event_id: derivedId('ord_9', 'order_created'),
        order_id: 'ord_9',
        customer_id: 'ada',
        customer_name: 'ada',
        correlation_id: 'corr-9',
        causation_id: null,
        timestamp: AT,
        schema_version: 1,
        items: [{ sku: 'keyboard', name: 'Keyboard', quantity: 2, unit_price: '149.99' }],
        total_amount: '299.98',
        payment: 'approve',
      },
    });
  });

  it('take the attributes and the time of the envelope where the event has none', () => {
    const Message = JSON.stringify({ customer_id: 'ada', items: [{ sku: 'keyboard', quantity: 1 }] });
    const MessageAttributes = {
      event_type: { Type: 'String', Value: 'order_created' },
      order_id: { Type: 'String', Value: 'ord_8' },
    };
    const parsed = read({ Type: 'Notification', Message, MessageAttributes, Timestamp: '2025-12-31T00:00:00Z' });
    expect(parsed).toMatchObject({ event: { order_id: 'ord_8', timestamp: '2025-12-31T00:00:00.000Z' } });
  });

  it('may have prices as numbers of whole cents', () => {
    const items = [{ sku: 'x', name: 'X', quantity: 3, unit_price: 1299.99 }];
    expect(read({ ...event, items, total_amount: 3899.97 })).toMatchObject({ event: { total_amount: '3899.97' } });
  });

  it('have the lines of one product merged and amounts in one form', () => {
    const line = { sku: 'x', name: 'X', quantity: 1, unit_price: '5' };
    const items = [line, { ...line, unit_price: '5.00' }];
    expect(read({ ...event, items, total_amount: '10' })).toMatchObject({
      event: { items: [{ sku: 'x', quantity: 2, unit_price: '5.00' }], total_amount: '10.00' },
    });
  });
});

describe('messages that are none', () => {
  const line = event.items[0]!;
  it.each([
    ['text', 'hello', 'not_json', 'the body is not JSON'],
    ['nothing', '', 'not_json', 'the body is not JSON'],
    ['an envelope around text', { Type: 'Notification', Message: 'hi' }, 'not_json', 'Message is not JSON'],
    ['an envelope around a list', { Type: 'Notification', Message: '[]' }, 'not_event', 'not an object'],
    ['a number', '7', 'not_event', 'not an object'],
    ['null', 'null', 'not_event', 'not an object'],
    ['a list', '[]', 'not_event', 'not an object'],
    ['an object', '{}', 'not_event', 'event_type is missing'],
    ['a newer schema', { ...event, schema_version: 2 }, 'newer_schema', 'schema_version 2 is newer'],
    ['a newer schema of an unknown type', { event_type: 'x', schema_version: 9 }, 'newer_schema', 'is newer'],
    [
      'an unknown type',
      { ...event, event_type: 'order_admired' },
      'unknown_type',
      'unknown event_type "order_admired"',
    ],
    ['no order', { ...event, order_id: undefined }, 'not_event', 'order_id'],
    ['an order id for a path', { ...event, order_id: '../x' }, 'not_event', 'order_id: not an id'],
    ['an order id that is no string', { ...event, order_id: { toString: 1 } }, 'not_event', 'order_id'],
    ['no items', { ...event, items: [] }, 'not_event', 'items: Too small: expected array to have >=1 items'],
    [
      'items of a kind',
      { ...event, items: 'laptop' },
      'not_event',
      'items: Invalid input: expected array, received string',
    ],
    ['quantity 0', { ...event, items: [{ ...line, quantity: 0 }] }, 'not_event', 'items[0].quantity'],
    [
      'half a piece',
      { ...event, items: [{ ...line, quantity: 0.5 }] },
      'not_event',
      'items[0].quantity: Invalid input: expected int, received number',
    ],
    ['a negative price', { ...event, items: [{ ...line, unit_price: '-1' }] }, 'not_event', 'items[0].unit_price'],
    ['an unknown price', { ...event, items: [{ sku: 'x', quantity: 1 }] }, 'not_event', 'unit_price'],
    ['a wrong total', { ...event, total_amount: '1.00' }, 'not_event', "1.00 is not the items' sum, 1599.97"],
    [
      'one product at two prices',
      { ...event, items: [line, { ...line, unit_price: '1.00' }] },
      'not_event',
      'two prices',
    ],
    ['no time', { ...event, timestamp: 'yesterday' }, 'not_event', 'timestamp: not a time'],
    ['an unknown payment', { ...event, payment: 'shells' }, 'not_event', 'payment'],
  ])('as %s', (_, body, problem, detail) => {
    expect(read(body)).toMatchObject({ problem, detail: expect.stringContaining(detail) });
  });

  it('still tell what can be told', () => {
    expect(read({ ...event, schema_version: 2 })).toMatchObject({ order_id: 'ord_1', event_type: 'order_created' });
  });

  it('have at most 50 products', () => {
    const items = Array.from({ length: 51 }, (_, index) => ({ ...line, sku: `p${index}` }));
    expect(read({ ...event, items, total_amount: '66299.49' })).toMatchObject({ problem: 'not_event' });
  });

  it('never make the reader throw', () => {
    const oneOf = <T>(value: T) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(value) },
        { weight: 1, arbitrary: fc.json().map((text) => JSON.parse(text) as unknown) },
      );
    const fields = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, oneOf(value)]));
    fc.assert(fc.property(fc.record(fields, { requiredKeys: [] }), (body) => void read(body)));
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (body) => void read(body)));
  });
});
