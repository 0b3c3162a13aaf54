import { invalidParameters, validationError } from './errors.ts';
import type { Condition, Operand } from './expression/ast.ts';
import { checkedValues, type LegacyCondition } from './legacy-conditions.ts';
import type { AttributeValue } from './value.ts';

/** What a query asks of one key attribute. */
export interface KeyCondition {
  /** Undefined for a comparison that no key can answer. */
  operator: '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with' | undefined;
  values: AttributeValue[];
}

export type KeyConditions = Map<string, KeyCondition>;

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function invalid(message: string): Error {
  return validationError(`Invalid KeyConditionExpression: ${message}`);
}

/** A KeyConditionExpression says something of key attributes, joined by AND (Developer Guide, Key condition expressions). */
export function keyConditionsOf(condition: Condition<AttributeValue>): KeyConditions {
  const conditions: KeyConditions = new Map();
  collect(condition, conditions);
  return conditions;
}

function collect(condition: Condition<AttributeValue>, conditions: KeyConditions): void {
  switch (condition.kind) {
    case 'and':
      for (const part of condition.conditions) collect(part, conditions);
      return;
    case 'or':
    case 'not':
    case 'in':
      throw invalid(`Invalid operator used in KeyConditionExpression: ${condition.kind.toUpperCase()}`);
    case 'compare':
      collectComparison(condition, conditions);
      return;
    case 'between': {
      const { operand, low, high } = condition;
      add(conditions, 'BETWEEN', 'BETWEEN', operand, [low, high]);
      return;
    }
    case 'function': {
      if (condition.name !== 'begins_with') {
        throw invalid(`Invalid operator used in KeyConditionExpression: ${condition.name}`);
      }
      const [operand, prefix] = condition.operands;
      add(conditions, 'begins_with', 'begins_with', operand!, [prefix!]);
    }
  }
}

function collectComparison(
  comparison: Condition<AttributeValue> & { kind: 'compare' },
  conditions: KeyConditions,
): void {
  const { operator, left, right } = comparison;
  if (operator === '<>') throw invalid('Invalid operator used in KeyConditionExpression: <>');
  refuseNested([left, right]);
  if (left.kind !== 'path' && right.kind !== 'path') {
    throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  }
  const mirrored = left.kind !== 'path';
  add(conditions, operator, mirrored ? MIRRORED[operator] : operator, mirrored ? right : left, [
    mirrored ? left : right,
  ]);
}

function refuseNested(operands: readonly Operand<AttributeValue>[]): void {
  if (operands.some((operand) => operand.kind === 'size')) {
    throw validationError('KeyConditionExpressions cannot contain nested operations');
  }
  if (operands.some((operand) => operand.kind === 'path' && operand.path.length > 1)) {
    throw validationError('KeyConditionExpressions cannot have conditions on nested attributes');
  }
}

function add(
  conditions: KeyConditions,
  shown: string,
  operator: KeyCondition['operator'],
  operand: Operand<AttributeValue>,
  bounds: readonly Operand<AttributeValue>[],
): void {
  refuseNested([operand, ...bounds]);
  if (operand.kind !== 'path') {
    throw invalid(
      `Invalid condition in KeyConditionExpression: ${shown} operator must have the key attribute as its first operand`,
    );
  }
  const values = bounds.map((bound) => {
    if (bound.kind === 'value') return bound.value;
    throw invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  });
  const name = operand.path[0] as string;
  if (conditions.has(name)) {
    throw validationError('KeyConditionExpressions must only contain one condition per key');
  }
  conditions.set(name, { operator, values });
}

export function tooManyConditions(): Error {
  return validationError('Conditions can be of length 1 or 2 only');
}

const LEGACY_OPERATORS: Record<string, NonNullable<KeyCondition['operator']>> = {
  EQ: '=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
  BETWEEN: 'BETWEEN',
  BEGINS_WITH: 'begins_with',
};

/** `KeyConditions`, from before there were expressions. */
export function legacyKeyConditions(legacy: Record<string, LegacyCondition>): KeyConditions {
  const conditions: KeyConditions = new Map();
  for (const name of Object.keys(legacy)) {
    const values = checkedValues(legacy[name]!);
    const operator = LEGACY_OPERATORS[legacy[name]!.ComparisonOperator];
    if (values.some((value) => value.S === undefined && value.N === undefined && value.B === undefined)) {
      throw invalidParameters('Condition parameter type does not match schema type');
    }
    conditions.set(name, { operator, values });
  }
  if (conditions.size === 0) throw tooManyConditions();
  return conditions;
}
