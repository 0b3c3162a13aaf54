import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Heap, popHeap, pruneHeap, pushHeap } from '../../../src/emulator/sqs/heap.ts';

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.nat()), { maxLength: 60 });

const drain = (heap: Heap) => {
  const values: number[] = [];
  for (let value = popHeap(heap); value !== undefined; value = popHeap(heap)) values.push(value);
  return values;
};

const inOrder = (entries: [number, number][]) =>
  [...entries].sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, value]) => value);

describe('the heap', () => {
  it('gives values by order, then by value', () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const heap: Heap = [];
        for (const [order, value] of entries) pushHeap(heap, order, value);
        expect(drain(heap)).toEqual(inOrder(entries));
      }),
    );
  });

  it('keeps its order when pruned', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 4 }), (entries, divisor) => {
        const heap: Heap = [];
        for (const [order, value] of entries) pushHeap(heap, order, value);
        pruneHeap(heap, (_, value) => value % divisor === 0);
        pushHeap(heap, 10, 5);
        const kept = entries.filter(([, value]) => value % divisor === 0);
        expect(drain(heap)).toEqual(inOrder([...kept, [10, 5]]));
      }),
    );
  });
});
