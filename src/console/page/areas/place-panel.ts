import { messages, passages } from '../data/feed.ts';
import { clockTime, count, shortId } from '../data/format.ts';
import type { MessageRow } from '../data/messages.ts';
import { go, linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { Empty } from '../parts/controls.ts';
import type { Place, Way } from './map-layout.ts';

const SHOWN = 30;

/** What is known of one place of the map, and what passed through it lately. */
export function PlacePanel({ place, ways }: { place: Place; ways: readonly Way[] }) {
  const { id, name, queue, topic } = place;
  const out = [...passages.all.values()].filter(({ from }) => from === id);
  const passed = lately(place);
  return html`<aside class="pane side" aria-label=${`About ${name}`}>
    <header class="head"><h2 class="mono">${name}</h2><button type="button" class="button plain close" aria-label="Close" onClick=${() => go('map')}>✕</button></header>
    <nav class="links">${linksOf(place).map(([text, href]) => html`<a key=${text} href=${href}>${text}</a>`)}</nav>
    ${
      queue &&
      html`<dl class="facts"><dt>Ready</dt><dd>${count(queue.ready)}</dd><dt>In flight</dt><dd>${count(queue.in_flight)}</dd><dt>Delayed</dt><dd>${count(queue.delayed)}</dd>${
        queue.hold &&
        html`<dt>Held</dt><dd class="held-text">${count(queue.held)}${queue.hold.where && html`, where <code>${queue.hold.where}</code>`}</dd>`
      }${queue.dead_letter_queue && html`<dt>Dead letters</dt><dd><a href=${linkTo('queues', [queue.dead_letter_queue])}>${queue.dead_letter_queue}</a></dd>`}</dl>`
    }
    ${
      topic &&
      html`<h3>Subscriptions</h3><ul class="plain-list">${topic.subscriptions.map(
        ({ endpoint, queue: to, filter_policy: filter, pending }) =>
          html`<li key=${endpoint}><span class="mono">${to ?? endpoint}</span>${pending && html` <span class="dead-text">not confirmed</span>`}<br />${
            filter === null ? html`<span class="dim">everything</span>` : html`<code>${filter}</code>`
          }</li>`,
      )}</ul>`
    }
    ${
      queue &&
      ways.some(({ to, filter }) => to === id && filter !== null) &&
      html`<h3>Lets through</h3><ul class="plain-list">${ways
        .filter(({ to, filter }) => to === id && filter !== null)
        .map(
          ({ from, filter }) =>
            html`<li key=${from}><span class="dim">from</span> <span class="mono">${from.slice(6)}</span><br /><code>${filter}</code></li>`,
        )}</ul>`
    }
    ${
      out.length > 0 &&
      html`<h3>Goes to</h3><ul class="plain-list">${out
        .sort((a, b) => b.count - a.count)
        .slice(0, SHOWN)
        .map(
          ({ to, count: times }) =>
            html`<li key=${to} class="pair"><a class="mono" href=${linkTo('map', [to.slice(0, to.indexOf('/')), to.slice(to.indexOf('/') + 1)])}>${to}</a><span class="dim">${count(times)}</span></li>`,
        )}</ul>`
    }
    <h3>What passes</h3>
    ${
      passed.length === 0
        ? html`<${Empty}>Nothing since the page was opened.</>`
        : html`<ul class="plain-list">${passed.map(
            (row) =>
              html`<li key=${row.id}><a class="passing" href=${linkTo('flow', [row.id])}><span class="dim num">${clockTime(row.at)}</span> <span class="mono">${shortId(row.id)}</span> ${row.type || row.text.slice(0, 40)}</a></li>`,
          )}</ul>`
    }
  </aside>`;
}

function linksOf({ id, name }: Place): [text: string, href: string][] {
  const kind = id.slice(0, id.indexOf('/'));
  if (kind === 'queue')
    return [
      ['Open the queue', linkTo('queues', [name])],
      ['Show in Flow', linkTo('flow', [], { filter: name })],
    ];
  if (kind === 'table') return [['Open the table', linkTo('tables', [name])]];
  if (kind === 'bucket') return [['Open the bucket', linkTo('s3', [name])]];
  return [['Show in Flow', linkTo('flow', [], { filter: name })]];
}

/** Newest first. */
function lately({ id, name }: Place): MessageRow[] {
  const kind = id.slice(0, id.indexOf('/'));
  const found: MessageRow[] = [];
  for (let at = messages.rows.length - 1; at >= 0 && found.length < SHOWN; at--) {
    const row = messages.rows[at]!;
    const isIt = kind === 'caller' ? row.by === name || row.caller === name : row.kind === kind && row.to === name;
    if (isIt) found.push(row);
  }
  return found;
}
