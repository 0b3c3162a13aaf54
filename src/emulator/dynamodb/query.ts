import type { Context } from '../core/types.ts';
import { consumedCapacity } from './capacity.ts';
import { detecting, validationError } from './errors.ts';
import type { Condition } from './expression/ast.ts';
import { eachPath } from './expression/condition-paths.ts';
import { checkDistinctNames } from './expression/placeholders.ts';
import { type ExpressionInput, readExpressions } from './expression/request.ts';
import { partitionAttributes, partitionPrefix } from './key.ts';
import { type KeyConditions, keyConditionsOf, legacyKeyConditions } from './key-conditions.ts';
import { isKeyAttribute, refusePathsIntoKeys } from './key-paths.ts';
import { filterOf, type LegacyCondition } from './legacy-conditions.ts';
import { type QueryRange, queryRange } from './query-range.ts';
import { type ReadInput, readPage, type Source, selectionOf, sourceOf } from './read-page.ts';
import { isWithin, rangeAfter, startPosition } from './start-key.ts';
import type { DynamoState, KeySchema } from './state.ts';
import { itemTable, namedIndex } from './table-access.ts';
import type { KeyRange } from './tree.ts';
import type { AttributeValue } from './value.ts';

interface QueryInput extends ReadInput, ExpressionInput {
  KeyConditions?: Record<string, LegacyCondition>;
  QueryFilter?: Record<string, LegacyCondition>;
  ConditionalOperator?: string;
  ScanIndexForward?: boolean;
  FilterExpression?: string;
  ProjectionExpression?: string;
}

/** Query (API reference): one partition of a table or an index, in the order of the sort key. */
export function query(context: Context<DynamoState>, input: QueryInput) {
  const { expressions, legacyFilter, conditions } = detecting(() => readRequest(input));
  const table = itemTable(context, input.TableName);
  const index = input.IndexName === undefined ? undefined : namedIndex(table, input.IndexName);
  const source = sourceOf(table, index, input);
  const key = (index ?? table).key;
  const range = queryRange(key, conditions);
  const filter = expressions.filter ?? legacyFilter;
  refuseKeyFilter(key, filter, input.QueryFilter === undefined ? 'Filter Expression' : 'QueryFilter');
  const paths = expressions.projection ?? input.AttributesToGet?.map((name) => [name]);
  refusePathsIntoKeys(table, filter, paths);
  const reverse = input.ScanIndexForward === false;
  const { consumed, ...page } = readPage(source, input, {
    range: remainingRange(source, input, range),
    reverse,
    filter,
    selection: selectionOf(source, input, paths),
    isExact: index === undefined && range.isExact,
  });
  return { ...page, ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, table.name, consumed) };
}

function readRequest(input: QueryInput) {
  const expressions = readExpressions(
    input,
    ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
    ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
  );
  checkDistinctNames(input.AttributesToGet ?? []);
  const legacyFilter = filterOf(input.QueryFilter, input.ConditionalOperator);
  return { expressions, legacyFilter, conditions: conditionsOf(expressions.keyCondition, input) };
}

function conditionsOf(keyCondition: Condition<AttributeValue> | undefined, input: QueryInput): KeyConditions {
  if (keyCondition !== undefined) return keyConditionsOf(keyCondition);
  if (input.KeyConditions !== undefined) return legacyKeyConditions(input.KeyConditions);
  throw validationError(
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  );
}

/** "A filter expression cannot contain partition key or sort key attributes" (Developer Guide, Filter expressions). */
function refuseKeyFilter(key: KeySchema, filter: Condition<AttributeValue> | undefined, parameter: string): void {
  if (filter === undefined) return;
  eachPath(filter, ([name]) => {
    if (!isKeyAttribute(key, name as string)) return;
    throw validationError(`${parameter} can only contain non-primary key attributes: Primary key attribute: ${name}`);
  });
}

/** In the order of dynalite test/query.js, run against AWS: the sort key is looked at before the partition key. */
function remainingRange(source: Source, input: QueryInput, range: QueryRange): KeyRange {
  if (input.ExclusiveStartKey === undefined) return range;
  const position = startPosition(source, input.ExclusiveStartKey);
  const key = (source.index ?? source.table).key;
  const partition = partitionPrefix(partitionAttributes(key).map(({ name }) => input.ExclusiveStartKey![name]!));
  const isElsewhere = partition !== range.partition;
  if (isElsewhere && !range.hasSort) {
    throw validationError('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (!isWithin(range, range.partition + position.slice(partition.length))) {
    throw validationError('The provided starting key does not match the range key predicate');
  }
  if (isElsewhere || (source.index === undefined && range.isExact)) {
    throw validationError('The query can return at most one row and cannot be restarted');
  }
  return rangeAfter(range, position, input.ScanIndexForward === false);
}
