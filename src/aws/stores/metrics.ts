import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  type Metric,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmState, MetricName, MetricStore } from '../../lab/stores/port.ts';
import type { Clients } from '../clients.ts';

/** CloudWatch's metrics and alarms, of every namespace. */
export function createMetricStore(clients: Clients): MetricStore {
  return {
    async list(limit) {
      const client = await clients.cloudwatch();
      const found: MetricName[] = [];
      for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
        const page = await client.send(new ListMetricsCommand({ ...(token !== undefined && { NextToken: token }) }));
        found.push(...(page.Metrics ?? []).map(nameOf));
        token = found.length < limit ? page.NextToken : undefined;
      }
      return found.slice(0, limit);
    },
    async points({ namespace, name, dimensions, statistics, since, until, periodSeconds }) {
      const metric: Metric = {
        ...{ Namespace: namespace, MetricName: name },
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      };
      const { MetricDataResults: results = [] } = await (await clients.cloudwatch()).send(
        new GetMetricDataCommand({
          ...{ StartTime: new Date(since), EndTime: new Date(until), ScanBy: 'TimestampAscending' },
          MetricDataQueries: statistics.map((Stat, index) => ({
            Id: `m${index}`,
            MetricStat: { Metric: metric, Period: periodSeconds, Stat },
          })),
        }),
      );
      return Object.fromEntries(
        statistics.map((statistic, index) => {
          const { Timestamps = [], Values = [] } = results.find(({ Id }) => Id === `m${index}`) ?? {};
          return [statistic, Timestamps.map((at, place) => ({ at: at.getTime(), value: Values[place] ?? 0 }))];
        }),
      );
    },
    async alarms() {
      const { MetricAlarms = [] } = await (await clients.cloudwatch()).send(
        new DescribeAlarmsCommand({ MaxRecords: 100 }),
      );
      return MetricAlarms.map(alarmOf);
    },
  };
}

const nameOf = ({ Namespace = '', MetricName: name = '', Dimensions = [] }: Metric): MetricName => ({
  namespace: Namespace,
  name,
  dimensions: Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value])),
});

const alarmOf = (alarm: MetricAlarm): AlarmState => ({
  alarm: alarm.AlarmName ?? '',
  state: alarm.StateValue ?? '',
  reason: alarm.StateReason ?? '',
  since: alarm.StateUpdatedTimestamp?.toISOString() ?? null,
  metric: nameOf(alarm),
  statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? '',
  comparison: alarm.ComparisonOperator ?? '',
  threshold: alarm.Threshold ?? null,
});
