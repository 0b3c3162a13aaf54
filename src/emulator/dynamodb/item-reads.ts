import type { Context } from '../core/types.ts';
import { consumedCapacity, type ReturnConsumedCapacity, readUnits } from './capacity.ts';
import type { Path } from './expression/ast.ts';
import { project } from './expression/paths.ts';
import { checkDistinctNames } from './expression/placeholders.ts';
import { type ExpressionInput, readExpressions } from './expression/request.ts';
import { checkKey, primaryKey } from './key.ts';
import { refusePathsIntoKeys } from './key-paths.ts';
import { findStored } from './packed-item.ts';
import type { DynamoState, StoredItem, Table } from './state.ts';
import { itemTable } from './table-access.ts';
import { checkedItem, type Item } from './value.ts';

export interface ProjectionInput extends ExpressionInput {
  AttributesToGet?: string[];
}

interface GetItemInput extends ProjectionInput {
  TableName: string;
  Key: Item;
  ConsistentRead?: boolean;
  ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

export function getItem(context: Context<DynamoState>, input: GetItemInput) {
  const paths = projectionOf(input);
  const key = checkedItem(input.Key);
  const table = itemTable(context, input.TableName);
  const stored = findItem(table, key, paths);
  const units = readUnits(stored?.size ?? 0, input.ConsistentRead === true);
  return {
    Item: stored && projectedItem(stored, paths),
    ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, table.name, { table: units, indexes: new Map() }),
  };
}

/** The paths that a request wants of each item; undefined for all of it. */
export function projectionOf(input: ProjectionInput): Path[] | undefined {
  const { projection } = readExpressions(input, ['ProjectionExpression'], ['AttributesToGet']);
  checkDistinctNames(input.AttributesToGet ?? []);
  return projection ?? input.AttributesToGet?.map((name) => [name]);
}

export function findItem(table: Table, key: Item, paths: Path[] | undefined): StoredItem | undefined {
  checkKey(table, key);
  refusePathsIntoKeys(table, undefined, paths);
  return findStored(table.items, primaryKey(table.key, key));
}

export function projectedItem(stored: StoredItem, paths: Path[] | undefined): Item {
  return paths === undefined ? stored.item : project(stored.item, paths);
}
