import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTree,
  deleteEntry,
  getEntry,
  setEntry,
  type Tree,
  walkTree,
} from '../../../src/emulator/dynamodb/tree.ts';

function keysOf(tree: Tree<number>, low?: string, high?: string, reverse = false): string[] {
  const keys: string[] = [];
  walkTree(tree, { low, high }, reverse, (key) => {
    keys.push(key);
    return true;
  });
  return keys;
}

describe('tree', () => {
  const step = fc.tuple(fc.constantFrom('set', 'set', 'delete'), fc.integer({ min: 0, max: 600 }));

  it('does what a sorted map does, whatever the order of writes', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 300, maxLength: 3000 }), (steps) => {
        const tree = createTree<number>();
        const model = new Map<string, number>();
        steps.forEach(([action, number], at) => {
          const key = String(number).padStart(4, '0');
          if (action === 'set') {
            setEntry(tree, key, at);
            model.set(key, at);
          } else {
            deleteEntry(tree, key);
            model.delete(key);
          }
        });
        const keys = [...model.keys()].sort();
        expect(tree.size).toBe(model.size);
        expect(keysOf(tree)).toEqual(keys);
        for (const key of keys) expect(getEntry(tree, key)).toBe(model.get(key));
        expect(keysOf(tree, '0100', '0300')).toEqual(keys.filter((key) => key >= '0100' && key < '0300'));
        expect(keysOf(tree, undefined, '0250', true)).toEqual(keys.filter((key) => key < '0250').reverse());
        expect(getEntry(tree, '9999')).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('is emptied and filled again', () => {
    const tree = createTree<number>();
    const keys = Array.from({ length: 5000 }, (_, at) => String(at).padStart(5, '0'));
    for (const key of keys) setEntry(tree, key, 1);
    for (const key of [...keys].reverse()) deleteEntry(tree, key);
    expect(tree).toEqual(createTree());
    for (const key of keys) setEntry(tree, key, 2);
    expect(keysOf(tree)).toEqual(keys);
  });

  it('stops where the visitor says so', () => {
    const tree = createTree<number>();
    for (let at = 0; at < 1000; at++) setEntry(tree, String(at).padStart(4, '0'), at);
    const seen: number[] = [];
    walkTree(tree, { low: '0500', high: undefined }, false, (_, value) => seen.push(value) < 3);
    expect(seen).toEqual([500, 501, 502]);
  });

  it('survives a structured clone of many entries', () => {
    const tree = createTree<number>();
    for (let at = 0; at < 100_000; at++) setEntry(tree, String((at * 7919) % 100_003), at);
    const copy = structuredClone(tree);
    expect(copy.size).toBe(100_000);
    expect(getEntry(copy, '7919')).toBe(1);
  });
});
