import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilterPolicy } from '../../../src/emulator/sns/filter/compile.ts';
import type { FilterScope } from '../../../src/emulator/sns/filter/policy.ts';
import { checkJson, PolicyError } from '../../../src/emulator/sns/filter/reader.ts';

const SOURCE = 'Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';

function refusal(policy: unknown, scope: FilterScope = 'MessageAttributes'): string {
  try {
    compileFilterPolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), scope);
  } catch (error) {
    if (error instanceof PolicyError)
      return error.message.replace(` at [${SOURCE}; line: `, '').replace(/ column: (\d+)\]/, '$1');
    throw error;
  }
  return 'accepted';
}

// Policy, what SNS says about it, and at which column of its first line: as recorded from AWS.
const RULE_ERRORS: [unknown, string, number][] = [
  [{ key: [['value']] }, 'Match value must be String, number, true, false, or null', 10],
  [{ key: [{ 'wrong-operator': true }] }, 'Unrecognized match type wrong-operator', 31],
  [{ key: [{ suffix: 'value', prefix: 'value2' }] }, 'Only one key allowed in match expression', 37],
  [{ key: [{ suffix: 100 }] }, 'suffix match pattern must be a string', 22],
  [{ key: [{ suffix: null }] }, 'suffix match pattern must be a string', 23],
  [{ key: [{ suffix: [] }] }, 'suffix match pattern must be a string', 20],
  [{ key: [{ suffix: ['test', 'test2'] }] }, 'suffix match pattern must be a string', 20],
  [{ key: { suffix: 'value' } }, '"suffix" must be an object or an array', 19],
  [{ key: { 'not-an-operator': 'value' } }, '"not-an-operator" must be an object or an array', 28],
  [{ key_a: 'value_one' }, '"key_a" must be an object or an array', 11],
  [{ key: [{ numeric: [] }] }, 'Invalid member in numeric match: ]', 22],
  [{ key: [{ numeric: ['operator'] }] }, 'Unrecognized numeric range operator: operator', 32],
  [{ key: [{ numeric: [1, '<='] }] }, 'Invalid member in numeric match: 1', 22],
  [{ key: [{ numeric: ['=', '000'] }] }, 'Value of equals must be numeric', 26],
  [{ key: [{ numeric: ['>='] }] }, 'Value of >= must be numeric', 26],
  [{ key: [{ numeric: ['<', 100, '>', 10] }] }, 'Too many elements in numeric expression', 30],
  [{ key: [{ numeric: ['>=', 1, '>', 2] }] }, 'Bad numeric range operator: >', 31],
  [{ key: [{ numeric: ['>', 3, '<', 1] }] }, 'Bottom must be less than top', 33],
  [{ key: [{ numeric: ['>', 20, '<='] }] }, 'Value of <= must be numeric', 33],
  [{ key: [{ numeric: ['>', 20, 30] }] }, 'Bad value in numeric range: 30', 30],
  [{ key: [{ numeric: ['>', 20, 'test'] }] }, 'Bad numeric range operator: test', 34],
  [{ key: [{ numeric: ['>', '20', '<', '30'] }] }, 'Value of > must be numeric', 26],
  [{ key: [{ numeric: ['>', 20, '<', '30'] }] }, 'Value of < must be numeric', 33],
  [{ key: [{ numeric: ['>', 20, '<', 30, '<', 50] }] }, 'Too many terms in numeric range expression', 36],
  [{ key: [{ exists: null }] }, 'exists match pattern must be either true or false.', 23],
  [{ key: [{ exists: 'no' }] }, 'exists match pattern must be either true or false.', 20],
  [{ key: [{ 'anything-but': { 'wrong-operator': null } }] }, 'Unsupported anything-but pattern: wrong-operator', 47],
  [{ key: [{ 'anything-but': { exists: false } }] }, 'Unsupported anything-but pattern: exists', 40],
  [{ key: [{ 'anything-but': { prefix: false } }] }, 'prefix match pattern must be a string', 40],
];

