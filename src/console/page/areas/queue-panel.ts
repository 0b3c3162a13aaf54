import { useState } from 'preact/hooks';
import type { QueueState } from '../../../lab/queues/port.ts';
import type { StepReport } from '../../../lab/step/report.ts';
import { count, counted, dateTime } from '../data/format.ts';
import { go, linkTo } from '../data/route.ts';
import { isDeadLetterQueue, waiting } from '../data/system.ts';
import { html } from '../html.ts';
import { Button, Field, Tabs } from '../parts/controls.ts';
import { Dialog } from '../parts/dialog.ts';
import { change } from '../parts/notice.ts';
import { DeadLetters } from './dead-letters.ts';
import { SendDialog } from './send-dialog.ts';
import { StepResult } from './step-result.ts';
import { WaitingMessages } from './waiting-messages.ts';

interface Props {
  state: QueueState;
  reload(): void;
}

/** One queue: what lies in it, and what can be done with it. */
export function QueuePanel({ state, reload }: Props) {
  const {
    queue,
    ready,
    in_flight: flight,
    delayed,
    hold,
    dead_letter_queue: letters,
    dead_letters_of: sources,
  } = state;
  const isDead = isDeadLetterQueue(state);
  const [view, setView] = useState<string>(isDead ? 'letters' : 'ready');
  const [dialog, setDialog] = useState<'send' | 'hold' | 'purge' | undefined>(undefined);
  const [step, setStep] = useState<StepReport | undefined>(undefined);
  const [turn, setTurn] = useState(0);
  const after = () => {
    setTurn((before) => before + 1);
    reload();
  };
  const act = async (path: string, input: object, done: string) => {
    await change(path, { queue, ...input }, done);
    after();
  };
  const doStep = async () => {
    const report = await change<StepReport>('queues/step', { queue }, 'The delivery is over');
    if (report) setStep(report);
    after();
  };
  const views = [
    ...(isDead ? [['letters', 'By reason'] as const] : []),
    ['ready', `Ready ${count(ready)}`] as const,
    ['in-flight', `In flight ${count(flight)}`] as const,
    ['delayed', `Delayed ${count(delayed)}`] as const,
  ];
  return html`<aside class="pane side wide detail" aria-label=${`Queue ${queue}`}>
    <header class="head"><h2 class="mono">${queue}</h2><button type="button" class="button plain close" aria-label="Close" onClick=${() => go('queues')}>✕</button></header>
    ${hold && html`<p class="held-note">Held since ${dateTime(hold.since)}: consumers get only what is released${hold.where && html`, of what fulfils <code>${hold.where}</code>`}.</p>`}
    ${letters && html`<p class="dim">dead letters: <a class="mono" href=${linkTo('queues', [letters])}>${letters}</a></p>`}
    ${sources.length > 0 && html`<p class="dim">dead letters of ${sources.map((each) => html`<a key=${each} class="mono" href=${linkTo('queues', [each])}>${each}</a> `)}</p>`}
    ${state.consumers && state.consumers.length > 0 && html`<p class="dim">consumers: ${state.consumers.map(({ caller }) => caller).join(', ')}</p>`}
    <div class="bar">
      <${Button} writes onClick=${() => setDialog('send')}>Send</>
      ${hold === null ? html`<${Button} writes laboratory onClick=${() => setDialog('hold')}>Hold</>` : html`<${Button} writes laboratory onClick=${() => act('queues/release', { max: 1 }, 'One message was released')}>Release one</><${Button} writes laboratory onClick=${() => act('queues/end_hold', {}, 'The hold has ended')}>End the hold</>`}
      <${Button} writes laboratory onClick=${doStep} title="Holds all queues, gives one message to its consumer, and shows what that changed">Step</>
      <span class="grow"></span>
      <${Button} look="danger" writes onClick=${() => setDialog('purge')}>Purge</>
    </div>
    ${step && html`<${StepResult} report=${step} onClose=${() => setStep(undefined)} />`}
    <${Tabs} label="Messages" value=${view} options=${views} onInput=${setView} />
    ${view === 'letters' ? html`<${DeadLetters} queue=${queue} turn=${turn} total=${waiting(state)} after=${after} />` : html`<${WaitingMessages} key=${view} state=${state} view=${view} turn=${turn} after=${after} />`}
    ${dialog === 'send' && html`<${SendDialog} queue=${queue} onClose=${() => setDialog(undefined)} after=${after} />`}
    ${dialog === 'hold' && html`<${HoldDialog} onClose=${() => setDialog(undefined)} onHold=${(where: string) => act('queues/hold', { where }, `${queue} is held`)} />`}
    ${dialog === 'purge' && html`<${PurgeDialog} state=${state} onClose=${() => setDialog(undefined)} after=${after} />`}
  </aside>`;
}

function HoldDialog({ onClose, onHold }: { onClose(): void; onHold(where: string): Promise<void> }) {
  const [where, setWhere] = useState('');
  const hold = async () => {
    await onHold(where);
    onClose();
  };
  return html`<${Dialog} title="Hold the queue" onClose=${onClose}><p>Consumers get nothing but what is released.</p><${Field} label="Only messages that fulfil (optional)" mono value=${where} placeholder="total_amount > 100" onInput=${setWhere} onEnter=${hold} /><div class="bar end"><${Button} onClick=${onClose}>Cancel</><${Button} look="primary" writes onClick=${hold}>Hold</></div></>`;
}

function PurgeDialog({ state, onClose, after }: { state: QueueState; onClose(): void; after(): void }) {
  const [typed, setTyped] = useState('');
  const { queue } = state;
  const purge = async () => {
    const done = await change<{ purged: number }>(
      'queues/purge',
      { queue, typed },
      ({ purged }) => `${counted(purged, 'message was', 'messages were')} deleted`,
    );
    if (done) onClose();
    after();
  };
  return html`<${Dialog} title="Delete every message" onClose=${onClose}><p>All messages of <b class="mono">${queue}</b> go for good, ${count(waiting(state))} now.</p><${Field} label="Type the name of the queue" mono value=${typed} onInput=${setTyped} /><div class="bar end"><${Button} onClick=${onClose}>Cancel</><${Button} look="danger" writes disabled=${typed !== queue} onClick=${purge}>Delete them</></div></>`;
}
