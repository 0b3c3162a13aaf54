import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { consumedCapacity, type ReturnConsumedCapacity, writeConsumption } from './capacity.ts';
import { detecting, validationError } from './errors.ts';
import { holds } from './expression/evaluate.ts';
import { project } from './expression/paths.ts';
import { replaceItem } from './item-store.ts';
import { findStored } from './packed-item.ts';
import type { DynamoState, StoredItem, Table } from './state.ts';
import { itemTable } from './table-access.ts';
import type { Item } from './value.ts';
import {
  type PendingWrite,
  pendingDelete,
  pendingPut,
  pendingUpdate,
  type WriteAction,
  type WriteInput,
} from './write-action.ts';

interface SingleWriteInput extends WriteInput {
  ReturnValues?: string;
  ReturnConsumedCapacity?: ReturnConsumedCapacity;
  ReturnItemCollectionMetrics?: string;
}

interface Written {
  table: Table;
  before: StoredItem | undefined;
  after: StoredItem | undefined;
  response: { ConsumedCapacity: unknown; ItemCollectionMetrics: unknown };
}

export function putItem(context: Context<DynamoState>, input: SingleWriteInput) {
  const pending = checked(input, pendingPut);
  return oldValues(input, write(context, input, pending));
}

export function deleteItem(context: Context<DynamoState>, input: SingleWriteInput) {
  const pending = checked(input, pendingDelete);
  return oldValues(input, write(context, input, pending));
}

export function updateItem(context: Context<DynamoState>, input: SingleWriteInput) {
  const pending = detecting(() => pendingUpdate(input));
  const { before, after, response } = write(context, input, pending);
  const touched = (stored: StoredItem | undefined) =>
    stored &&
    nonEmpty(
      project(
        stored.item,
        pending.actions.map((action) => action.path),
      ),
    );
  switch (input.ReturnValues) {
    case 'ALL_OLD':
      return { Attributes: before?.item, ...response };
    case 'ALL_NEW':
      return { Attributes: after?.item, ...response };
    case 'UPDATED_OLD':
      return { Attributes: touched(before), ...response };
    case 'UPDATED_NEW':
      return { Attributes: touched(after), ...response };
    default:
      return response;
  }
}

function checked(input: SingleWriteInput, prepare: (input: WriteInput) => PendingWrite): PendingWrite {
  return detecting(() => {
    const pending = prepare(input);
    checkReturnValues(input);
    return pending;
  });
}

function checkReturnValues({ ReturnValues }: SingleWriteInput): void {
  if (ReturnValues === undefined || ReturnValues === 'NONE' || ReturnValues === 'ALL_OLD') return;
  throw validationError('ReturnValues can only be ALL_OLD or NONE');
}

function oldValues(input: SingleWriteInput, { before, response }: Written) {
  return input.ReturnValues === 'ALL_OLD' ? { Attributes: before?.item, ...response } : response;
}

function nonEmpty(item: Item): Item | undefined {
  return Object.keys(item).length === 0 ? undefined : item;
}

function write(context: Context<DynamoState>, input: SingleWriteInput, pending: PendingWrite): Written {
  const action = pending(itemTable(context, input.TableName));
  const { table } = action;
  const before = findStored(table.items, action.key);
  if (!conditionHolds(action, before)) throw conditionFailed(action, before);
  const after = action.result!(before);
  const response = {
    ConsumedCapacity: asksForCapacity(input)
      ? consumedCapacity(input.ReturnConsumedCapacity, table.name, writeConsumption(table, before, after))
      : undefined,
    ItemCollectionMetrics:
      input.ReturnItemCollectionMetrics === 'SIZE' ? collectionMetrics(table, input.Key ?? input.Item!) : undefined,
  };
  replaceItem(context, table, action.key, before, after);
  return { table, before, after, response };
}

export function asksForCapacity(input: { ReturnConsumedCapacity?: ReturnConsumedCapacity }): boolean {
  return input.ReturnConsumedCapacity === 'TOTAL' || input.ReturnConsumedCapacity === 'INDEXES';
}

export function conditionHolds(action: WriteAction, before: StoredItem | undefined): boolean {
  return action.condition === undefined || holds(action.condition, before?.item ?? {});
}

function conditionFailed(action: WriteAction, before: StoredItem | undefined): AwsError {
  return new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
    fields: action.returnsItemOnFailure && before !== undefined ? { Item: before.item } : {},
  });
}

/** Tables with local indexes have item collections; what is kept here stays far below the 10 GB they may grow to. */
export function collectionMetrics(table: Table, item: Item) {
  if (!table.indexes.some((index) => index.kind === 'local')) return undefined;
  const { name } = table.key.partition;
  return { ItemCollectionKey: { [name]: item[name]! }, SizeEstimateRangeGB: [0, 1] };
}
