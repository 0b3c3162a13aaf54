import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { compilePattern } from '../../../src/emulator/logs/pattern/pattern.ts';
import { isMatch } from './matching.ts';

// CloudWatch Logs User Guide, "Using filter patterns to match terms in JSON log events".

const trail = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  'cluster.name': 'c',
});

const compound = JSON.stringify({
  user: { id: 1, email: 'John.Stiles@example.com' },
  users: [
    { id: 2, email: 'John.Doe@example.com' },
    { id: 3, email: 'Jane.Doe@example.com' },
  ],
  actions: ['GET', 'PUT', 'DELETE'],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
    [7, 8, 9],
  ],
});

const values =
  '{"s":"111.111.111.111","empty":"","i":123,"f":12.34,"f2":12.0,"e":1e3,"neg":-5,"quoted":"a \\"b\\"","o":{},"a":[],"n":null,"t":true,"star":"a*b","digits":"123"}';

type Case = [pattern: string, matches: boolean];

const run = (message: string, cases: readonly Case[]) =>
  test.each(cases)('%s: %s', (pattern, matches) => {
    expect(isMatch(pattern, message)).toBe(matches);
  });

describe('the examples of the guide', () => {
  run(trail, [
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{$.eventType=UpdateTrail}', true],
    ['{ $.sourceIPAddress != 123.123.* }', true],
    ['{ $.sourceIPAddress = 111.111.* }', true],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[1] = "value" }', false],
    ['{ $.objectList[1].id = 2 }', true],
    ['{ $.eventType = %Trail% }', true],
    ['{ $.eventType != %Trail% }', false],
    ['{ $.arrayKey[*] = %val.{2}% }', true],
    ['{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }', true],
    [`{ $.['cluster.name'] = "c" }`, true],
    ['{ $.cluster.name = "c" }', false],
    ['{ $.SomeObject IS NULL }', true],
    ['{ $.SomeOtherObject IS NULL }', false],
    ['{ $.SomeOtherObject NOT EXISTS }', true],
    ['{ $.SomeObject NOT EXISTS }', false],
    ['{ $.objectList[5] NOT EXISTS }', true],
    ['{ $.ThisFlag IS TRUE }', true],
    ['{ $.ThisFlag IS FALSE }', false],
  ]);
  run(compound, [
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', true],
    [
      '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
      true,
    ],
    [
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }',
      false,
    ],
    ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', false],
    ['{ $.coordinates[1][2] = 6 }', true],
    ['{ $.users[*].id = 3 && $.users[*].email = "John*" }', true],
    ['{ $.users.id = 2 }', false],
    ['{ $.actions[*] != "GET" }', true],
  ]);
});

describe('strings, numbers and what is neither', () => {
  run(values, [
    // Observed on AWS: an unquoted number compares by value, a quoted one as it is written.
    ['{ $.i = 123 }', true],
    ['{ $.i = 123.0 }', true],
    ['{ $.i = 1.23e2 }', true],
    ['{ $.i = +123 }', true],
    ['{ $.i = "123" }', true],
    ['{ $.i = "123.0" }', false],
    ['{ $.i != "123.0" }', true],
    ['{ $.i != 111 }', true],
    ['{ $.i != 123 }', false],
    ['{ $.f2 = 12 }', true],
    ['{ $.f2 = "12" }', false],
    ['{ $.f2 = "12.0" }', true],
    ['{ $.e = 1000 }', true],
    ['{ $.e = "1e3" }', true],
    ['{ $.neg < -4.5 }', true],
    ['{ $.neg = -5 }', true],
    ['{ $.i = 1* }', true],
    ['{ $.i = *23 }', true],
    ['{ $.i != 3* }', true],
    ['{ $.f = "12.*" }', true],
    ['{ $.f = *.34 }', true],
    ['{ $.s = * }', true],
    ['{ $.empty = "*" }', true],
    ['{ $.empty = "" }', true],
    ['{ $.s = *.111.111.111 }', true],
    ['{ $.s = *11.11* }', true],
    // "Ev*ent will only match the actual string Ev*ent"
    ['{ $.s != 111*111 }', true],
    ['{ $.star = "a*b" }', true],
    ['{ $.s != 222* }', true],
    ['{ $.quoted = "a \\"b\\"" }', true],
    ['{ $.digits = 123 }', true],
    ['{ $.digits = 123.0 }', false],
    ['{ $.s > 123 }', false],
    ['{ $.digits > 1 }', false],
    ['{ $.i >= 123 }', true],
    ['{ $.i > 123 }', false],
    ['{ $.i <= 122.9 }', false],
    ['{ $.i < 10e3 }', true],
    // "If a property selector points to an array or object, the filter pattern won't match"
    ['{ $.o = 1 }', false],
    ['{ $.o != 1 }', false],
    ['{ $.a != "x" }', false],
    ['{ $.n != "x" }', false],
    ['{ $.t = true }', false],
    ['{ $.missing != "x" }', false],
    ['{ $.missing = * }', false],
    ['{ $.missing.deeper NOT EXISTS }', true],
    ['{ $.s.length NOT EXISTS }', true],
    ['{ $.a[*] NOT EXISTS }', true],
    ['{ $.__proto__ NOT EXISTS }', true],
    ['{ $.constructor NOT EXISTS }', true],
  ]);
});

