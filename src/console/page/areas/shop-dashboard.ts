import type { ShopSeries } from '../../server/deps.ts';
import { useLoaded } from '../data/loading.ts';
import { html } from '../html.ts';
import { Empty, Problem } from '../parts/controls.ts';
import { Plot } from '../parts/plot.ts';

/** Charts of the shop, by the labels of its metrics. */
const CHARTS: readonly (readonly [title: string, is: (series: ShopSeries) => boolean])[] = [
  ['Orders a minute', ({ metric }) => /^orders /.test(metric)],
  ['Payment success, percent', ({ metric }) => metric === 'payment success'],
  ['Stock', ({ metric }) => /^stock /.test(metric)],
  ['Response time p95, ms', ({ metric, statistic }) => /^time /.test(metric) && statistic === 'p95'],
  ['Error rate, percent', ({ metric }) => /^error rate /.test(metric)],
  ['Order value', ({ metric }) => metric === 'order value'],
];

/** What a shop's owner looks at: orders, payments, stock, times and errors. */
export function ShopDashboard({ since }: { since: number }) {
  const { data, error } = useLoaded<{ series: ShopSeries[] }>('shop', { since_ms: since }, 10_000);
  const series = data?.series ?? [];
  const value = (metric: string) => series.find((each) => each.metric === metric)?.value;
  const tiles = [
    ['Orders', value('orders created')],
    ['Fulfilled', value('orders fulfilled')],
    ['Payment success', value('payment success'), '%'],
    ['Order value', value('order value')],
  ] as const;
  const empty = series.every(({ points }) => points.length === 0);
  return html`<${Problem} error=${error} />
    ${data && empty && html`<${Empty}>No metrics of the shop in this span. They come when messages are handled: <code>cliffracer order create</code>, <code>cliffracer drain</code>.</>`}
    ${
      data &&
      !empty &&
      html`<dl class="tiles">${tiles.map(([title, number, unit = '']) => html`<div key=${title}><dt>${title}</dt><dd>${number === undefined ? '–' : `${Number(number.toFixed(number % 1 === 0 ? 0 : 2)).toLocaleString('en-US')}${unit}`}</dd></div>`)}</dl>
    <div class="charts">${CHARTS.map(([title, is]) => {
      const lines = series
        .filter(is)
        .filter(({ points }) => points.length > 0)
        .map(({ metric, points }) => ({
          label: metric.replace(/^(orders|stock|time|error rate) /, ''),
          points: points.map(({ at, value: number }) => ({ at: Date.parse(at), value: number })),
        }));
      return (
        lines.length > 0 &&
        html`<section class="chart" key=${title}><h3>${title}</h3><${Plot} label=${title} lines=${lines} span=${since} /></section>`
      );
    })}</div>`
    }`;
}
