import type { Scope } from '../../core/types.ts';

export interface Dimension {
  Name: string;
  Value: string;
}

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type TreatMissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';
export type ComparisonOperator =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

/** What PutMetricAlarm sets. */
export interface AlarmConfiguration {
  description: string | undefined;
  actionsEnabled: boolean;
  okActions: string[];
  alarmActions: string[];
  insufficientDataActions: string[];
  namespace: string;
  metricName: string;
  dimensions: Dimension[];
  statistic: string | undefined;
  extendedStatistic: string | undefined;
  /** Seconds. */
  period: number;
  unit: string | undefined;
  evaluationPeriods: number;
  datapointsToAlarm: number | undefined;
  threshold: number;
  comparisonOperator: ComparisonOperator;
  treatMissingData: TreatMissingData | undefined;
  evaluateLowSampleCountPercentile: 'evaluate' | 'ignore' | undefined;
}

/** Times are milliseconds of engine time. */
export interface Alarm {
  name: string;
  arn: string;
  configuration: AlarmConfiguration;
  configuredAt: number;
  state: StateValue;
  stateReason: string;
  stateReasonData: string | undefined;
  stateUpdatedAt: number;
  stateTransitionedAt: number;
  /** Set by SetAlarmState, until the next evaluation: its reason gives way even if the state stays. */
  setByHand: boolean;
  tags: Map<string, string>;
  /** When the timer is due that evaluates it; undefined while nothing can change without new data. */
  evaluateAt: number | undefined;
}

export type HistoryItemType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

export interface AlarmHistoryItem {
  sequence: number;
  alarmName: string;
  at: number;
  type: HistoryItemType;
  summary: string;
  /** JSON. */
  data: string;
}

export const alarmArn = ({ region, account }: Scope, name: string): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

/** An alarm as DescribeAlarms shows it. */
export function describedAlarm(alarm: Alarm) {
  const { configuration } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: configuration.description,
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAt / 1000,
    ActionsEnabled: configuration.actionsEnabled,
    OKActions: configuration.okActions,
    AlarmActions: configuration.alarmActions,
    InsufficientDataActions: configuration.insufficientDataActions,
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateReasonData: alarm.stateReasonData,
    StateUpdatedTimestamp: alarm.stateUpdatedAt / 1000,
    StateTransitionedTimestamp: alarm.stateTransitionedAt / 1000,
    MetricName: configuration.metricName,
    Namespace: configuration.namespace,
    Statistic: configuration.statistic,
    ExtendedStatistic: configuration.extendedStatistic,
    Dimensions: configuration.dimensions,
    Period: configuration.period,
    Unit: configuration.unit,
    EvaluationPeriods: configuration.evaluationPeriods,
    DatapointsToAlarm: configuration.datapointsToAlarm,
    Threshold: configuration.threshold,
    ComparisonOperator: configuration.comparisonOperator,
    TreatMissingData: configuration.treatMissingData,
    EvaluateLowSampleCountPercentile: configuration.evaluateLowSampleCountPercentile,
  };
}
