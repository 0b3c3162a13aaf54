import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkJsonBounds } from '../../../src/emulator/protocols/json-bounds.ts';

const isTaken = (text: string) => {
  try {
    checkJsonBounds(Buffer.from(text), text);
    return true;
  } catch {
    return false;
  }
};

/** Levels of nesting, by a parse that knows strings. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('JSON is taken up to 100 levels of nesting, whatever stands in its strings, short or long', () => {
  const nested = fc
    .tuple(
      fc.integer({ min: 90, max: 110 }),
      fc.array(fc.boolean(), { minLength: 110, maxLength: 110 }),
      fc.stringMatching(/^[[\]{}"\\a]{0,200}$/),
      fc.constantFrom(0, 40_000),
    )
    .map(([depth, kinds, text, padding]) => {
      let value: unknown = text;
      for (let level = 0; level < depth; level++) value = kinds[level] ? [value] : { [text.slice(0, 3)]: value };
      return ' '.repeat(padding) + JSON.stringify(value) + '\n'.repeat(padding);
    });
  fc.assert(
    fc.property(nested, (text) => {
      expect(isTaken(text)).toBe(depthOf(JSON.parse(text)) <= 100);
    }),
  );
});
