import type { Context } from '../core/types.ts';
import { type Consumed, type ReturnConsumedCapacity, readUnits, transactionCapacities } from './capacity.ts';
import { isValidationError, validationError } from './errors.ts';
import { findItem, type ProjectionInput, projectedItem, projectionOf } from './item-reads.ts';
import { primaryKey } from './key.ts';
import type { DynamoState, StoredItem, Table } from './state.ts';
import { itemTable } from './table-access.ts';
import { type CancellationReason, cancelled, LARGEST_TRANSACTION, NO_REASON, refuseRepetition } from './transaction.ts';
import { checkedItem, type Item } from './value.ts';

interface TransactGetItemsInput {
  TransactItems: { Get: ProjectionInput & { TableName: string; Key: Item } }[];
  ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

/** TransactGetItems (API reference): a consistent view of items of one or more tables. */
export function transactGetItems(context: Context<DynamoState>, input: TransactGetItemsInput) {
  const gets = input.TransactItems.map(({ Get }) => {
    const paths = projectionOf(Get);
    const key = checkedItem(Get.Key);
    return { paths, key, table: itemTable(context, Get.TableName) };
  });
  const reads = gets.map(({ table, key, paths }) => read(table, key, () => findItem(table, key, paths)));
  refuseRepetition(reads);
  if (reads.some(({ reason }) => reason.Code !== 'None')) throw cancelled(reads.map(({ reason }) => reason));
  if (reads.reduce((size, { stored }) => size + (stored?.size ?? 0), 0) > LARGEST_TRANSACTION) {
    throw validationError('Transaction size exceeds the maximum of 4 MB');
  }
  return {
    // Unlike GetItem, it answers with no item when there is nothing of it to show.
    Responses: reads.map(({ stored }, at) => {
      const item = stored && projectedItem(stored, gets[at]!.paths);
      return item === undefined || Object.keys(item).length === 0 ? {} : { Item: item };
    }),
    ConsumedCapacity: transactionCapacities(
      input.ReturnConsumedCapacity,
      reads.map(({ table, stored }): [Table, Consumed] => [
        table,
        { table: readUnits(stored?.size ?? 0, true), indexes: new Map() },
      ]),
      'ReadCapacityUnits',
    ),
  };
}

interface Read {
  table: Table;
  key: string | undefined;
  stored: StoredItem | undefined;
  reason: CancellationReason;
}

function read(table: Table, key: Item, find: () => StoredItem | undefined): Read {
  try {
    const stored = find();
    return { table, key: primaryKey(table.key, key), stored, reason: NO_REASON };
  } catch (error) {
    if (!isValidationError(error)) throw error;
    return { table, key: undefined, stored: undefined, reason: { Code: 'ValidationError', Message: error.message } };
  }
}
