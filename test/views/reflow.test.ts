import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { joinProse, reflow } from '../../src/views/reflow.ts';

describe('reflow', () => {
  test('what fits stays, and a pipe has no width', () => {
    expect(reflow('a  b\n c', 10)).toBe('a  b\n c');
    expect(reflow('x'.repeat(500), Number.POSITIVE_INFINITY)).toBe('x'.repeat(500));
  });

  test('continues two columns in', () => {
    expect(reflow('one two three four five', 14)).toBe('one two three\n  four five');
    expect(reflow('  one two three four', 14)).toBe('  one two\n    three four');
  });

  test('continues behind a label', () => {
    expect(reflow('engine    embedded 0.1.0 of this process', 30)).toBe(
      'engine    embedded 0.1.0 of\n          this process',
    );
  });

  test('breaks a word that no line holds, and keeps colours', () => {
    expect(reflow('/a/very/long/path', 10)).toBe('/a/very/lo\n  ng/path');
    expect(reflow('\u001b[31mone two three\u001b[39m', 8)).toBe('\u001b[31mone two\n  three\u001b[39m');
  });

  test('a URL is left whole', () => {
    expect(reflow('page  http://127.0.0.1:4577/#key=abc', 20)).toBe('page\n      http://127.0.0.1:4577/#key=abc');
  });

  test('lines of a paragraph that do not fit become one; lists, labels and what fits stay', () => {
    const help = 'Usage: x\n\nFlags: the first of two lines\nof a paragraph.\nKinds: one\n\n  a  one\n  b  two\n';
    expect(joinProse(help, 20)).toBe(help.replace('lines\nof', 'lines of'));
    expect(joinProse(help, 40)).toBe(help);
  });

  test('property: no line is wider, and no character but spaces is lost', () => {
    const word = fc.stringMatching(/^[a-zé🚀×]{1,30}$/u);
    void fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 10, max: 80 }), (words, width) => {
        const text = words.join(' ');
        const lines = reflow(text, width).split('\n');
        expect(lines.filter((line) => stringWidth(line) > width)).toEqual([]);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});
