import { Meter, STEPS_A_TURN } from '../core/work.ts';
import { type Consumed, type ReturnConsumedCapacity, readUnits } from './capacity.ts';
import { detectedError, invalidParameters, validationError } from './errors.ts';
import type { Condition, Path } from './expression/ast.ts';
import { holds, testSteps } from './expression/evaluate.ts';
import { project } from './expression/paths.ts';
import { projectedNames } from './item-store.ts';
import { keyAttributes, keyOf, primaryKey } from './key.ts';
import { findStored, walkStored } from './packed-item.ts';
import type { Index, KeyAttribute, StoredItem, Table } from './state.ts';
import type { KeyRange } from './tree.ts';
import type { AttributeValue, Item } from './value.ts';

/** Parameters that Query and Scan share. */
export interface ReadInput {
  TableName: string;
  IndexName?: string;
  Select?: string;
  Limit?: number;
  ConsistentRead?: boolean;
  ExclusiveStartKey?: Item;
  ReturnConsumedCapacity?: ReturnConsumedCapacity;
  AttributesToGet?: string[];
  ProjectionExpression?: string;
}

/** What is read: the table or one of its indexes. */
export interface Source {
  table: Table;
  index: Index | undefined;
  /** Attributes that say where in the source an item stands: keys of the table, then of the index. */
  position: KeyAttribute[];
}

/**
 * "If the processed dataset size exceeds the limit of 1 MB, the operation stops" (API reference, Query and Scan): behind
 * the item that crosses it, and with a LastEvaluatedKey even if there is nothing behind that.
 */
const LARGEST_PAGE = 1024 * 1024;

export function sourceOf(table: Table, index: Index | undefined, input: ReadInput): Source {
  if (index?.kind === 'global' && input.ConsistentRead === true) {
    throw validationError('Consistent reads are not supported on global secondary indexes');
  }
  const position = keyAttributes(table.key);
  for (const attribute of index === undefined ? [] : keyAttributes(index.key)) {
    if (!position.some(({ name }) => name === attribute.name)) position.push(attribute);
  }
  return { table, index, position };
}

export interface Selection {
  countOnly: boolean;
  paths: Path[] | undefined;
  /** Whole items come from the table, each at the cost of a read, because the local index lacks what is asked for. */
  fetch: boolean;
}

/**
 * Checks `Select` against the other parameters, and decides what of each item is returned. The messages are those of 2026
 * (moto, test_dynamodb_select.py, verified on AWS).
 */
export function selectionOf(source: Source, input: ReadInput, paths: Path[] | undefined): Selection {
  const { table, index } = source;
  const asked = input.ProjectionExpression !== undefined ? 'ProjectionExpression' : 'AttributesToGet';
  const { Select } = input;
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && index === undefined) {
    throw detectedError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (Select === 'SPECIFIC_ATTRIBUTES' && paths === undefined) {
    throw detectedError(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (paths !== undefined && Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES') {
    const chosen = Select === 'COUNT' ? 'only the Count' : Select;
    throw detectedError(`Cannot specify the ${asked} when choosing to get ${chosen}`);
  }
  const partial = index !== undefined && index.projection.type !== 'ALL';
  if (partial && index.kind === 'global') refuseUnprojected(table, index, Select, paths);
  const fetch = partial && index.kind === 'local' && (Select === 'ALL_ATTRIBUTES' || lacks(table, index, paths));
  return { countOnly: Select === 'COUNT', paths, fetch };
}

function lacks(table: Table, index: Index, paths: Path[] | undefined): boolean {
  const names = projectedNames(table, index);
  return paths?.some((path) => !names.has(path[0] as string)) ?? false;
}

function refuseUnprojected(table: Table, index: Index, select: string | undefined, paths: Path[] | undefined): void {
  if (select === 'ALL_ATTRIBUTES') {
    throw invalidParameters(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} ` +
        'because its projection type is not ALL',
    );
  }
  const names = projectedNames(table, index);
  const missing = (paths ?? []).map((path) => path[0] as string).filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw invalidParameters(`Global secondary index ${index.name} does not project [${missing.join(', ')}]`);
  }
}

export interface PageRequest {
  range: KeyRange;
  reverse: boolean;
  filter: Condition<AttributeValue> | undefined;
  selection: Selection;
  /** Whether there is one such item at most, behind which there is nothing to go on with. */
  isExact?: boolean;
}

/**
 * Reads one page: up to `Limit` items or 1 MB before filtering, in key order. A page whose filter takes long ends before,
 * with a LastEvaluatedKey, for others wait meanwhile.
 */
export function readPage(source: Source, input: ReadInput, request: PageRequest) {
  const { table, index } = source;
  const { filter, selection } = request;
  const items: Item[] = [];
  let [count, scanned, size, fetched] = [0, 0, 0, 0];
  let last = undefined as StoredItem | undefined;
  let more = false;
  const meter = new Meter();
  const visit = (_: string, stored: StoredItem): boolean => {
    scanned++;
    size += stored.size;
    last = stored;
    const found = selection.fetch ? findStored(table.items, primaryKey(table.key, stored.item))! : stored;
    if (selection.fetch) fetched += readUnits(found.size, input.ConsistentRead === true);
    if (filter === undefined || holds(filter, found.item)) {
      count++;
      if (!selection.countOnly) {
        items.push(selection.paths === undefined ? found.item : project(found.item, selection.paths));
      }
    }
    if (filter !== undefined) meter.spend(testSteps(filter, found.size));
    more = scanned === input.Limit || size > LARGEST_PAGE || meter.steps >= STEPS_A_TURN;
    return !more;
  };
  if (index === undefined) walkStored(table.items, request.range, request.reverse, visit);
  else walkStored(index.entries, request.range, request.reverse, visit);
  return {
    Items: selection.countOnly ? undefined : items,
    Count: count,
    ScannedCount: scanned,
    LastEvaluatedKey: more && request.isExact !== true ? keyOf(source.position, last!.item) : undefined,
    consumed: pageConsumption(index, readUnits(size, input.ConsistentRead === true), fetched),
  };
}

function pageConsumption(index: Index | undefined, units: number, fetched: number): Consumed {
  return index === undefined
    ? { table: units, indexes: new Map() }
    : { table: fetched, indexes: new Map([[index, units]]) };
}
