import { useState } from 'preact/hooks';
import type { QueueState } from '../../../lab/queues/port.ts';
import { count } from '../data/format.ts';
import { go, route } from '../data/route.ts';
import { isDeadLetterQueue, useQueues } from '../data/system.ts';
import { html } from '../html.ts';
import { Empty, Field, Problem } from '../parts/controls.ts';
import { QueuePanel } from './queue-panel.ts';

/** Every queue, and what can be done with the one that is chosen. */
export function QueuesArea() {
  const { data, error, reload } = useQueues();
  const [filter, setFilter] = useState('');
  const chosen = route.value.chosen[0];
  const queues = (data?.queues ?? []).filter(({ queue }) => queue.toLowerCase().includes(filter.toLowerCase()));
  const queue = data?.queues.find((each) => each.queue === chosen);
  return html`<div class="area split ${chosen === undefined ? '' : 'detail-open'}">
    <section class="pane grow master" aria-label="Queues">
      <header class="head"><h1>Queues</h1><span class="dim">${count(queues.length)}</span></header>
      <${Field} label="Filter" quiet filter value=${filter} placeholder="Filter by name" onInput=${setFilter} />
      <${Problem} error=${error} />
      ${data && queues.length === 0 && html`<${Empty}>There is no such queue.</>`}
      ${
        queues.length > 0 &&
        html`<div class="scroll"><table class="rows"><thead><tr><th scope="col">Queue</th><th scope="col" class="num">Ready</th><th scope="col" class="num">In flight</th><th scope="col" class="num">Delayed</th><th scope="col" class="num">Held</th></tr></thead><tbody>${queues
          .sort((a, b) => Number(isDeadLetterQueue(a)) - Number(isDeadLetterQueue(b)) || (a.queue < b.queue ? -1 : 1))
          .map(
            (each) => html`<${Row} key=${each.queue} state=${each} chosen=${each.queue === chosen} />`,
          )}</tbody></table></div>`
      }
    </section>
    ${queue && html`<${QueuePanel} key=${queue.queue} state=${queue} reload=${reload} />`}
    ${chosen !== undefined && data && queue === undefined && html`<aside class="pane side wide detail"><${Empty}>There is no queue <code>${chosen}</code>.</></aside>`}
  </div>`;
}

function Row({ state, chosen }: { state: QueueState; chosen: boolean }) {
  const { queue, ready, in_flight: flight, delayed, held, hold } = state;
  const dead = isDeadLetterQueue(state) && ready > 0;
  const number = (value: number, look = '') =>
    html`<td class=${`num ${value === 0 ? 'dim' : look}`}>${count(value)}</td>`;
  return html`<tr class=${chosen ? 'chosen' : ''} onClick=${() => go('queues', [queue])}>
    <th scope="row"><button type="button" class="link mono" aria-pressed=${chosen} onClick=${() => go('queues', [queue])}>${queue}</button></th>
    ${number(ready, dead ? 'dead-text' : '')}${number(flight)}${number(delayed)}<td class="num ${hold ? 'held-text' : 'dim'}">${hold ? count(held) : ''}</td></tr>`;
}
