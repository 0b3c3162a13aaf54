import type { BlameReport } from '../../../lab/blame.ts';
import { undoneText } from '../../../lab/calls/undone.ts';
import { dateTime } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { AttributeChange } from '../parts/attribute-change.ts';
import { Empty, Problem } from '../parts/controls.ts';

/** Every change of an item, and by which message. */
export function ItemHistory({ table, itemKey }: { table: string; itemKey: string }) {
  const { data, error } = useLoaded<BlameReport>('blame', { table, key: itemKey }, 3_000);
  return html`<section class="pane grow detail" aria-label="History">
    <header class="head"><h2 class="mono" title=${itemKey}>${table}/${itemKey}</h2><span class="grow"></span><a class="button plain" href=${linkTo('tables', [table])}>All items</a></header>
    <${Problem} error=${error} />
    ${data?.changes.length === 0 && html`<${Empty}>The call log has no change of it.</>`}
    ${data?.undone && html`<p class="dim">${undoneText(data.undone)}.</p>`}
    <ol class="history">${data?.changes.map(
      ({ seq, at, caller, operation, change: how, key, attributes, delivery }) => html`<li key=${`${seq} ${key}`}>
        <p><span class="num dim">${dateTime(at)}</span> <b>${caller}</b> <span class="mono">${operation}</span> <span class="dim">${how}</span>${delivery && html` <span class="dim">for</span> <a class="mono" href=${linkTo('flow', [delivery.message_id])}>${delivery.queue}</a>${delivery.attempt > 1 && html` <span class="dead-text">attempt ${delivery.attempt}</span>`}`}</p>
        <dl class="changes">${attributes.map(({ attribute, before, after }) => html`<${AttributeChange} key=${attribute} attribute=${attribute} before=${before} after=${after} created=${how === 'created'} />`)}</dl></li>`,
    )}</ol>
  </section>`;
}
