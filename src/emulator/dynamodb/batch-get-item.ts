import type { Context } from '../core/types.ts';
import { addConsumption, type Consumed, consumedCapacity, type ReturnConsumedCapacity, readUnits } from './capacity.ts';
import { validationError } from './errors.ts';
import type { Path } from './expression/ast.ts';
import { findItem, type ProjectionInput, projectedItem, projectionOf } from './item-reads.ts';
import { primaryKey } from './key.ts';
import type { DynamoState, StoredItem, Table } from './state.ts';
import { itemTable } from './table-access.ts';
import { checkedItem, type Item } from './value.ts';

interface KeysAndAttributes extends ProjectionInput {
  Keys: Item[];
  ConsistentRead?: boolean;
}

interface BatchGetItemInput {
  RequestItems: Record<string, KeysAndAttributes>;
  ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

interface TableRequest {
  name: string;
  request: KeysAndAttributes;
  table: Table;
  paths: Path[] | undefined;
  keys: Item[];
}

/** API reference, BatchGetItem: up to 100 items and 16 MB; keys of what does not fit come back as unprocessed. */
const MOST_KEYS = 100;
const LARGEST_RESPONSE = 16 * 1024 * 1024;

export function batchGetItem(context: Context<DynamoState>, input: BatchGetItemInput) {
  const requests = tableRequests(context, input);
  const found = requests.map(findAll);
  const responses: Record<string, Item[]> = Object.create(null);
  const unprocessed: Record<string, KeysAndAttributes> = Object.create(null);
  let size = 0;
  const capacities = requests.map(({ name, request, table, paths, keys }, at) => {
    const consumed: Consumed = { table: 0, indexes: new Map() };
    responses[name] = [];
    keys.forEach((key, position) => {
      const stored = found[at]![position];
      if (size + (stored?.size ?? 0) > LARGEST_RESPONSE) {
        unprocessed[name] ??= { ...request, Keys: [] };
        unprocessed[name].Keys.push(key);
        return;
      }
      size += stored?.size ?? 0;
      const units = readUnits(stored?.size ?? 0, request.ConsistentRead === true);
      addConsumption(consumed, { table: units, indexes: new Map() });
      if (stored !== undefined) responses[name]!.push(projectedItem(stored, paths));
    });
    return consumedCapacity(input.ReturnConsumedCapacity, table.name, consumed);
  });
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: capacities[0] === undefined ? undefined : capacities,
  };
}

function tableRequests(context: Context<DynamoState>, input: BatchGetItemInput): TableRequest[] {
  const read = Object.entries(input.RequestItems).map(([name, request]) => ({
    name,
    request,
    paths: projectionOf(request),
    keys: request.Keys.map((key) => checkedItem(key)),
  }));
  if (read.reduce((count, { keys }) => count + keys.length, 0) > MOST_KEYS) {
    throw validationError('Too many items requested for the BatchGetItem call');
  }
  return read.map((request) => ({ ...request, table: itemTable(context, request.name) }));
}

function findAll({ table, paths, keys }: TableRequest): (StoredItem | undefined)[] {
  const seen = new Set<string>();
  return keys.map((key) => {
    const stored = findItem(table, key, paths);
    const position = primaryKey(table.key, key);
    if (seen.has(position)) throw validationError('Provided list of item keys contains duplicates');
    seen.add(position);
    return stored;
  });
}
