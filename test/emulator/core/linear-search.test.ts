import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearIndexOf } from '../../../src/emulator/core/linear-search.ts';

const LONG = 'ab'.repeat(100_000);

test.each([
  ['at the end', `${LONG}c`, `${'ab'.repeat(1000)}c`],
  ['nowhere', LONG, `${'ab'.repeat(1000)}c`],
  ['at the start', LONG, 'ab'.repeat(1000)],
  ['as the whole', LONG, LONG],
  ['too long', LONG, `${LONG}a`],
  ['empty', LONG, ''],
])('finds what indexOf finds: %s', (_where, text, part) => {
  expect(linearIndexOf(text, part)).toBe(text.indexOf(part));
  expect(linearIndexOf(text, part, 3)).toBe(text.indexOf(part, 3));
});

test('finds what indexOf finds in any text', () => {
  const letters = fc.array(fc.constantFrom('a', 'b'), { minLength: 24, maxLength: 60 }).map((all) => all.join(''));
  const check = (beginning: string, part: string, from: number) => {
    const text = `${beginning}${'ab'.repeat(90_000)}${part}${'b'.repeat(10)}`;
    expect(linearIndexOf(text, part, from)).toBe(text.indexOf(part, from));
  };
  fc.assert(fc.property(letters, letters, fc.nat(100), check), { numRuns: 50 });
});
