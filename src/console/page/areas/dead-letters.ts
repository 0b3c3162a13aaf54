import { useState } from 'preact/hooks';
import type { DeadLetter } from '../../../lab/dead-letters/dead-letter.ts';
import { clockTime, count, counted, indented, shortId } from '../data/format.ts';
import { useLoaded } from '../data/loading.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Empty, Problem, TextArea } from '../parts/controls.ts';
import { Dialog } from '../parts/dialog.ts';
import { change } from '../parts/notice.ts';

interface Props {
  queue: string;
  turn: number;
  /** Messages in the queue. */
  total: number;
  after(): void;
}

/** Dead letters by the reason of their failure; each, or all of a reason, goes back to the queue that gave it up. */
export function DeadLetters({ queue, turn, total, after }: Props) {
  const { data, error } = useLoaded<{ letters: DeadLetter[] }>(
    'dead_letters',
    { queue },
    undefined,
    `${turn} ${total}`,
  );
  // Here, since the dialog outlives its letter: somebody else may take it meanwhile.
  const [edited, setEdited] = useState<DeadLetter | undefined>(undefined);
  const groups = Map.groupBy(data?.letters ?? [], ({ reason = 'unknown' }) => reason);
  const redrive = async (input: object) => {
    const done = await change<{ moved: number; to: string }>(
      'dead_letters/redrive',
      { queue, ...input },
      ({ moved, to }) => `${count(moved)} moved to ${to}`,
    );
    after();
    return done !== undefined;
  };
  const examined = data?.letters.length ?? 0;
  return html`<${Problem} error=${error} />
    ${data && examined === 0 && html`<${Empty}>No dead letters. Nothing was given up.</>`}
    ${examined > 0 && html`<div class="bar"><span class="dim">${examined < total ? `the first ${count(examined)} of ${count(total)}` : `${counted(examined, 'dead letter')}`}</span><span class="grow"></span><${Button} writes onClick=${() => redrive({})}>Redrive all</></div>`}
    ${[...groups]
      .sort((a, b) => b[1].length - a[1].length)
      .map(
        ([
          reason,
          letters,
        ]) => html`<section class="reason" key=${reason}><header class="head"><h3 class="dead-text">${reason}</h3><span class="dim">${count(letters.length)}</span><span class="grow"></span>${reason !== 'unknown' && html`<${Button} writes onClick=${() => redrive({ reason })}>Redrive these</>`}</header>
      ${letters[0]!.error?.message && html`<p class="dim">${letters[0]!.error.message}</p>`}
      <ul class="queue-messages">${letters.map((letter) => html`<${Letter} key=${letter.message_id} letter=${letter} redrive=${redrive} onEdit=${() => setEdited(letter)} />`)}</ul></section>`,
      )}
    ${edited && html`<${EditLetter} letter=${edited} onClose=${() => setEdited(undefined)} redrive=${redrive} />`}`;
}

function Letter({
  letter,
  redrive,
  onEdit,
}: {
  letter: DeadLetter;
  redrive(input: object): Promise<boolean>;
  onEdit(): void;
}) {
  const [open, setOpen] = useState(false);
  const { message_id: id, body, attempts, sent_at: sent, error, attributes, source } = letter;
  return html`<li>
    <button type="button" class="line" aria-expanded=${open} onClick=${() => setOpen(!open)}><span class="num dim">${clockTime(sent)}</span> <span class="mono">${shortId(id)}</span> <span class="dim">${counted(attempts, 'attempt')}</span> <span class="dim cut">${body}</span></button>
    ${
      open &&
      html`<div class="indent"><div class="bar"><a class="button plain" href=${linkTo('flow', [id])}>Show in Flow</a><${Button} writes onClick=${() => redrive({ message: id })}>Redrive</><${Button} writes laboratory onClick=${onEdit}>Edit, redrive</></div>
      ${error && html`<p><span class="dead-text">${error.code}</span> ${error.message}</p>`}${error?.stack && html`<pre class="content">${error.stack}</pre>`}
      <dl class="facts"><dt>Id</dt><dd class="mono">${id}</dd>${source && html`<dt>Given up by</dt><dd class="mono">${source}</dd>`}${Object.entries(attributes).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="mono">${value}</dd>`)}</dl>
      <pre class="content">${indented(body)}</pre></div>`
    }
  </li>`;
}

function EditLetter({
  letter,
  onClose,
  redrive,
}: {
  letter: DeadLetter;
  onClose(): void;
  redrive(input: object): Promise<boolean>;
}) {
  const [body, setBody] = useState(indented(letter.body));
  const send = async () => {
    if (await redrive({ message: letter.message_id, body })) onClose();
  };
  return html`<${Dialog} title="Edit and redrive" onClose=${onClose}><${TextArea} label="Body" value=${body} onInput=${setBody} rows=${16} /><div class="bar end"><${Button} onClick=${onClose}>Cancel</><${Button} look="primary" writes onClick=${send}>Redrive</></div></>`;
}
