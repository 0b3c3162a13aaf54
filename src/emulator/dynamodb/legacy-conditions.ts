import { invalidParameters, validationError } from './errors.ts';
import type { Comparator, Condition, Operand } from './expression/ast.ts';
import { type AttributeValue, checkedValue, compareValues, typeOf } from './value.ts';

/** The conditional parameters from before expressions (Developer Guide, Legacy conditional parameters). */
export interface LegacyCondition {
  ComparisonOperator: string;
  AttributeValueList?: AttributeValue[];
}

export interface LegacyExpectation {
  ComparisonOperator?: string;
  AttributeValueList?: AttributeValue[];
  Value?: AttributeValue;
  Exists?: boolean;
}

const COMPARATORS: Record<string, Comparator> = { EQ: '=', NE: '<>', LE: '<=', LT: '<', GE: '>=', GT: '>' };

/** Types that a comparison takes; the ones not listed take any. */
const TYPES: Record<string, readonly string[]> = {
  LE: ['S', 'N', 'B'],
  LT: ['S', 'N', 'B'],
  GE: ['S', 'N', 'B'],
  GT: ['S', 'N', 'B'],
  BETWEEN: ['S', 'N', 'B'],
  IN: ['S', 'N', 'B'],
  CONTAINS: ['S', 'N', 'B'],
  NOT_CONTAINS: ['S', 'N', 'B'],
  BEGINS_WITH: ['S', 'B'],
};

/** `QueryFilter`, `ScanFilter` and `Expected` say what an expression says; from here on they are one. */
export function filterOf(
  conditions: Record<string, LegacyCondition> | undefined,
  operator: string | undefined,
): Condition<AttributeValue> | undefined {
  if (conditions === undefined) {
    refuseLoneOperator(operator);
    return undefined;
  }
  return joined(
    Object.keys(conditions).map((name) => legacyCondition(name, conditions[name]!)),
    operator,
  );
}

export function expectationOf(
  expected: Record<string, LegacyExpectation> | undefined,
  operator: string | undefined,
): Condition<AttributeValue> | undefined {
  if (expected === undefined) {
    refuseLoneOperator(operator);
    return undefined;
  }
  return joined(
    Object.keys(expected).map((name) => expectation(name, expected[name]!)),
    operator,
  );
}

function refuseLoneOperator(operator: string | undefined): void {
  if (operator !== undefined) {
    throw validationError('ConditionalOperator cannot be used without Filter or Expected');
  }
}

function joined(conditions: Condition<AttributeValue>[], operator: string | undefined): Condition<AttributeValue> {
  if (operator !== undefined && conditions.length < 2) {
    throw validationError('ConditionalOperator can only be used when Filter or Expected has two or more elements');
  }
  return { kind: operator === 'OR' ? 'or' : 'and', conditions };
}

function expectation(name: string, expected: LegacyExpectation): Condition<AttributeValue> {
  const { ComparisonOperator, AttributeValueList, Value, Exists } = expected;
  if (AttributeValueList !== undefined && Value !== undefined) {
    throw invalidParameters(`Value and AttributeValueList cannot be used together for Attribute: ${name}`);
  }
  if (ComparisonOperator !== undefined) {
    if (Exists !== undefined) {
      throw invalidParameters(`Exists and ComparisonOperator cannot be used together for Attribute: ${name}`);
    }
    const list = AttributeValueList ?? (Value === undefined ? undefined : [Value]);
    if (list === undefined && ComparisonOperator !== 'NULL' && ComparisonOperator !== 'NOT_NULL') {
      throw invalidParameters(
        `Value or AttributeValueList must be used with ComparisonOperator: ${ComparisonOperator} for Attribute: ${name}`,
      );
    }
    return legacyCondition(name, { ComparisonOperator, AttributeValueList: list ?? [] });
  }
  if (AttributeValueList !== undefined) {
    throw invalidParameters(`AttributeValueList can only be used with a ComparisonOperator for Attribute: ${name}`);
  }
  return existence(name, Value, Exists);
}

function existence(
  name: string,
  value: AttributeValue | undefined,
  exists: boolean | undefined,
): Condition<AttributeValue> {
  if (exists === false) {
    if (value !== undefined) {
      throw invalidParameters(`Value cannot be used when Exists is false for Attribute: ${name}`);
    }
    return { kind: 'function', name: 'attribute_not_exists', operands: [{ kind: 'path', path: [name] }] };
  }
  if (value === undefined) {
    throw invalidParameters(`Value must be provided when Exists is ${exists ?? 'null'} for Attribute: ${name}`);
  }
  return legacyCondition(name, { ComparisonOperator: 'EQ', AttributeValueList: [value] });
}

/** The values of a condition, which must be as many and of the types that its operator takes. */
export function checkedValues(condition: LegacyCondition): AttributeValue[] {
  const operator = condition.ComparisonOperator;
  const values = (condition.AttributeValueList ?? []).map((value) => checkedValue(value));
  const fits =
    operator === 'NULL' || operator === 'NOT_NULL'
      ? values.length === 0
      : operator === 'BETWEEN'
        ? values.length === 2
        : operator === 'IN'
          ? values.length > 0
          : values.length === 1;
  if (!fits) throw invalidParameters(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  const types = values.map(typeOf);
  if (types.some((type) => type !== types[0])) {
    throw invalidParameters('AttributeValues inside AttributeValueList must be of same type');
  }
  if (types[0] !== undefined && TYPES[operator]?.includes(types[0]) === false) {
    throw invalidParameters(`ComparisonOperator ${operator} is not valid for ${types[0]} AttributeValue type`);
  }
  if (operator === 'BETWEEN' && compareValues(values[0]!, values[1]!)! > 0) {
    throw validationError(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
  }
  return values;
}

function legacyCondition(name: string, condition: LegacyCondition): Condition<AttributeValue> {
  const operator = condition.ComparisonOperator;
  const path: Operand<AttributeValue> = { kind: 'path', path: [name] };
  const values = checkedValues(condition).map((value): Operand<AttributeValue> => ({ kind: 'value', value }));
  const [first, second] = values as [Operand<AttributeValue>, Operand<AttributeValue>];
  const comparator = COMPARATORS[operator];
  if (comparator !== undefined) return { kind: 'compare', operator: comparator, left: path, right: first };
  switch (operator) {
    case 'NULL':
      return { kind: 'function', name: 'attribute_not_exists', operands: [path] };
    case 'NOT_NULL':
      return { kind: 'function', name: 'attribute_exists', operands: [path] };
    case 'BETWEEN':
      return { kind: 'between', operand: path, low: first, high: second };
    case 'IN':
      return { kind: 'in', operand: path, candidates: values };
    case 'BEGINS_WITH':
      return { kind: 'function', name: 'begins_with', operands: [path, first] };
    case 'NOT_CONTAINS':
      return notContains(path, first);
    default:
      return { kind: 'function', name: 'contains', operands: [path, first] };
  }
}

/** Unlike `NOT contains(path, value)`, it holds only for an attribute that is there. */
function notContains(path: Operand<AttributeValue>, value: Operand<AttributeValue>): Condition<AttributeValue> {
  const contains: Condition<AttributeValue> = { kind: 'function', name: 'contains', operands: [path, value] };
  const exists: Condition<AttributeValue> = { kind: 'function', name: 'attribute_exists', operands: [path] };
  return { kind: 'and', conditions: [exists, { kind: 'not', condition: contains }] };
}
