import { useState } from 'preact/hooks';
import type { StoredItem } from '../../../lab/calls/call.ts';
import { plainValue } from '../../../lab/calls/changes.ts';
import type { ItemPage, KeyPart, TableInfo } from '../../../lab/stores/port.ts';
import { brief, count } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { go } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Choice, Empty, Field, Problem } from '../parts/controls.ts';
import { ConditionRow, filterCondition, keyCondition, SORT_COMPARISONS, type Typed } from './conditions.ts';
import { ItemDialog } from './item-dialog.ts';

const PAGE = 50;
const NEW: Typed = { attribute: '', comparison: '=', text: '' };
/** Columns beside the key. */
const MOST_COLUMNS = 8;

/** The items of a table: all, or those of a key, or of an index; filtered, page by page. */
export function TablePanel({ info }: { info: TableInfo }) {
  const { table, keys, indexes } = info;
  const [index, setIndex] = useState('');
  const [partition, setPartition] = useState('');
  const [sort, setSort] = useState<Typed>({ ...NEW, comparison: '=' });
  const [filters, setFilters] = useState<Typed[]>([]);
  const [asked, setAsked] = useState<object>({});
  const [pages, setPages] = useState<(StoredItem | undefined)[]>([undefined]);
  const [edited, setEdited] = useState<StoredItem | null | undefined>(undefined);
  const used = indexes.find((each) => each.index === index)?.keys ?? keys;
  const after = pages.at(-1);
  const { data, error, reload } = useLoaded<ItemPage>('tables/items', {
    table,
    limit: PAGE,
    ...asked,
    ...(after && { after }),
  });
  const run = () => {
    const key = partition === '' ? [] : [keyCondition(used[0]!, '=', partition)];
    if (key.length > 0 && used[1] !== undefined && sort.text !== '')
      key.push(keyCondition(used[1], sort.comparison, sort.text));
    setPages([undefined]);
    setAsked({
      ...(index !== '' && { index }),
      key,
      filter: filters.filter(({ attribute }) => attribute !== '').map(filterCondition),
    });
  };
  const choices = [['', 'the table'], ...indexes.map((each) => [each.index, each.index])] as [string, string][];
  return html`<section class="pane grow detail" aria-label=${`Table ${table}`}>
    <header class="head"><h2 class="mono">${table}</h2><span class="dim">key ${keys.map(({ name }) => name).join(', ')}</span><span class="grow"></span><${Button} writes onClick=${() => setEdited(null)}>New item</><button type="button" class="button plain close" aria-label="Close" onClick=${() => go('tables')}>✕</button></header>
    <div class="bar query">
      ${indexes.length > 0 && html`<${Choice} label="Of" value=${index} options=${choices} onInput=${setIndex} />`}
      <${Field} label=${used[0]!.name} mono value=${partition} placeholder="any: the whole table" onEnter=${run} onInput=${setPartition} />
      ${used[1] && html`<${Choice} label=${used[1].name} value=${sort.comparison} options=${SORT_COMPARISONS} onInput=${(comparison: string) => setSort({ ...sort, comparison })} /><${Field} label=${`${used[1].name} value`} quiet mono value=${sort.text} placeholder="any" onEnter=${run} onInput=${(text: string) => setSort({ ...sort, text })} />`}
      <${Button} onClick=${() => setFilters([...filters, NEW])}>Add a filter</>
      <${Button} look="primary" onClick=${run}>Query</>
    </div>
    ${filters.map((typed, at) => html`<${ConditionRow} key=${at} typed=${typed} onEnter=${run} onInput=${(next: Typed) => setFilters(filters.map((each, place) => (place === at ? next : each)))} />`)}
    <${Problem} error=${error} />
    ${data && html`<${Items} keys=${keys} items=${data.items} onOpen=${setEdited} />`}
    ${data && html`<div class="bar"><${Button} disabled=${pages.length === 1} onClick=${() => setPages(pages.slice(0, -1))}>Page before</><span class="dim">${count(data.items.length)} items${data.scanned > data.items.length && ` of ${count(data.scanned)} looked at`}</span><${Button} disabled=${data.after === null} onClick=${() => setPages([...pages, data.after!])}>Next page</></div>`}
    ${edited !== undefined && html`<${ItemDialog} info=${info} item=${edited} onClose=${() => setEdited(undefined)} after=${reload} />`}
  </section>`;
}

function Items({
  keys,
  items,
  onOpen,
}: {
  keys: readonly KeyPart[];
  items: readonly StoredItem[];
  onOpen(item: StoredItem): void;
}) {
  if (items.length === 0) return html`<${Empty}>No item is like this.</>`;
  const names = keys.map(({ name }) => name);
  const others = [...new Set(items.flatMap((item) => Object.keys(item)))].filter((name) => !names.includes(name));
  const columns = others.slice(0, MOST_COLUMNS);
  return html`<div class="scroll"><table class="rows items"><thead><tr>${[...names, ...columns].map((name) => html`<th scope="col" key=${name}>${name}</th>`)}${others.length > columns.length && html`<th scope="col" class="dim">+${others.length - columns.length}</th>`}</tr></thead><tbody>${items.map(
    (item) => {
      const text = (name: string) => (Object.hasOwn(item, name) ? brief(plainValue(item[name]!), 60) : '');
      return html`<tr key=${names.map((name) => JSON.stringify(item[name])).join()} onClick=${() => onOpen(item)}><th scope="row"><button type="button" class="link mono" onClick=${(
        event: Event,
      ) => {
        event.stopPropagation();
        onOpen(item);
      }}>${text(names[0]!)}</button></th>${[...names.slice(1), ...columns].map((name) => html`<td key=${name} class=${item[name]?.N === undefined ? '' : 'num'}>${text(name)}</td>`)}${others.length > columns.length && html`<td></td>`}</tr>`;
    },
  )}</tbody></table></div>`;
}
