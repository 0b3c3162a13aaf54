import { expect, test } from 'vitest';
import type { Effect } from '../../../src/lab/calls/call.ts';
import { WatchedSystem } from '../../../src/lab/watch/model.ts';
import { callWith, messageEffect, queueNamed } from '../../watch/seen.ts';

const system = () => new WatchedSystem((effect) => `${effect.kind} changed`);
const delivery = (message_id: string) => [
  { id: `${message_id}:1`, message_id, queue: 'q', attempt: 1, caller: 'worker', end: null },
];
const published = (message_id: string, copy: string, body: object): Effect => ({
  ...{ kind: 'published', topic: 'events', message_id, body: JSON.stringify(body) },
  deliveries: [
    { outcome: 'delivered', endpoint: 'q', message_id: copy },
    { outcome: 'filtered', endpoint: 'r', message_id: null },
    { outcome: 'not_emulated', endpoint: 'ada@example.com', message_id: null },
  ].map((each) => ({
    subscription: '',
    endpoint_arn: '',
    code: null,
    reason: null,
    dead_letters: null,
    unmatched: [],
    ...each,
  })) as any,
});

test('what was sent while a message was handled belongs to its conversation, under one name', () => {
  const events = system().add([
    callWith([
      published('p-1', 'c-1', { event_type: 'order_created', order_id: 'o-1' }),
      messageEffect('sent', 'q', 'c-1'),
    ]),
    callWith([messageEffect('received', 'q', 'c-1', { receives: 1 })], { caller: 'worker' }),
    callWith([published('p-2', 'c-2', { event_type: 'paid' })], { deliveries: delivery('c-1'), certainty: 'exact' }),
    callWith([messageEffect('sent', 'q', 'other')], { deliveries: delivery('c-1'), certainty: 'one_of' }),
    callWith([{ kind: 'item', table: 't', key: 'k', before: null, after: null, delivery: 'c-2:1' }]),
  ]);
  expect(
    events.map(({ event, where, name, about, conversation }) => [event, where, name, about, conversation]),
  ).toEqual([
    ['published', 'events', 'order_created', 'o-1', 'p-1'],
    ['received', 'q', 'order_created', 'o-1', 'p-1'],
    ['published', 'events', 'paid', 'o-1', 'p-1'],
    ['sent', 'q', null, null, 'other'],
    ['item', 't/k', null, 'o-1', 'p-1'],
  ]);
  expect(events[0]!.text).toBe('to q; 1 filtered; not emulated for ada@example.com');
});

test("SNS's envelope is looked into, and a body that is no JSON says nothing", () => {
  const envelope = { Type: 'Notification', Message: '{"type":"inner","id":7}', id: 'outer' };
  const events = system().add([
    callWith([messageEffect('sent', 'q', 'm-1', { body: JSON.stringify(envelope) })]),
    callWith([messageEffect('sent', 'q', 'm-2', { body: '{broken' })]),
    callWith([messageEffect('sent', 'q', 'm-3', { body: '{"__proto__":{"id":1}}' })]),
  ]);
  expect(events.map(({ name, about }) => [name, about])).toEqual([
    ['inner', '7'],
    [null, null],
    [null, null],
  ]);
});

test('a refused call is an event, metrics and log lines are none', () => {
  const seen = system();
  const quiet: Effect[] = [
    { kind: 'metric', namespace: 'n', name: 'm', dimensions: {} },
    { kind: 'log', group: 'g', stream: 's', count: 1 },
  ];
  expect(seen.add([callWith(quiet)])).toEqual([]);
  const refused = { operation: 'PutItem', resources: ['table/t'], outcome: 'Throttled', error: 'too fast' };
  expect(seen.add([callWith([], refused)])).toMatchObject([
    { event: 'refused', where: 't', text: 'PutItem Throttled: too fast' },
  ]);
  expect(seen.calls).toHaveLength(2);
});

test('a thousand events are remembered, under numbers that never return', () => {
  const seen = system();
  for (let round = 0; round < 3; round++) {
    seen.add(Array.from({ length: 600 }, (_, index) => callWith([messageEffect('sent', 'q', `m-${round}-${index}`)])));
  }
  expect(seen.events).toHaveLength(1_000);
  expect(new Set(seen.events.map(({ line }) => line)).size).toBe(1_000);
});

test('queues by name, those for dead letters last, with depths a second apart', () => {
  const seen = system();
  const receiver = (received: number, at: string) => ({ caller: 'worker', at, received });
  const states = [
    queueNamed('z-dead', { ready: 2, in_flight: 1, dead_letters_of: ['b'] }),
    queueNamed('b', { ready: 5, dead_letter_queue: 'z-dead', consumers: [receiver(2, '2026-01-01T12:00:01Z')] }),
    queueNamed('a', { consumers: [receiver(3, '2026-01-01T12:00:02Z')] }),
  ];
  seen.setQueues(states);
  seen.tick();
  seen.setQueues(states);
  seen.tick();
  expect(seen.queues.map(({ queue, dead_letters, history }) => [queue, dead_letters, history])).toEqual([
    ['a', null, [0, 0]],
    ['b', 3, [5, 5]],
    ['z-dead', null, [2, 2]],
  ]);
  expect(seen.consumers).toEqual([{ caller: 'worker', queues: ['b', 'a'], received: 5, at: '2026-01-01T12:00:02Z' }]);
  seen.forget();
  expect(seen).toMatchObject({ queues: [], events: [], consumers: [] });
});
