import { CATALOGUE } from '../domain/catalogue.ts';
import { deadLetterQueueOf, queueOf, SERVICES } from '../domain/names.ts';
import type { MetricPoint, Ports } from '../ports.ts';

export interface MetricsOptions {
  /** Milliseconds. */
  since?: number;
  /** Seconds. */
  period?: number;
  /** Those that SQS measures of the stack's queues, instead of the shop's own. */
  queues?: boolean;
}

/** One line of the metrics table: a statistic over time. */
export interface MetricSeries {
  metric: string;
  statistic: string;
  unit: string;
  /** Over the whole span; undefined without data. */
  value: number | undefined;
  latest: number | undefined;
  points: readonly { at: string; value: number }[];
}

export interface MetricsView {
  since: string;
  until: string;
  period_seconds: number;
  series: readonly MetricSeries[];
}

const DEFAULT_SINCE_MS = 3_600_000;
const DEFAULT_PERIOD_SECONDS = 60;
/** CloudWatch answers with at most 1,440 points (GetMetricStatistics). */
const MOST_POINTS = 1_440;

/** The shop's metrics, or its queues', over a span that ends now: one series a metric and statistic. */
export async function metrics(
  ports: Pick<Ports, 'metrics'>,
  options: MetricsOptions,
  now: number,
): Promise<MetricsView> {
  const span = options.since ?? DEFAULT_SINCE_MS;
  const since = now - span;
  const period_seconds = periodFor(options.period ?? DEFAULT_PERIOD_SECONDS, span);
  const read = (query: Wanted) => series(ports.metrics, query, { since, until: now, periodSeconds: period_seconds });
  return {
    since: new Date(since).toISOString(),
    until: new Date(now).toISOString(),
    period_seconds,
    series: (await Promise.all((options.queues ? OF_QUEUES : WANTED).map(read))).filter(
      ({ points, metric }) => points.length > 0 || ALWAYS.has(metric),
    ),
  };
}

/** A span that is too long for the period gets a longer one, as AWS's console does. */
function periodFor(wanted: number, spanMs: number): number {
  const least = Math.ceil(spanMs / 1000 / MOST_POINTS);
  return Math.ceil(Math.max(60, wanted, least) / 60) * 60;
}

interface Wanted {
  label: string;
  name: string;
  statistic: 'sum' | 'average' | 'minimum' | 'maximum' | 'p50' | 'p95';
  unit: string;
  /** What a value is multiplied by to be in the unit. */
  scale?: number;
  dimensions?: Record<string, string>;
  queue?: string;
}

const counted = (label: string, name: string): Wanted => ({ label, name, statistic: 'sum', unit: 'Count' });

const WANTED: readonly Wanted[] = [
  counted('orders created', 'OrdersCreated'),
  counted('orders fulfilled', 'OrdersFulfilled'),
  counted('orders cancelled', 'OrdersCancelled'),
  counted('refunds', 'Refunds'),
  counted('reservations', 'InventoryReservations'),
  counted('rejections', 'InventoryRejections'),
  counted('payments', 'PaymentsProcessed'),
  { label: 'order value', name: 'OrderValue', statistic: 'average', unit: 'None' },
  { label: 'payment success', name: 'PaymentSuccessRate', statistic: 'average', unit: 'Percent' },
  ...CATALOGUE.map(({ sku }): Wanted => {
    return {
      label: `stock ${sku}`,
      name: 'StockLevel',
      statistic: 'minimum',
      unit: 'Count',
      dimensions: { Product: sku },
    };
  }),
  ...SERVICES.flatMap((service): Wanted[] => {
    const time = {
      label: `time ${service}`,
      name: 'ProcessingTime',
      unit: 'Milliseconds',
      dimensions: { Service: service },
    };
    return [
      { ...time, statistic: 'p50' },
      { ...time, statistic: 'p95' },
    ];
  }),
  ...SERVICES.map((service): Wanted => {
    return {
      ...{ label: `error rate ${service}`, name: 'Errors', statistic: 'average', unit: 'Percent', scale: 100 },
      dimensions: { Service: service },
    };
  }),
];

const VISIBLE = 'ApproximateNumberOfMessagesVisible';
const AGE = 'ApproximateAgeOfOldestMessage';
const of = (label: string, queue: string, name: string, unit = 'Count'): Wanted => {
  return { label, name, queue, unit, statistic: name.startsWith('Number') ? 'sum' : 'maximum' };
};

/** What the standard alarms of such an architecture watch. */
const OF_QUEUES: readonly Wanted[] = SERVICES.flatMap((service) => [
  of(`sent ${service}`, queueOf(service), 'NumberOfMessagesSent'),
  of(`deleted ${service}`, queueOf(service), 'NumberOfMessagesDeleted'),
  of(`waiting ${service}`, queueOf(service), VISIBLE),
  of(`oldest ${service}`, queueOf(service), AGE, 'Seconds'),
  of(`dead letters ${service}`, deadLetterQueueOf(service), VISIBLE),
]);

/** Shown also when nothing was recorded; the others only with data. */
const ALWAYS = new Set(WANTED.filter(({ dimensions }) => dimensions === undefined).map(({ label }) => label));

interface Span {
  since: number;
  until: number;
  periodSeconds: number;
}

async function series(port: Ports['metrics'], wanted: Wanted, span: Span): Promise<MetricSeries> {
  const { label, name, statistic, unit, scale = 1, dimensions, queue } = wanted;
  const percentiles = statistic === 'p50' || statistic === 'p95' ? [statistic] : undefined;
  const query = {
    name,
    ...(queue && { queue }),
    ...(dimensions && { dimensions }),
    ...(percentiles && { percentiles }),
  };
  const points = await port.statistics({ ...query, ...span });
  const value = percentiles === undefined ? combine(points, statistic) : await overall(port, query, span, statistic);
  const values = points.map((point) => {
    return { at: new Date(point.at).toISOString(), value: scale * pointValue(point, statistic) };
  });
  return {
    metric: label,
    statistic,
    unit,
    value: value && scale * value,
    latest: values.at(-1)?.value,
    points: values,
  };
}

function pointValue(point: MetricPoint, statistic: Wanted['statistic']): number {
  if (statistic === 'p50' || statistic === 'p95') return point.percentiles[statistic] ?? Number.NaN;
  return point[statistic];
}

function combine(points: readonly MetricPoint[], statistic: Wanted['statistic']): number | undefined {
  if (points.length === 0) return undefined;
  const sum = points.reduce((total, point) => total + point.sum, 0);
  if (statistic === 'sum') return sum;
  if (statistic === 'maximum') return Math.max(...points.map((point) => point.maximum));
  if (statistic === 'minimum') return Math.min(...points.map((point) => point.minimum));
  return sum / points.reduce((total, point) => total + point.sampleCount, 0);
}

/** Percentiles of parts cannot be combined: the span is asked for as one period. */
async function overall(
  port: Ports['metrics'],
  query: { name: string; queue?: string; dimensions?: Record<string, string>; percentiles?: string[] },
  { since, until }: Span,
  statistic: Wanted['statistic'],
): Promise<number | undefined> {
  const periodSeconds = Math.ceil((until - since) / 60_000 + 1) * 60;
  const points = await port.statistics({ ...query, since, until, periodSeconds });
  // Periods start at multiples of their length, so a span may touch two of them: the one with more data speaks.
  const fullest = points.reduce<MetricPoint | undefined>(
    (best, point) => (best === undefined || point.sampleCount > best.sampleCount ? point : best),
    undefined,
  );
  return fullest && pointValue(fullest, statistic);
}