describe('rules that SNS refuses', () => {
  it.each(RULE_ERRORS)('%j', (policy, reason, column) => {
    expect(refusal(policy)).toBe(`FilterPolicy: ${reason}\n1,${column}`);
  });

  it.each<[unknown, string]>([
    [[], 'Filter is not an object'],
    [{ key: {} }, 'Empty objects are not allowed'],
    [{ key: [] }, 'Empty arrays are not allowed'],
    [{ key: [{}] }, 'Match expression name not found'],
    [{ key: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
    [{ key: [{ numeric: ['=', 2e9] }] }, 'Value must be between -1.0E9 and 1.0E9, inclusive'],
    [{ key: [{ 'anything-but': null }] }, 'Value of anything-but must be an array or single string/number value.'],
    [
      { key: [{ 'anything-but': ['a', 1] }] },
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    [{ key: [{ 'anything-but': [true] }] }, 'Inside anything but list, start|null|boolean is not supported.'],
    [{ key: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
    [{ key: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
    [{ key: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
    [{ key: [{ cidr: '10.0.0.0/-1' }] }, 'Malformed CIDR, mask bits must not be negative'],
    [{ key: [{ cidr: '10.0.0.0/33' }] }, 'IPv4 mask bits must be < 32'],
    [{ key: [{ cidr: '::/128' }] }, 'IPv6 mask bits must be < 128'],
    [{ key: [{ cidr: 'localhost/8' }] }, 'Nonstandard IP address: localhost'],
    [{ key: [{ wildcard: 'abc**def' }] }, 'Consecutive wildcard characters at pos 4'],
    [{ key: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 2'],
    [{ $or: {} }, 'It must be an Array followed with $or.'],
    [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
    [{ $or: [{ a: [1] }, 'b'] }, 'Only JSON object is allowed in array of $or relationship.'],
    [{ $or: [{ prefix: [1] }, { b: [1] }] }, 'prefix is Ruler reserved fieldName which cannot be used inside $or.'],
  ])('%j', (policy, reason) => {
    expect(refusal(policy).split('\n')[0]).toBe(`FilterPolicy: ${reason}`);
  });

  it('counts lines', () => {
    expect(refusal('{\n  "a": "b"\n}')).toBe('FilterPolicy: "a" must be an object or an array\n2,9');
  });
});

describe('scopes and limits (Developer Guide, Filter policy constraints)', () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
  const TOO_COMPLEX = 'FilterPolicy: Filter policy is too complex';

  it.each<[string, unknown, FilterScope, string]>([
    [
      'nested keys need the scope MessageBody',
      { a: { b: ['x'] } },
      'MessageAttributes',
      'Filter policy scope MessageAttributes does not support nested filter policy',
    ],
    ['nested keys in the scope MessageBody', { a: { b: ['x'] } }, 'MessageBody', 'accepted'],
    ['150 values', { k: values(150) }, 'MessageAttributes', 'accepted'],
    ['151 values', { k: values(151) }, 'MessageAttributes', TOO_COMPLEX],
    ['values multiply over keys', { a: values(16), b: values(10) }, 'MessageAttributes', TOO_COMPLEX],
    [
      'levels of nesting multiply too: 4 x 3 x 3 x 2 x 3 x 1 = 216',
      { a: { b: { c: values(4) } }, d: { e: values(3) }, f: values(3) },
      'MessageBody',
      TOO_COMPLEX,
    ],
    [
      'alternatives add up: 4 x 6 + 4 x 4 x 4 + 4 x 4 x 4 = 152',
      { s: values(4), $or: [{ m: values(6) }, { t: values(4), $or: [{ i: values(4) }, { p: values(4) }] }] },
      'MessageAttributes',
      TOO_COMPLEX,
    ],
    [
      'alternatives add up: 3 x 6 + 3 x 4 x 4 + 3 x 4 x 7 = 150',
      { s: values(3), $or: [{ m: values(6) }, { t: values(4), $or: [{ i: values(4) }, { p: values(7) }] }] },
      'MessageAttributes',
      'accepted',
    ],
    ['five keys', { a: [1], b: [1], c: [1], d: [1], e: [1] }, 'MessageAttributes', 'accepted'],
    [
      'six keys',
      { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] },
      'MessageBody',
      'FilterPolicy: Filter policy can not have more than 5 keys',
    ],
    ['nested keys count once', { a: { b: [1], c: [1], d: [1] }, e: [1], f: [1], g: [1] }, 'MessageBody', 'accepted'],
    ['alternatives that would fork without end', nestedOr(12), 'MessageBody', TOO_COMPLEX],
    ['256 KB', { k: ['x'.repeat(262_144)] }, 'MessageAttributes', 'FilterPolicy: Filter policy is too large'],
  ])('%s', (_name, policy, scope, expected) => {
    expect(refusal(policy, scope)).toBe(expected);
  });

  function nestedOr(depth: number): unknown {
    return Object.fromEntries([['$or', [{ a: [1] }, { b: [2] }]], ...(depth > 0 ? [['n', nestedOr(depth - 1)]] : [])]);
  }
});

describe('broken JSON', () => {
  it.each<[string, string]>([
    ['{invalid', `Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n1,2`],
    ['{"a" 1}', `Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value\n1,6`],
    ['{"a":[1 2]}', `Unexpected character ('2' (code 50)): was expecting comma to separate Array entries\n1,9`],
    [
      '{"a":[maybe]}',
      `Unrecognized token 'maybe': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n1,12`,
    ],
  ])('%s', (text, reason) => {
    expect(refusal(text)).toBe(`FilterPolicy: failed to parse JSON. ${reason}`);
  });

  it.each(['', '{', '{"a":', '{"a":["x"', '{"a":["x', '{"a":["\\q"]}', '{"a":[1]} x', '{"a":[1,]}', '\u0000'])(
    '%j',
    (text) => {
      expect(() => compileFilterPolicy(text, 'MessageBody')).toThrow(PolicyError);
    },
  );

  it('bounds nesting', () => {
    expect(refusal(`{"a":${'{"a":'.repeat(2000)}[1]`)).toContain('exceeds the maximum allowed (1000)');
  });

  it('accepts what JSON.parse accepts, and nothing else', () => {
    const json = fc.json();
    const mutated = fc.tuple(json, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, extra]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + extra + text.slice(place + 1);
    });
    fc.assert(
      fc.property(mutated, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) expect(() => checkJson(text)).not.toThrow();
        else expect(() => checkJson(text)).toThrow(PolicyError);
      }),
      { numRuns: 500 },
    );
  });
});
