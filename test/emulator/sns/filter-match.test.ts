import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilterPolicy } from '../../../src/emulator/sns/filter/compile.ts';
import { matchesAttributes, matchesBody } from '../../../src/emulator/sns/filter/match.ts';
import type { Scalar } from '../../../src/emulator/sns/filter/policy.ts';
import { filterValues } from '../../../src/emulator/sns/message-attributes.ts';

const body = (policy: unknown, message: unknown) =>
  matchesBody(compileFilterPolicy(JSON.stringify(policy), 'MessageBody'), message);
const attributes = (policy: unknown, values: Record<string, Scalar[]>) =>
  matchesAttributes(compileFilterPolicy(JSON.stringify(policy), 'MessageAttributes'), new Map(Object.entries(values)));

// Operator, condition list, values that pass, values that do not. "SNS Developer Guide, Subscription filter policies".
const OPERATORS: [string, unknown[], Scalar[], Scalar[]][] = [
  ['exact string', ['rugby', 'tennis'], ['rugby', 'tennis'], ['baseball', 'Rugby', '', 'rugby ']],
  ['exact string and number differ', ['100'], ['100'], [100]],
  ['exact number', [100], [100, 1e2, 100.000001], [101, '100']],
  ['exact true, false and null', [true, null], [true, null], [false, 'true', 'null', 0]],
  ['mixed list', ['a', 1, { prefix: 'b' }], ['a', 1, 'bc'], ['c', 2]],
  ['prefix', [{ prefix: 'bas' }], ['baseball', 'bas'], ['ba', 'rugby', 5]],
  ['empty prefix', [{ prefix: '' }], ['', 'x'], [1, null]],
  ['suffix', [{ suffix: 'ball' }], ['baseball', 'ball'], ['rugby', 'balls']],
  ['equals-ignore-case', [{ 'equals-ignore-case': 'tennis' }], ['TENNIS', 'Tennis'], ['tenni', 1]],
  ['wildcard', [{ wildcard: 'a*c*e' }], ['abcde', 'ace', 'accce'], ['acd', 'bce', 'a']],
  ['wildcard at both ends', [{ wildcard: '*mid*' }], ['mid', 'amidst'], ['m', 'mi d']],
  ['wildcard alone', [{ wildcard: '*' }], ['', 'x'], [1, null]],
  ['wildcard escapes', [{ wildcard: 'a\\*b\\\\*' }], ['a*b\\', 'a*b\\c'], ['axb\\', 'a*bc']],
  ['wildcard does not overlap', [{ wildcard: 'aba*ba' }], ['ababa', 'abaxba'], ['aba']],
  ['numeric equal', [{ numeric: ['=', 301.5] }], [301.5, 3.015e2], [301.4, '301.5']],
  ['numeric range', [{ numeric: ['>', 0, '<=', 150] }], [0.00001, 100, 150], [0, -1, 150.00001]],
  ['numeric lower bound', [{ numeric: ['>=', 10] }], [10, 1e9], [9.99999]],
  ['numeric upper bound', [{ numeric: ['<', 10] }], [9.9, -1e9], [10]],
  ['five digits of accuracy', [{ numeric: ['=', 0.000001] }], [0, 0.000002], [0.00001]],
  ['anything-but', [{ 'anything-but': ['rugby', 'tennis'] }], ['baseball', 5, null], ['rugby', 'tennis']],
  ['anything-but one value', [{ 'anything-but': 'rugby' }], ['tennis'], ['rugby']],
  ['anything-but numbers', [{ 'anything-but': [100, 500] }], [101, '100'], [100, 500]],
  ['anything-but prefix', [{ 'anything-but': { prefix: 'order-' } }], ['data', 5], ['order-1']],
  ['anything-but suffix', [{ 'anything-but': { suffix: '-x' } }], ['a-y'], ['a-x']],
  ['anything-but wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['/bin/a'], ['/lib/a']],
  ['anything-but equals-ignore-case', [{ 'anything-but': { 'equals-ignore-case': ['A', 'b'] } }], ['c'], ['a', 'B']],
  ['exists', [{ exists: true }], ['x', 0, null, false], []],
  ['cidr', [{ cidr: '10.0.0.0/24' }], ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', '9.255.255.255', 'x', '::a00:0', 1]],
  ['cidr IPv6', [{ cidr: '2001:db8::/32' }], ['2001:db8::1', '2001:DB8:ffff::'], ['2001:db9::', '10.0.0.1']],
  ['cidr of everything', [{ cidr: '0.0.0.0/0' }], ['0.0.0.0', '255.255.255.255'], ['256.0.0.1', '1.2.3']],
];

describe('operators', () => {
  it.each(OPERATORS)('%s', (_name, conditions, passing, failing) => {
    for (const value of passing) {
      expect(body({ key: conditions }, { key: value }), `body ${JSON.stringify(value)}`).toBe(true);
      expect(attributes({ key: conditions }, { key: [value] }), `attribute ${JSON.stringify(value)}`).toBe(true);
    }
    for (const value of failing) {
      expect(body({ key: conditions }, { key: value }), `body ${JSON.stringify(value)}`).toBe(false);
      expect(attributes({ key: conditions }, { key: [value] }), `attribute ${JSON.stringify(value)}`).toBe(false);
    }
    expect(body({ key: conditions }, { other: 1 })).toBe(false);
  });

  it('exists false passes only what has no such key', () => {
    expect(attributes({ key: [{ exists: false }] }, { other: ['x'] })).toBe(true);
    expect(attributes({ key: [{ exists: false }] }, { key: ['x'] })).toBe(false);
    expect(attributes({ key: [{ exists: false }, 'x'] }, { key: ['x'] })).toBe(true);
    expect(attributes({ key: [{ exists: false }, { 'anything-but': 'x' }] }, {})).toBe(true);
    expect(body({ key: [{ exists: false }] }, {})).toBe(true);
    expect(body({ a: { key: [{ exists: false }] } }, { a: { key: null } })).toBe(false);
    expect(body({ a: { key: [{ exists: false }] } }, { a: 'text' })).toBe(true);
    expect(body({ a: { key: [{ exists: false }] }, b: [1] }, { b: 2 })).toBe(false);
  });

  it('exists true asks for a leaf, not for an object (EventBridge, Exists matching)', () => {
    expect(body({ key: [{ exists: true }] }, { key: { nested: 1 } })).toBe(false);
    expect(body({ key: [{ exists: true }] }, { key: [] })).toBe(false);
  });
});

describe('attributes', () => {
  it('an array passes when one element does', () => {
    expect(attributes({ interests: ['rugby'] }, { interests: ['soccer', 'rugby'] })).toBe(true);
    // Documented: it has a value that is not in the list.
    expect(attributes({ interests: [{ 'anything-but': ['rugby'] }] }, { interests: ['rugby', 'baseball'] })).toBe(true);
    expect(attributes({ interests: [{ 'anything-but': ['rugby'] }] }, { interests: ['rugby'] })).toBe(false);
  });

  it('every key must pass', () => {
    const policy = { store: ['x'], price: [{ numeric: ['>', 1] }] };
    expect(attributes(policy, { store: ['x'], price: [2] })).toBe(true);
    expect(attributes(policy, { store: ['x'], price: [1] })).toBe(false);
    expect(attributes(policy, { store: ['x'] })).toBe(false);
  });

  it('types decide what a value is', () => {
    const values = filterValues({
      text: { DataType: 'String', StringValue: '5' },
      custom: { DataType: 'String.uuid', StringValue: 'u' },
      number: { DataType: 'Number.int', StringValue: '5.0' },
      array: { DataType: 'String.Array', StringValue: '["a", 1, true, null, {"x": 1}]' },
      broken: { DataType: 'String.Array', StringValue: '["a"' },
      single: { DataType: 'String.Array', StringValue: '"a"' },
      binary: { DataType: 'Binary', BinaryValue: Buffer.from('a') },
    });
    expect(Object.fromEntries(values)).toEqual({
      text: ['5'],
      custom: ['u'],
      number: [5],
      array: ['a', 1, true, null],
      broken: [],
      single: ['a'],
    });
  });

  it('an empty policy accepts everything', () => {
    expect(attributes({}, {})).toBe(true);
    expect(body({}, 'no object')).toBe(true);
  });

  it('names of the prototype are ordinary names', () => {
    expect(attributes({ constructor: [{ exists: true }] }, {})).toBe(false);
    expect(body({ toString: [{ exists: true }] }, {})).toBe(false);
    expect(body(JSON.parse('{"__proto__": ["x"]}'), JSON.parse('{"__proto__": "x"}'))).toBe(true);
    expect(body({ a: { constructor: { name: [{ exists: true }] } } }, { a: {} })).toBe(false);
  });
});

describe('bodies', () => {
  const RECORDS = {
    Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] },
  };
  const record = (eventName: string, key: string) => ({ eventName, s3: { object: { key } } });

  it.each<[string, unknown, unknown, boolean]>([
    ['nested keys', { a: { b: [1] } }, { a: { b: 1 } }, true],
    ['nested keys elsewhere', { a: { b: [1] } }, { b: 1 }, false],
    ['a dotted key in the policy', { 'a.b': [1] }, { a: { b: 1 } }, true],
    ['a dotted key in the body', { a: { b: { c: [1] } } }, { 'a.b': { c: 1 } }, true],
    ['dotted keys side by side', { a: { b: [1], c: [2] } }, { 'a.b': 1, 'a.c': 2 }, true],
    ['a dotted key beside a nested one', { a: { b: [1], c: [2] } }, { 'a.b': 1, a: { c: 2 } }, true],
    ['values in an array', { to: ['q1'] }, { to: ['q2', 'q1'] }, true],
    ['values in nested arrays', { to: ['q1'] }, { to: [['q2', ['q1']]] }, true],
    ['an array of objects', RECORDS, { Records: [record('ObjectCreated:Put', 'auto-1')] }, true],
    ['an array in an array', RECORDS, { Records: [[record('ObjectCreated:Put', 'auto-1')]] }, true],
    [
      'keys met by different elements',
      RECORDS,
      { Records: [record('ObjectCreated:Put', 'home-1'), record('ObjectRemoved:Delete', 'auto-1')] },
      false,
    ],
    ['an object where a value is asked for', { a: ['x'] }, { a: { b: 'x' } }, false],
    ['a value where an object is asked for', { a: { b: ['x'] } }, { a: 'x' }, false],
    ['an array as the body', { a: [1] }, [{ a: 1 }], false],
    ['text as the body', { a: [1] }, 'a', false],
    ['no body', { a: [1] }, undefined, false],
    ['absence within array elements', { l: { k: [{ exists: false }] } }, { l: [{ k: 1 }, {}] }, false],
  ])('%s', (_name, policy, message, passes) => {
    expect(body(policy, message)).toBe(passes);
  });

  it('survives deep nesting', () => {
    const deep = JSON.parse(`{"a":${'['.repeat(5000)}"x"${']'.repeat(5000)}}`);
    expect(body({ a: ['x'] }, deep)).toBe(false);
  });
});

