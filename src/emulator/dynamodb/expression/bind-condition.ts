import { type AttributeValue, compareValues, typeOf, VALUE_TYPES } from '../value.ts';
import type { Comparator, Condition, Operand, Path } from './ast.ts';
import { shownPath } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { ExpressionError } from './tokens.ts';

type Bound = Operand<AttributeValue>;

const OPERANDS = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
} as const;

const MOST_CANDIDATES = 100;

/** A condition with its placeholders resolved, and the checks that need them made. */
export function bindCondition(parsed: Condition<string>, placeholders: Placeholders): Condition<AttributeValue> {
  const bind = (operand: Operand<string>) => bindOperand(operand, placeholders);
  switch (parsed.kind) {
    case 'and':
    case 'or':
      return { kind: parsed.kind, conditions: parsed.conditions.map((part) => bindCondition(part, placeholders)) };
    case 'not':
      return { kind: 'not', condition: bindCondition(parsed.condition, placeholders) };
    case 'compare': {
      const { operator } = parsed;
      return checkedComparison({ kind: 'compare', operator, left: bind(parsed.left), right: bind(parsed.right) });
    }
    case 'between': {
      const { operand, low, high } = parsed;
      return checkedBetween({ kind: 'between', operand: bind(operand), low: bind(low), high: bind(high) });
    }
    case 'in':
      return checkedIn({ kind: 'in', operand: bind(parsed.operand), candidates: parsed.candidates.map(bind) });
    case 'function':
      return checkedFunction({ kind: 'function', name: parsed.name, operands: parsed.operands.map(bind) });
  }
}

function bindOperand(operand: Operand<string>, placeholders: Placeholders): Bound {
  switch (operand.kind) {
    case 'path':
      return { kind: 'path', path: placeholders.path(operand.path) };
    case 'value':
      return { kind: 'value', value: placeholders.value(operand.value) };
    case 'size': {
      const bound = bindOperand(operand.operand, placeholders);
      if (bound.kind === 'value') refuseType('operator or function: size', bound.value, SIZED);
      return { kind: 'size', operand: bound };
    }
  }
}

const SIZED = ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'];
const ORDERED = ['S', 'N', 'B'];

function refuseType(subject: string, value: AttributeValue, allowed: readonly string[]): void {
  const type = typeOf(value);
  if (allowed.includes(type)) return;
  throw new ExpressionError(`Incorrect operand type for operator or function; ${subject}, operand type: ${type}`);
}

function refuseCount(name: string, count: number): never {
  throw new ExpressionError(
    'Incorrect number of operands for operator or function; ' +
      `operator or function: ${name}, number of operands: ${count}`,
  );
}

function refuseSamePath(operator: string, first: Bound, second: Bound): void {
  if (first.kind !== 'path' || second.kind !== 'path' || !samePath(first.path, second.path)) return;
  throw new ExpressionError(
    'The first operand must be distinct from the remaining operands for this operator or function; ' +
      `operator: ${operator}, first operand: ${shownPath(first.path)}`,
  );
}

function samePath(one: Path, two: Path): boolean {
  return one.length === two.length && one.every((part, at) => part === two[at]);
}

function checkedComparison(comparison: Condition<AttributeValue> & { kind: 'compare' }): Condition<AttributeValue> {
  const { operator, left, right } = comparison;
  refuseSamePath(operator, left, right);
  if (operator === '=' || operator === '<>') return comparison;
  for (const operand of [left, right]) {
    if (operand.kind === 'value') refuseType(`operator: ${operator satisfies Comparator}`, operand.value, ORDERED);
  }
  return comparison;
}

function checkedBetween(between: Condition<AttributeValue> & { kind: 'between' }): Condition<AttributeValue> {
  const { operand, low, high } = between;
  for (const bound of [operand, low, high]) {
    if (bound.kind === 'value') refuseType('operator or function: BETWEEN', bound.value, ORDERED);
  }
  if (low.kind === 'value' && high.kind === 'value') checkBounds(low.value, high.value);
  return between;
}

function checkBounds(low: AttributeValue, high: AttributeValue): void {
  const sameType = typeOf(low) === typeOf(high);
  if (sameType && (compareValues(low, high) ?? 0) <= 0) return;
  const rule = sameType
    ? 'upper bound to be greater than or equal to lower bound'
    : 'same data type for lower and upper bounds';
  throw new ExpressionError(
    `The BETWEEN operator requires ${rule}; ` +
      `lower bound operand: ${shownValue(low)}, upper bound operand: ${shownValue(high)}`,
  );
}

function shownValue(value: AttributeValue): string {
  const type = typeOf(value);
  const shown = value.B === undefined ? value[type] : Buffer.from(value.B).toString('base64');
  return `AttributeValue: {${type}:${shown}}`;
}

function checkedIn(condition: Condition<AttributeValue> & { kind: 'in' }): Condition<AttributeValue> {
  if (condition.candidates.length > MOST_CANDIDATES) refuseCount('IN', condition.candidates.length);
  return condition;
}

function checkedFunction(call: Condition<AttributeValue> & { kind: 'function' }): Condition<AttributeValue> {
  const { name, operands } = call;
  const [first, second] = operands;
  if (operands.length !== OPERANDS[name]) refuseCount(name, operands.length);
  if (second !== undefined) refuseSamePath(name, first!, second);
  switch (name) {
    case 'attribute_exists':
    case 'attribute_not_exists':
      if (first!.kind !== 'path') {
        throw new ExpressionError(`Operator or function requires a document path; operator or function: ${name}`);
      }
      break;
    case 'begins_with':
      for (const operand of operands) {
        if (operand.kind === 'value') refuseType(`operator or function: ${name}`, operand.value, ['S', 'B']);
      }
      break;
    case 'attribute_type':
      checkTypeName(second!);
      break;
  }
  return call;
}

function checkTypeName(operand: Bound): void {
  if (operand.kind !== 'value') {
    throw new ExpressionError(
      'Incorrect operand type for operator or function; operator or function: attribute_type, ' +
        'operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}',
    );
  }
  refuseType('operator or function: attribute_type', operand.value, ['S']);
  if ((VALUE_TYPES as readonly string[]).includes(operand.value.S!)) return;
  throw new ExpressionError(
    `Invalid attribute type name found; type: ${operand.value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  );
}
