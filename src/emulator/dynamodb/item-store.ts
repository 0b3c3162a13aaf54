import type { Context } from '../core/types.ts';
import { itemSize } from './item-size.ts';
import { indexKey, keyAttributes } from './key.ts';
import { entryOf, findStored, keptBy, PackedItem } from './packed-item.ts';
import type { DynamoState, Index, KeySchema, StoredItem, Table } from './state.ts';
import { forgetExpiry, noteExpiry } from './time-to-live.ts';
import { deleteEntry, setEntry } from './tree.ts';
import { type AttributeValue, attributeOf, type Item, setAttribute } from './value.ts';

export function storedItem(item: Item): StoredItem {
  return { item, size: itemSize(item) };
}

/** Puts `after` in the place of `before` (either may be missing), in the table and in every index, at once. */
export function replaceItem(
  context: Context<DynamoState>,
  table: Table,
  key: string,
  before: StoredItem | undefined,
  replacement: StoredItem | undefined,
): void {
  const after = replacement && keptBy(table, replacement);
  if (after !== undefined) setEntry(table.items, key, entryOf(after));
  else deleteEntry(table.items, key);
  table.bytes += (after?.size ?? 0) - (before?.size ?? 0);
  for (const index of table.indexes) replaceIndexEntry(table, index, before, after);
  reportItem(context, table, before, after);
  if (table.timeToLive === undefined) return;
  if (before !== undefined) forgetExpiry(table.timeToLive, key, before.item);
  if (after !== undefined) noteExpiry(context, table, key, after.item);
}

function reportItem(
  context: Context<DynamoState>,
  table: Table,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): void {
  if (!context.logged || (before === undefined && after === undefined)) return;
  const keys = keyNames(table.key);
  // What is there now is the table's own, and is counted when it is replaced.
  const bytes = before === undefined ? 0 : weightOf(before);
  context.effect({ kind: 'item', table: table.name, keys, before: reported(before), after: reported(after) }, bytes);
}

const namesOfKeys = new WeakMap<KeySchema, readonly string[]>();

function keyNames(key: KeySchema): readonly string[] {
  let names = namesOfKeys.get(key);
  if (names === undefined) {
    names = keyAttributes(key).map(({ name }) => name);
    namesOfKeys.set(key, names);
  }
  return names;
}

const reported = (stored: StoredItem | undefined) => (stored instanceof PackedItem ? stored.packed : stored?.item);

/** Bytes of memory that an item takes, about. */
const weightOf = (stored: StoredItem): number =>
  stored instanceof PackedItem ? stored.packed.text.length : stored.size + OBJECT * valuesIn(stored.item);

/** A value as an object, beside its own bytes. */
const OBJECT = 60;

function valuesIn(item: Item): number {
  let count = 0;
  for (const name of Object.keys(item)) count += valuesOf(item[name]!);
  return count;
}

function valuesOf({ M, L }: AttributeValue): number {
  if (M !== undefined) return 1 + valuesIn(M);
  return L === undefined ? 1 : L.reduce((count, value) => count + valuesOf(value), 1);
}

export function replaceIndexEntry(
  table: Table,
  index: Index,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): void {
  const oldKey = before && indexKey(table, index, before.item);
  const newKey = after && indexKey(table, index, after.item);
  if (oldKey !== undefined) {
    index.bytes -= findStored(index.entries, oldKey)!.size;
    if (oldKey !== newKey) deleteEntry(index.entries, oldKey);
  }
  if (newKey !== undefined) {
    const entry = keptBy(table, projected(table, index, after!));
    index.bytes += entry.size;
    setEntry(index.entries, newKey, entryOf(entry));
  }
}

/** What an index keeps of an item; with all attributes projected, the very same record. */
export function projected(table: Table, index: Index, stored: StoredItem): StoredItem {
  if (index.projection.type === 'ALL') return stored;
  const item: Item = {};
  for (const name of projectedNames(table, index)) {
    const value = attributeOf(stored.item, name);
    if (value !== undefined) setAttribute(item, name, value);
  }
  return storedItem(item);
}

/** Names of the attributes in an index that does not have all of them: keys of table and index, and those listed. */
export function projectedNames(table: Table, index: Index): Set<string> {
  const keys = [...keyAttributes(table.key), ...keyAttributes(index.key)].map((attribute) => attribute.name);
  return new Set([...keys, ...index.projection.attributes]);
}