test.each(['not JSON', '{broken', '[{"v":1}]', '"v"', ''])('%s is no JSON event: nothing matches', (message) => {
  expect(isMatch('{ $.v NOT EXISTS }', message)).toBe(false);
});

test.each([
  '{ $.v == 1 }',
  '{ $.v EXISTS }',
  '{ $.v IS NOT NULL }',
  '{ $.v is null }',
  '{ $.v }',
  '{ }',
  '{ $.v = }',
  '{ $.v = 1',
  '{ $.v = 1 } tail',
  '{ $.v = 1 && }',
  '{ ($.v = 1 }',
  '{ $.v = 1) }',
  '{ !($.v = 1) }',
  '{ $.v > 0 AND $.v < 2 }',
  '{ "v": [1] }',
  '{ v = 1 }',
  '{ $v = 1 }',
  '{ $[0] = 1 }',
  '{ $..value = "hit" }',
  '{ $.arr[-1] = 1 }',
  '{ $.arr[0:2] = 1 }',
  '{ $.arr[ = 1 }',
  '{ $."sc-status" = 5* }',
  '{ $.v > "Alpha" }',
  '{ $.v > Alpha }',
  '{ $.v >= "123" }',
  '{ $.v < 1* }',
  '{ $.v = "open }',
  '{ $.v = a:b }',
  '{ $.v = %(a|b)% }',
  '{ $.v > %a% }',
  '{ $.items[*].* = 1 }',
  '{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.* = 1 }',
  '{ $.v = %a% || $.v = %b% || $.v = %c% }',
])('%s is refused', (pattern) => {
  expect(() => compilePattern(pattern)).toThrow(AwsError);
});

test('the value of each selector is extracted', () => {
  const extracted = compilePattern('{ $.f2 > 1 && $.s = * && $.missing NOT EXISTS }').extract(values);
  expect(Object.fromEntries(extracted)).toEqual({ '$.f2': '12.0', '$.s': '111.111.111.111' });
});

describe('properties', () => {
  test('any string value is found by its quoted text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        fc.pre(!value.startsWith('*') && !value.endsWith('*'));
        const quoted = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
        expect(isMatch(`{ $.v = "${quoted}" }`, JSON.stringify({ v: value }))).toBe(true);
      }),
    );
  });

  test('numbers compare as numbers do', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, number, (value, term) => {
        const event = JSON.stringify({ v: value });
        expect(isMatch(`{ $.v > ${term} }`, event)).toBe(value > term);
        expect(isMatch(`{ $.v <= ${term} }`, event)).toBe(value <= term);
      }),
    );
  });

  test('no pattern does anything but match or be refused', () => {
    const piece = fc.constantFrom(
      ...['{', '}', '[', ']', '(', ')', '$', '.', '"', '%', '=', '!=', '>', '&&', '||', 'IS NULL', 'NOT EXISTS', '...'],
      ...['a', '1', '*', '-', '?', ',', ' ', '\\', '^', '+', '{2,}', "'", 'é'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.constantFrom(values, 'a 1 "a" [b]', ''), (pieces, message) => {
        try {
          expect(typeof isMatch(pieces.join(''), message)).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ name: 'AwsError', code: 'InvalidParameterException' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a regular expression of the supported syntax matches as it does in JavaScript', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\.');
    const repeat = fc.constantFrom('', '', '?', '*', '+', '{2}', '{1,2}', '{0,}');
    const sequence = fc.array(
      fc.tuple(atom, repeat).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 5 },
    );
    const alternative = fc.tuple(fc.constantFrom('', '^'), sequence, fc.constantFrom('', '$'));
    const source = fc
      .array(
        alternative.map(([start, parts, end]) => start + parts.join('') + end),
        { minLength: 1, maxLength: 3 },
      )
      .map((alternatives) => alternatives.join('|'));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '.', ' '), maxLength: 8 });
    fc.assert(
      fc.property(source, text, (regex, message) => {
        expect(isMatch(`%${regex}%`, message)).toBe(new RegExp(regex, 'su').test(message));
      }),
      { numRuns: 3000 },
    );
  });
});
