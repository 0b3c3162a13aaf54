import { useState } from 'preact/hooks';
import type { LyingMessage } from '../../../lab/controls/port.ts';
import type { QueueState } from '../../../lab/queues/port.ts';
import { whyNoLaboratory } from '../data/about.ts';
import { clockTime, indented, shortId } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Copy, Empty, Greyed, Problem, TextArea } from '../parts/controls.ts';
import { Dialog } from '../parts/dialog.ts';
import { change } from '../parts/notice.ts';

const PAGE = 50;

interface Props {
  state: QueueState;
  view: string;
  turn: number;
  after(): void;
}

/** Messages as they lie in a queue; looking receives nothing. */
export function WaitingMessages({ state, view, turn, after }: Props) {
  const reason = whyNoLaboratory();
  const [offset, setOffset] = useState(0);
  const { queue, hold, ready, in_flight: flight, delayed } = state;
  // Here, since the dialog outlives its message in the list.
  const [edited, setEdited] = useState<LyingMessage | undefined>(undefined);
  const input = { queue, state: view, offset, limit: PAGE };
  const { data, error } = useLoaded<{ messages: LyingMessage[] }>(
    'queues/messages',
    reason === undefined ? input : undefined,
    2_000,
    turn,
  );
  if (reason !== undefined) return html`<${Greyed} reason=${reason} />`;
  const total = { ready, 'in-flight': flight, delayed }[view] ?? 0;
  const messages = data?.messages ?? [];
  return html`<${Problem} error=${error} />
    ${data && messages.length === 0 && html`<${Empty}>No message is ${view.replace('-', ' ')}.</>`}
    <ul class="queue-messages">${messages.map((message) => html`<${Waiting} key=${message.message_id} message=${message} queue=${queue} held=${hold !== null} after=${after} onEdit=${() => setEdited(message)} />`)}</ul>
    ${total > PAGE && html`<div class="bar"><${Button} disabled=${offset === 0} onClick=${() => setOffset(Math.max(0, offset - PAGE))}>Newer page</><span class="dim">${offset + 1}–${offset + messages.length} of ${total}</span><${Button} disabled=${offset + messages.length >= total || messages.length === 0} onClick=${() => setOffset(offset + messages.length)}>Next page</></div>`}
    ${edited && html`<${EditRelease} queue=${queue} message=${edited} onClose=${() => setEdited(undefined)} after=${after} />`}`;
}

function Waiting({
  message,
  queue,
  held,
  after,
  onEdit,
}: {
  message: LyingMessage;
  queue: string;
  held: boolean;
  after(): void;
  onEdit(): void;
}) {
  const [open, setOpen] = useState(false);
  const { message_id: id, body, attributes, receive_count: receives, sent_at: sent, visible_at: visible } = message;
  const release = async () => {
    await change('queues/release', { queue, message: id }, 'It was released');
    after();
  };
  return html`<li>
    <button type="button" class="line" aria-expanded=${open} onClick=${() => setOpen(!open)}><span class="num dim">${clockTime(sent)}</span> <span class="mono">${shortId(id)}</span> ${receives > 0 && html`<span class=${receives > 1 ? 'dead-text' : 'dim'}>received ${receives}×</span> `}${message.held && html`<span class="held-text">held</span> `}<span class="dim cut">${body}</span></button>
    ${
      open &&
      html`<div class="indent"><div class="bar"><a class="button plain" href=${linkTo('flow', [id])}>Show in Flow</a><${Copy} text=${body}>Copy the body</>${held && message.held && html`<${Button} writes laboratory onClick=${release}>Release</><${Button} writes laboratory onClick=${onEdit}>Edit, release</>`}</div>
      <dl class="facts"><dt>Id</dt><dd class="mono">${id}</dd>${visible && html`<dt>Visible</dt><dd>${clockTime(visible)}</dd>`}${attributes.map(({ name, type, value }) => html`<dt key=${name}>${name}</dt><dd class="mono"><bdi>${value}</bdi> <span class="dim">${type}</span></dd>`)}</dl>
      <pre class="content">${indented(body)}</pre></div>`
    }
  </li>`;
}

function EditRelease({
  queue,
  message,
  onClose,
  after,
}: {
  queue: string;
  message: LyingMessage;
  onClose(): void;
  after(): void;
}) {
  const [body, setBody] = useState(indented(message.body));
  const release = async () => {
    if (await change('queues/release', { queue, message: message.message_id, body }, 'It was released, edited'))
      onClose();
    after();
  };
  return html`<${Dialog} title="Edit and release" onClose=${onClose}><${TextArea} label="Body" value=${body} onInput=${setBody} rows=${16} /><div class="bar end"><${Button} onClick=${onClose}>Cancel</><${Button} look="primary" writes onClick=${release}>Release</></div></>`;
}
