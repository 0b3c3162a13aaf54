import type { Undone } from '../lab/calls/port.ts';
import { undoneText } from '../lab/calls/undone.ts';
import type {
  DeliveryReport,
  Fate,
  MessageReport,
  PublishedReport,
  QueueReport,
  WhyReport,
} from '../lab/why/report.ts';
import { clockTime } from './calls.ts';
import type { View, ViewContext } from './context.ts';
import { shortId } from './effects.ts';
import { duration, plural, safe, time } from './text.ts';

const LABEL = 10;

export const whyView: View<WhyReport> = (report, context) => {
  switch (report.kind) {
    case 'message':
      return messageLines(report, context).join('\n');
    case 'published':
      return publishedText(report, context);
    case 'queue':
      return queueText(report, context);
  }
};

const row = (label: string, text: string, { paint }: ViewContext) => `${paint.dim(label.padEnd(LABEL))}  ${text}`;

function messageLines(report: MessageReport, context: ViewContext): string[] {
  const { message_id, queue, fate, published, dead_lettered, deliveries, duplicates, undone, remedy } = report;
  const when = (at: string) => clockTime(at, context);
  const isDead = fate.state === 'ready' && dead_lettered.at(-1)?.to === queue;
  const words = isDead ? `It lies in the dead-letter queue ${queue}.` : fateText(fate, queue, context);
  return [
    `${context.paint.bold(safe(message_id))}${queue === null ? '' : `  ${context.paint.cyan(safe(queue))}`}`,
    context.paint[colourOf(fate)](safe(words)),
    ...(published === null
      ? []
      : [row('published', safe(`on ${published.topic} as ${published.message_id}`), context)]),
    ...(fate.state === 'replaced' ? [] : [row('sent', safe(sentText(report, when)), context)]),
    ...deliveries.flatMap((delivery) => deliveryLines(delivery, context)),
    ...dead_lettered.map(({ from, to, at, receives }) =>
      row('dead', safe(`${when(at)} from ${from} to ${to}, after ${plural(receives, 'receive')}`), context),
    ),
    ...(duplicates === 0
      ? []
      : [
          row(
            'again',
            `sent ${plural(duplicates, 'more time')} within five minutes, and not taken as a duplicate`,
            context,
          ),
        ]),
    ...undoneRows(undone, context),
    ...(remedy === null ? [] : [row('try', safe(remedy), context)]),
  ];
}

function sentText({ sent, log_begins }: MessageReport, when: (at: string) => string): string {
  if (sent === null) return `before the log begins, at call ${log_begins}`;
  return `${when(sent.at)} to ${sent.queue} by ${sent.caller}, call ${sent.seq}${within(sent.delivery)}`;
}

/** What is not told of, as it is no part of the present. */
const undoneRows = (undone: Undone | null, context: ViewContext): string[] =>
  undone === null ? [] : [row('undone', undoneText(undone), context)];

const within = (delivery: string | null) => (delivery === null ? '' : `, in delivery ${shortDelivery(delivery)}`);

/** `5f3c8e1a, attempt 2` of `5f3c8e1a-...:2`. */
export function shortDelivery(id: string): string {
  const colon = id.lastIndexOf(':');
  return `${shortId(id)}, attempt ${id.slice(colon + 1)}`;
}

const ENDS: Readonly<Record<string, string>> = {
  deleted: 'deleted after',
  returned: 'returned after',
  timed_out: 'not finished in',
};

const deliveryLines = (delivery: DeliveryReport, context: ViewContext): string[] =>
  attemptRows(delivery, context).map(([label, text]) => row(label, text, context));

/** A receive and what went wrong in it, each row with its label. */
export function attemptRows(
  { attempt, caller, at, end, ended_at, errors }: DeliveryReport,
  context: ViewContext,
): [label: string, text: string][] {
  const ended =
    end === null || ended_at === null ? 'not ended' : `${ENDS[end]} ${duration(Date.parse(ended_at) - Date.parse(at))}`;
  return [
    [`attempt ${attempt}`, safe(`${clockTime(at, context)} ${caller}, ${ended}`)],
    ...errors.map(({ seq, operation, outcome, error }): [string, string] => [
      '',
      context.paint.red(safe(`${operation}: ${outcome}${error === null ? '' : `, ${error}`} (call ${seq})`)),
    ]),
  ];
}

