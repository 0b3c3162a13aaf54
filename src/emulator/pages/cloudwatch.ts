import type { Dimension } from '../cloudwatch/alarms/alarm.ts';
import { describedAlarm } from '../cloudwatch/alarms/alarm.ts';
import type { CloudWatchState } from '../cloudwatch/state.ts';
import { scopeOf } from '../control/routing.ts';
import type { Engine } from '../core/engine.ts';
import { html, Markup, navigation, page } from './html.ts';

const SPAN_SECONDS = 3 * 3600;
const PERIOD_SECONDS = 60;
/** ListMetrics answers with so many at once, and GetMetricData takes as many queries. */
const MOST_METRICS = 500;

/** `/_aws/cloudwatch`: alarms, and the metrics of the last hours; `?region=` of another region, `?after=` the next page. */
export function cloudWatchPage(engine: Engine, query: URLSearchParams, console: string | undefined): string {
  const scope = scopeOf(query);
  engine.settle();
  const { alarms } = engine.stateOf('cloudwatch', scope) as CloudWatchState;
  const body = html`<h1>CloudWatch</h1>${navigation(console)}${alarmTable([...alarms.values()].slice(0, MOST_METRICS).map(describedAlarm))}${metricTable(engine, scope, query)}`;
  return page('CloudWatch', body);
}

const dimensionsText = (dimensions: readonly Dimension[]) =>
  dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join(', ');

const COMPARED: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '≥',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};
const LOOKS: Readonly<Record<string, string>> = { ALARM: 'bad', OK: 'good' };

function alarmTable(alarms: readonly ReturnType<typeof describedAlarm>[]): Markup {
  if (alarms.length === 0) return html`<h2>Alarms</h2><p>There are no alarms.</p>`;
  const rows = alarms.map((alarm) => {
    const statistic = alarm.Statistic ?? alarm.ExtendedStatistic;
    const condition = `${statistic} of ${alarm.Namespace} ${alarm.MetricName} ${COMPARED[alarm.ComparisonOperator]} ${alarm.Threshold}`;
    return html`<tr><td><code>${alarm.AlarmName}</code></td><td class="${LOOKS[alarm.StateValue] ?? ''}">${alarm.StateValue}</td><td>${condition}<br>${dimensionsText(alarm.Dimensions)}</td><td>${alarm.StateReason}</td></tr>`;
  });
  return html`<h2>Alarms</h2><div><table><tr><th>Name</th><th>State</th><th>When</th><th>Why</th></tr>${rows}</table></div>`;
}

interface Listed {
  Metrics: { Namespace: string; MetricName: string; Dimensions: Dimension[] }[];
  NextToken?: string;
}

interface Data {
  MetricDataResults: { Timestamps: number[]; Values: number[] }[];
}

function metricTable(engine: Engine, scope: { account: string; region: string }, query: URLSearchParams): Markup {
  const after = query.get('after');
  const perform = (operation: string, input: object) =>
    engine.perform({ ...scope, service: 'cloudwatch', operation, input });
  const { Metrics, NextToken } = perform('ListMetrics', after === null ? {} : { NextToken: after }) as Listed;
  if (Metrics.length === 0) return html`<h2>Metrics</h2><p>There are no metrics.</p>`;
  const now = Math.ceil(engine.clock.now() / 1000 / PERIOD_SECONDS) * PERIOD_SECONDS;
  const read = (Stat: string) =>
    (
      perform('GetMetricData', {
        ...{ StartTime: now - SPAN_SECONDS, EndTime: now, ScanBy: 'TimestampAscending' },
        MetricDataQueries: Metrics.map((Metric, index) => ({
          Id: `m${index}`,
          MetricStat: { Metric, Period: PERIOD_SECONDS, Stat },
        })),
      }) as Data
    ).MetricDataResults;
  const [sums, averages] = [read('Sum'), read('Average')];
  const rows = new Map<string, Markup[]>();
  for (const [index, { Namespace, MetricName, Dimensions }] of Metrics.entries()) {
    const { Timestamps, Values } = averages[index]!;
    const total = sums[index]!.Values.reduce((sum, value) => sum + value, 0);
    const known = rows.get(Namespace) ?? [];
    rows.set(Namespace, known);
    known.push(
      html`<tr><td><code>${MetricName}</code></td><td>${dimensionsText(Dimensions)}</td><td class="n">${short(Values.at(-1))}</td><td class="n">${Values.length === 0 ? '' : short(total)}</td><td>${sparkline(Timestamps, Values, now)}</td></tr>`,
    );
  }
  // What programs put comes before what services publish of themselves.
  const own = [...rows].sort(([a], [b]) => Number(a.startsWith('AWS/')) - Number(b.startsWith('AWS/')));
  const next = `/_aws/cloudwatch?${new URLSearchParams({ ...scope, after: NextToken ?? '' })}`;
  return html`${own.map(namespaceTable)}${NextToken === undefined ? '' : html`<p><a href="${next}">Next page</a></p>`}`;
}

const namespaceTable = ([namespace, rows]: [string, Markup[]]) =>
  html`<h2>${namespace}</h2><p>The last three hours, a point a minute.</p><div><table><tr><th>Metric</th><th>Dimensions</th><th class="n">Latest average</th><th class="n">Sum</th><th>Average</th></tr>${rows}</table></div>`;

const short = (value: number | undefined) => (value === undefined ? '' : String(Number(value.toPrecision(6))));

const [WIDTH, HEIGHT] = [160, 24];

function sparkline(at: readonly number[], values: readonly number[], now: number): Markup {
  if (values.length < 2) return new Markup('');
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, index) => {
    const x = ((at[index]! - now + SPAN_SECONDS) / SPAN_SECONDS) * WIDTH;
    const y = high === low ? HEIGHT / 2 : HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return html`<svg width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="from ${short(low)} to ${short(high)}"><polyline points="${points.join(' ')}"/></svg>`;
}
