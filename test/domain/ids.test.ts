import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedId, newOrderIds } from '../../src/domain/ids.ts';

const fixed = (uuid: string) => ({ uuid: () => uuid });
const ZERO = fixed('00000000-0000-4000-8000-000000000000');
const HIGHEST = fixed('ffffffff-ffff-4fff-bfff-ffffffffffff');

describe('derived ids', () => {
  it('are UUIDs of version 8, the same for the same cause', () => {
    const id = derivedId('cause', 'order_created');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(derivedId('cause', 'order_created')).toBe(id);
  });

  it('differ for other causes and other kinds', () => {
    const ids = [
      derivedId('a', 'b'),
      derivedId('a', 'c'),
      derivedId('b', 'b'),
      derivedId('a\nb', ''),
      derivedId('ab', ''),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('order ids', () => {
  it('have a fixed form', () => {
    // 1767225600000 in base 32, then the random part, counted up.
    expect(newOrderIds(2, Date.UTC(2026, 0, 1), ZERO)).toEqual(['ord_1kdvdna000000000', 'ord_1kdvdna000000001']);
  });

  it('are unique and sorted within a call, also from the highest start', () => {
    const ids = newOrderIds(5000, 1_700_000_000_000, HIGHEST);
    expect(new Set(ids).size).toBe(5000);
    expect([...ids].sort()).toEqual(ids);
  });

  it('sort by time', () => {
    const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, second] = [newOrderIds(1, a, HIGHEST)[0]!, newOrderIds(1, b, ZERO)[0]!];
        return a < b ? first < second : a > b ? first > second : true;
      }),
    );
  });
});
