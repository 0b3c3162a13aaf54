import { validationError } from '../data-query.ts';
import { type CloudWatchContext, orderedDimensions } from '../state.ts';
import { extendedStatistic } from '../statistic.ts';
import type { AlarmConfiguration, ComparisonOperator, Dimension, TreatMissingData } from './alarm.ts';

export interface PutMetricAlarmInput {
  AlarmName: string;
  AlarmDescription?: string;
  ActionsEnabled?: boolean;
  OKActions?: string[];
  AlarmActions?: string[];
  InsufficientDataActions?: string[];
  MetricName?: string;
  Namespace?: string;
  Statistic?: string;
  ExtendedStatistic?: string;
  Dimensions?: Dimension[];
  Period?: number;
  Unit?: string;
  EvaluationPeriods?: number;
  DatapointsToAlarm?: number;
  Threshold?: number;
  ComparisonOperator?: string;
  TreatMissingData?: string;
  EvaluateLowSampleCountPercentile?: string;
  Tags?: { Key: string; Value: string }[];
}

const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'];

/** Checks what PutMetricAlarm documents beyond the model. */
export function readConfiguration(context: CloudWatchContext, input: PutMetricAlarmInput): AlarmConfiguration {
  const required = <T>(value: T | undefined, name: string): T => {
    if (value === undefined) throw validationError(`The parameter ${name} is required for alarms based on a metric.`);
    return value;
  };
  const period = required(input.Period, 'Period');
  const evaluationPeriods = required(input.EvaluationPeriods, 'EvaluationPeriods');
  checkPeriods(period, evaluationPeriods, input.DatapointsToAlarm);
  checkStatistic(input);
  for (const actions of [input.OKActions, input.AlarmActions, input.InsufficientDataActions]) {
    for (const action of actions ?? []) checkAction(context, action);
  }
  return {
    description: input.AlarmDescription,
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: input.OKActions ?? [],
    alarmActions: input.AlarmActions ?? [],
    insufficientDataActions: input.InsufficientDataActions ?? [],
    namespace: required(input.Namespace, 'Namespace'),
    metricName: required(input.MetricName, 'MetricName'),
    dimensions: orderedDimensions(input.Dimensions),
    statistic: input.Statistic,
    extendedStatistic: input.ExtendedStatistic,
    period,
    unit: input.Unit,
    evaluationPeriods,
    datapointsToAlarm: input.DatapointsToAlarm,
    threshold: required(input.Threshold, 'Threshold'),
    comparisonOperator: required(input.ComparisonOperator, 'ComparisonOperator') as ComparisonOperator,
    treatMissingData: oneOf(input.TreatMissingData, TREATMENTS, 'treatMissingData') as TreatMissingData | undefined,
    evaluateLowSampleCountPercentile: oneOf(
      input.EvaluateLowSampleCountPercentile,
      ['evaluate', 'ignore'],
      'evaluateLowSampleCountPercentile',
    ) as AlarmConfiguration['evaluateLowSampleCountPercentile'],
  };
}

function checkPeriods(period: number, evaluationPeriods: number, datapointsToAlarm: number | undefined): void {
  if (![10, 20, 30].includes(period) && period % 60 !== 0) {
    throw validationError('Period must be 10, 20, 30 or a multiple of 60');
  }
  const span = period * evaluationPeriods;
  if (period < 3600 && span > 86_400) {
    throw validationError(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400) ' +
        'for alarms using period < 3600',
    );
  }
  if (span > 604_800) {
    throw validationError(
      'Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800) ' +
        'for alarms using period >= 3600',
    );
  }
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods) {
    throw validationError('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  }
}

function checkStatistic({ Statistic: basic, ExtendedStatistic: extended }: PutMetricAlarmInput): void {
  if ((basic === undefined) === (extended === undefined)) {
    throw validationError('Exactly one of Statistic and ExtendedStatistic must be specified.');
  }
  if (extended !== undefined && extendedStatistic(extended) === undefined) {
    throw validationError(`The value ${extended} for parameter ExtendedStatistic is not supported.`);
  }
}

function checkAction({ region }: CloudWatchContext, action: string): void {
  const [arn, , service, actionRegion] = action.split(':');
  if (arn !== 'arn') throw validationError(`Invalid arn syntax: ${action}`);
  if (service === 'sns' && actionRegion !== region) {
    throw validationError(`Invalid region ${actionRegion ?? ''} specified. Only ${region} is supported.`);
  }
}

function oneOf(value: string | undefined, allowed: readonly string[], name: string): string | undefined {
  if (value === undefined || allowed.includes(value)) return value;
  throw validationError(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ` +
      `Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );
}
