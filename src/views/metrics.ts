import type { View } from './context.ts';
import { table } from './table.ts';
import { heading, time } from './text.ts';

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

const BARS = '▁▂▃▄▅▆▇█';
const PLOT_WIDTH = 30;

export const metricsView: View<MetricsView> = (data, context) => {
  if (data.series.every((series) => series.points.length === 0)) {
    return 'No metrics in this span. They are recorded when messages are handled: cliffracer drain';
  }
  const title = `Since ${time(data.since, context)}, a point every ${data.period_seconds} s`;
  const grid = table(
    [
      { title: 'metric', text: (row: MetricSeries) => row.metric },
      { title: 'statistic', text: (row) => row.statistic, paint: (text) => context.paint.dim(text) },
      { title: 'over all', text: (row) => amount(row.value, row.unit), align: 'right' },
      { title: 'latest', text: (row) => amount(row.latest, row.unit), align: 'right' },
      { title: 'over time', text: (row) => plot(row, data), paint: (text) => context.paint.cyan(text) },
    ],
    data.series,
    context,
  );
  return `${heading(title, context)}\n${grid}`;
};

function amount(value: number | undefined, unit: string): string {
  if (value === undefined) return '-';
  const rounded = Number.isInteger(value) ? String(value) : value.toFixed(2);
  if (unit === 'Percent') return `${rounded} %`;
  if (unit === 'Seconds') return `${rounded} s`;
  if (unit === 'Milliseconds') return `${value.toFixed(1)} ms`;
  return rounded;
}

/** The points over the span as bars from zero to the largest; a gap where there is no data. */
export function plot(series: Pick<MetricSeries, 'points'>, span: { since: string; until: string }): string {
  const from = Date.parse(span.since);
  const width = Math.max(1, Date.parse(span.until) - from);
  const cells: (number | undefined)[] = Array.from({ length: PLOT_WIDTH }, () => undefined);
  for (const { at, value } of series.points) {
    const cell = Math.min(PLOT_WIDTH - 1, Math.max(0, Math.floor(((Date.parse(at) - from) / width) * PLOT_WIDTH)));
    cells[cell] = Math.max(cells[cell] ?? Number.NEGATIVE_INFINITY, value);
  }
  const largest = Math.max(...cells.map((value) => value ?? 0));
  const bar = (value: number) =>
    BARS[largest <= 0 ? 0 : Math.round((Math.max(0, value) / largest) * (BARS.length - 1))]!;
  return cells.map((value) => (value === undefined ? '·' : bar(value))).join('');
}
