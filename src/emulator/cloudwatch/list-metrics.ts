import { forward, itemAt, locate } from '../core/chunked-list.ts';
import { publishedMetrics } from './metric.ts';
import { decodeToken, encodeToken, isString } from './page-token.ts';
import type { CloudWatchContext, Metric } from './state.ts';

const PAGE = 500;
const DAY_MS = 86_400_000;

interface ListMetricsInput {
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value?: string }[];
  NextToken?: string;
  RecentlyActive?: 'PT3H';
}

/** ListMetrics; "doesn't return information about metrics if those metrics haven't reported data in the past two weeks". */
export function listMetrics(context: CloudWatchContext, input: ListMetricsInput) {
  const activeSince = context.now - (input.RecentlyActive === undefined ? 14 * DAY_MS : DAY_MS / 8);
  const after = input.NextToken === undefined ? undefined : decodeToken(input.NextToken, isString);
  const found: Metric[] = [];
  let last = '';
  for (const [key, metric] of candidates(context, input, after)) {
    if (metric.publishedAt < activeSince || !isWanted(metric, input)) continue;
    if (found.length === PAGE) return { Metrics: found.map(listed), NextToken: encodeToken(last) };
    found.push(metric);
    last = key;
  }
  return { Metrics: found.map(listed) };
}

/** Metrics that clients have put and those that services publish, in the order of their keys, after `after`. */
function* candidates(context: CloudWatchContext, input: ListMetricsInput, after: string | undefined) {
  const { metrics, metricKeys } = context.state;
  const prefix = keyPrefix(input);
  const published = publishedMetrics(context, input.Namespace).filter(
    ([key]) => key.startsWith(prefix) && (after === undefined || key > after),
  );
  let next = 0;
  const place = locate(metricKeys, (key) => (after === undefined ? key >= prefix : key > after));
  for (let key = itemAt(metricKeys, place); key?.startsWith(prefix); key = itemAt(metricKeys, place)) {
    while (next < published.length && published[next]![0] < key) yield published[next++]!;
    yield [key, metrics.get(key)!] as const;
    forward(metricKeys, place);
  }
  yield* published.slice(next);
}

/** What the keys of the wanted metrics begin with. */
function keyPrefix({ Namespace: namespace, MetricName: name }: ListMetricsInput): string {
  if (namespace === undefined) return '';
  const space = `[${JSON.stringify(namespace)},`;
  return name === undefined ? space : space + JSON.stringify(name);
}

function isWanted({ name, dimensions }: Metric, input: ListMetricsInput): boolean {
  if (input.MetricName !== undefined && input.MetricName !== name) return false;
  return (input.Dimensions ?? []).every((filter) =>
    dimensions.some(
      ({ Name, Value }) => Name === filter.Name && (filter.Value === undefined || filter.Value === Value),
    ),
  );
}

const listed = ({ namespace, name, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: dimensions,
});
