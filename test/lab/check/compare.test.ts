import { describe, expect, test } from 'vitest';
import type { EndState } from '../../../src/lab/check/cells.ts';
import { differencesOf } from '../../../src/lab/check/compare.ts';
import { userMask, widened } from '../../../src/lab/check/mask.ts';

const EMPTY: EndState = { tables: {}, buckets: {}, queues: {}, published: {} };
const item = (members: Record<string, string>) =>
  Object.fromEntries(Object.entries(members).map(([name, S]) => [name, { S }]));
const orders = (items: Record<string, Record<string, string>>): EndState => ({
  ...EMPTY,
  tables: { orders: Object.fromEntries(Object.entries(items).map(([key, each]) => [key, item(each)])) },
});
const queue = (...bodies: unknown[]): EndState => ({
  ...EMPTY,
  queues: {
    mails: bodies.map((body, index) => ({
      ...{ message_id: String(index), state: 'ready', receives: 0, sent_at_ms: 0, attributes: {}, group: null },
      body: JSON.stringify(body),
    })),
  },
});
const NONE = userMask([]);

describe('what differs by nature', () => {
  const mask = widened(
    NONE,
    orders({ a: { note: '2026-01-01T12:00:00Z: APPLIED', n: '17' } }),
    orders({ a: { note: '2026-01-01T12:00:09Z: APPLIED', n: '4' } }),
  );

  test('times are compared by their shape, what has none is not compared', () => {
    expect([...mask.scrubbed]).toEqual(['table orders: note']);
    expect([...mask.ignored]).toEqual(['table orders: n']);
  });

  test('what stands beside a time still counts', () => {
    const before = orders({ a: { note: '2026-01-01T12:00:00Z: APPLIED', n: '1' } });
    const after = orders({ a: { note: '2026-01-02T13:00:00Z: IGNORED_STALE', n: '2' } });
    expect(differencesOf(before, after, mask)).toEqual([
      {
        ...{ place: 'table orders', key: 'a', path: 'note' },
        ...{ before: '"<time>: APPLIED"', after: '"<time>: IGNORED_STALE"' },
      },
    ]);
  });

  test('keys with a time in them are counted, those without are compared one by one', () => {
    const keys = widened(
      NONE,
      orders({ 'o-1/2026-01-01T12:00:00Z': { id: 'a' }, total: { n: '1' } }),
      orders({ 'o-1/2026-01-01T12:00:07Z': { id: 'a' }, total: { n: '1' } }),
    );
    const before = orders({ 'o-1/2026-01-01T12:00:00Z': { id: 'a' }, total: { n: '1' } });
    const after = orders({
      'o-1/2026-01-01T12:00:00Z': { id: 'a' },
      'o-1/2026-01-01T12:00:30Z': { id: 'a' },
      total: { n: '2' },
    });
    expect(differencesOf(before, after, keys).map(({ key, path }) => `${key} ${path}`)).toEqual([
      'o-1/<time> id',
      'o-1/<time> number',
      'total n',
    ]);
  });
});

describe('messages that are left', () => {
  test('count once where an id tells that they are the same', () => {
    expect(differencesOf(queue({ id: 'o-1' }), queue({ id: 'o-1' }, { id: 'o-1' }), NONE)).toEqual([]);
  });

  test('count each where nothing tells', () => {
    expect(differencesOf(queue({ to: 'ada' }), queue({ to: 'ada' }, { to: 'ada' }), NONE)).toMatchObject([
      { place: 'queue mails', key: '{"to":"ada"}', path: 'number', before: '1', after: '2' },
    ]);
  });

  test('count each where the id is another one every time', () => {
    const [one, other] = ['4ac39b5e-3d1f-4f4e-9d0f-0a1b2c3d4e5f', '0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e'];
    const mask = widened(NONE, queue({ id: one }), queue({ id: other }));
    expect(differencesOf(queue({ id: one }), queue({ id: one }, { id: other }), mask)).toHaveLength(1);
    // Sent twice it is one message still.
    expect(differencesOf(queue({ id: one }), queue({ id: other }, { id: other }), mask)).toEqual([]);
  });

  test('count each where each has another event id, though it says what it is about', () => {
    const mail = (event: string, order = 'o-1') => ({ event_id: event, order_id: order });
    const [one, other] = ['4ac39b5e-3d1f-4f4e-9d0f-0a1b2c3d4e5f', '0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e'];
    const mask = widened(NONE, queue(mail(one)), queue(mail(other)));
    expect(differencesOf(queue(mail(one)), queue(mail(one), mail(other)), mask)).toMatchObject([
      { path: 'number', before: '1', after: '2' },
    ]);
    expect(differencesOf(queue(mail(one)), queue(mail(other), mail(other)), mask)).toEqual([]);
  });

  test('count once with an order and a random id of the request that was handled', () => {
    const mail = (request: string) => ({ request_id: request, order_id: 'o-1' });
    const [one, other] = ['4ac39b5e-3d1f-4f4e-9d0f-0a1b2c3d4e5f', '0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e'];
    const mask = widened(NONE, queue(mail(one)), queue(mail(other)));
    expect(differencesOf(queue(mail(one)), queue(mail(one), mail(other)), mask)).toEqual([]);
  });
});

test('a place or a path that the user leaves out', () => {
  const [before, after] = [orders({ a: { n: '1', m: '1' } }), orders({ a: { n: '2', m: '2' } })];
  expect(differencesOf(before, after, userMask(['table orders']))).toEqual([]);
  expect(differencesOf(before, after, userMask(['table orders: n'])).map(({ path }) => path)).toEqual(['m']);
});

test('lists keep their order, unless deliveries changed places; sets have none', () => {
  const list = (...L: string[]) => ({ L: L.map((S) => ({ S })) });
  const state = (member: unknown): EndState => ({ ...EMPTY, tables: { t: { a: { member } } } });
  const [before, after] = [state(list('x', 'y')), state(list('y', 'x'))];
  expect(differencesOf(before, after, NONE)).not.toEqual([]);
  expect(differencesOf(before, after, NONE, { anyOrder: true })).toEqual([]);
  expect(differencesOf(state({ SS: ['x', 'y'] }), state({ SS: ['y', 'x'] }), NONE)).toEqual([]);
});
