import { useState } from 'preact/hooks';
import { whyNoLaboratory } from '../data/about.ts';
import { live, messages, skipped, version } from '../data/feed.ts';
import { clockTime, count, shortId } from '../data/format.ts';
import type { MessageRow } from '../data/messages.ts';
import { go, route } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Empty, Field, Greyed } from '../parts/controls.ts';
import { List } from '../parts/list.ts';
import { MessagePanel } from './message-panel.ts';

/** Messages as they come, and what became of the one that is chosen. */
export function FlowArea() {
  version.value;
  const reason = whyNoLaboratory();
  const [filter, setFilter] = useState(route.value.query.get('filter') ?? '');
  if (reason !== undefined) return html`<div class="area"><${Greyed} reason=${reason} /></div>`;
  const id = route.value.chosen[0];
  const rows = filtered(messages.rows, filter);
  const choose = (row: MessageRow) => go('flow', [row.id], filter === '' ? {} : { filter });
  const chosen = messages.rows.find((row) => row.id === id);
  return html`<div class="area split ${id === undefined ? '' : 'detail-open'}">
    <section class="pane grow master" aria-label="Messages">
      <header class="head">
        <h1>Flow</h1><span class="dim">${count(rows.length)} of ${count(messages.rows.length)} messages</span>
        <span class="grow"></span>
        <${Button} onClick=${() => {
          live.value = !live.value;
        }} title=${live.value ? 'New messages wait until you go on' : 'Show new messages as they come'}>${live.value ? 'Pause' : 'Go on'}</>
      </header>
      <${Field} label="Filter" quiet filter value=${filter} placeholder="Filter: an id, a queue, a caller, a state, a text of the body" onInput=${setFilter} />
      <${Missed} />
      <div class="list-head message-row" aria-hidden="true"><span>Time</span><span>State</span><span>To</span><span>Id</span><span>What</span><span>Sent by</span></div>
      ${rows.length === 0 && html`<${Empty}>${messages.rows.length === 0 ? 'No message yet. Send one: cliffracer order create, or the queue’s Send.' : 'No message is like this.'}</>`}
      <${List} label="Messages" rows=${rows} keyOf=${(row: MessageRow) => row.id} chosen=${id} onChoose=${choose} render=${messageRow} />
    </section>
    ${id !== undefined && html`<${MessagePanel} key=${id} id=${id} row=${chosen} />`}
  </div>`;
}

/** Newest first: what comes is at the top. */
function filtered(rows: readonly MessageRow[], filter: string): MessageRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found =
    words.length === 0 ? [...rows] : rows.filter((row) => words.every((word) => haystack(row).includes(word)));
  return found.reverse();
}

const haystack = ({ id, to, caller, by = '', state, text }: MessageRow) =>
  `${id} ${to} ${caller} ${by} ${state} ${text}`.toLowerCase();

const messageRow = (row: MessageRow) =>
  html`<span class="message-row"><span class="num dim">${clockTime(row.at)}</span><span class="state ${row.state.replace(' ', '-')}">${row.state}${row.receives > 1 && html` ×${row.receives}`}</span><span class="mono" title=${row.to}>${row.to}</span><span class="mono dim">${shortId(row.id)}</span><span title=${row.text}>${row.type || row.text}</span><span class="dim">${row.caller}</span></span>`;

/** What the page has not kept, and what the engine had no more. */
function Missed() {
  const parts = [
    skipped.value > 0 && `${count(skipped.value)} calls came too fast to be shown, or while this tab was hidden`,
    messages.dropped > 0 && `${count(messages.dropped)} older messages were let go`,
  ].filter(Boolean);
  return parts.length === 0
    ? null
    : html`<p class="missed" role="note">${parts.join(' · ')}. All of them: <code>cliffracer calls</code></p>`;
}
