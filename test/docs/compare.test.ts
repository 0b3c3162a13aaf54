import { describe, expect, test } from 'vitest';
import { compare, type Ids, shapeOf } from './compare.ts';

const NONE: Ids = new Map();
const lines = (text: string): string[] => text.trim().split('\n');

const SHOWN = lines(`
engine    embedded 0.1.0, started in 122 ms
process   32447
✓ ord_1m887w6pj2kynf20 for ada: 1 × laptop-pro, 2 × keyboard, 1599.97
ORDER                 TOTAL  FULFILLED  KEY
ord_1m887w6pj2kynf20   1.00  just now   receipts/ord_1m887w6pj2kynf20.json
time     2026-11-25T02:36:37.215Z  frozen
7a1e8e92-2d58-471d-90d9-5c6409728daa  order_created
Saved before (27 KiB).
  +1.2 s  │  ├─ ✓ fulfillment write reservation held -> shipped → store receipts/or…  9 ms
orders created  sum  1  ·····························█
`);
const REAL = lines(`
engine    embedded 0.2.11, started in 1.4 s
process   9
✓ ord_1m8nas80h01bqtys for ada: 1 × laptop-pro, 2 × keyboard, 1599.97
ORDER                 TOTAL  FULFILLED  KEY
ord_1m8nas80h01bqtys   1.00  12s ago    receipts/ord_1m8nas80h01bqtys.json
time     2027-01-01T00:00:00.000Z  frozen
00000000-0000-4000-8000-000000000001  order_created
Saved before (1.5 MiB).
+210 ms   │  ├─ ✓ fulfillment write reservation held -> shipped → store receipts/ord_1m…  112 ms
orders created  sum  1  ·························█··█·
`);

test('ids, times, durations, processes, sizes, versions and widths of columns may differ', () => {
  expect(compare(SHOWN, REAL, NONE)).toEqual({
    same: true,
    ids: new Map([
      ['ord_1m887w6pj2kynf20', 'ord_1m8nas80h01bqtys'],
      ['7a1e8e92-2d58-471d-90d9-5c6409728daa', '00000000-0000-4000-8000-000000000001'],
    ]),
  });
});

describe('everything else is compared', () => {
  test.each(SHOWN.map((_, index) => [index]))('a word changed in line %i of the page', (index) => {
    const changed = SHOWN.with(index, SHOWN[index]!.replace(/[A-Za-z]{4,}/, 'xyz'));
    expect(changed).not.toEqual(SHOWN);
    expect(compare(changed, REAL, NONE)).toEqual({ same: false, line: index });
  });

  test.each(SHOWN.map((_, index) => [index]))('line %i of the page left out, or shown twice', (index) => {
    expect(compare(SHOWN.toSpliced(index, 1), REAL, NONE).same).toBe(false);
    expect(compare(SHOWN.toSpliced(index, 0, SHOWN[index]!), REAL, NONE).same).toBe(false);
  });

  test.each([
    ['All 13 invariants hold for 1 order.', 'All 12 invariants hold for 1 order.'],
    ['✓ inventory  handled', '≡ inventory  handled'],
    ['total 1599.97', 'total 1599.98'],
    ['order-queue  1  0', 'order-queue  0  1'],
    ['endpoint  http://127.0.0.1:4566', 'endpoint  http://127.0.0.1:4567'],
    ['log  /home/ada/.local/state/cliffracer/engines/4566.log', 'log  /var/log/4566.log'],
  ])('%s', (shown, real) => {
    expect(compare([shown], [shown], NONE).same).toBe(true);
    expect(compare([shown], [real], NONE)).toEqual({ same: false, line: 0 });
  });
});

describe('an id of a page stands for one id', () => {
  const [a, b] = ['ord_1m887w6pj2kynf20', 'ord_1m887w6pj2kynf21'];
  test.each([
    ['one for two', [a, a], [a, b]],
    ['two for one', [a, b], [a, a]],
  ])('%s', (_, shown, real) => expect(compare(shown, real, NONE)).toEqual({ same: false, line: 1 }));

  test('also one that was shown before', () => {
    expect(compare([a], [b], new Map([[a, b]])).same).toBe(true);
    expect(compare([a], [a], new Map([[a, b]])).same).toBe(false);
  });
});

describe('… stands for any lines, also for none', () => {
  const real = ['one', 'two', 'three', 'four'];
  test.each([[['…']], [['one', '…']], [['…', 'four']], [['one', '…', 'three', '…']], [['…', ...real, '…']]])(
    '%j',
    (shown) => expect(compare(shown, real, NONE).same).toBe(true),
  );
  test.each([
    [['…', 'three'], 2],
    [['one', '…', 'five', '…'], 2],
    [['two', '…'], 0],
    [['…', 'three', '…', 'two', '…'], 3],
  ])('not for %j', (shown, line) => expect(compare(shown, real, NONE)).toEqual({ same: false, line }));

  test('an id that only a later line of several fits', () => {
    const [a, b] = ['ord_1m887w6pj2kynf20 paid', 'ord_1m887w6pj2kynf21 paid'];
    expect(compare(['…', a, 'end'], [a, b, 'end'], NONE).same).toBe(true);
  });
});

test('what is left of a line', () => {
  expect(shapeOf('+ queue[7a1e8e92-2d58-471d-90d9-5c6409728daa].state   "in-flight" in 4 d, 26.1 s').shape).toBe(
    '+ queue[<uuid>].state "in-flight" in <duration>, <duration>',
  );
});
