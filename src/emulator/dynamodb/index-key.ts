import { EmptyKeyError, invalidParameters, validationError } from './errors.ts';
import { checkKeySizes, emptyKind, keyAttributes } from './key.ts';
import type { Index, KeyAttribute, Table } from './state.ts';
import { type AttributeValue, attributeOf, type Item, typeOf } from './value.ts';

/**
 * Key attributes of the secondary indexes, where an item has them, must be of the type the table defines and not
 * empty. Of several indexes with the same key attribute, messages name the alphabetically first.
 */
function eachIndexKey(table: Table, visit: (index: Index, attribute: KeyAttribute) => void): void {
  if (table.indexes.length === 0) return;
  const indexes = [...table.indexes].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const index of indexes) for (const attribute of keyAttributes(index.key)) visit(index, attribute);
}

/** Checks an item to put. */
export function checkIndexKeys(table: Table, item: Item): void {
  eachIndexKey(table, (index, attribute) => {
    const value = attributeOf(item, attribute.name);
    if (value === undefined) return;
    checkIndexKeyType(index, attribute, value);
    const empty = emptyKind(value);
    if (empty !== undefined) {
      throw new EmptyKeyError(
        'A value specified for a secondary index key is not supported. ' +
          `The AttributeValue for a key attribute cannot contain an empty ${empty} value. ` +
          `IndexName: ${index.name}, IndexKey: ${attribute.name}`,
      );
    }
  });
  for (const { key } of table.indexes) checkKeySizes(key, item);
}

/** Checks what an update is about to write, before the item is known: the values given for whole attributes. */
export function checkUpdatedIndexKeys(table: Table, values: ReadonlyMap<string, AttributeValue>): void {
  eachIndexKey(table, (index, attribute) => {
    const value = values.get(attribute.name);
    if (value !== undefined) checkIndexKeyType(index, attribute, value);
  });
  checkUpdatedEmptiness(table, (name) => values.get(name));
}

/** Checks the item that an update made. */
export function checkResultingIndexKeys(table: Table, item: Item, updated: ReadonlySet<string>): void {
  eachIndexKey(table, (_, attribute) => {
    const value = updated.has(attribute.name) ? attributeOf(item, attribute.name) : undefined;
    if (value === undefined) return;
    if (value[attribute.type] === undefined) {
      throw validationError('The update expression attempted to update the secondary index key to unsupported type');
    }
  });
  for (const { key } of table.indexes) {
    if (keyAttributes(key).some(({ name }) => updated.has(name))) checkKeySizes(key, item);
  }
  checkUpdatedEmptiness(table, (name) => (updated.has(name) ? attributeOf(item, name) : undefined));
}

function checkUpdatedEmptiness(table: Table, find: (name: string) => AttributeValue | undefined): void {
  eachIndexKey(table, (_, attribute) => {
    const value = find(attribute.name);
    const empty = value === undefined ? undefined : emptyKind(value);
    if (empty === undefined) return;
    throw new EmptyKeyError(
      'The update expression attempted to update a secondary index key ' +
        `to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${empty} value.`,
    );
  });
}

function checkIndexKeyType(index: Index, attribute: KeyAttribute, value: AttributeValue): void {
  if (value[attribute.type] !== undefined) return;
  throw invalidParameters(
    `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} ` +
      `Actual: ${typeOf(value)} IndexName: ${index.name}`,
  );
}
