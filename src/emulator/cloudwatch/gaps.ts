import type { Gap } from '../core/types.ts';
import { validationError } from './data-query.ts';

const notOnAlarms = (name: string) => () =>
  validationError(
    `The parameter ${name} is not supported: this engine evaluates alarms on one metric and a threshold.`,
  );

const onAlarms = (member: string, about: string, name = member): Gap => ({
  operations: ['PutMetricAlarm'],
  member,
  about,
  refuse: notOnAlarms(name),
});

const ANOMALY = /Upper|Lower/;

export const GAPS: readonly Gap[] = [
  {
    operations: ['GetMetricData'],
    member: 'MetricDataQueries.Expression',
    about: 'metric math, Metrics Insights, SEARCH',
    refuse: () =>
      validationError(
        'The parameter MetricDataQueries.member.Expression is not supported: this engine answers queries for metrics only, ' +
          'no metric math and no Metrics Insights.',
      ),
  },
  onAlarms('Metrics', 'alarms on metric math'),
  onAlarms('ThresholdMetricId', 'alarms on anomaly detection'),
  {
    operations: ['PutMetricAlarm'],
    member: 'ComparisonOperator',
    about: 'alarms on anomaly detection: the operators about an upper or lower threshold',
    refuse: (operator) =>
      ANOMALY.test(String(operator))
        ? validationError(`The ComparisonOperator ${operator} is for anomaly detection, which is not supported.`)
        : undefined,
  },
  onAlarms('EvaluationCriteria', 'alarms on PromQL'),
  onAlarms('EvaluationInterval', 'alarms on PromQL'),
  onAlarms('EvaluationWindow.WallClockWindow', 'windows of the wall clock', 'EvaluationWindow'),
  onAlarms('WarmUpConfiguration', 'warm-up of alarms'),
  onAlarms('ActionConfiguration', 'tags in notifications of alarms'),
  { operations: ['PutMetricAlarm'], member: 'EvaluationWindow.SlidingWindow', about: 'the window there is' },
  { operations: ['DescribeAlarmHistory'], member: 'AlarmContributorId', about: 'no alarm has contributors' },
  { operations: ['GetMetricData'], member: 'LabelOptions', about: 'the time zone of labels with times' },
  { operations: ['ListMetrics'], member: 'IncludeLinkedAccounts', about: 'no account is linked to another' },
  { operations: ['ListMetrics'], member: 'OwningAccount', about: 'no account is linked to another' },
  { operations: ['PutMetricData'], member: 'EntityMetricData.Entity', about: 'entities are accepted and not kept' },
  { operations: ['PutMetricData'], member: 'StrictEntityValidation', about: 'entities are accepted and not kept' },
];
