import { useState } from 'preact/hooks';
import type { ClockMove, ClockState, FaultState } from '../../../lab/controls/port.ts';
import { whyNoLaboratory } from '../data/about.ts';
import { count, dateTime, duration } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { html } from '../html.ts';
import { Button, Empty, Field, Greyed, Problem } from '../parts/controls.ts';
import { change } from '../parts/notice.ts';
import { Snapshots } from './snapshots.ts';

/** Clock, faults and snapshots. */
export function ControlsArea() {
  const reason = whyNoLaboratory();
  if (reason !== undefined) return html`<div class="area"><${Greyed} reason=${reason} /></div>`;
  return html`<div class="area"><section class="pane grow" aria-label="Clock, faults, snapshots"><header class="head"><h1>Clock, faults, snapshots</h1></header><div class="blocks"><${Clock} /><${Faults} /><${Snapshots} /></div></section></div>`;
}

const LENGTHS = [
  ['1 s', 1_000],
  ['30 s', 30_000],
  ['5 min', 300_000],
  ['1 h', 3_600_000],
] as const;

function Clock() {
  const { data, error, reload } = useLoaded<ClockState>('clock', {}, 1_000);
  const [fired, setFired] = useState<ClockMove | undefined>(undefined);
  const move = async (path: string, input: object, done: string) => {
    const answer = await change<ClockMove>(`clock/${path}`, input, done);
    if (answer) setFired(answer);
    reload();
  };
  return html`<section class="block"><h2>Clock</h2><${Problem} error=${error} />
    ${
      data &&
      html`<p class="clock ${data.frozen ? 'held-text' : ''}"><span class="num">${dateTime(data.now)}</span> ${data.frozen ? 'stands still' : 'runs'}</p>
    <p class="dim">${data.next === null ? 'Nothing is due.' : `Next: ${data.next.service} ${data.next.kind}, in ${duration(data.next.in_ms)}; ${count(data.pending_timers)} in all`}</p>
    <div class="bar">${data.frozen ? html`<${Button} writes onClick=${() => move('resume', {}, 'The clock runs')}>Resume</>` : html`<${Button} writes onClick=${() => move('freeze', {}, 'The clock stands still')}>Freeze</>`}<${Button} writes disabled=${data.next === null} onClick=${() => move('next', {}, 'Moved to what was due next')}>Next</>${LENGTHS.map(([name, ms]) => html`<${Button} key=${name} writes label=${`Advance ${name}`} onClick=${() => move('advance', { ms }, `Moved ahead ${name}`)}>+ ${name}</>`)}</div>`
    }
    ${fired && fired.fired_count > 0 && html`<ul class="plain-list">${fired.fired.slice(0, 20).map(({ at, service, what }, index) => html`<li key=${index}><span class="num dim">${dateTime(at)}</span> ${service} <span class="mono">${what}</span></li>`)}${fired.fired_count > 20 && html`<li class="dim">and ${count(fired.fired_count - 20)} more</li>`}</ul>`}
  </section>`;
}

function Faults() {
  const { data, error, reload } = useLoaded<{ faults: FaultState[] }>('faults', {}, 2_000);
  const [rule, setRule] = useState('');
  const add = async () => {
    if (await change('faults/add', { rule }, 'The fault is in force')) setRule('');
    reload();
  };
  const clear = async (id?: number) => {
    await change('faults/clear', id === undefined ? {} : { id }, 'Cleared');
    reload();
  };
  return html`<section class="block"><h2>Faults</h2><${Problem} error=${error} />
    <div class="bar"><${Field} label="Rule" quiet mono value=${rule} placeholder="sqs:DeleteMessage drop 1" onInput=${setRule} onEnter=${add} /><${Button} writes disabled=${rule === ''} onClick=${add}>Add</></div>
    ${data?.faults.length === 0 ? html`<${Empty}>No faults: every call does what it should.</>` : html`<div class="scroll"><table class="rows"><thead><tr><th scope="col">Rule</th><th scope="col" class="num">Seen</th><th scope="col" class="num">Struck</th><th scope="col" class="num">Left</th><th scope="col"><${Button} writes onClick=${() => clear()}>Clear all</></th></tr></thead><tbody>${data?.faults.map(({ id, rule: text, seen, struck, remaining }) => html`<tr key=${id}><th scope="row" class="mono">${text}</th><td class="num">${count(seen)}</td><td class="num ${struck > 0 ? 'dead-text' : 'dim'}">${count(struck)}</td><td class="num">${remaining ?? '∞'}</td><td><${Button} writes label=${`Clear ${text}`} onClick=${() => clear(id)}>Clear</></td></tr>`)}</tbody></table></div>`}
  </section>`;
}
