import type { PointsQuery, PublishedMetric, PublishedPoint, PublishedPoints } from '../core/traffic.ts';
import type { ServiceId } from '../core/types.ts';
import type { Bucket } from './bucket.ts';
import { type CloudWatchContext, type Metric, type MetricIdentity, metricKey } from './state.ts';

/** Namespaces whose metrics are worked out by their services when somebody asks, and kept nowhere. */
const PUBLISHERS: ReadonlyMap<string, ServiceId> = new Map([
  ['AWS/SQS', 'sqs'],
  ['AWS/SNS', 'sns'],
]);

/** A metric with its samples from `start` to `end` (seconds, exclusive), and perhaps others. */
export function metricIn(
  context: CloudWatchContext,
  identity: MetricIdentity,
  { start, end }: { start: number; end: number },
): Metric | undefined {
  const service = PUBLISHERS.get(identity.namespace);
  if (service === undefined) return context.state.metrics.get(metricKey(identity));
  const { namespace, name, dimensions } = identity;
  const [dimension] = dimensions;
  const isOne = dimensions.length === 1 && dimension!.Name === (service === 'sqs' ? 'QueueName' : 'TopicName');
  if (!isOne) return undefined;
  const query: PointsQuery = { name, resource: dimension!.Value, start, end };
  const found = context.internal(service, 'points', query) as PublishedPoints | undefined;
  if (found === undefined || found.points.length === 0) return undefined;
  const series = new Map([[found.unit, [found.points.map(bucketOf)]]]);
  return { namespace, name, dimensions: [...dimensions], publishedAt: context.now, series };
}

const bucketOf = ({ at, count, sum, minimum, maximum }: PublishedPoint): Bucket => {
  return { at, count, sum, minimum, maximum, values: undefined, summarized: minimum !== maximum };
};

/** The metrics that services publish, by key. */
export function publishedMetrics(context: CloudWatchContext, namespace: string | undefined): [string, Metric][] {
  const services = [...PUBLISHERS].filter(([name]) => namespace === undefined || name === namespace);
  return services
    .flatMap(([, service]) => (context.internal(service, 'metrics', undefined) ?? []) as PublishedMetric[])
    .map(({ namespace: space, name, dimension, latest }): [string, Metric] => {
      const identity = { namespace: space, name, dimensions: [dimension] };
      return [metricKey(identity), { ...identity, publishedAt: (latest + 60) * 1000, series: new Map() }];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
