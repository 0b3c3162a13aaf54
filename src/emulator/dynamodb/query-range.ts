import { EmptyKeyError, invalidParameters, validationError } from './errors.ts';
import { afterPrefix, emptyKind, partitionPrefix, sortPrefix, sortText } from './key.ts';
import type { KeyCondition, KeyConditions } from './key-conditions.ts';
import type { KeyAttribute, KeySchema } from './state.ts';
import type { KeyRange } from './tree.ts';
import type { AttributeValue } from './value.ts';

/** The range of tree keys that a query reads, of a table or of an index. */
export function queryRange(key: KeySchema, conditions: KeyConditions): KeyRange {
  const partition = conditions.get(key.partition.name);
  const sort = key.sort && conditions.get(key.sort.name);
  if (partition === undefined) {
    throw validationError(`Query condition missed key schema element: ${key.partition.name}`);
  }
  if (conditions.size === 2 && sort === undefined) {
    if (key.sort === undefined) throw validationError('Query key condition not supported');
    throw validationError(`Query condition missed key schema element: ${key.sort.name}`);
  }
  checkTypes(key.partition, partition);
  if (partition.operator !== '=') throw validationError('Query key condition not supported');
  const prefix = partitionPrefix(partition.values[0]!);
  if (sort === undefined) return { low: prefix, high: afterPrefix(prefix) };
  checkTypes(key.sort!, sort);
  return sortRange(prefix, sort);
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
  const from = prefix + sortText(first);
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
      return { low: from, high: afterPrefix(prefix + sortText(values[1]!)) };
    case 'begins_with': {
      const beginning = prefix + sortPrefix(first);
      return { low: beginning, high: afterPrefix(beginning) };
    }
  }
}
