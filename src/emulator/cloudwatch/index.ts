import { refusing } from '../core/gaps.ts';
import type { ServiceDefinition } from '../core/types.ts';
import { describeAlarms, describeAlarmsForMetric } from './alarms/describe.ts';
import { describeAlarmHistory } from './alarms/history.ts';
import {
  deleteAlarms,
  disableAlarmActions,
  enableAlarmActions,
  putMetricAlarm,
  setAlarmState,
} from './alarms/operations.ts';
import { evaluateAlarm, wakeByResource } from './alarms/timer.ts';
import { GAPS } from './gaps.ts';
import { getMetricData } from './get-data.ts';
import { getMetricStatistics } from './get-statistics.ts';
import { listMetrics } from './list-metrics.ts';
import { putMetricData } from './publication.ts';
import { type CloudWatchState, createState } from './state.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

/** CloudWatch: metrics, their statistics, and alarms on one metric. No metric math, no composite alarms, no dashboards. */
export const cloudwatch: ServiceDefinition<CloudWatchState> = {
  id: 'cloudwatch',
  scope: 'regional',
  createState,
  gaps: GAPS,
  operations: refusing(GAPS, {
    PutMetricData: putMetricData,
    GetMetricStatistics: getMetricStatistics,
    GetMetricData: getMetricData,
    ListMetrics: listMetrics,
    PutMetricAlarm: putMetricAlarm,
    DeleteAlarms: deleteAlarms,
    DescribeAlarms: describeAlarms,
    DescribeAlarmsForMetric: describeAlarmsForMetric,
    DescribeAlarmHistory: describeAlarmHistory,
    SetAlarmState: setAlarmState,
    EnableAlarmActions: enableAlarmActions,
    DisableAlarmActions: disableAlarmActions,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsForResource: listTagsForResource,
  }),
  timers: { alarm: evaluateAlarm },
  internal: { wake: wakeByResource },
};