describe('$or', () => {
  const POLICY = {
    $or: [{ metricName: ['CPU', 'Read'] }, { namespace: ['EC2'] }],
    detail: { scope: ['Service'], $or: [{ source: ['cw'] }, { type: ['alarm'] }] },
  };

  it.each<[unknown, boolean]>([
    [{ metricName: 'CPU', detail: { scope: 'Service', source: 'cw' } }, true],
    [{ namespace: 'EC2', detail: { scope: 'Service', type: 'alarm' } }, true],
    [{ metricName: 'EC2', detail: { scope: 'Service', source: 'cw' } }, false],
    [{ metricName: 'CPU', detail: { scope: 'Service' } }, false],
    [{ metricName: 'CPU', detail: { type: 'alarm' } }, false],
    [{ detail: { scope: 'Service', source: 'cw' } }, false],
  ])('%j', (message, passes) => {
    expect(body(POLICY, message)).toBe(passes);
  });

  it('works on attributes too', () => {
    const policy = { source: ['s'], $or: [{ a: [1] }, { b: [{ exists: false }], c: [2] }] };
    expect(attributes(policy, { source: ['s'], a: [1] })).toBe(true);
    expect(attributes(policy, { source: ['s'], c: [2] })).toBe(true);
    expect(attributes(policy, { source: ['s'], b: ['x'], c: [2] })).toBe(false);
    expect(attributes(policy, { a: [1] })).toBe(false);
  });
});

