import { useState } from 'preact/hooks';
import type { AlarmState, MetricName } from '../../../lab/stores/port.ts';
import { dateTime } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { html } from '../html.ts';
import { Choice, Empty, Field, Problem, Tabs } from '../parts/controls.ts';
import { type Line, Plot } from '../parts/plot.ts';
import { ShopDashboard } from './shop-dashboard.ts';

const SPANS = [
  ['1800000', '30 minutes'],
  ['10800000', '3 hours'],
  ['86400000', '1 day'],
  ['604800000', '7 days'],
] as const;
const EVERY_MS = 10_000;

/** The shop's dashboard, every metric as a plot, and alarms. */
export function MetricsArea() {
  const [view, setView] = useState('shop');
  const [span, setSpan] = useState('1800000');
  const since = Number(span);
  return html`<div class="area"><section class="pane grow" aria-label="Metrics">
    <header class="head"><h1>Metrics</h1><${Tabs} label="What is shown" value=${view} options=${[['shop', 'Shop'], ['all', 'All'], ['alarms', 'Alarms']]} onInput=${setView} /><span class="grow"></span>${view !== 'alarms' && html`<${Choice} label="Span" quiet value=${span} options=${SPANS} onInput=${setSpan} />`}</header>
    ${view === 'shop' && html`<${ShopDashboard} since=${since} />`}
    ${view === 'all' && html`<${All} since=${since} />`}
    ${view === 'alarms' && html`<${Alarms} />`}
  </section></div>`;
}

const nameText = ({ name, dimensions }: MetricName) =>
  [name, ...Object.entries(dimensions).map(([key, value]) => `${key}=${value}`)].join(' ');

function All({ since }: { since: number }) {
  const { data, error } = useLoaded<{ metrics: MetricName[] }>('metrics', {}, 30_000);
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<MetricName | undefined>(undefined);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (data?.metrics ?? []).filter((each) => {
    const text = `${each.namespace} ${nameText(each)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const groups = Map.groupBy(found, ({ namespace }) => namespace);
  const order = [...groups].sort(([a], [b]) => Number(a.startsWith('AWS/')) - Number(b.startsWith('AWS/')));
  return html`<${Problem} error=${error} />
    <div class="columns"><div class="metric-names"><${Field} label="Filter" quiet filter value=${filter} placeholder="Filter by name or dimension" onInput=${setFilter} />
      ${data && found.length === 0 && html`<${Empty}>No metric is like this.</>`}
      ${order.map(
        ([namespace, names]) =>
          html`<h3 key=${namespace}>${namespace}</h3><ul class="names compact">${names.slice(0, 200).map(
            (each) =>
              html`<li key=${nameText(each)}><button type="button" aria-pressed=${each === chosen} onClick=${() => setChosen(each)}><span class="mono">${each.name}</span><span class="dim">${Object.entries(
                each.dimensions,
              )
                .map(([key, value]) => `${key}=${value}`)
                .join(', ')}</span></button></li>`,
          )}</ul>`,
      )}</div>
    <div class="grow">${chosen === undefined ? html`<${Empty}>Choose a metric.</>` : html`<${One} metric=${chosen} since=${since} />`}</div></div>`;
}

interface Points {
  period_seconds: number;
  points: Record<string, { at: number; value: number }[]>;
}

const STATISTICS = [
  ['Sum', ['Sum']],
  ['Average, lowest, highest', ['Average', 'Minimum', 'Maximum']],
  ['Percentiles', ['p50', 'p90', 'p99']],
  ['Samples', ['SampleCount']],
] as const;

function One({ metric, since }: { metric: MetricName; since: number }) {
  const statistics = STATISTICS.flatMap(([, names]) => names);
  const { data, error } = useLoaded<Points>('metrics/points', { ...metric, since_ms: since, statistics }, EVERY_MS);
  return html`<h2 class="mono">${nameText(metric)}</h2><p class="dim">${metric.namespace}${data && `, a point every ${data.period_seconds} s`}</p><${Problem} error=${error} />
    ${
      data &&
      STATISTICS.map(([title, names]) => {
        const lines: Line[] = names
          .map((name) => ({ label: name, points: data.points[name] ?? [] }))
          .filter(({ points }) => points.length > 0);
        return (
          lines.length > 0 &&
          html`<section class="chart" key=${title}><h3>${title}</h3><${Plot} label=${title} lines=${lines} span=${since} /></section>`
        );
      })
    }
    ${data && (data.points.SampleCount ?? []).length === 0 && html`<${Empty}>No data in this span.</>`}`;
}

function Alarms() {
  const { data, error } = useLoaded<{ alarms: AlarmState[] }>('alarms', {}, 5_000);
  return html`<${Problem} error=${error} />${data?.alarms.length === 0 && html`<${Empty}>There are no alarms.</>`}
    <ul class="alarms">${data?.alarms.map(
      ({ alarm, state, reason, since, metric, statistic, comparison, threshold }) =>
        html`<li key=${alarm} class=${state}><p><span class="alarm-state">${state.replace('_', ' ').toLowerCase()}</span> <b class="mono">${alarm}</b> <span class="dim">since ${dateTime(since)}</span></p><p class="dim">${statistic} of ${metric.namespace} ${nameText(metric)} ${comparison.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()} ${threshold}</p><p>${reason}</p></li>`,
    )}</ul>`;
}
