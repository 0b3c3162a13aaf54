import { insert, locate } from '../core/chunked-list.ts';
import { AwsError } from '../core/errors.ts';
import { wakeAlarms } from './alarms/timer.ts';
import { record } from './bucket.ts';
import { checkDatum, invalidValue, type MetricDatum, samplesOf } from './datum.ts';
import { type CloudWatchContext, type Metric, type MetricIdentity, metricKey, orderedDimensions } from './state.ts';

const MOST_METRICS = 1000;
const MOST_ENTITIES = 2;

interface PutMetricDataInput {
  Namespace: string;
  MetricData?: MetricDatum[];
  EntityMetricData?: { MetricData?: MetricDatum[] }[];
}

/** PutMetricData: everything is checked before anything is stored. Entities are accepted, and not kept. */
export function putMetricData(context: CloudWatchContext, input: PutMetricDataInput) {
  const namespace = input.Namespace;
  if (namespace.startsWith('AWS/')) throw invalidValue('The value AWS/ for parameter Namespace is invalid.');
  const entities = input.EntityMetricData ?? [];
  if (entities.length > MOST_ENTITIES) {
    throw invalidValue(`The collection EntityMetricData must not have a size greater than ${MOST_ENTITIES}.`);
  }
  const data = [
    ...named(input.MetricData, 'MetricData'),
    ...entities.flatMap((entity, index) => named(entity.MetricData, `EntityMetricData.member.${index + 1}.MetricData`)),
  ];
  if (data.length === 0) {
    throw new AwsError('MissingRequiredParameterException', 'The parameter MetricData is required.');
  }
  if (data.length > MOST_METRICS) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${MOST_METRICS}.`);
  }
  const now = context.now / 1000;
  const checked = data.map(({ datum, at }) => {
    checkDatum(datum, at, now);
    return { datum, samples: samplesOf(datum, at) };
  });
  for (const { datum, samples } of checked) {
    const dimensions = orderedDimensions(datum.Dimensions);
    const { key, metric } = metricOf(context, { namespace, name: datum.MetricName, dimensions });
    const resolution = datum.StorageResolution ?? 60;
    const at = Math.floor((datum.Timestamp ?? now) / resolution) * resolution;
    const unit = datum.Unit ?? 'None';
    let series = metric.series.get(unit);
    if (series === undefined) {
      series = [];
      metric.series.set(unit, series);
    }
    record(series, at, samples, now);
    metric.publishedAt = context.now;
    if (context.logged) reportMetric(context, metric, datum);
    wakeAlarms(context, key);
  }
}

function reportMetric(context: CloudWatchContext, { namespace, name, dimensions }: Metric, datum: MetricDatum): void {
  const named = Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
  context.effect({ kind: 'metric', namespace, name, dimensions: named, value: datum.Value });
}

const named = (data: readonly MetricDatum[] = [], collection: string) =>
  data.map((datum, index) => ({ datum, at: `${collection}.member.${index + 1}` }));

function metricOf(context: CloudWatchContext, identity: MetricIdentity): { key: string; metric: Metric } {
  const { metrics, metricKeys } = context.state;
  const key = metricKey(identity);
  let metric = metrics.get(key);
  if (metric === undefined) {
    const { namespace, name, dimensions } = identity;
    metric = { namespace, name, dimensions: [...dimensions], publishedAt: context.now, series: new Map() };
    metrics.set(key, metric);
    const place = locate(metricKeys, (other) => other >= key);
    insert(metricKeys, place, key);
  }
  return { key, metric };
}
