import { expect, it } from 'vitest';
import { breakpoint, stopsAfter, stopsBefore } from '../../src/debugger/breakpoint.ts';
import type { HandledDelivery, WaitingMessage } from '../../src/debugger/model.ts';

const message: WaitingMessage = {
  ...{ queue: 'jobs', message_id: 'm-1', attempt: 2, sent_at: '2026-01-01T12:00:00.000Z', group: null },
  body: JSON.stringify({ total: 120, order: { id: 'o-1' }, items: [{ sku: 'mug' }, { sku: 'cup' }] }),
  attributes: { tenant: 'acme' },
};

const delivery: HandledDelivery = {
  ...{ id: 'm-1:2', attempt: 2, caller: 'billing', outcome: 'returned' },
  ...{ taken_at: '', ended_at: '', duration_ms: 7, handled: null, objects: [], others: [] },
  items: [
    {
      ...{ table: 'orders', key: 'o-1', before: null, after: null },
      changes: [{ attribute: 'state', before: 'new', after: 'paid' }],
    },
  ],
  sent: [{ queue: 'mails', message_id: 'm-2', body: null }],
  published: [],
  calls: [
    { seq: 1, at: '', service: 'dynamodb', operation: 'UpdateItem', resources: [], outcome: 'Throttled', fault: null },
  ],
};

it.each([
  ['queue = jobs', true],
  ['total > 100 and order.id = o-1', true],
  ['items.sku = cup', true],
  ['attributes.tenant = acme and attempt = 2', true],
  ['tenant = acme', true],
  ['service = payment', false],
  ['total > 200', false],
  // What only a delivery has says nothing before it, not even that it is missing.
  ['outcome != acknowledged', false],
])('before: %s is %s', (text, stops) => expect(stopsBefore(breakpoint(text), message)).toBe(stops));

it.each([
  ['outcome != acknowledged', true],
  ['caller = billing and total > 100', true],
  ['error = Throttled', true],
  ['item = orders/o-1 and changed.state = paid', true],
  ['changed.state = new', false],
  ['sent_to = mails', true],
  ['published_to ~ events', false],
  ['calls >= 2 or duration_ms > 100', false],
  // It stopped before.
  ['queue = jobs', false],
])('after: %s is %s', (text, stops) => expect(stopsAfter(breakpoint(text), message, [delivery])).toBe(stops));

it('names the character that is wrong', () => expect(() => breakpoint('total >')).toThrow(/character 8/));
