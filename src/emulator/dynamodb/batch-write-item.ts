import type { Context } from '../core/types.ts';
import {
  addConsumption,
  type Consumed,
  consumedCapacity,
  type ReturnConsumedCapacity,
  writeConsumption,
} from './capacity.ts';
import { EmptyKeyError, isValidationError, schemaMismatch, validationError } from './errors.ts';
import { replaceItem } from './item-store.ts';
import { asksForCapacity, collectionMetrics } from './item-writes.ts';
import { findStored } from './packed-item.ts';
import type { DynamoState, Table } from './state.ts';
import { itemTable } from './table-access.ts';
import type { Item } from './value.ts';
import { type PendingWrite, pendingDelete, pendingPut, type WriteAction } from './write-action.ts';

interface WriteRequest {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

interface BatchWriteItemInput {
  RequestItems: Record<string, WriteRequest[]>;
  ReturnConsumedCapacity?: ReturnConsumedCapacity;
  ReturnItemCollectionMetrics?: string;
}

const MOST_REQUESTS = 25;

/** BatchWriteItem (API reference): up to 25 puts and deletes without conditions; a faulty one fails them all. */
export function batchWriteItem(context: Context<DynamoState>, input: BatchWriteItemInput) {
  const pending = Object.entries(input.RequestItems).map(([name, requests]) => ({
    name,
    requests,
    writes: requests.map((request) => pendingRequest(name, request)),
  }));
  if (pending.reduce((count, { requests }) => count + requests.length, 0) > MOST_REQUESTS) {
    throw validationError('Too many items requested for the BatchWriteItem call');
  }
  const batches = pending.map(({ name, requests, writes }) => {
    const table = itemTable(context, name);
    return { name, requests, table, actions: locate(table, writes) };
  });
  const capacities = batches.map(({ table, actions }) => {
    const consumed: Consumed = { table: 0, indexes: new Map() };
    for (const action of actions) apply(context, action, asksForCapacity(input) ? consumed : undefined);
    return consumedCapacity(input.ReturnConsumedCapacity, table.name, consumed);
  });
  return {
    UnprocessedItems: {},
    ConsumedCapacity: capacities[0] === undefined ? undefined : capacities,
    ItemCollectionMetrics: input.ReturnItemCollectionMetrics === 'SIZE' ? metricsOf(batches) : undefined,
  };
}

function pendingRequest(name: string, { PutRequest, DeleteRequest }: WriteRequest): PendingWrite {
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return PutRequest !== undefined
    ? pendingPut({ TableName: name, Item: PutRequest.Item })
    : pendingDelete({ TableName: name, Key: DeleteRequest!.Key });
}

function locate(table: Table, writes: readonly PendingWrite[]): WriteAction[] {
  const seen = new Set<string>();
  return writes.map((pending) => {
    const action = located(table, pending);
    if (seen.has(action.key)) throw validationError('Provided list of item keys contains duplicates');
    seen.add(action.key);
    return action;
  });
}

/** What is wrong with a key is said less exactly in a batch. */
function located(table: Table, pending: PendingWrite): WriteAction {
  try {
    return pending(table);
  } catch (error) {
    const vague = /Missing the key|Type mismatch for key/;
    if (isValidationError(error) && !(error instanceof EmptyKeyError) && vague.test(error.message)) {
      throw schemaMismatch();
    }
    throw error;
  }
}

function apply(context: Context<DynamoState>, action: WriteAction, consumed: Consumed | undefined): void {
  const before = findStored(action.table.items, action.key);
  const after = action.result!(before);
  if (consumed !== undefined) addConsumption(consumed, writeConsumption(action.table, before, after));
  replaceItem(context, action.table, action.key, before, after);
}

function metricsOf(batches: readonly { name: string; table: Table; requests: readonly WriteRequest[] }[]) {
  const metrics: Record<string, unknown[]> = Object.create(null);
  for (const { name, table, requests } of batches) {
    const collections = requests.map(({ PutRequest, DeleteRequest }) =>
      collectionMetrics(table, PutRequest?.Item ?? DeleteRequest!.Key),
    );
    if (collections[0] !== undefined) metrics[name] = collections;
  }
  return metrics;
}
