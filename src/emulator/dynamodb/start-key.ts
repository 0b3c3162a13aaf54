import { isValidationError, validationError } from './errors.ts';
import { checkKey, checkKeyValues, indexKey, keyAttributes, keyOf, primaryKey } from './key.ts';
import type { Source } from './read-page.ts';
import type { KeyRange } from './tree.ts';
import { checkedItem, type Item } from './value.ts';

const INVALID = 'The provided starting key is invalid';

/** The tree key of an `ExclusiveStartKey`, which must be exactly a position in the source; the item may be gone. */
export function startPosition(source: Source, startKey: Item): string {
  const { table, index, position } = source;
  const key = checkedStartKey(startKey);
  const names = Object.keys(key);
  if (names.length !== position.length || position.some(({ name }) => !Object.hasOwn(key, name))) {
    throw validationError(
      index === undefined ? `${INVALID}: The provided key element does not match the schema` : INVALID,
    );
  }
  if (index !== undefined) checkKeyValues(index.key, key);
  try {
    checkKey(table, keyOf(keyAttributes(table.key), key));
  } catch (error) {
    if (isValidationError(error)) throw validationError(`${INVALID}: ${error.message}`);
    throw error;
  }
  return index === undefined ? primaryKey(table.key, key) : indexKey(table, index, key)!;
}

function checkedStartKey(startKey: Item): Item {
  try {
    return checkedItem(startKey);
  } catch (error) {
    if (isValidationError(error)) throw validationError(`${INVALID}: ${error.message}`);
    throw error;
  }
}

/** What is left of a range behind a position. */
export function rangeAfter(range: KeyRange, position: string, reverse: boolean): KeyRange {
  return reverse ? { low: range.low, high: position } : { low: `${position}\0`, high: range.high };
}

export function isWithin(range: KeyRange, position: string): boolean {
  return (range.low === undefined || position >= range.low) && (range.high === undefined || position < range.high);
}
