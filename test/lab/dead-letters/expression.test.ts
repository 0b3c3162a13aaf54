import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../../../src/expression/error.ts';
import { fieldsOf, parseExpression } from '../../../src/expression/parser.ts';
import { type DeadLetter, deadLetterOf } from '../../../src/lab/dead-letters/dead-letter.ts';
import { matches } from '../../../src/lab/dead-letters/matching.ts';
import { shopKnowledge } from '../../../src/shop/dead-letters/knowledge.ts';
import { World } from '../../shop/runtime/memory-ports.ts';

const EVENT = {
  ...{ event_type: 'payment_failed', event_id: 'e-1', order_id: 'ord_7', correlation_id: 'c-1' },
  ...{ total_amount: '149.90', reason: 'payment declined', schema_version: 1, timestamp: '2026-01-01T12:00:00.000Z' },
  ...{
    items: [
      { sku: 'keyboard', quantity: 2 },
      { sku: 'laptop-pro', quantity: 1 },
    ],
    causation_id: null,
    nested: {},
  },
};

const { tell } = shopKnowledge('inventory', new World().logs);

function letter(body: unknown = EVENT, attributes: Record<string, string> = {}): Promise<DeadLetter> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const seen = { messageId: 'm-1', body: text, attributes, receiveCount: 4, sentAt: Date.UTC(2026, 0, 1, 12) };
  return deadLetterOf('inventory-queue-dlq', seen, tell);
}

const stated = { cliffracer_reason: 'not_json', cliffracer_attempt: '10', trace: 'a b', '007': 'bond' };
const anyLetter = await letter(EVENT, stated);
const holds = (text: string, of = anyLetter) => matches(parseExpression(text), of);

describe('an expression holds', () => {
  it.each([
    'event_type = payment_failed',
    'event_type == payment_failed',
    'event_type=payment_failed and order_id=ord_7',
    'event_type != order_created',
    'reason = not_json',
    'event.reason = "payment declined"',
    "event.reason ~ 'DECLINED'",
    'event.reason !~ timeout',
    'attempts > 9',
    'attempts >= 10 and attempts <= 10.0',
    'receive_count = 4',
    'total_amount = 149.9',
    'total_amount > 99',
    'schema_version < 2',
    'items.sku = keyboard and items.sku = laptop-pro',
    'items.quantity = 2',
    'service = inventory',
    'source = ""',
    'attributes.trace = "a b"',
    'trace = "a b"',
    'attributes.007 = bond',
    'sent_at < 2026-01-02',
    'timestamp >= "2026-01-01T12:00:00.000Z"',
    'body ~ laptop',
    'nothing = ""',
    'nothing != payment_failed',
    'causation_id = ""',
    'not event_type = order_created',
    'not not attempts > 9',
    'NOT (event_type = order_created OR attempts < 3)',
    // and binds tighter than or.
    'event_type = payment_failed or attempts < 3 and reason = x',
    '(((attempts > 3)))',
    'event.reason = "payment \\d\\eclined"',
  ])('%s', (text) => expect(holds(text)).toBe(true));
});

describe('an expression does not hold', () => {
  it.each([
    'event_type = order_created',
    '(event_type = payment_failed or attempts < 3) and reason = x',
    // As text 10 comes before 9.
    'attempts < 9',
    'attempts > many',
    'order_id > 5',
    // In quotes a number is text.
    'total_amount = "149.9"',
    'items.sku = toaster',
    'items.sku != keyboard',
    'nothing > 1',
    'nothing ~ a',
    'toString ~ native',
    'attributes.constructor ~ native',
    'event.__proto__.constructor ~ native',
    'items.length = 2',
  ])('%s', (text) => expect(holds(text)).toBe(false));
});

it('ids of many digits are not taken for numbers', async () => {
  const of = await letter({ ...EVENT, order_id: '90071992547409931' });
  expect(holds('order_id = 90071992547409930', of)).toBe(false);
  expect(holds('order_id = 90071992547409931', of)).toBe(true);
});

it.each(['hello {', '[1]', '"text"', '', '{"__proto__":{"event_type":"x"}}'])(
  'a body that is no event has no fields: %s',
  async (body) => {
    const of = await letter(body);
    expect(holds('event_type = ""', of)).toBe(true);
    expect(holds('event_type = x', of)).toBe(false);
  },
);

it('names the fields it looks at', () => {
  const expression = parseExpression('a = 1 and (b.c ~ 2 or not (a = 3))');
  expect([...fieldsOf(expression)]).toEqual(['a', 'b.c']);
});

describe('says what is wrong, and where', () => {
  it.each([
    ['', 1, 'expected a field, not the end'],
    ['  ', 1, 'expected a field, not the end'],
    ['reason', 7, 'expected =, !=, ~, !~, <, <=, > or >= after "reason", not the end'],
    ['reason =', 9, 'expected a value after =, not the end'],
    ['= 3', 1, 'expected a field, not "="'],
    ['a = 1 b = 2', 7, 'expected "and", "or" or the end, not "b"'],
    ['a = 1 and', 10, 'expected a field, not the end'],
    ['a = 1 && b = 2', 7, '"&&"'],
    ['and = 1', 1, 'expected a field, not "and"'],
    ['a = or', 5, 'expected a value after =, not "or"'],
    ['"a" = 1', 1, 'expected a field, not "a"'],
    ['(a = 1', 7, 'expected ) for the ( at character 1, not the end'],
    ['a = 1)', 6, 'this ) closes nothing'],
    ['a = "open', 5, 'the text after " has no closing "'],
    ['a =! 1', 3, '"=!" is no comparison'],
    ['! a = 1', 1, '"not" turns a condition round'],
    ['a <> 1', 3, '"<>" is no comparison'],
    [`${'('.repeat(60)}a = 1`, 51, 'more than 50 levels'],
    [`${'not '.repeat(60)}a = 1`, 201, 'more than 50 levels'],
  ])('%j', (text, at, what) => {
    const error = failureOf(text);
    expect(error).toBeInstanceOf(ExpressionError);
    expect(error!.message).toContain(`character ${at}: `);
    expect(error!.message).toContain(what);
  });

  it('also of one without end', () => {
    expect(failureOf('a = 1 and '.repeat(300))!.message).toContain('more than 2000 characters');
  });
});

it('of a hundred conditions side by side none is too many', () => {
  expect(holds(Array.from({ length: 100 }, () => 'attempts > 3').join(' and '))).toBe(true);
});

it('any text is read or refused', () => {
  const words = fc.constantFrom(
    'a',
    'and',
    'or',
    'not',
    '(',
    ')',
    '=',
    '!=',
    '~',
    '<',
    '"x y"',
    "'",
    '"',
    '\\',
    '9',
    'ß🛒',
    ' ',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(words).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const error = failureOf(text);
      if (error === undefined) expect(typeof holds(text)).toBe('boolean');
      else expect(error).toBeInstanceOf(ExpressionError);
    }),
  );
});

function failureOf(text: string): ExpressionError | undefined {
  try {
    parseExpression(text);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}
