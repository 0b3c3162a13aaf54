import type { ClockState } from '../../lab/controls/port.ts';
import { about, whyNoLaboratory } from './data/about.ts';
import { link } from './data/api.ts';
import { useLoaded } from './data/loading.ts';
import { isDeadLetterQueue, useQueues, waiting } from './data/system.ts';
import { html } from './html.ts';

/** What is looked at, and whether it answers. */
export function EngineBadge() {
  const known = about.value;
  const clock = useLoaded<ClockState>('clock', known?.laboratory === true ? {} : undefined, 5_000);
  if (known === undefined) return null;
  const { engine, endpoint, region, account, write } = known;
  const state = link.value === 'ok' ? 'ok' : 'bad';
  return html`<div class="engine"><p><span class="dot ${state}" aria-hidden="true"></span>${engine.replace(/^the /, '')}</p><p class="mono">${endpoint?.replace('http://', '') ?? account}</p><p>${region}</p>${write !== true && html`<p class="held-text" title=${write}>only read</p>`}${clock.data?.frozen && html`<p class="held-text">clock stands still</p>`}${whyNoLaboratory() && html`<p title=${whyNoLaboratory()}>without laboratory</p>`}</div>`;
}

/** Dead letters, beside Queues. */
export function AreaBadge({ area }: { area: string }) {
  return area === 'queues' ? html`<${DeadBadge} />` : null;
}

function DeadBadge() {
  const { data } = useQueues(5_000);
  const dead = (data?.queues ?? []).filter(isDeadLetterQueue).reduce((sum, queue) => sum + waiting(queue), 0);
  return dead === 0
    ? null
    : html`<span class="badge" title="dead letters"><span class="visually-hidden">dead letters: </span>${dead}</span>`;
}
