import { PackedText } from '../core/packed-text.ts';
import type { KeptItem, StoredItem, Table } from './state.ts';
import { getEntry, type KeyRange, type Tree, walkTree } from './tree.ts';
import type { AttributeValue, Item } from './value.ts';

/**
 * Items from which on a table is a large one, which keeps what comes to it as text: as objects, small items take twice the memory.
 * Reading one back costs some microseconds.
 */
const LARGE = 10_000;

/** An item that is kept as text, together with its size. It is read when it is first looked into. */
export class PackedItem implements StoredItem {
  readonly packed: PackedText;
  readonly size: number;
  #item: Item | undefined;

  constructor(packed: PackedText, size: number, item?: Item) {
    this.packed = packed;
    this.size = size;
    this.#item = item;
  }

  get item(): Item {
    this.#item ??= this.packed.value as Item;
    return this.#item;
  }
}

/** The item as the table is to keep it. One with bytes stays as it is, for JSON has none. */
export function keptBy(table: Table, stored: StoredItem): StoredItem {
  if (table.items.size < LARGE || stored instanceof PackedItem || hasBytes(stored.item)) return stored;
  const { item, size } = stored;
  return new PackedItem(PackedText.of(size, item), size, item);
}

function hasBytes(item: Item): boolean {
  for (const name of Object.keys(item)) if (isBytes(item[name]!)) return true;
  return false;
}

function isBytes(value: AttributeValue): boolean {
  if (value.S !== undefined || value.N !== undefined) return false;
  if (value.M !== undefined) return hasBytes(value.M);
  return value.L === undefined ? value.B !== undefined || value.BS !== undefined : value.L.some(isBytes);
}

/** What stands in the tree for an item. */
export const entryOf = (stored: StoredItem): KeptItem => (stored instanceof PackedItem ? stored.packed.text : stored);

/** The number in front. */
function sizeIn(text: string): number {
  let size = 0;
  for (let at = 1, code = text.charCodeAt(1); code >= ZERO && code <= ZERO + 9; code = text.charCodeAt(++at)) {
    size = 10 * size + code - ZERO;
  }
  return size;
}

const ZERO = '0'.charCodeAt(0);

const storedIn = (kept: KeptItem): StoredItem =>
  typeof kept === 'string' ? new PackedItem(new PackedText(kept), sizeIn(kept)) : kept;

export function findStored(tree: Tree<KeptItem>, key: string): StoredItem | undefined {
  const kept = getEntry(tree, key);
  return kept === undefined ? undefined : storedIn(kept);
}

/** Visits items in the order of their keys (or the reverse) until `visit` returns false. */
export function walkStored(
  tree: Tree<KeptItem>,
  range: KeyRange,
  reverse: boolean,
  visit: (key: string, stored: StoredItem) => boolean,
): void {
  walkTree(tree, range, reverse, (key, kept) => visit(key, storedIn(kept)));
}
