import { AwsError } from '../core/errors.ts';
import type { Dimension } from './alarms/alarm.ts';
import type { Sample } from './bucket.ts';

export interface MetricDatum {
  MetricName: string;
  Dimensions?: Dimension[];
  Timestamp?: number;
  Value?: number;
  StatisticValues?: { SampleCount: number; Sum: number; Minimum: number; Maximum: number };
  Values?: number[];
  Counts?: number[];
  Unit?: string;
  StorageResolution?: number;
}

const LARGEST = 2 ** 360;
const MOST_VALUES = 150;
const PAST_SECONDS = 14 * 86_400;
const FUTURE_SECONDS = 2 * 3600;

export const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);
export const invalidCombination = (message: string): AwsError =>
  new AwsError('InvalidParameterCombinationException', message);

/** Checks what PutMetricData documents beyond the model; `at` names the datum (`MetricData.member.1`). */
export function checkDatum(datum: MetricDatum, at: string, now: number): void {
  const { Timestamp: timestamp, StorageResolution: resolution = 60, Dimensions: dimensions = [] } = datum;
  if (timestamp !== undefined && timestamp < now - PAST_SECONDS) {
    throw invalidValue(`The parameter ${at}.Timestamp must specify a time no more than two weeks in the past.`);
  }
  if (timestamp !== undefined && timestamp > now + FUTURE_SECONDS) {
    throw invalidValue(`The parameter ${at}.Timestamp must specify a time no more than two hours in the future.`);
  }
  if (resolution !== 1 && resolution !== 60) {
    throw invalidValue(`The value ${resolution} for parameter ${at}.StorageResolution is invalid: it must be 1 or 60.`);
  }
  if (new Set(dimensions.map(({ Name }) => Name)).size < dimensions.length) {
    throw invalidValue(`The parameter ${at}.Dimensions names a dimension more than once.`);
  }
}

/** The samples of a datum in whichever of its forms. */
export function samplesOf(datum: MetricDatum, at: string): Sample[] {
  const { Value: value, Values: values, Counts: counts, StatisticValues: set } = datum;
  for (const other of ['StatisticValues', 'Values'] as const) {
    if (value === undefined || datum[other] === undefined) continue;
    throw invalidCombination(
      `The parameters ${at}.Value and ${at}.${other} are mutually exclusive and you have specified both.`,
    );
  }
  if (value !== undefined) return [{ value: checkNumber(value, `${at}.Value`), count: 1 }];
  if (set !== undefined) return [statisticSet(set, `${at}.StatisticValues`)];
  if (values === undefined || values.length === 0) {
    throw new AwsError(
      'MissingRequiredParameterException',
      `At least one of the parameters ${at}.Value, ${at}.Values and ${at}.StatisticValues must be specified.`,
    );
  }
  if (values.length > MOST_VALUES) {
    throw invalidValue(`The collection ${at}.Values must not have a size greater than ${MOST_VALUES}.`);
  }
  if (counts !== undefined && counts.length !== values.length) {
    throw invalidValue(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`);
  }
  return values.map((member, index) => ({
    value: checkNumber(member, `${at}.Values.member.${index + 1}`),
    count: checkCount(counts?.[index] ?? 1, `${at}.Counts.member.${index + 1}`),
  }));
}

function statisticSet(set: NonNullable<MetricDatum['StatisticValues']>, at: string): Sample {
  const { SampleCount: count, Sum: sum, Minimum: minimum, Maximum: maximum } = set;
  checkCount(count, `${at}.SampleCount`);
  if (count === 0) throw invalidValue(`The value 0 for parameter ${at}.SampleCount is invalid.`);
  checkNumber(sum, `${at}.Sum`);
  checkNumber(minimum, `${at}.Minimum`);
  checkNumber(maximum, `${at}.Maximum`);
  if (maximum < minimum) {
    throw invalidCombination(`The parameter ${at}.Maximum must be greater than ${at}.Minimum.`);
  }
  return { sum, minimum, maximum, count };
}

function checkNumber(value: number, at: string): number {
  if (Number.isFinite(value) && Math.abs(value) <= LARGEST) return value;
  throw invalidValue(`The value ${value} for parameter ${at} is invalid.`);
}

function checkCount(count: number, at: string): number {
  if (count >= 0) return checkNumber(count, at);
  throw invalidValue(`The value ${count} for parameter ${at} is invalid.`);
}
