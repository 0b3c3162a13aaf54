import { labelsOf, type MetricDataQuery, type MetricQuery, readQueries, validationError } from './data-query.ts';
import { metricIn } from './metric.ts';
import { decodeToken, encodeToken } from './page-token.ts';
import { roundedStart, samplesByPeriod, singleUnit } from './periods.ts';
import type { CloudWatchContext } from './state.ts';

const MOST_DATAPOINTS = 100_800;

interface GetMetricDataInput {
  MetricDataQueries: MetricDataQuery[];
  StartTime: number;
  EndTime: number;
  NextToken?: string;
  ScanBy?: 'TimestampDescending' | 'TimestampAscending';
  MaxDatapoints?: number;
}

/** Where the next page goes on: in this query, after this timestamp. */
type Position = [query: number, after: number];

const isPosition = (content: unknown): content is Position =>
  Array.isArray(content) && content.length === 2 && content.every((part) => Number.isFinite(part));

interface Result {
  Id: string;
  Label: string;
  Timestamps: number[];
  Values: number[];
  StatusCode: string;
  Messages?: { Code: string; Value: string }[];
}

/** GetMetricData for metrics; queries are answered one after the other until the page is full. */
export function getMetricData(context: CloudWatchContext, input: GetMetricDataInput) {
  const queries = readQueries(input.MetricDataQueries);
  if (input.StartTime >= input.EndTime) {
    throw validationError('The parameter StartTime must be less than the parameter EndTime.');
  }
  const most = input.MaxDatapoints ?? MOST_DATAPOINTS;
  if (most < 1 || most > MOST_DATAPOINTS) {
    throw validationError(`The parameter MaxDatapoints must be between 1 and ${MOST_DATAPOINTS}.`);
  }
  const [fromQuery, after] = input.NextToken === undefined ? [0, undefined] : decodeToken(input.NextToken, isPosition);
  const labels = labelsOf(queries);
  const results: Result[] = [];
  let left = most;
  let next: Position | undefined;
  for (const [index, query] of queries.entries()) {
    if (!query.returned) continue;
    const result: Result = {
      Id: query.id,
      Label: labels.get(query.id)!,
      Timestamps: [],
      Values: [],
      StatusCode: 'Complete',
    };
    results.push(result);
    if (index < fromQuery) continue;
    if (next !== undefined) {
      result.StatusCode = 'PartialData';
      continue;
    }
    const remaining = answer(context, query, input, index === fromQuery ? after : undefined, result);
    for (const { at, value } of remaining.slice(0, left)) {
      result.Timestamps.push(at);
      result.Values.push(value);
    }
    if (remaining.length > left) {
      result.StatusCode = 'PartialData';
      next = [index, result.Timestamps.at(-1) ?? (index === fromQuery ? after : undefined) ?? start(input)];
    }
    left -= result.Values.length;
  }
  return {
    MetricDataResults: results,
    Messages: [],
    ...(next === undefined ? {} : { NextToken: encodeToken(next) }),
  };
}

const isDescending = ({ ScanBy: order }: GetMetricDataInput): boolean => order !== 'TimestampAscending';

/** Before everything in the order of the scan. */
const start = (input: GetMetricDataInput): number =>
  isDescending(input) ? input.EndTime : Math.floor(input.StartTime) - 86_400;

/** The datapoints of a query in the order of the scan, after `after`. */
function answer(
  context: CloudWatchContext,
  query: MetricQuery,
  input: GetMetricDataInput,
  after: number | undefined,
  result: Result,
): { at: number; value: number }[] {
  if (query.account !== undefined && query.account !== context.account) {
    result.StatusCode = 'Forbidden';
    return [];
  }
  const { period, unit, statistic } = query;
  const from = roundedStart(input.StartTime, period, context.now / 1000);
  const metric = metricIn(context, query, { start: from, end: input.EndTime });
  const entries = samplesByPeriod(metric, { start: from, end: input.EndTime, period }, unit);
  const { samples, units } = singleUnit(entries);
  if (units.length > 1) {
    result.Messages = [{ Code: 'MultipleUnits', Value: `Multiple units returned: '[${units.join(', ')}]'` }];
  }
  const descending = isDescending(input);
  const points = samples.flatMap((bucket) => {
    const value = statistic(bucket);
    const isPast = after !== undefined && (descending ? bucket.at >= after : bucket.at <= after);
    return value === undefined || isPast ? [] : [{ at: bucket.at, value }];
  });
  return descending ? points.reverse() : points;
}
