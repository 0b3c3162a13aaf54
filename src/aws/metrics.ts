import type { Datapoint, ListMetricsOutput } from '@aws-sdk/client-cloudwatch';
import type { MetricPoint, MetricsPort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { batchesOf } from './batches.ts';
import type { AwsCalls } from './call.ts';

// PutMetricData takes 1,000 metrics and 1 MB; ours need some 200 bytes each.
const BATCH = { count: 1_000 };
// GetMetricStatistics refuses a question that would have more answers.
const MAX_POINTS = 1_440;
const STATISTICS = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'] as const;

/** CloudWatch for the namespace of one stack. */
export async function createMetrics(calls: AwsCalls, names: StackNames): Promise<MetricsPort> {
  const { call } = calls;
  const Namespace = names.namespace;

  return {
    async put(measurements) {
      for (const batch of batchesOf(measurements, BATCH)) {
        const MetricData = batch.map(({ item: { name, value, unit, dimensions, at } }) => ({
          MetricName: name,
          Value: value,
          Unit: unit,
          Timestamp: new Date(at),
          ...(dimensions && { Dimensions: dimensionList(dimensions) }),
        }));
        await call('cloudwatch', 'PutMetricData', { Namespace, MetricData });
      }
    },
    async statistics({ name, queue, dimensions = {}, since, until, periodSeconds, percentiles = [] }) {
      const period = periodSeconds * 1_000;
      const oldest = until - keptMs(periodSeconds);
      const first = Math.floor(Math.max(since, oldest) / period) * period;
      // EndTime is exclusive, and some engines leave out the period that it falls into.
      const end = (Math.floor(until / period) + 1) * period;
      const points = new Map<number, MetricPoint>();
      const ask = async (wanted: { Statistics: (typeof STATISTICS)[number][] } | { ExtendedStatistics: string[] }) => {
        for (let start = first; start < end; start += MAX_POINTS * period) {
          const { Datapoints } = await call('cloudwatch', 'GetMetricStatistics', {
            Namespace: queue === undefined ? Namespace : 'AWS/SQS',
            MetricName: name,
            Dimensions: dimensionList(queue === undefined ? dimensions : { QueueName: names.queue(queue) }),
            StartTime: new Date(start),
            EndTime: new Date(Math.min(end, start + MAX_POINTS * period)),
            Period: periodSeconds,
            ...wanted,
          });
          for (const point of Datapoints ?? []) merge(points, point);
        }
      };
      // Statistics and ExtendedStatistics exclude each other in one call.
      await Promise.all([
        ask({ Statistics: [...STATISTICS] }),
        percentiles.length > 0 && ask({ ExtendedStatistics: [...percentiles] }).catch(unlessBroken(calls)),
      ]);
      return [...points.values()]
        .filter(({ at, sampleCount }) => at >= first && at <= until && sampleCount > 0)
        .sort((one, other) => one.at - other.at);
    },
    async list() {
      const metrics: { name: string; dimensions: Record<string, string> }[] = [];
      let token: string | undefined;
      do {
        const more = token !== undefined && { NextToken: token };
        const page: ListMetricsOutput = await call('cloudwatch', 'ListMetrics', { Namespace, ...more });
        for (const { MetricName, Dimensions } of page.Metrics ?? []) {
          const dimensions = (Dimensions ?? []).map(({ Name, Value }) => [Name, Value] as const);
          metrics.push({ name: MetricName ?? '', dimensions: Object.fromEntries(dimensions) });
        }
        token = page.NextToken;
      } while (token);
      return metrics;
    },
  };
}

/**
 * LocalStack 4.14 answers every question for percentiles with an internal error: there they are left out, as on engines
 * that pass them over in silence. On AWS an error is an error.
 */
const unlessBroken =
  ({ target }: AwsCalls) =>
  (error: Error) => {
    const { name } = (error.cause ?? {}) as { name?: string };
    if (target.kind !== 'local' || !/^Internal(Error|Failure|ServiceFault)/.test(name ?? '')) throw error;
  };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** CloudWatch User Guide, Metrics retention: how far back points of a period can be had. Earlier ones need not be asked for. */
function keptMs(periodSeconds: number): number {
  if (periodSeconds < 60) return 3 * HOUR_MS;
  if (periodSeconds < 300) return 15 * DAY_MS;
  return periodSeconds < 3_600 ? 63 * DAY_MS : 455 * DAY_MS;
}

const dimensionList = (dimensions: Record<string, string>) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

function merge(points: Map<number, MetricPoint>, found: Datapoint): void {
  const at = found.Timestamp?.getTime() ?? 0;
  const point = points.get(at) ?? {
    ...{ at, sampleCount: 0, sum: 0, average: 0, minimum: 0, maximum: 0 },
    percentiles: {},
  };
  points.set(at, {
    at,
    sampleCount: found.SampleCount ?? point.sampleCount,
    sum: found.Sum ?? point.sum,
    average: found.Average ?? point.average,
    minimum: found.Minimum ?? point.minimum,
    maximum: found.Maximum ?? point.maximum,
    percentiles: { ...point.percentiles, ...found.ExtendedStatistics },
  });
}
