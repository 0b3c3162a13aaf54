import type { MetricSeries, MetricsView } from '../shop/metrics.ts';
import type { View } from './context.ts';
import { table } from './table.ts';
import { heading, time } from './text.ts';

const BARS = '▁▂▃▄▅▆▇█';
const PLOT_WIDTH = 30;
const NARROWEST_PLOT = 10;
/** Columns of the two values, and the gaps between all. */
const VALUES = 26;
const STATISTIC = 11;
/** Below this width the statistic stands with the metric's name. */
const ROOM_FOR_STATISTIC = 72;

export const metricsView: View<MetricsView> = (data, context) => {
  if (data.series.every((series) => series.points.length === 0)) {
    return 'No metrics in this span. They are recorded when messages are handled: cliffracer drain';
  }
  const title = `Since ${time(data.since, context)}, a point every ${data.period_seconds} s`;
  const wide = context.width >= ROOM_FOR_STATISTIC;
  const names = Math.max(...data.series.map((row) => (wide ? row.metric : nameOf(row)).length));
  const room = context.width - names - VALUES - (wide ? STATISTIC : 0);
  const cells = Math.max(NARROWEST_PLOT, Math.min(PLOT_WIDTH, room));
  const grid = table(
    [
      { title: 'metric', text: (row: MetricSeries) => (wide ? row.metric : nameOf(row)), shrinks: 12 },
      ...(wide
        ? [
            {
              title: 'statistic',
              text: (row: MetricSeries) => row.statistic,
              paint: (text: string) => context.paint.dim(text),
            },
          ]
        : []),
      { title: 'over all', text: (row) => amount(row.value, row.unit), align: 'right' },
      { title: 'latest', text: (row) => amount(row.latest, row.unit), align: 'right' },
      {
        title: 'over time',
        text: (row) => plot(row, data, cells),
        paint: (text) => context.paint.cyan(text),
        yields: true,
      },
    ],
    data.series,
    context,
  );
  return `${heading(title, context)}\n${grid}`;
};

/** Percentiles differ by their statistic alone. */
const nameOf = ({ metric, statistic }: MetricSeries): string =>
  /^p\d+$/.test(statistic) ? `${metric} ${statistic}` : metric;

function amount(value: number | undefined, unit: string): string {
  if (value === undefined) return '-';
  const rounded = Number.isInteger(value) ? String(value) : value.toFixed(2);
  if (unit === 'Percent') return `${rounded} %`;
  if (unit === 'Seconds') return `${rounded} s`;
  if (unit === 'Milliseconds') return `${value.toFixed(1)} ms`;
  return rounded;
}

/** The points over the span as bars from zero to the largest; a gap where there is no data. */
export function plot(
  series: Pick<MetricSeries, 'points'>,
  span: { since: string; until: string },
  wide = PLOT_WIDTH,
): string {
  const from = Date.parse(span.since);
  const width = Math.max(1, Date.parse(span.until) - from);
  const cells: (number | undefined)[] = Array.from({ length: wide }, () => undefined);
  for (const { at, value } of series.points) {
    const cell = Math.min(wide - 1, Math.max(0, Math.floor(((Date.parse(at) - from) / width) * wide)));
    cells[cell] = Math.max(cells[cell] ?? Number.NEGATIVE_INFINITY, value);
  }
  const largest = Math.max(...cells.map((value) => value ?? 0));
  const bar = (value: number) =>
    BARS[largest <= 0 ? 0 : Math.round((Math.max(0, value) / largest) * (BARS.length - 1))]!;
  return cells.map((value) => (value === undefined ? '·' : bar(value))).join('');
}
