import fc from 'fast-check';
import { expect, test } from 'vitest';
import { remembering } from '../../../src/emulator/core/remembering.ts';

test('a function that remembers gives what it would give, and is asked once for a text that comes again', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom('a', 'b', ''), fc.string())), (texts) => {
      const asked: string[] = [];
      const length = remembering((text) => {
        asked.push(text);
        return text.length;
      });
      expect(texts.map(length)).toEqual(texts.map((text) => text.length));
      expect(asked).toEqual([...new Set(texts)]);
    }),
  );
});

test('it does not remember without end, and no long texts', () => {
  let asked = 0;
  const count = remembering(() => ++asked);
  for (const length of [512, 512, 513, 513]) count('x'.repeat(length));
  expect(asked).toBe(3);
  asked = 0;
  for (let round = 0; round < 2; round++) for (let each = 0; each < 3000; each++) count(`text ${each}`);
  expect(asked).toBe(6000);
});
