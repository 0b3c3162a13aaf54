import { useState } from 'preact/hooks';
import type { SnapshotState, StateDifference } from '../../../lab/controls/port.ts';
import { count, dateTime, size } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { html } from '../html.ts';
import { Button, Empty, Field, Problem } from '../parts/controls.ts';
import { change } from '../parts/notice.ts';

/** States of the whole engine: kept, brought back, and what has changed since. */
export function Snapshots() {
  const { data, error, reload } = useLoaded<{ snapshots: SnapshotState[] }>('snapshots', {}, 5_000);
  const [name, setName] = useState('');
  const [compared, setCompared] = useState<string | undefined>(undefined);
  const act = async (path: string, input: object, done: string) => {
    await change(`snapshots/${path}`, input, done);
    reload();
  };
  const save = async () => {
    await act('save', { name }, `${name} was saved`);
    setName('');
  };
  return html`<section class="block wide"><h2>Snapshots</h2><${Problem} error=${error} />
    <div class="bar"><${Field} label="Name" quiet mono value=${name} placeholder="before-the-sale" onInput=${setName} onEnter=${save} /><${Button} writes disabled=${name === ''} onClick=${save}>Save</></div>
    ${data?.snapshots.length === 0 && html`<${Empty}>Nothing is kept yet.</>`}
    ${
      data &&
      data.snapshots.length > 0 &&
      html`<div class="scroll"><table class="rows"><thead><tr><th scope="col">Name</th><th scope="col" class="num">Taken</th><th scope="col" class="num">Size</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead><tbody>${data.snapshots.map(
        ({ name: each, taken_at: at, bytes }) =>
          html`<tr key=${each}><th scope="row" class="mono">${each}</th><td class="num dim">${dateTime(at)}</td><td class="num">${size(bytes)}</td><td class="bar end"><${Button} label=${`What changed since ${each}`} onClick=${() => setCompared(compared === each ? undefined : each)}>Difference</><${Button} writes label=${`Load ${each}`} onClick=${() => act('load', { name: each }, `${each} was brought back`)}>Load</><${Button} writes look="danger" label=${`Delete ${each}`} onClick=${() => act('delete', { name: each }, `${each} was deleted`)}>Delete</></td></tr>`,
      )}</tbody></table></div>`
    }
    ${compared && html`<${Difference} name=${compared} />`}
  </section>`;
}

function Difference({ name }: { name: string }) {
  const { data, error } = useLoaded<StateDifference>('snapshots/difference', { name }, 5_000);
  return html`<h3>Since ${name}</h3><${Problem} error=${error} />
    ${data?.totals.length === 0 && html`<${Empty}>Nothing has changed.</>`}
    ${
      data &&
      data.totals.length > 0 &&
      html`<ul class="plain-list totals">${data.totals.map(({ service, kind, added, removed, changed }) => html`<li key=${`${service} ${kind}`}><span class="mono">${service} ${kind}</span> <span class="dim">${[added && `${count(added)} added`, removed && `${count(removed)} removed`, changed && `${count(changed)} changed`].filter(Boolean).join(', ')}</span></li>`)}</ul>
    <dl class="changes wide">${data.differences.slice(0, 200).map(({ service, path, change: how, before, after }) => html`<dt key=${`${service} ${path}`} class="mono">${service} ${path}</dt><dd>${how !== 'added' && html`<del>${before}</del>`}${how === 'changed' && ' → '}${how !== 'removed' && html`<ins>${after}</ins>`}</dd>`)}</dl>
    ${(data.truncated || data.differences.length > 200) && html`<p class="dim">The first of them.</p>`}`
    }`;
}
