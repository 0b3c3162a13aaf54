import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { Palette } from '../../src/views/context.ts';
import { safe } from '../../src/views/text.ts';
import { fitted, fittedLine } from '../../src/watch/fit.ts';
import { press } from '../../src/watch/press.ts';
import { mostTop, render, type State } from '../../src/watch/render.ts';
import { LISTS, PANES } from '../../src/watch/ui.ts';
import { CONTEXT, callWith, messageEffect, NOON, queueNamed, stateOf, systemOf } from './seen.ts';

const paint = Object.fromEntries(
  Object.keys(CONTEXT.paint).map((name) => [name, (text: string) => `\u001b[3${name.length}m${text}\u001b[39m`]),
) as unknown as Palette;

/** Texts as other people's programs may have them. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 40 }),
  fc.constantFrom(
    '\u001b[2J\u001b[31m',
    '\u009b1;1H',
    'a\nb\tc',
    '倉庫の在庫',
    '👩‍👩‍👧‍👦👍🏽🇩🇪',
    'e\u0301\u0301',
    '\ud83d',
    '1\ufe0f\u20e3',
    '\u202eabc',
    '',
  ),
  fc.string({ minLength: 300, maxLength: 400 }),
);
const count = fc.oneof(fc.nat(3), fc.nat(100_000_000));
const queue = fc
  .record({ name: text, ready: count, in_flight: count, delayed: count, held: count, isHeld: fc.boolean(), dead: text })
  .map(({ name, isHeld, dead, ...counts }) =>
    queueNamed(name, {
      ...counts,
      ...(isHeld && { hold: { since: new Date(NOON).toISOString(), where: dead, released: 0 } }),
      ...(counts.ready > 1 && { oldest_at: new Date(NOON - counts.ready).toISOString(), dead_letter_queue: dead }),
      ...(counts.ready === 3 && { dead_letters_of: [dead] }),
      consumers: [{ caller: dead, at: new Date(NOON).toISOString(), received: counts.held }],
    }),
  );
const effects = fc
  .tuple(text, text, text)
  .map(([a, b, c]) => [
    messageEffect('sent', a, b, { body: JSON.stringify({ event_type: c, order_id: a }) }),
    messageEffect('dead_lettered', b, a, { to: c, receives: 3 }),
    { kind: 'item' as const, table: a, key: b, before: null, after: { [c]: { S: a } } },
  ]);
const call = fc.tuple(effects, text, text, fc.boolean()).map(([made, caller, code, ok]) =>
  callWith(made, {
    caller,
    operation: code,
    resources: [`queue/${caller}`],
    ...(!ok && { outcome: code, error: code }),
  }),
);
const keys = fc.array(
  fc.oneof(
    fc.constantFrom(
      'up',
      'down',
      'left',
      'right',
      'return',
      'escape',
      'tab',
      'space',
      'G',
      'g',
      'pagedown',
      'backspace',
    ),
    fc.constantFrom(...'/:?nmpdeqy1x'),
    text.map((typed) => [...typed][0] ?? 'x'),
  ),
  { maxLength: 12 },
);
const size = fc.record({
  columns: fc.oneof(fc.nat(12), fc.nat(60), fc.nat(220)),
  rows: fc.oneof(fc.nat(4), fc.nat(60)),
});
const state: fc.Arbitrary<State> = fc
  .record({
    queues: fc.array(queue, { maxLength: 8 }),
    calls: fc.array(call, { maxLength: 8 }),
    list: fc.constantFrom(...LISTS),
    pane: fc.constantFrom(...PANES),
    words: text,
    isLost: fc.boolean(),
  })
  .map(({ queues, calls, list, pane, words, isLost }) => {
    const system = systemOf(queues, calls);
    system.tick();
    system.clock = { now_ms: NOON, frozen: isLost };
    const topic = { name: words, arn: words, fifo: false, subscriptions: [] };
    system.topics = [topic];
    const subject = { kind: 'text' as const, title: words, text: words };
    const rows = [{ id: words, cells: [words, words, words], subject }];
    const state = stateOf(system, {
      list,
      pane,
      from: pane === 'detail' ? 'list' : pane,
      filters: { system: '', list: '' },
    });
    return {
      ...state,
      seen: { system, entries: { list, titles: ['A', 'B', 'C'], rows } },
      isLost,
      shown: { subject: { kind: 'peek' as const, queue: words }, settled: false, view: () => `${words}\n`.repeat(50) },
      ...(calls.length === 3 && { failed: words }),
    };
  });

test('whatever is seen, pressed and typed: as many lines as the screen has, none wider, and nothing that acts', () => {
  fc.assert(
    fc.property(state, size, keys, (before, screen, pressed) => {
      const context = { ...CONTEXT, paint };
      const now = { ...before };
      for (const key of pressed) now.ui = press(key, now.seen, now.ui, mostTop(now, screen, context)).ui;
      const lines = render(now, screen, context);
      expect(lines).toHaveLength(screen.columns === 0 ? 0 : screen.rows);
      for (const line of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(screen.columns);
        expect(line.replaceAll(/\u001b\[[\d;]*[mG]/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }
      expect(render(now, screen, context)).toEqual(lines);
    }),
    { numRuns: 150 },
  );
});

test('a text takes exactly the columns that it is given', () => {
  fc.assert(
    fc.property(text, fc.nat(30), (given, width) => {
      expect(stringWidth(fitted(given, width))).toBe(width);
      expect(stringWidth(fittedLine(`\u001b[31m${safe(given)}\u001b[39m`, width))).toBe(width);
    }),
  );
  // The screen's own signs, which are not asked about each time.
  for (const sign of '│▁▂▃▄▅▆▇█…❯›▶‖»→↓✓↻✗·├└─') expect([sign, stringWidth(sign)]).toEqual([sign, 1]);
  expect(fitted('abc', 5, 'right')).toBe('  abc');
  expect(fitted('abcdef', 4)).toBe('abc…');
});

const shop = () => {
  const order = { event_type: 'order_created', order_id: 'ord_1' };
  const sent = messageEffect('sent', 'jobs', '11111111-aaaa', { body: JSON.stringify(order) });
  const system = systemOf(
    [
      queueNamed('jobs', {
        ready: 12,
        in_flight: 1,
        dead_letter_queue: 'jobs-dlq',
        oldest_at: new Date(NOON - 65_000).toISOString(),
      }),
      queueNamed('jobs-dlq', { ready: 2, dead_letters_of: ['jobs'] }),
      queueNamed('held', {
        ready: 3,
        held: 3,
        hold: { since: new Date(NOON).toISOString(), where: null, released: 0 },
      }),
    ],
    [
      callWith([sent], { seq: 1, at: '2026-01-01T12:00:00.001Z' }),
      callWith([messageEffect('received', 'jobs', '11111111-aaaa', { receives: 2 })], {
        seq: 2,
        at: '2026-01-01T12:00:00.002Z',
        caller: 'worker',
      }),
      callWith([], {
        seq: 3,
        at: '2026-01-01T12:00:00.003Z',
        operation: 'PutItem',
        resources: ['table/orders'],
        outcome: 'ThrottlingException',
      }),
    ],
  );
  for (let second = 0; second < 3; second++) system.tick();
  return stateOf(system, {});
};

test('80 columns', () => {
  const lines = render(shop(), { columns: 80, rows: 20 }, CONTEXT).map((line) => line.trimEnd());
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "cliffracer watch  127.0.0.1:4566  0 calls/s  1 held  2 dead letters
    ▶ system
      QUEUES                              READY FLIGHT DELAY DEAD HELD           OLD
    ❯ ‖ held                                  3      0     0         3      ███
      jobs                                   12      1     0    2           ███   1m
      jobs-dlq                                2      0     0                ███





      events
      12:00:00.001 app          → jobs order_created ord_1 sent
      12:00:00.002 worker       ↓ jobs order_created ord_1 received attempt 2
      12:00:00.003 app          ✗ orders PutItem ThrottlingException




    enter open  space release  n step  p peek  / filter  : go to  ? help  q quit"
  `);
});

test('40 columns: the current pane alone', () => {
  const lines = render(shop(), { columns: 40, rows: 10 }, CONTEXT).map((line) => line.trimEnd());
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "cliffracer watch  127.0.0.1:4566  0 cal…
    ▶ system
      QUEUES               READY FLIGHT DEAD
    ❯ ‖ held                   3      0
      jobs                    12      1    2
      jobs-dlq                 2      0



    enter open  ? help  q quit"
  `);
});
