import { undoneByText, undoneText } from '../../../lab/calls/undone.ts';
import type { Fate, MessageReport, PublishedReport } from '../../../lab/why/report.ts';
import { clockTime, dateTime } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { Problem } from '../parts/controls.ts';

/** Where a message is, and what keeps it there. */
export function Why({ message, turn }: { message: string; turn: number }) {
  const { data, error } = useLoaded<MessageReport | PublishedReport>('why', { message }, undefined, turn);
  return html`<div class="why"><${Problem} error=${error} />${data && (data.kind === 'message' ? html`<${OfMessage} report=${data} />` : html`<${OfPublished} report=${data} />`)}</div>`;
}

function OfPublished({ report }: { report: PublishedReport }) {
  return html`<p>Published on <b class="mono">${report.topic}</b> by ${report.published.caller}, ${dateTime(report.published.at)}.</p>
    <ul class="plain-list">${report.subscriptions.map(
      ({ endpoint, outcome, unmatched, reason, remedy, message }) =>
        html`<li key=${endpoint}><span class="mono">${endpoint}</span> <span class=${outcome === 'delivered' ? '' : 'dead-text'}>${outcome}</span>${unmatched.length > 0 && html`: <code>${unmatched.join('; ')}</code>`}${reason && `: ${reason}`}${message && html`<br /><span class="dim">${fateText(message.fate)}</span>`}${remedy && html`<br /><code>${remedy}</code>`}</li>`,
    )}</ul>`;
}

function OfMessage({ report }: { report: MessageReport }) {
  const { fate, queue, sent, published, dead_lettered: dead, deliveries, remedy, undone } = report;
  return html`<p class="fate">${queue && html`<span class="mono">${queue}</span>: `}<b>${fateText(fate)}</b></p>
    ${undone && html`<p class="dim">${undoneText(undone)}.</p>`}
    ${remedy && html`<p class="dim">try: <code>${remedy}</code></p>`}
    <dl class="facts">${sent && html`<dt>Sent</dt><dd>${dateTime(sent.at)} by ${sent.caller}</dd>`}${published && html`<dt>Published</dt><dd><a class="mono" href=${linkTo('flow', [published.message_id])}>${published.topic}</a></dd>`}</dl>
    ${
      deliveries.length > 0 &&
      html`<h3>Deliveries</h3><ol class="plain-list">${deliveries.map(
        ({ id, attempt, caller, at, end, errors }) =>
          html`<li key=${id}><span class="num dim">${clockTime(at)}</span> ${attempt}. <b>${caller}</b> <span class=${end === 'deleted' || end === null ? 'dim' : 'dead-text'}>${end ?? 'in hand'}</span>${errors.map(
            (each) =>
              html`<br key=${each.seq} /><span class="dead-text">${each.operation}: ${each.outcome}</span> ${each.error}`,
          )}</li>`,
      )}</ol>`
    }
    ${dead.map(({ from, to, at, receives }) => html`<p key=${at} class="dead-text">After ${receives} receives it went from ${from} to ${to}, ${dateTime(at)}.</p>`)}`;
}

function fateText(fate: Fate): string {
  switch (fate.state) {
    case 'ready':
      return `ready, ${fate.ahead} before it${fate.consumers.length === 0 ? '; nobody has come for it' : ''}`;
    case 'held':
      return 'held: nobody gets it until it is released';
    case 'blocked':
      return `behind others of its group ${fate.group}`;
    case 'delayed':
      return `delayed until ${clockTime(fate.until)}`;
    case 'in_flight':
      return `in the hands of ${fate.caller ?? 'somebody'}, attempt ${fate.attempt}, hidden until ${clockTime(fate.until)}`;
    case 'deleted':
      return `handled and deleted by ${fate.by.caller}, ${clockTime(fate.by.at)}`;
    case 'expired':
      return `expired ${dateTime(fate.at)}`;
    case 'purged':
      return `purged by ${fate.by.caller}`;
    case 'queue_deleted':
      return `gone with its queue, deleted by ${fate.by.caller}`;
    case 'moved':
      return `moved to ${fate.to}`;
    case 'duplicate':
      return `not taken: a duplicate of ${fate.of}`;
    case 'replaced':
      return `gone: ${undoneByText(fate)}`;
    default:
      return 'gone, and nothing tells how';
  }
}
