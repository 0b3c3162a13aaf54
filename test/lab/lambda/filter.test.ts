import { describe, expect, test } from 'vitest';
import { messageFilter } from '../../../src/lab/lambda/filter.ts';
import { message } from './messages.ts';

const passes = (pattern: unknown, body: unknown) =>
  messageFilter([JSON.stringify(pattern)])(message(typeof body === 'string' ? body : JSON.stringify(body)));
const inBody = (rules: unknown, value: unknown) => passes({ body: { field: rules } }, { field: value });

// Lambda Developer Guide, "Control which events Lambda sends to your function" (invocation-eventfiltering), "Filter rule
// syntax": the table of comparison operators.
describe('comparison operators', () => {
  test.each<[string, unknown, unknown[], unknown[]]>([
    ['null', [null], [null], ['', 0, 'null']],
    ['empty', [''], [''], [null, ' ']],
    ['equals', ['Alice'], ['Alice'], ['alice', 'Bob']],
    ['equals, ignoring case', [{ 'equals-ignore-case': 'alice' }], ['Alice', 'ALICE'], ['Bob', 1]],
    ['or', ['Credit', 'Debit'], ['Credit', 'Debit'], ['Cash']],
    ['not', [{ 'anything-but': ['Raining'] }], ['Sunny', 1], ['Raining']],
    ['not, of a beginning', [{ 'anything-but': { prefix: 'us-' } }], ['eu-west-1'], ['us-east-1']],
    ['numeric (equals)', [{ numeric: ['=', 100] }], [100], [101, '100']],
    ['numeric (range)', [{ numeric: ['>', 10, '<=', 20] }], [11, 20], [10, 21, '15']],
    ['exists', [{ exists: true }], ['x', null], [{ deeper: 1 }]],
    ['begins with', [{ prefix: 'us-' }], ['us-east-1'], ['eu-us-1', 1]],
    ['ends with', [{ suffix: '.png' }], ['a.png'], ['a.jpg']],
    ['a list, of which one matches', ['a'], [['a', 'b']], [['b']]],
  ])('%s', (_name, rules, matching, others) => {
    for (const value of matching) expect({ value, passes: inBody(rules, value) }).toEqual({ value, passes: true });
    for (const value of others) expect({ value, passes: inBody(rules, value) }).toEqual({ value, passes: false });
  });

  test('does not exist', () => {
    const rules = [{ exists: false }];
    expect(passes({ body: { field: rules } }, { other: 1 })).toBe(true);
    expect(inBody(rules, 'x')).toBe(false);
  });

  test('and; or over several fields', () => {
    const both = { body: { place: ['New York'], day: ['Monday'] } };
    expect(passes(both, { place: 'New York', day: 'Monday' })).toBe(true);
    expect(passes(both, { place: 'New York', day: 'Friday' })).toBe(false);
    const either = { body: { $or: [{ place: ['New York'] }, { day: ['Monday'] }] } };
    expect(passes(either, { place: 'Boston', day: 'Monday' })).toBe(true);
    expect(passes(either, { place: 'Boston', day: 'Friday' })).toBe(false);
  });

  test('a name that every object has is a field like any other', () => {
    expect(passes({ body: { constructor: [{ exists: true }] } }, {})).toBe(false);
  });
});

// Same guide, "Using event filtering with an Amazon SQS event source" (with-sqs-filtering): the table of body formats.
describe('form of the body', () => {
  const text = { body: ['hello', { prefix: 'Result' }] };
  const json = { body: { code: [1] } };
  const meta = { attributes: { ApproximateReceiveCount: ['1'] } };
  test.each<[string, unknown, unknown, boolean]>([
    ['plain text, pattern for text', text, 'hello', true],
    ['plain text, pattern for text that does not match', text, 'bye', false],
    ['plain text, no pattern for the body', meta, 'hello', true],
    ['plain text, pattern for JSON', json, 'hello', false],
    ['JSON, pattern for text', text, { code: 1 }, false],
    ['JSON, no pattern for the body', meta, { code: 1 }, true],
    ['JSON, pattern for JSON', json, { code: 1 }, true],
    ['JSON, pattern for JSON that does not match', json, { code: 2 }, false],
  ])('%s', (_name, pattern, body, wanted) => expect(passes(pattern, body)).toBe(wanted));
});

test('one of several filters is enough, and without any everything passes', () => {
  const filter = messageFilter(['{"body":["a"]}', '{"body":["b"]}']);
  expect(['a', 'b', 'c'].map((body) => filter(message(body)))).toEqual([true, true, false]);
  expect(messageFilter([])(message('x'))).toBe(true);
});

test.each([
  ['{', /filter 1: no JSON/],
  ['[]', /filter 1: the pattern must be an object/],
  ['{}', /filter 1: the pattern is empty/],
  ['{"body":"x"}', /body, if it is no list of rules, must be an object/],
  ['{"body":[]}', /body has an empty list/],
  ['{"body":[{"like":"x"}]}', /there is no operator "like"; prefix/],
  ['{"body":[{"constructor":"x"}]}', /there is no operator "constructor"/],
  ['{"body":[{"numeric":[">"]}]}', /numeric takes a comparison and a number/],
  ['{"body":[{"prefix":1}]}', /prefix takes a string/],
])('the pattern %s is refused', (pattern, why) => expect(() => messageFilter([pattern])).toThrow(why));
