import type { Dimension } from './alarms/alarm.ts';
import { invalidCombination, invalidValue } from './datum.ts';
import { metricIn } from './metric.ts';
import { isPeriod, roundedStart, samplesByPeriod } from './periods.ts';
import { type CloudWatchContext, orderedDimensions } from './state.ts';
import { basicStatistic, extendedStatistic, type Statistic } from './statistic.ts';

const MOST_DATAPOINTS = 1440;

interface GetMetricStatisticsInput {
  Namespace: string;
  MetricName: string;
  Dimensions?: Dimension[];
  StartTime: number;
  EndTime: number;
  Period: number;
  Statistics?: string[];
  ExtendedStatistics?: string[];
  Unit?: string;
}

/** GetMetricStatistics; AWS gives the datapoints in no particular order, here they are oldest first. */
export function getMetricStatistics(context: CloudWatchContext, input: GetMetricStatisticsInput) {
  const { Period: period, EndTime: end, Unit: unit, MetricName: name } = input;
  const { basic, extended } = readStatistics(input);
  if (!isPeriod(period)) {
    throw invalidValue(`The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, but it is ${period}.`);
  }
  if (input.StartTime >= end) {
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  }
  const count = Math.floor((end - input.StartTime) / period);
  if (count > MOST_DATAPOINTS) {
    throw invalidCombination(
      `You have requested up to ${count.toLocaleString('en-US')} datapoints, which exceeds the limit of 1,440. ` +
        'You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    );
  }
  const start = roundedStart(input.StartTime, period, context.now / 1000);
  const dimensions = orderedDimensions(input.Dimensions);
  const metric = metricIn(context, { namespace: input.Namespace, name, dimensions }, { start, end });
  const datapoints = samplesByPeriod(metric, { start, end, period }, unit).flatMap(({ unit: Unit, samples }) => {
    const values = compute(basic, samples);
    const extendedValues = compute(extended, samples);
    if (values.size + extendedValues.size === 0) return [];
    return [
      {
        Timestamp: samples.at,
        ...Object.fromEntries(values),
        ...(extendedValues.size > 0 ? { ExtendedStatistics: extendedValues } : {}),
        Unit,
      },
    ];
  });
  return { Label: name, Datapoints: datapoints };
}

type Named = readonly (readonly [name: string, statistic: Statistic])[];

function compute(statistics: Named, samples: Parameters<Statistic>[0]): Map<string, number> {
  const values = new Map<string, number>();
  for (const [name, statistic] of statistics) {
    const value = statistic(samples);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

function readStatistics({ Statistics: basic = [], ExtendedStatistics: extended = [] }: GetMetricStatisticsInput) {
  if (basic.length + extended.length === 0) {
    throw invalidCombination('At least one of the parameters Statistics and ExtendedStatistics must be specified.');
  }
  if (basic.length > 0 && extended.length > 0) {
    throw invalidCombination(
      'The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.',
    );
  }
  return {
    basic: basic.map((name) => [name, required(basicStatistic(name), 'Statistics', name)] as const),
    extended: extended.map((name) => [name, required(extendedStatistic(name), 'ExtendedStatistics', name)] as const),
  };
}

function required(statistic: Statistic | undefined, parameter: string, name: string): Statistic {
  if (statistic === undefined) throw invalidValue(`The value ${name} for parameter ${parameter} is not supported.`);
  return statistic;
}