function colourOf({ state }: Fate): 'green' | 'yellow' | 'red' {
  if (state === 'deleted') return 'green';
  return ['expired', 'purged', 'queue_deleted', 'unknown', 'replaced'].includes(state) ? 'red' : 'yellow';
}

function fateText(fate: Fate, queue: string | null, context: ViewContext): string {
  const until = (at: string | null) => (at === null ? '' : ` until ${clockTime(at, context)}`);
  switch (fate.state) {
    case 'ready':
      return readyText(fate, queue);
    case 'held':
      return `Its queue is held${fate.since === null ? '' : ` since ${clockTime(fate.since, context)}`}: no receiver gets it.`;
    case 'blocked':
      return `It waits for its group ${fate.group}: ${fate.blocked_by.map((each) => blockingText(each, context)).join('; ')}.`;
    case 'delayed':
      return `It is delayed${until(fate.until)}.`;
    case 'in_flight':
      return `${fate.caller ?? 'Somebody'} has it in hand${until(fate.until)}: attempt ${fate.attempt}.`;
    case 'deleted': {
      const attempt = fate.attempt === null ? '' : ` in attempt ${fate.attempt}`;
      return `${fate.by.caller} deleted it${attempt}, ${clockTime(fate.by.at, context)}, call ${fate.by.seq}.`;
    }
    case 'expired':
      return `It was older than its queue keeps messages, and went ${clockTime(fate.at, context)}.`;
    case 'purged':
      return `${fate.by.caller} purged the queue, ${clockTime(fate.by.at, context)}, call ${fate.by.seq}.`;
    case 'queue_deleted':
      return `${fate.by.caller} deleted the queue, ${clockTime(fate.by.at, context)}, call ${fate.by.seq}.`;
    case 'moved':
      return `A message move task took it to ${fate.to}${fate.message_id === null ? '' : ` as ${fate.message_id}`}.`;
    case 'duplicate':
      return `It was not put into the queue: a duplicate of ${fate.of}, sent within five minutes.`;
    case 'replaced':
      return `${fate.change === 'reset' ? 'The engine was reset' : `The snapshot ${fate.name} was loaded`} after it was sent.`;
    case 'unknown':
      return 'It is in no queue, and the call log does not tell why.';
  }
}

function readyText({ ahead, received, consumers }: Fate & { state: 'ready' }, queue: string | null): string {
  const before = ahead === 0 ? 'the next one' : `${plural(ahead, 'message')} before it`;
  const again = received === 0 ? 'never received' : `received ${plural(received, 'time')}`;
  const who =
    consumers.length === 0
      ? `no consumer has come to ${queue} in the last five minutes`
      : `consumers: ${consumers.join(', ')}`;
  return `It is ready, ${before}, ${again}; ${who}.`;
}

function blockingText(
  { message_id, caller, visible_at }: { message_id: string; caller: string | null; visible_at: string | null },
  context: ViewContext,
): string {
  const until = visible_at === null ? '' : ` until ${clockTime(visible_at, context)}`;
  return `${shortId(message_id)} ${caller === null ? 'is delayed' : `is in hand of ${caller}`}${until}`;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  delivered: 'delivered',
  filtered: 'filtered out',
  refused: 'refused',
  unconfirmed: 'not confirmed',
  not_emulated: 'not sent: the protocol leads nowhere here',
};

