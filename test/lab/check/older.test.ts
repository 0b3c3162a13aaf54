import { expect, test } from 'vitest';
import type { EndState } from '../../../src/lab/check/cells.ts';
import { userMask, widened } from '../../../src/lab/check/mask.ts';
import { olderItems, turnClock } from '../../../src/lab/check/older.ts';
import type { LabWorld } from '../../../src/lab/check/world.ts';

type Items = Record<string, Record<string, object>>;
const state = (markers: Items): EndState => ({ tables: { markers }, buckets: {}, queues: {}, published: {} });
const marked = (expires: string, at: string, more: object = {}): Items => ({
  'o-1': { id: { S: 'o-1' }, expires: { N: expires }, at: { S: at }, until: { N: '1900000000' }, ...more },
});
const first = state(marked('1796057725', '2026-11-30T16:55:25.123456+00:00'));
const mask = widened(userMask([]), first, state(marked('1796057727', '2026-11-30T16:55:27.004000+00:00')));

test('times that differ between runs become older, as they were written; others stay', () => {
  expect(olderItems(first.tables, mask, 900)).toEqual([
    {
      table: 'markers',
      item: {
        ...{ id: { S: 'o-1' }, until: { N: '1900000000' } },
        ...{ expires: { N: '1796056825' }, at: { S: '2026-11-30T16:40:25.123456+00:00' } },
      },
    },
  ]);
});

test.each([
  ['1796057725', '1796056825'],
  ['1796057725.25', '1796056825.25'],
  ['1796057725123', '1796056825123'],
  ['1796057725123456', '1796056825123456'],
  ['1796057725123456789', '1796056825123456789'],
])('%s becomes %s', (before, after) => {
  const items = state({ a: { n: { N: before } } }).tables;
  const [older] = olderItems(items, { ...userMask([]), scrubbed: new Set(['table markers: n']) }, 900);
  expect(older?.item).toEqual({ n: { N: after } });
});

test('times further down become older as well', () => {
  const history = (at: string) => ({
    history: { L: [{ M: { at: { S: '2026-01-01T00:00:00Z' } } }, { M: { at: { S: at } } }] },
  });
  const [one, other] = ['2026-11-30T16:55:25Z', '2026-11-30T16:55:27Z'].map((at) => state({ a: history(at) }));
  const [older] = olderItems(one!.tables, widened(userMask([]), one!, other!), 900);
  expect(older?.item).toEqual(history('2026-11-30T16:40:25Z'));
});

test('items with bytes, and tables whose keys have times, and times that messages tell are left alone', () => {
  const bytes = state(marked('1796057725', '2026-11-30T16:55:25Z', { content: { B: 'AAEC' } })).tables;
  expect(olderItems(bytes, mask, 900)).toEqual([]);
  const keys = new Map([['table markers', { stable: new Set<string>(), shaped: true }]]);
  expect(olderItems(first.tables, { ...mask, keys }, 900)).toEqual([]);
  const told = JSON.stringify({ body: '1796057725 2026-11-30T16:55:25.123456+00:00' });
  expect(olderItems(first.tables, mask, 900, told)).toEqual([]);
});

test.each<[string, number | undefined, boolean, unknown[]]>([
  ['an unhurried run has its times made older by what was turned', 30_000, true, ['1796057695']],
  ['any other run keeps them', 30_000, false, []],
  ['no timer is left', undefined, true, []],
])('when the clock is turned: %s', async (_, turned, unhurried, expected) => {
  const written: unknown[] = [];
  const world = {
    nextTimer: async () => turned,
    contents: async () => ({ tables: first.tables, buckets: {}, queues: {} }),
    putItem: async (_table: string, { expires }: Readonly<Record<string, unknown>>) =>
      void written.push((expires as { N: string }).N),
  } as unknown as LabWorld;
  expect(await turnClock(world, { mask, unhurried })).toBe(turned !== undefined);
  expect(written).toEqual(expected);
});
