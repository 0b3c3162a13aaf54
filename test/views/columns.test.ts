import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { columnsOf } from '../../src/views/columns.ts';

const piece = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.constantFrom('\u001b[31m', '\u001b[0m', '\u001b[2K', '✓', '·', '日本', '👩‍👩‍👧', 'e\u0301', '❌', '░'),
);

test('columns are what string-width says', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      expect(columnsOf(text)).toBe(stringWidth(text));
    }),
  );
});

test('each sign of the program takes one column', () => {
  for (const sign of '·–—…❯›‹▶‖»→↓×✓↻✗│▁▂▃▄▅▆▇█├└─') expect(stringWidth(sign)).toBe(1);
});