function publishedText(
  { message_id, topic, published, subscriptions, undone }: PublishedReport,
  context: ViewContext,
): string {
  const { paint } = context;
  const head = [
    `${paint.bold(safe(message_id))}  ${paint.cyan(safe(topic))}`,
    row(
      'published',
      safe(`${clockTime(published.at, context)} by ${published.caller}, call ${published.seq}`),
      context,
    ),
    ...undoneRows(undone, context),
  ];
  if (subscriptions.length === 0) return [...head, paint.yellow('Nobody subscribes to the topic.')].join('\n');
  const parts = subscriptions.map(({ endpoint, outcome, code, reason, unmatched, dead_letters, remedy, message }) => {
    const why = outcome === 'filtered' ? unmatched : [[code, reason].filter(Boolean).join(': ')].filter(Boolean);
    const colour = outcome === 'delivered' ? 'green' : outcome === 'refused' ? 'red' : 'yellow';
    return [
      '',
      `${paint.cyan(safe(endpoint))}  ${paint[colour](OUTCOMES[outcome] ?? safe(outcome))}`,
      ...why.map((each) => row('why', safe(each), context)),
      ...(dead_letters === null ? [] : [row('dead', safe(`to ${dead_letters}`), context)]),
      ...(remedy === null ? [] : [row('try', safe(remedy), context)]),
      ...(message === null ? [] : messageLines(message, context)),
    ].join('\n');
  });
  return [...head, ...parts].join('\n');
}

function queueText(report: QueueReport, context: ViewContext): string {
  const { queue, subscriptions, missed, receivers, senders, log_begins, undone } = report;
  const { paint } = context;
  const nobody = (what: string) =>
    paint.yellow(`${what}${log_begins > 1 ? `, since call ${log_begins}, where the log begins` : ''}`);
  const held = queue.hold === null ? '' : paint.yellow(`, held: ${queue.held}`);
  return [
    `${paint.bold(safe(queue.name))}: ${queue.ready} ready, ${queue.in_flight} in flight, ${queue.delayed} delayed${held}`,
    ...(queue.oldest_at === null ? [] : [row('oldest', `sent ${time(queue.oldest_at, context)}`, context)]),
    ...(queue.dead_letter_queue === null ? [] : [row('dead', safe(`to ${queue.dead_letter_queue}`), context)]),
    ...receivers.map(({ caller, receives, messages, last_at }) =>
      row(
        'receiver',
        safe(
          `${caller}: ${plural(messages, 'message')} in ${plural(receives, 'call')}, last ${clockTime(last_at, context)}`,
        ),
        context,
      ),
    ),
    ...(receivers.length > 0 ? [] : [row('receiver', nobody('nobody has received from it'), context)]),
    ...senders.map(({ caller, messages, last_at }) =>
      row('sender', safe(`${caller}: ${plural(messages, 'message')}, last ${clockTime(last_at, context)}`), context),
    ),
    ...(senders.length > 0 ? [] : [row('sender', nobody('nobody has sent to it'), context)]),
    ...subscriptions.map(({ topic, filter_policy, filter_scope, pending, raw }) => {
      const filter =
        filter_policy === null
          ? 'everything'
          : `${filter_policy}${filter_scope === 'MessageBody' ? ' of the body' : ''}`;
      const marks = `${raw ? ', raw' : ''}${pending ? ', not confirmed' : ''}`;
      return row('topic', safe(`${topic.slice(topic.lastIndexOf(':') + 1)}: ${filter}${marks}`), context);
    }),
    ...undoneRows(undone, context),
    ...missedText(report, context),
    ...remediesOf(missed).map((remedy) => row('try', safe(remedy), context)),
  ].join('\n');
}

const remediesOf = (missed: QueueReport['missed']): string[] => [
  ...new Set(missed.map(({ remedy }) => remedy).filter((remedy) => remedy !== null)),
];

function missedText({ missed }: QueueReport, context: ViewContext): string[] {
  const { paint } = context;
  if (missed.length === 0) return [];
  const lines = missed.flatMap(({ at, message_id, topic, caller, outcome, why }) => [
    safe(`${clockTime(at, context)}  ${shortId(message_id)} on ${topic} by ${caller}, `) +
      paint.yellow(OUTCOMES[outcome] ?? safe(outcome)),
    ...(why === '' ? [] : [row('', safe(why), context)]),
  ]);
  return ['', paint.bold('Published, and not in this queue:'), ...lines];
}
