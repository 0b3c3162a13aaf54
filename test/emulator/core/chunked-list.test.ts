import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  append,
  back,
  type ChunkedList,
  dropBefore,
  forward,
  insert,
  itemAt,
  lastItem,
  locate,
  remove,
} from '../../../src/emulator/core/chunked-list.ts';

const filled = (numbers: readonly number[]) => {
  const list: ChunkedList<number> = [];
  for (const number of numbers) {
    const place = locate(list, (other) => other > number);
    insert(list, place, number);
  }
  return list;
};

const numbers = fc.array(fc.nat(5000), { maxLength: 3000, size: 'max' });

test('a list filled in any order is ordered, and no chunk is empty or long', () => {
  fc.assert(
    fc.property(numbers, (given) => {
      const list = filled(given);
      expect(list.flat()).toEqual(given.toSorted((a, b) => a - b));
      expect(list.every((chunk) => chunk.length > 0 && chunk.length <= 512)).toBe(true);
      expect(lastItem(list)).toBe(list.flat().at(-1));
    }),
    { numRuns: 30 },
  );
});

test('it is read both ways from any place', () => {
  fc.assert(
    fc.property(numbers, fc.nat(5000), (given, from) => {
      const list = filled(given);
      const sorted = list.flat();
      const place = locate(list, (number) => number >= from);
      const ahead: number[] = [];
      for (let item = itemAt(list, place); item !== undefined; item = itemAt(list, forward(list, place)))
        ahead.push(item);
      expect(ahead).toEqual(sorted.filter((number) => number >= from));
      const behind: number[] = [];
      while (back(list, place)) behind.push(itemAt(list, place)!);
      expect(behind.toReversed()).toEqual(sorted);
    }),
    { numRuns: 30 },
  );
});

test('items are removed one by one and from the front', () => {
  const list: ChunkedList<number> = [];
  for (let number = 0; number < 1500; number++) append(list, number);
  for (const number of [0, 511, 512, 1499]) {
    const place = locate(list, (other) => other >= number);
    remove(list, place);
  }
  remove(list, { chunk: 99, index: 0 });
  expect(list.flat()).toHaveLength(1496);
  const place = locate(list, (number) => number >= 1000);
  expect(dropBefore(list, place)).toHaveLength(1000 - 3);
  expect(list[0]![0]).toBe(1000);
  expect(dropBefore(list, { chunk: list.length, index: 0 })).toHaveLength(499);
  expect(list).toEqual([]);
});
