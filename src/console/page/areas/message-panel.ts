import { useState } from 'preact/hooks';
import type { Origin } from '../../../lab/calls/origin.ts';
import type { CallTrace } from '../../../lab/trace/model.ts';
import { messagesOf } from '../../../lab/trace/model.ts';
import { version } from '../data/feed.ts';
import { counted, dateTime, duration, indented } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import type { MessageRow } from '../data/messages.ts';
import { go } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Copy, Problem, Tabs, TextArea } from '../parts/controls.ts';
import { Dialog } from '../parts/dialog.ts';
import { change } from '../parts/notice.ts';
import { CopyCall } from './copy-call.ts';
import { TraceTree } from './trace-tree.ts';
import { Waterfall } from './waterfall.ts';
import { Why } from './why.ts';

const VIEWS = [
  ['tree', 'Conversation'],
  ['time', 'Waterfall'],
  ['why', 'Why'],
  ['body', 'Message'],
] as const;

/** One message: its conversation as a tree and over time, where it is and why, and its content. `id` may be any text of the log. */
export function MessagePanel({ id, row }: { id: string; row: MessageRow | undefined }) {
  const [view, setView] = useState<string>('tree');
  // What becomes of it is asked again when something happened to it.
  const trace = useLoaded<CallTrace>('trace', { id }, undefined, `${row?.state} ${row?.receives}`);
  const [editing, setEditing] = useState(false);
  const counts = trace.data?.counts;
  // An id of an order, say, has a conversation, but is no message that has a place or a body.
  const known = trace.data && [...messagesOf(trace.data)].find((each) => each.message_id === id);
  const isMessage = row !== undefined || known !== undefined || trace.data === undefined;
  return html`<aside class="pane side wide detail" aria-label="The chosen message">
    <header class="head"><h2 class="mono" title=${id}>${id}</h2><${Copy} text=${id} label="Copy the id" /><button type="button" class="button plain close" aria-label="Close" onClick=${() => go('flow')}>✕</button></header>
    ${counts && html`<p class="dim">${dateTime(trace.data!.started_at)} · ${duration(trace.data!.duration_ms)} · ${counted(counts.messages, 'message')} · ${counted(counts.deliveries, 'delivery', 'deliveries')} · ${counted(counts.calls, 'call')}${counts.failed > 0 && html` · <span class="dead-text">${counts.failed} failed</span>`}</p>`}
    <div class="bar"><${Tabs} label="How it is shown" value=${view} options=${isMessage ? VIEWS : VIEWS.slice(0, 2)} onInput=${setView} /><span class="grow"></span>
      ${isMessage && row?.kind !== 'topic' && html`<${Button} writes laboratory onClick=${() => change('replay', { message: id }, 'A copy was sent')} title="Sends a copy to the same queue">Replay</><${Button} writes laboratory onClick=${() => setEditing(true)}>Edit, replay</>`}
    </div>
    <${Problem} error=${trace.error} />
    ${view === 'tree' && trace.data && html`<${TraceTree} trace=${trace.data} chosen=${id} />`}
    ${view === 'time' && trace.data && html`<${Waterfall} trace=${trace.data} />`}
    ${view === 'why' && html`<${Why} message=${id} turn=${version.value} />`}
    ${view === 'body' && html`<${Body} id=${id} row=${row} />`}
    ${editing && html`<${Replay} id=${id} onClose=${() => setEditing(false)} />`}
  </aside>`;
}

function Body({ id, row }: { id: string; row: MessageRow | undefined }) {
  const origin = useLoaded<Origin>('origin', { message: id });
  const text = origin.data?.body ?? row?.text ?? '';
  return html`${row && html`<${CopyCall} seq=${row.seq} />`}
    ${
      origin.data &&
      html`<dl class="facts"><dt>Sent by</dt><dd>${origin.data.sent_by}</dd>${Object.entries(
        origin.data.attributes,
      ).map(
        ([name, { type, value }]) =>
          html`<dt key=${name}>${name}</dt><dd class="mono"><bdi>${value}</bdi> <span class="dim">${type}</span></dd>`,
      )}</dl>`
    }
    <pre class="content">${indented(text)}</pre>`;
}

function Replay({ id, onClose }: { id: string; onClose(): void }) {
  const origin = useLoaded<Origin>('origin', { message: id });
  const [edited, setEdited] = useState<string | undefined>(undefined);
  const body = edited ?? (origin.data && indented(origin.data.body)) ?? '';
  const send = async () => {
    if (await change('replay', { message: id, body }, 'The edited copy was sent')) onClose();
  };
  return html`<${Dialog} title="Send an edited copy" onClose=${onClose}><${Problem} error=${origin.error} /><${TextArea} label="Body" value=${body} onInput=${setEdited} rows=${16} /><div class="bar end"><${Button} onClick=${onClose}>Cancel</><${Button} look="primary" writes onClick=${send}>Send</></div></>`;
}
