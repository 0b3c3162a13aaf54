import { projected } from './item-store.ts';
import { indexKey } from './key.ts';
import type { Index, StoredItem, Table } from './state.ts';
import { equalItems } from './value.ts';

/**
 * Capacity units (Developer Guide, DynamoDB read and write operations): a write is one a KB, a read one for 4 KB when
 * consistent and half of one when not, either twice as much within a transaction; rounded up for each item, and for a
 * query or scan once for all it read.
 */
export type ReturnConsumedCapacity = 'NONE' | 'TOTAL' | 'INDEXES' | undefined;

export interface Consumed {
  table: number;
  /** Units by index, only for indexes that consumed some. */
  indexes: Map<Index, number>;
}

const WRITE_UNIT = 1024;
const READ_UNIT = 4096;

export function writeUnits(size: number): number {
  return Math.max(1, Math.ceil(size / WRITE_UNIT));
}

export function readUnits(size: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(size / READ_UNIT)) * (consistent ? 1 : 0.5);
}

/** What a write consumes: the larger of the old and the new item, and the writes to indexes that it causes. */
export function writeConsumption(
  table: Table,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): Consumed {
  const indexes = new Map<Index, number>();
  for (const index of table.indexes) {
    const units = indexWriteUnits(table, index, before, after);
    if (units > 0) indexes.set(index, units);
  }
  return { table: writeUnits(Math.max(before?.size ?? 0, after?.size ?? 0)), indexes };
}

/** Changing an index key is a delete and a put, changing what is projected one write, anything else none. */
function indexWriteUnits(
  table: Table,
  index: Index,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): number {
  const oldKey = before && indexKey(table, index, before.item);
  const newKey = after && indexKey(table, index, after.item);
  const oldEntry = oldKey === undefined ? undefined : projected(table, index, before!);
  const newEntry = newKey === undefined ? undefined : projected(table, index, after!);
  if (oldEntry === undefined || newEntry === undefined) {
    const only = oldEntry ?? newEntry;
    return only === undefined ? 0 : writeUnits(only.size);
  }
  if (oldKey !== newKey) return writeUnits(oldEntry.size) + writeUnits(newEntry.size);
  return equalItems(oldEntry.item, newEntry.item) ? 0 : writeUnits(Math.max(oldEntry.size, newEntry.size));
}

export function addConsumption(total: Consumed, more: Consumed): void {
  total.table += more.table;
  for (const [index, units] of more.indexes) total.indexes.set(index, (total.indexes.get(index) ?? 0) + units);
}

/** `ConsumedCapacity` of a response; only transactions tell reads from writes in it. */
export function consumedCapacity(
  mode: ReturnConsumedCapacity,
  tableName: string,
  consumed: Consumed,
  transaction?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
) {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return undefined;
  const shown = (units: number) => {
    const counted = transaction === undefined ? units : units * 2;
    return { CapacityUnits: counted, ...(transaction !== undefined && { [transaction]: counted }) };
  };
  let total = consumed.table;
  for (const units of consumed.indexes.values()) total += units;
  const capacity = { TableName: tableName, ...shown(total) };
  if (mode === 'TOTAL') return capacity;
  const arms = (kind: Index['kind']) => {
    const entries = [...consumed.indexes].filter(([index]) => index.kind === kind);
    if (entries.length === 0) return undefined;
    return Object.fromEntries(entries.map(([index, units]) => [index.name, shown(units)]));
  };
  const [local, global] = [arms('local'), arms('global')];
  return {
    ...capacity,
    Table: shown(consumed.table),
    ...(local && { LocalSecondaryIndexes: local }),
    ...(global && { GlobalSecondaryIndexes: global }),
  };
}

/** `ConsumedCapacity` of a transaction: one entry a table. */
export function transactionCapacities(
  mode: ReturnConsumedCapacity,
  parts: readonly (readonly [Table, Consumed])[],
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
) {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return undefined;
  const totals = new Map<Table, Consumed>();
  for (const [table, consumed] of parts) {
    const total = totals.get(table) ?? { table: 0, indexes: new Map() };
    addConsumption(total, consumed);
    totals.set(table, total);
  }
  return [...totals].map(([table, consumed]) => consumedCapacity(mode, table.name, consumed, kind));
}
