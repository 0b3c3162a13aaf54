import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHeader, toHeader } from '../../src/aws/encoded-words.ts';

test('every text comes back from an ASCII header', () => {
  const word = /^=\?utf-8\?[bq]\?[^? ]*\?=$/i;
  const text = fc.string({ unit: 'grapheme' }).filter((each) => !word.test(each));
  const property = fc.property(text, (each) => {
    expect(toHeader(each)).toMatch(/^[\x20-\x7e]*$/);
    expect(fromHeader(toHeader(each))).toBe(each);
  });
  fc.assert(property);
});

// RFC 2047, sections 4 and 8; the second and third as S3 gives them back (S3 User Guide, User-defined object metadata).
test.each([
  ['plain =?text', 'plain =?text'],
  ['=?UTF-8?Q?caf=C3=A9?=', 'café'],
  ['=?UTF-8?B?w4RNw4Raw5XDkSBTMw==?=', 'ÄMÄZÕÑ S3'],
  ['=?utf-8?q?a=5Fb_c?=', 'a_b c'],
  ['=?UTF-8?Q?=F0=9F?= =?UTF-8?Q?=9B=92?=', '🛒'],
  ['=?ISO-8859-1?Q?caf=E9?=', '=?ISO-8859-1?Q?caf=E9?='],
  ['=?UTF-8?Q?a?= b', '=?UTF-8?Q?a?= b'],
])('%s says %s', (header, text) => expect(fromHeader(header)).toBe(text));
