import type { StepReport } from '../../../lab/step/report.ts';
import { counted, duration, shortId } from '../data/format.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { AttributeChange } from '../parts/attribute-change.ts';
import { Button } from '../parts/controls.ts';
import { change } from '../parts/notice.ts';

/** What the delivery of a step changed, and the way back. */
export function StepResult({ report, onClose }: { report: StepReport; onClose(): void }) {
  const { message_id: id, queue, snapshot, deliveries } = report;
  const undo = async () => {
    if (await change('snapshots/load', { name: snapshot }, 'As it was before the step')) onClose();
  };
  return html`<section class="step-result" aria-label="Step">
    <header class="head"><h3>Stepped <a class="mono" href=${linkTo('flow', [id])}>${shortId(id)}</a> of ${queue}</h3><span class="grow"></span><${Button} writes laboratory onClick=${undo}>Undo</><${Button} label="Close the step" onClick=${onClose}>✕</></header>
    ${deliveries.map(
      ({ id: delivery, caller, outcome, duration_ms: took, items, objects, sent, published, calls }) =>
        html`<div key=${delivery ?? outcome}><p><b>${caller}</b> <span class=${outcome === 'acknowledged' ? 'dim' : 'dead-text'}>${outcome.replace('_', ' ')}</span> <span class="dim">in ${duration(took)}, ${counted(calls.length, 'call')}</span></p>
        ${items.map(({ table, key, before, changes }) => html`<div class="effect" key=${`${table}/${key}`}><p class="mono">${table}/${key}</p><dl class="changes">${changes.map(({ attribute, before: old, after: now }) => html`<${AttributeChange} key=${attribute} attribute=${attribute} before=${old} after=${now} created=${before === null} />`)}</dl></div>`)}
        ${objects.map(({ bucket, key }) => html`<p class="effect mono" key=${key}>${bucket}/${key}</p>`)}
        ${[
          ...sent.map(({ queue: to, message_id }) => [to, message_id]),
          ...published.map(({ topic, message_id }) => [topic, message_id]),
        ].map(
          ([to, message]) =>
            html`<p class="effect" key=${message}>→ <span class="mono">${to}</span> <a class="mono" href=${linkTo('flow', [message!])}>${shortId(message!)}</a></p>`,
        )}</div>`,
    )}
  </section>`;
}
