import { useState } from 'preact/hooks';
import type { Effect, ItemEffect } from '../../../lab/calls/call.ts';
import { changesOf } from '../../../lab/calls/changes.ts';
import { undoneText } from '../../../lab/calls/undone.ts';
import type { CallTrace, TraceCall, TraceDelivery, TraceMessage } from '../../../lab/trace/model.ts';
import { counted, duration, shortId } from '../data/format.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { AttributeChange } from '../parts/attribute-change.ts';
import { CopyCall } from './copy-call.ts';

/** What caused what: messages, their deliveries, the calls in each, and what those changed. */
export function TraceTree({ trace, chosen }: { trace: CallTrace; chosen: string }) {
  return html`<div class="tree">
    ${trace.truncated && html`<p class="missed">The conversation is longer than what is shown.</p>`}
    ${trace.undone && html`<p class="dim">${undoneText(trace.undone)}.</p>`}
    <ul>${trace.calls.map((each) => html`<${CallNode} key=${each.seq} call=${each} chosen=${chosen} />`)}${trace.messages.map(
      (each) => html`<${MessageNode} key=${each.message_id} message=${each} chosen=${chosen} />`,
    )}</ul>
  </div>`;
}

const READS = /^(Receive|Get|List|Describe|Head|BatchGet|Scan|Query)/;

function CallNode({ call, chosen }: { call: TraceCall; chosen: string }) {
  const [open, setOpen] = useState(false);
  const { seq, operation, caller, outcome, effects, sends, error, resources } = call;
  const bad = outcome !== 'ok';
  const quiet = READS.test(operation) && !bad;
  const lost = bad && effects.length + sends.length > 0;
  return html`<li class="call ${bad ? 'bad' : ''} ${quiet ? 'quiet' : ''}">
    <button type="button" class="line" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="mono">${operation}</span> <span class="dim">${resources
        .map((each) => each.slice(each.indexOf('/') + 1))
        .slice(0, 2)
        .join(', ')}</span>
      ${bad && html` <span class="dead-text">${lost && 'done, its answer lost: '}${outcome}</span>`}<span class="when num dim">+${duration(call.after_ms)}</span>
    </button>
    ${error && html`<p class="dead-text indent">${error}</p>`}
    ${open && html`<div class="indent"><p class="dim">call ${seq} by ${caller}, took ${duration(call.duration_ms)}</p><${CopyCall} seq=${seq} /></div>`}
    ${effects.map((effect, index) => html`<${EffectLine} key=${index} effect=${effect} />`)}
    ${sends.length > 0 && html`<ul>${sends.map((each) => html`<${MessageNode} key=${each.message_id} message=${each} chosen=${chosen} />`)}</ul>`}
  </li>`;
}

const STATE_LOOKS: Readonly<Partial<Record<string, string>>> = {
  dead_lettered: 'dead',
  in_flight: 'in-flight',
  done: 'done',
};

function MessageNode({ message, chosen }: { message: TraceMessage; chosen: string }) {
  const { message_id: id, to, state, copies, deliveries, not_delivered: missed } = message;
  return html`<li class="message ${id === chosen ? 'chosen' : ''}">
    <p class="line"><span class="arrow" aria-hidden="true">→</span> <a class="mono" href=${linkTo('flow', [id])}>${to}</a> <span class="mono dim">${shortId(id)}</span> <span class="state ${STATE_LOOKS[state] ?? ''}">${state.replace('_', ' ')}</span></p>
    ${
      missed.length > 0 &&
      html`<details class="dim"><summary>not to ${counted(missed.length, 'subscription')}</summary>${missed.map(
        ({ endpoint, outcome, why }) =>
          html`<p key=${endpoint}><span class="mono">${endpoint}</span> ${outcome}${why && `: ${why}`}</p>`,
      )}</details>`
    }
    <ul>
      ${copies.map((each) => html`<${MessageNode} key=${each.message_id} message=${each} chosen=${chosen} />`)}
      ${deliveries.map((each) => html`<${DeliveryNode} key=${each.id} delivery=${each} chosen=${chosen} />`)}
    </ul>
  </li>`;
}

function DeliveryNode({ delivery, chosen }: { delivery: TraceDelivery; chosen: string }) {
  const { attempt, caller, waited_ms: waited, worked_ms: worked, end, calls } = delivery;
  const how = end === 'deleted' ? 'handled' : end === null ? 'in hand' : end === 'returned' ? 'returned' : 'timed out';
  return html`<li class="delivery ${end === 'deleted' || end === null ? '' : 'bad'}">
    <p class="line"><b>${caller}</b>${attempt > 1 && html` <span class="dead-text">attempt ${attempt}</span>`} <span class="dim">${how}${worked !== null && ` in ${duration(worked)}`}, after ${duration(waited)} in the queue</span></p>
    <ul>${calls.map((each) => html`<${CallNode} key=${each.seq} call=${each} chosen=${chosen} />`)}</ul>
  </li>`;
}

function EffectLine({ effect }: { effect: Effect }) {
  switch (effect.kind) {
    case 'item':
      return html`<${ItemLine} effect=${effect} />`;
    case 'object':
      return html`<p class="effect">object <a class="mono" href=${linkTo('s3', [effect.bucket, effect.key])}>${effect.bucket}/${effect.key}</a> ${effect.after === undefined ? 'deleted' : effect.before === undefined ? 'made' : 'replaced'}</p>`;
    case 'metric':
      return html`<p class="effect dim">${effect.name} ${effect.value ?? ''}</p>`;
    case 'log':
      return html`<p class="effect dim">${counted(effect.count, 'log line')} in ${effect.stream}</p>`;
    default:
      return null;
  }
}

/** Old -> new, attribute by attribute. */
function ItemLine({ effect }: { effect: ItemEffect }) {
  const { table, key, before, after } = effect;
  const how = before === null ? 'new' : after === null ? 'deleted' : 'changed';
  return html`<div class="effect"><p><a class="mono" href=${linkTo('tables', [table], { history: key })}>${table}/${key}</a> <span class="dim">${how}</span></p>
    <dl class="changes">${changesOf(effect).map(
      ({ attribute, before: old, after: now }) =>
        html`<${AttributeChange} key=${attribute} attribute=${attribute} before=${old} after=${now} created=${before === null} />`,
    )}</dl></div>`;
}
