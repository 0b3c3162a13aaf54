import { linearIndexOf } from '../../core/linear-search.ts';
import {
  type AttributeValue,
  bytesText,
  compareValues,
  equalValues,
  type Item,
  setMembers,
  type ValueType,
} from '../value.ts';
import type { Comparator, Condition, Operand } from './ast.ts';
import { valueAt } from './paths.ts';

/** Whether a condition holds for an item; a missing item is one without attributes. */
export function holds(condition: Condition<AttributeValue>, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((part) => holds(part, item));
    case 'or':
      return condition.conditions.some((part) => holds(part, item));
    case 'not':
      return !holds(condition.condition, item);
    case 'compare':
      return compares(condition.operator, operandValue(condition.left, item), operandValue(condition.right, item));
    case 'between': {
      const value = operandValue(condition.operand, item);
      return (
        compares('>=', value, operandValue(condition.low, item)) &&
        compares('<=', value, operandValue(condition.high, item))
      );
    }
    case 'in': {
      const value = operandValue(condition.operand, item);
      return condition.candidates.some((candidate) => compares('=', value, operandValue(candidate, item)));
    }
    case 'function':
      return calls(condition, item);
  }
}

/** What it costs to test an item of so many bytes, in the steps of a meter. */
export function testSteps(condition: Condition<AttributeValue>, size: number): number {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.reduce((total, part) => total + testSteps(part, size), 0);
    case 'not':
      return testSteps(condition.condition, size);
    case 'in':
      return condition.candidates.length * (STEPS_A_TEST + (size >> 4));
    case 'function':
      return STEPS_A_TEST + (condition.name === 'contains' ? size : size >> 4);
    default:
      return STEPS_A_TEST + (size >> 4);
  }
}

const STEPS_A_TEST = 20;

function operandValue(operand: Operand<AttributeValue>, item: Item): AttributeValue | undefined {
  switch (operand.kind) {
    case 'path':
      return valueAt(item, operand.path);
    case 'value':
      return operand.value;
    case 'size': {
      const size = sizeOf(operandValue(operand.operand, item));
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

/** Length of a string or binary, number of members of a set, list or map; other types have no size. */
function sizeOf(value: AttributeValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.S ?? value.B ?? value.SS ?? value.NS ?? value.BS ?? value.L)?.length;
}

function compares(operator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  const both = left !== undefined && right !== undefined;
  if (operator === '=') return both && equalValues(left, right);
  if (operator === '<>') return !both || !equalValues(left, right);
  const order = both ? compareValues(left, right) : undefined;
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function calls(call: Condition<AttributeValue> & { kind: 'function' }, item: Item): boolean {
  const value = operandValue(call.operands[0]!, item);
  if (call.name === 'attribute_exists') return value !== undefined;
  if (call.name === 'attribute_not_exists') return value === undefined;
  const argument = operandValue(call.operands[1]!, item);
  if (value === undefined || argument === undefined) return false;
  switch (call.name) {
    case 'attribute_type':
      return value[argument.S as ValueType] !== undefined;
    case 'begins_with':
      return beginsWith(value, argument);
    case 'contains':
      return contains(value, argument);
  }
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined && prefix.S !== undefined) return value.S.startsWith(prefix.S);
  if (value.B === undefined || prefix.B === undefined) return false;
  return bytesText(value.B).startsWith(bytesText(prefix.B));
}

/** A substring, a member of a set of the same type, or an element of a list. */
function contains(value: AttributeValue, sought: AttributeValue): boolean {
  if (value.L !== undefined) return value.L.some((element) => equalValues(element, sought));
  if (sought.S !== undefined) {
    return value.S !== undefined ? linearIndexOf(value.S, sought.S) >= 0 : (value.SS?.includes(sought.S) ?? false);
  }
  if (sought.N !== undefined) return value.NS?.includes(sought.N) ?? false;
  if (sought.B === undefined) return false;
  const text = bytesText(sought.B);
  return value.B !== undefined
    ? linearIndexOf(bytesText(value.B), text) >= 0
    : value.BS !== undefined && setMembers(value)!.includes(text);
}
