import type { Context } from '../core/types.ts';
import { consumedCapacity } from './capacity.ts';
import { validationError } from './errors.ts';
import { checkDistinctNames } from './expression/placeholders.ts';
import { type ExpressionInput, readExpressions } from './expression/request.ts';
import { segmentRange } from './key.ts';
import { refusePathsIntoKeys } from './key-paths.ts';
import { filterOf, type LegacyCondition } from './legacy-conditions.ts';
import { type ReadInput, readPage, type Source, selectionOf, sourceOf } from './read-page.ts';
import { isWithin, rangeAfter, startPosition } from './start-key.ts';
import type { DynamoState } from './state.ts';
import { itemTable, namedIndex } from './table-access.ts';
import type { KeyRange } from './tree.ts';

interface ScanInput extends ReadInput, ExpressionInput {
  ScanFilter?: Record<string, LegacyCondition>;
  ConditionalOperator?: string;
  Segment?: number;
  TotalSegments?: number;
  ProjectionExpression?: string;
}

/** Scan (API reference): every item of a table or an index, or of one of several segments. */
export function scan(context: Context<DynamoState>, input: ScanInput) {
  const expressions = readExpressions(
    input,
    ['ProjectionExpression', 'FilterExpression'],
    ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
  );
  checkDistinctNames(input.AttributesToGet ?? []);
  const filter = filterOf(input.ScanFilter, input.ConditionalOperator) ?? expressions.filter;
  const segment = segmentOf(input);
  const table = itemTable(context, input.TableName);
  const index = input.IndexName === undefined ? undefined : namedIndex(table, input.IndexName);
  const source = sourceOf(table, index, input);
  const paths = expressions.projection ?? input.AttributesToGet?.map((name) => [name]);
  refusePathsIntoKeys(table, filter, paths);
  const { consumed, ...page } = readPage(source, input, {
    range: remainingRange(source, input, segment),
    reverse: false,
    filter,
    selection: selectionOf(source, input, paths),
  });
  return { ...page, ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, table.name, consumed) };
}

function segmentOf({ Segment, TotalSegments }: ScanInput): KeyRange {
  if (Segment === undefined && TotalSegments === undefined) return { low: undefined, high: undefined };
  if (TotalSegments === undefined) {
    throw validationError(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (Segment === undefined) {
    throw validationError(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Segment >= TotalSegments) {
    throw validationError(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
  return segmentRange(Segment, TotalSegments);
}

function remainingRange(source: Source, input: ScanInput, segment: KeyRange): KeyRange {
  if (input.ExclusiveStartKey === undefined) return segment;
  const position = startPosition(source, input.ExclusiveStartKey);
  if (!isWithin(segment, position)) {
    throw validationError(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. ' +
        'Please use ExclusiveStartKey with correct Segment. ' +
        `TotalSegments: ${input.TotalSegments} Segment: ${input.Segment}`,
    );
  }
  return rangeAfter(segment, position, false);
}
