import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { clientSettings } from '../aws/settings.ts';
import { type Behaviour, differs, type Trial } from './behaviour.ts';
import { all, refused, same, until } from './expectations.ts';

const GUIDE = 'CloudWatch User Guide';
const API = 'CloudWatch API Reference';
const MINUTE = 60_000;

const MetricName = 'OrderValue';
const shop = [{ Name: 'Service', Value: 'order' }];

async function put(trial: Trial, ...data: Partial<MetricDatum>[]): Promise<void> {
  const cloudwatch = await trial.clients.cloudwatch();
  const MetricData = data.map((each) => ({ MetricName, Unit: 'Count' as const, ...each }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: `Conformance/${trial.name}`, MetricData }));
}

async function statistics(trial: Trial, from: number, until: number, more: object) {
  const cloudwatch = await trial.clients.cloudwatch();
  const Namespace = `Conformance/${trial.name}`;
  const time = { StartTime: new Date(from), EndTime: new Date(until), Period: 60 };
  const asked = { Namespace, MetricName, ...time, ...more };
  const { Datapoints = [] } = await cloudwatch.send(new GetMetricStatisticsCommand(asked));
  return Datapoints.sort((one, other) => one.Timestamp!.getTime() - other.Timestamp!.getTime());
}

/** Waits until what was put can be read. */
const eventually = (trial: Trial, from: number, to: number, more: object) =>
  until(trial, async () => {
    const points = await statistics(trial, from, to, more);
    return points.length > 0 ? points : undefined;
  });

/** The start of a minute that is over. */
const minuteAgo = ({ clock }: Trial) => Math.floor(clock.now() / MINUTE) * MINUTE - 2 * MINUTE;

export const METRICS: readonly Omit<Behaviour, 'area'>[] = [
  {
    id: 'cw-statistics',
    does: 'statistics sum up the values of a period',
    source: `${API}, GetMetricStatistics`,
    async run(trial) {
      const at = minuteAgo(trial);
      const Timestamp = new Date(at + 5_000);
      await put(
        trial,
        { Timestamp, Value: 1 },
        { Timestamp, Value: 4 },
        { Timestamp: new Date(at + 59_000), Value: 7 },
      );
      const Statistics = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'];
      const [point] = (await eventually(trial, at, at + MINUTE, { Statistics })) ?? [];
      const got = [point?.SampleCount, point?.Sum, point?.Average, point?.Minimum, point?.Maximum];
      return all(same('the statistics', got, [3, 12, 4, 1, 7]), same('the time', point?.Timestamp?.getTime(), at));
    },
  },
  {
    id: 'cw-dimensions',
    does: 'a metric is found by exactly its dimensions',
    source: `${GUIDE}, Dimensions`,
    async run(trial) {
      const at = minuteAgo(trial);
      await put(trial, { Timestamp: new Date(at), Value: 3, Dimensions: shop });
      const Statistics = ['Sum'];
      const [exact] = (await eventually(trial, at, at + MINUTE, { Statistics, Dimensions: shop })) ?? [];
      const without = await statistics(trial, at, at + MINUTE, { Statistics });
      const Dimensions = [...shop, { Name: 'Region', Value: 'x' }];
      const more = await statistics(trial, at, at + MINUTE, { Statistics, Dimensions });
      return all(
        same('the sum by its dimensions', exact?.Sum, 3),
        same('points without dimensions', without.length, 0),
        same('points by more dimensions', more.length, 0),
      );
    },
  },
  {
    id: 'cw-end',
    does: 'the end of the time asked for is not part of it',
    source: `${API}, GetMetricStatistics, EndTime`,
    async run(trial) {
      const at = minuteAgo(trial);
      await put(trial, { Timestamp: new Date(at), Value: 1 }, { Timestamp: new Date(at + MINUTE), Value: 2 });
      const Statistics = ['Sum'];
      await until(trial, async () =>
        (await statistics(trial, at, at + 2 * MINUTE, { Statistics })).length > 1 ? 1 : undefined,
      );
      const points = await statistics(trial, at, at + MINUTE, { Statistics });
      return same(
        'the sums',
        points.map(({ Sum }) => Sum),
        [1],
      );
    },
  },
  {
    id: 'cw-percentiles',
    does: 'percentiles can be asked for',
    source: `${GUIDE}, Percentiles`,
    async run(trial) {
      const at = minuteAgo(trial);
      await put(trial, ...Array.from({ length: 100 }, (_, n) => ({ Timestamp: new Date(at), Value: n + 1 })));
      const [point] = (await eventually(trial, at, at + MINUTE, { ExtendedStatistics: ['p95'] })) ?? [];
      const p95 = point?.ExtendedStatistics?.p95;
      if (p95 === undefined) return differs('there is no p95');
      return p95 >= 94 && p95 <= 97 ? 'as AWS' : differs(`p95 of 1 to 100 is ${p95}`);
    },
  },
  {
    id: 'cw-gzip',
    does: 'a compressed request counts as any other',
    source: `${API}, PutMetricData`,
    async run(trial) {
      const at = minuteAgo(trial);
      const { agent, ...settings } = clientSettings(trial.clients.target, {});
      const client = new CloudWatchClient({
        ...settings,
        ...(trial.requestHandler !== undefined && { requestHandler: trial.requestHandler as never }),
        disableRequestCompression: false,
        requestMinCompressionSizeBytes: 0,
      });
      try {
        const MetricData = [{ MetricName, Value: 5, Timestamp: new Date(at) }];
        await client.send(new PutMetricDataCommand({ Namespace: `Conformance/${trial.name}`, MetricData }));
      } finally {
        client.destroy();
        agent?.destroy();
      }
      const [point] = (await eventually(trial, at, at + MINUTE, { Statistics: ['Sum'] })) ?? [];
      return same('the sum', point?.Sum, 5);
    },
  },
  {
    id: 'cw-list',
    does: 'a namespace lists its metrics with their dimensions',
    source: `${API}, ListMetrics`,
    async run(trial) {
      await put(trial, { Value: 1, Timestamp: new Date(minuteAgo(trial)), Dimensions: shop });
      const cloudwatch = await trial.clients.cloudwatch();
      const Namespace = `Conformance/${trial.name}`;
      const metrics = await until(trial, async () => {
        const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand({ Namespace }));
        return Metrics.length > 0 ? Metrics : undefined;
      });
      const got = metrics?.map((metric) => [metric.MetricName, metric.Dimensions]);
      return same('the metrics', got, [[MetricName, shop]]);
    },
  },
  {
    id: 'cw-not-a-number',
    does: 'a value that is no finite number is refused',
    source: `${API}, MetricDatum`,
    run: (trial) =>
      refused(
        put(trial, { Value: Number.POSITIVE_INFINITY, Timestamp: new Date(minuteAgo(trial)) }),
        'InvalidParameterValue',
        'InvalidParameterValueException',
      ),
  },
];