describe('properties', () => {
  const text = fc.string({ maxLength: 12 });

  it('anything-but is the opposite for every single text', () => {
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        for (const op of ['suffix', 'equals-ignore-case', 'prefix']) {
          fc.pre(pattern !== '');
          const positive = body({ k: [{ [op]: pattern }] }, { k: value });
          expect(body({ k: [{ 'anything-but': { [op]: pattern } }] }, { k: value })).toBe(!positive);
        }
      }),
    );
  });

  it('wildcards agree with a regular expression', () => {
    const symbol = fc.constantFrom('a', 'b', '*');
    const pattern = fc.array(symbol, { maxLength: 8 }).map((all) => all.join('').replace(/\*+/g, '*'));
    const value = fc.array(fc.constantFrom('a', 'b'), { maxLength: 10 }).map((all) => all.join(''));
    fc.assert(
      fc.property(pattern, value, (wildcard, subject) => {
        const expected = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(subject);
        expect(body({ k: [{ wildcard }] }, { k: subject })).toBe(expected);
      }),
    );
  });

  it('CIDR blocks agree with arithmetic', () => {
    const address = fc.nat({ max: 2 ** 32 - 1 });
    const dotted = (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
    fc.assert(
      fc.property(address, address, fc.integer({ min: 1, max: 31 }), (base, value, bits) => {
        const network = ((base >>> (32 - bits)) << (32 - bits)) >>> 0;
        const inside = value >>> (32 - bits) === base >>> (32 - bits);
        expect(body({ k: [{ cidr: `${dotted(network)}/${bits}` }] }, { k: dotted(value) })).toBe(inside);
      }),
    );
  });

  it('an attribute policy gives the same answer on a flat body', () => {
    const scalar = fc.oneof(
      fc.constantFrom('a', 'b', 'ab'),
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      fc.constant(null),
    );
    const condition = fc.oneof(
      scalar,
      fc.constantFrom(
        { prefix: 'a' },
        { exists: true },
        { exists: false },
        { numeric: ['>', 1] },
        { 'anything-but': 'a' },
      ),
    );
    const policy = fc.dictionary(fc.constantFrom('x', 'y'), fc.array(condition, { minLength: 1, maxLength: 3 }), {
      minKeys: 1,
    });
    const message = fc.dictionary(fc.constantFrom('x', 'y', 'z'), scalar);
    fc.assert(
      fc.property(policy, message, (asked, values) => {
        const lists = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [value]]));
        expect(body(asked, values)).toBe(attributes(asked, lists));
      }),
    );
  });
});
