import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHttpDate } from '../../../src/emulator/protocols/timestamps.ts';

test('dates of HTTP are those that Date writes, of any day, one after the other', () => {
  const seconds = fc.oneof(
    fc.double({ min: -8.64e12, max: 8.64e12, noNaN: true }),
    fc.integer({ min: 1_700_000_000, max: 1_700_200_000 }),
    fc.constant(Number.NaN),
  );
  fc.assert(
    fc.property(seconds, (each) => {
      expect(toHttpDate(each)).toBe(new Date(Math.floor(each) * 1000).toUTCString());
    }),
    { numRuns: 1000 },
  );
});
