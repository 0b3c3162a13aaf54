import { useState } from 'preact/hooks';
import type { TableInfo } from '../../../lab/stores/port.ts';
import { count, size } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { go, route } from '../data/route.ts';
import { html } from '../html.ts';
import { Empty, Field, Problem } from '../parts/controls.ts';
import { ItemHistory } from './item-history.ts';
import { TablePanel } from './table-panel.ts';

/** Tables, and the items of the one that is chosen. */
export function TablesArea() {
  const { data, error } = useLoaded<{ tables: TableInfo[] }>('tables', {}, 10_000);
  const [filter, setFilter] = useState('');
  const { chosen, query } = route.value;
  const [name] = chosen;
  const tables = (data?.tables ?? []).filter(({ table }) => table.toLowerCase().includes(filter.toLowerCase()));
  const table = data?.tables.find((each) => each.table === name);
  const history = query.get('history');
  return html`<div class="area split ${name === undefined ? '' : 'detail-open'}">
    <section class="pane master narrow" aria-label="Tables">
      <header class="head"><h1>Tables</h1><span class="dim">${count(tables.length)}</span></header>
      <${Field} label="Filter" quiet filter value=${filter} placeholder="Filter by name" onInput=${setFilter} />
      <${Problem} error=${error} />
      ${data && tables.length === 0 && html`<${Empty}>There is no such table.</>`}
      <ul class="names">${tables.map((each) => html`<li key=${each.table}><button type="button" aria-pressed=${each.table === name} onClick=${() => go('tables', [each.table])}><span class="mono">${each.table}</span><span class="dim num">${count(each.items)} · ${size(each.bytes)}</span></button></li>`)}</ul>
    </section>
    ${table && (history === null ? html`<${TablePanel} key=${table.table} info=${table} />` : html`<${ItemHistory} table=${table.table} itemKey=${history} />`)}
    ${name !== undefined && data && table === undefined && html`<section class="pane grow detail"><${Empty}>There is no table <code>${name}</code>.</></section>`}
  </div>`;
}
