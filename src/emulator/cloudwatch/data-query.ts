import { AwsError } from '../core/errors.ts';
import type { Dimension } from './alarms/alarm.ts';
import { isPeriod } from './periods.ts';
import { orderedDimensions } from './state.ts';
import { basicStatistic, extendedStatistic, type Statistic } from './statistic.ts';

export interface MetricDataQuery {
  Id: string;
  MetricStat?: {
    Metric: { Namespace?: string; MetricName?: string; Dimensions?: Dimension[] };
    Period: number;
    Stat: string;
    Unit?: string;
  };
  Expression?: string;
  Label?: string;
  ReturnData?: boolean;
  Period?: number;
  AccountId?: string;
}

/** A checked query for one metric. */
export interface MetricQuery {
  id: string;
  namespace: string;
  name: string;
  dimensions: Dimension[];
  period: number;
  stat: string;
  statistic: Statistic;
  unit: string | undefined;
  label: string | undefined;
  account: string | undefined;
  returned: boolean;
}

const MOST_QUERIES = 500;

export const validationError = (message: string): AwsError => new AwsError('ValidationException', message);

export function readQueries(queries: readonly MetricDataQuery[]): MetricQuery[] {
  if (queries.length === 0) throw validationError('The parameter MetricDataQueries is required.');
  if (queries.length > MOST_QUERIES) {
    throw validationError(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  }
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length) {
    throw validationError('The values for parameter id in MetricDataQueries are not unique.');
  }
  return queries.map((query, index) => readQuery(query, `MetricDataQueries.member.${index + 1}`));
}

function readQuery(query: MetricDataQuery, at: string): MetricQuery {
  const { Id: id, MetricStat: metricStat, Expression: expression } = query;
  if (!/^[a-z][A-Za-z0-9_]*$/.test(id)) {
    throw validationError(
      `The value ${id} for parameter ${at}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if (metricStat === undefined || expression !== undefined) {
    throw validationError(`Exactly one of the parameters ${at}.MetricStat and ${at}.Expression must be specified.`);
  }
  const { Metric: metric, Period: period, Stat: stat } = metricStat;
  const required = (value: string | undefined, name: string) => {
    if (value === undefined) throw validationError(`The parameter ${at}.MetricStat.Metric.${name} is required.`);
    return value;
  };
  if (!isPeriod(period)) {
    throw validationError(
      `The value ${period} for parameter ${at}.MetricStat.Period is not 1, 5, 10, 20, 30 or a multiple of 60.`,
    );
  }
  const statistic = basicStatistic(stat) ?? extendedStatistic(stat);
  if (statistic === undefined) {
    throw validationError(`The value ${stat} for parameter ${at}.MetricStat.Stat is not supported.`);
  }
  return {
    id,
    namespace: required(metric.Namespace, 'Namespace'),
    name: required(metric.MetricName, 'MetricName'),
    dimensions: orderedDimensions(metric.Dimensions),
    period,
    stat,
    statistic,
    unit: metricStat.Unit,
    label: query.Label,
    account: query.AccountId,
    returned: query.ReturnData ?? true,
  };
}

/**
 * Labels that tell the results of one call apart: the metric's name, with dimension values, statistic and period
 * added where queries without a label of their own differ in them.
 */
export function labelsOf(queries: readonly MetricQuery[]): Map<string, string> {
  const automatic = queries.filter(({ label, returned }) => label === undefined && returned);
  const differs = (part: (query: MetricQuery) => string) => new Set(automatic.map(part)).size > 1;
  const dimensionsOf = ({ dimensions }: MetricQuery) => dimensions.map(({ Value }) => Value).join(' ');
  const showsDimensions = differs(dimensionsOf);
  // Results of different metrics are told apart by the names already.
  const sameMetric = !differs(({ name }) => name);
  const showsStat = sameMetric && differs(({ stat }) => stat);
  const showsPeriod = sameMetric && differs(({ period }) => String(period));
  const label = (query: MetricQuery) =>
    [
      showsDimensions ? dimensionsOf(query) : '',
      query.name,
      showsStat ? query.stat : '',
      showsPeriod ? String(query.period) : '',
    ]
      .filter((part) => part !== '')
      .join(' ');
  return new Map(queries.map((query) => [query.id, query.label ?? label(query)]));
}
