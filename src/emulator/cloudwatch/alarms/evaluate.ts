import type { AlarmConfiguration, ComparisonOperator, StateValue } from './alarm.ts';

/** One period of an alarm's evaluation range; `value` is undefined when the period has no data. */
export interface Datapoint {
  /** Start, in seconds. */
  at: number;
  value: number | undefined;
  sampleCount: number;
}

/** The state that the data call for, undefined to keep the current one, and the datapoints that decided. */
export interface Evaluation {
  state: StateValue | undefined;
  /** Newest first; missing ones stand at the end. */
  evaluated: Datapoint[];
}

/** How many periods beyond Evaluation Periods are looked at for data in place of missing ones, as in the guide's tables. */
export const EXTRA_PERIODS = 2;

type Criteria = Pick<
  AlarmConfiguration,
  'evaluationPeriods' | 'datapointsToAlarm' | 'threshold' | 'comparisonOperator' | 'treatMissingData'
>;

/**
 * Decides on the datapoints of the evaluation range, oldest first (CloudWatch User Guide, "How alarm state is
 * evaluated when data is missing" and "Avoiding premature transitions to alarm state").
 */
export function evaluate(range: readonly Datapoint[], criteria: Criteria): Evaluation {
  const { evaluationPeriods: needed, treatMissingData: treatment = 'missing' } = criteria;
  const toAlarm = criteria.datapointsToAlarm ?? needed;
  const newestFirst = range.toReversed();
  const real = newestFirst.filter(({ value }) => value !== undefined).slice(0, needed);
  const missing = newestFirst.filter(({ value }) => value === undefined).slice(0, needed - real.length);
  const evaluated = [...real, ...missing];
  const breaching = real.filter(({ value }) => isBreaching(value!, criteria)).length;
  const decide = (count: number): Evaluation => ({ state: count >= toAlarm ? 'ALARM' : 'OK', evaluated });

  if (missing.length === 0) return decide(breaching);
  if (treatment === 'breaching') return decide(breaching + missing.length);
  if (treatment === 'notBreaching') return decide(breaching);
  if (breaching < real.length || breaching >= toAlarm) return decide(breaching);
  // Nothing but missing and breaching datapoints are left, too few to be sure.
  if (treatment === 'ignore') return { state: undefined, evaluated };
  const oldest = real.at(-1);
  const age = oldest === undefined ? 0 : newestFirst.indexOf(oldest) + 1;
  return { state: age >= toAlarm ? 'ALARM' : 'INSUFFICIENT_DATA', evaluated };
}

const COMPARISONS: Record<ComparisonOperator, (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export function isBreaching(value: number, criteria: Pick<Criteria, 'comparisonOperator' | 'threshold'>): boolean {
  return COMPARISONS[criteria.comparisonOperator](value, criteria.threshold);
}

/**
 * "For percentiles between 0.5 and 1.00, this setting is used when there are fewer than 10/(1-percentile) data points
 * during the evaluation period. For percentiles between 0 and 0.5, [...] fewer than 10/percentile data points."
 */
export function hasTooFewSamples(evaluated: readonly Datapoint[], percent: number): boolean {
  const samples = evaluated.reduce((total, { sampleCount }) => total + sampleCount, 0);
  const fraction = percent / 100;
  return samples * (fraction >= 0.5 ? 1 - fraction : fraction) < 10 - 1e-9;
}
