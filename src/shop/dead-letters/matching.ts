import type { Fields } from '../../domain/envelope.ts';
import { isFields } from '../../domain/envelope.ts';
import type { Comparison, Expression } from './expression.ts';
import type { DeadLetter } from './letter.ts';

/** Whether a dead letter fulfils an expression. */
export function matches(expression: Expression, letter: DeadLetter): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => matches(part, letter));
    case 'or':
      return expression.parts.some((part) => matches(part, letter));
    case 'not':
      return !matches(expression.of, letter);
    case 'compare':
      return compare(expression, valuesOf(letter, expression.field) ?? ['']);
  }
}

/** A field that is missing compares as an empty text; of a list any member may fulfil the comparison. */
function compare(comparison: Comparison, values: readonly string[]): boolean {
  const { operator } = comparison;
  const any = (test: (value: string) => boolean) => values.some(test);
  switch (operator) {
    case '=':
      return any((value) => equal(value, comparison));
    case '!=':
      return !any((value) => equal(value, comparison));
    case '~':
      return any((value) => contains(value, comparison.value));
    case '!~':
      return !any((value) => contains(value, comparison.value));
    default:
      return any((value) => ordered(value, operator, comparison));
  }
}

const contains = (value: string, part: string) => value.toLowerCase().includes(part.toLowerCase());

// What a double holds exactly, lest two long ids of digits be one number.
const NUMBER = /^-?\d{1,15}(\.\d{1,6})?$/;
const areNumbers = (value: string, comparison: Comparison) =>
  !comparison.quoted && NUMBER.test(value) && NUMBER.test(comparison.value);

const equal = (value: string, comparison: Comparison) =>
  value === comparison.value || (areNumbers(value, comparison) && Number(value) === Number(comparison.value));

/** Numbers by size, texts (ISO times among them) by alphabet; a number and a text have no order. */
function ordered(value: string, operator: '<' | '<=' | '>' | '>=', comparison: Comparison): boolean {
  const numbers = areNumbers(value, comparison);
  if (!numbers && !comparison.quoted && (NUMBER.test(value) || NUMBER.test(comparison.value))) return false;
  const [a, b] = numbers ? [Number(value), Number(comparison.value)] : [value, comparison.value];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** What the program itself knows of a dead letter; these names come before fields of the event that are called alike. */
const OWN: Readonly<Record<string, (letter: DeadLetter) => string | number | undefined>> = {
  attempts: (letter) => letter.attempts,
  body: (letter) => letter.body,
  error: (letter) => letter.error?.message,
  event_id: (letter) => letter.event_id,
  event_type: (letter) => letter.event_type,
  message_id: (letter) => letter.message_id,
  order_id: (letter) => letter.order_id,
  reason: (letter) => letter.reason,
  receive_count: (letter) => letter.receive_count,
  sent_at: (letter) => letter.sent_at,
  service: (letter) => letter.service,
};

/**
 * The values of a field as text: what the program knows (`attempts`), else a field of the event (`items.sku`, or
 * `event.reason`), else an attribute of the message (`attributes.trace`). Undefined when there is none.
 */
export function valuesOf(letter: DeadLetter, field: string): string[] | undefined {
  if (Object.hasOwn(OWN, field)) return texts(OWN[field]!(letter));
  const [first, ...rest] = field.split('.') as [string, ...string[]];
  if (first === 'attributes') return attribute(letter, rest.join('.'));
  if (first === 'event' && rest.length > 0) return inside(letter.event, rest);
  return inside(letter.event, [first, ...rest]) ?? attribute(letter, field);
}

const attribute = ({ attributes }: DeadLetter, name: string) =>
  Object.hasOwn(attributes, name) ? [attributes[name]!] : undefined;

function inside(fields: Fields | undefined, path: readonly string[]): string[] | undefined {
  let found: unknown[] = [fields];
  for (const name of path) {
    found = found.flat().flatMap((value) => (isFields(value) && Object.hasOwn(value, name) ? [value[name]] : []));
  }
  return texts(...found.flat());
}

function texts(...values: readonly unknown[]): string[] | undefined {
  const known = values.filter((value) => value !== undefined && value !== null);
  if (known.length === 0) return undefined;
  return known.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
}
