import { EmptyKeyError, invalidParameters, validationError } from './errors.ts';
import {
  afterPrefix,
  emptyKind,
  partitionAttributes,
  partitionPrefix,
  sortAttributes,
  sortPrefix,
  sortText,
} from './key.ts';
import { type KeyCondition, type KeyConditions, tooManyConditions } from './key-conditions.ts';
import type { KeyAttribute, KeySchema } from './state.ts';
import type { KeyRange } from './tree.ts';
import type { AttributeValue } from './value.ts';

/** The range of tree keys that a query reads, and the beginning of all keys of the partition that it is in. */
export interface QueryRange extends KeyRange {
  partition: string;
  hasSort: boolean;
  /** Whether the whole key is given, so that a table has one such item at most. */
  isExact: boolean;
}

/**
 * A query gives all attributes of the partition key, and of the sort key the first ones, in their order; only the last of
 * these may be compared otherwise than by `=` (Developer Guide, Multi-attribute keys).
 */
export function queryRange(key: KeySchema, conditions: KeyConditions): QueryRange {
  if (key.more === undefined && conditions.size > 2) throw tooManyConditions();
  const [partitionKey, sortKey] = [partitionAttributes(key), sortAttributes(key)];
  if (conditions.size > partitionKey.length + sortKey.length) throw unsupported();
  const partition = conditionsOn(partitionKey, conditions);
  if (partition.some(({ operator }) => operator !== '=')) throw unsupported();
  const sort = conditionsOn(sortKey.slice(0, conditions.size - partition.length), conditions);
  if (sort.slice(0, -1).some(({ operator }) => operator !== '=')) throw unsupported();
  const prefix = partitionPrefix(partition.map(({ values }) => values[0]!));
  const isExact = sort.length === sortKey.length && sort.every(({ operator }) => operator === '=');
  const last = sort.pop();
  const start = prefix + sortText(sort.map(({ values }) => values[0]!));
  const range = last === undefined ? { low: start, high: afterPrefix(start) } : sortRange(start, last);
  return { partition: prefix, hasSort: last !== undefined, isExact, ...range };
}

/** The conditions on attributes that all need one. */
function conditionsOn(attributes: readonly KeyAttribute[], conditions: KeyConditions): KeyCondition[] {
  const missed = attributes.find(({ name }) => !conditions.has(name));
  if (missed !== undefined) throw validationError(`Query condition missed key schema element: ${missed.name}`);
  return attributes.map((attribute) => {
    const condition = conditions.get(attribute.name)!;
    if (condition.operator === undefined) {
      throw validationError('Attempted conditional constraint is not an indexable operation');
    }
    checkTypes(attribute, condition);
    return condition;
  });
}

function unsupported(): Error {
  return validationError('Query key condition not supported');
}

function checkTypes(attribute: KeyAttribute, condition: KeyCondition): void {
  for (const value of condition.values) {
    const fits = value[attribute.type] !== undefined;
    if (!fits || (condition.operator === 'begins_with' && attribute.type === 'N')) {
      throw invalidParameters('Condition parameter type does not match schema type');
    }
    const empty = emptyKind(value);
    if (empty !== undefined) {
      throw new EmptyKeyError(
        `The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${attribute.name}`,
      );
    }
  }
}

function sortRange(prefix: string, { operator, values }: KeyCondition): KeyRange {
  const first = values[0] as AttributeValue;
  const from = prefix + sortText([first]);
  const past = afterPrefix(from);
  const [start, end] = [prefix, afterPrefix(prefix)];
  switch (operator) {
    case '=':
      return { low: from, high: past };
    case '<':
      return { low: start, high: from };
    case '<=':
      return { low: start, high: past };
    case '>':
      return { low: past, high: end };
    case '>=':
      return { low: from, high: end };
    case 'BETWEEN':
      return { low: from, high: afterPrefix(prefix + sortText([values[1]!])) };
    default: {
      const beginning = prefix + sortPrefix(first);
      return { low: beginning, high: afterPrefix(beginning) };
    }
  }
}
