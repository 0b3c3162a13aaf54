import type { Comparison, Expression } from './parser.ts';

/** The values of a field as text; undefined when there is none. */
export type ValuesOf = (field: string) => readonly string[] | undefined;

/** Whether something whose fields `valuesOf` tells fulfils an expression. */
export function fulfils(expression: Expression, valuesOf: ValuesOf): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => fulfils(part, valuesOf));
    case 'or':
      return expression.parts.some((part) => fulfils(part, valuesOf));
    case 'not':
      return !fulfils(expression.of, valuesOf);
    case 'compare':
      return compare(expression, valuesOf(expression.field) ?? ['']);
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
