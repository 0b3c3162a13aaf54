import { undoneText } from '../lab/calls/undone.ts';
import type { CallTrace, MessageState, TraceCall, TraceDelivery, TraceMessage } from '../lab/trace/model.ts';
import type { Palette, View, ViewContext } from './context.ts';
import { effectText, shortId } from './effects.ts';
import { duration, plural, safe, time } from './text.ts';
import { branches, type Row, treeLines } from './tree.ts';

const NAMED = { message: 'message', item: 'item', object: 'object', text: 'text' };

export const STATES: Readonly<Record<MessageState, string>> = {
  ...{ done: '', published: '', waiting: 'waits in its queue', delayed: 'is delayed', in_flight: 'is in hand' },
  ...{
    dead_lettered: 'lies in a dead-letter queue',
    expired: 'expired',
    moved: 'moved',
    duplicate: 'not taken, a duplicate',
  },
  gone: 'is in its queue no more',
};

const STATE_COLOURS: Partial<Record<MessageState, keyof Palette>> = {
  dead_lettered: 'red',
  expired: 'red',
  gone: 'red',
};

/** What has to do with an id, as a tree of causes. */
export const callTraceTreeView: View<CallTrace> = (trace, context) => {
  const tree = callTraceRows(trace, context);
  return [callTraceHeading(trace, context), '', ...tree, '', callTraceEnding(trace, context)].join('\n');
};

/** The tree alone, line by line. */
export const callTraceRows = (trace: CallTrace, context: ViewContext): string[] =>
  treeLines(
    [
      ...trace.messages.flatMap((message) => messageRows(message, '', '', context)),
      ...trace.calls.flatMap((call) => callRows(call, '', '', context)),
    ],
    context,
  );

export function callTraceHeading({ of, named, started_at }: CallTrace, context: ViewContext): string {
  const { paint } = context;
  return `${paint.bold(safe(of))}  ${paint.dim(`${NAMED[named]}, since ${time(started_at, context)}`)}`;
}

function callRows(call: TraceCall, first: string, below: string, context: ViewContext): Row[] {
  const { paint } = context;
  const { after_ms: after, caller, operation, resources, outcome, effects, sends, duration_ms } = call;
  const told = effects.map(effectText).filter((text) => text !== undefined);
  const about = resources.map((resource) => resource.slice(resource.indexOf('/') + 1));
  const failed = outcome !== 'ok';
  // What was changed says what it was changed in.
  const what = told.length > 0 ? told.join('; ') : about.join(' ');
  const lost = told.length > 0 || sends.length > 0 ? '; done, its answer lost:' : '';
  const text = failed ? `${what}${lost} ${outcome}` : what;
  const outside = first === '' ? `${paint.cyan(safe(caller))}  ` : '';
  const head: Row = {
    ...{ after: first === '' ? after : null, branch: first, head: `${outside}${safe(operation)}`, text },
    paint: failed ? paint.red : (shown) => shown,
    tail: `  ${paint.dim(duration(duration_ms))}`,
  };
  const [only, ...others] = sends;
  if (only === undefined || others.length > 0 || told.length > 0 || failed) {
    return [head, ...branches(sends.map(rowsOfMessage(context)), below)];
  }
  // The message stands in the line of the call that sent it.
  const [message, ...under] = messageRows(only, first, below, context);
  return [{ ...message!, after: head.after, head: `${head.head} ${message!.head}` }, ...under];
}

const rowsOfMessage = (context: ViewContext) => (message: TraceMessage) => (first: string, below: string) =>
  messageRows(message, first, below, context);

function messageRows(message: TraceMessage, first: string, below: string, context: ViewContext): Row[] {
  const { paint } = context;
  const { message_id, to, state, copies, deliveries, not_delivered, dead_letter_queue } = message;
  const colour = STATE_COLOURS[state] ?? 'yellow';
  const where =
    state === 'dead_lettered' && dead_letter_queue !== null ? `lies in ${dead_letter_queue}` : STATES[state];
  const head: Row = {
    ...{ after: null, branch: first, head: `${paint.bold(safe(to))}  ${paint.dim(shortId(message_id))}`, text: where },
    paint: paint[colour],
  };
  return [
    head,
    ...branches(
      [
        ...notDelivered(not_delivered, context),
        ...copies.map(rowsOfMessage(context)),
        ...deliveries.map(
          (delivery) => (next: string, deeper: string) => deliveryRows(delivery, next, deeper, context),
        ),
      ],
      below,
    ),
  ];
}

/** Those that filtered it out in one line: which part of which policy, `why` tells. */
function notDelivered(outcomes: TraceMessage['not_delivered'], { paint }: ViewContext) {
  const filtered = outcomes.filter(({ outcome }) => outcome === 'filtered').map(({ endpoint }) => endpoint);
  const others = outcomes.filter(({ outcome }) => outcome !== 'filtered');
  const line =
    (text: string, dress: Row['paint']) =>
    (branch: string): Row[] => [{ after: null, branch, head: '', text, paint: dress }];
  return [
    ...others.map(({ endpoint, outcome, why }) =>
      line(`${outcome.replace('_', ' ')} by ${endpoint}: ${why}`, paint.red),
    ),
    ...(filtered.length === 0 ? [] : [line(`filtered out for ${filtered.join(', ')}`, paint.dim)]),
  ];
}

const MARKS = {
  deleted: ['✓', 'green'],
  returned: ['↻', 'yellow'],
  timed_out: ['✗', 'red'],
} as const;

function deliveryRows(delivery: TraceDelivery, first: string, below: string, context: ViewContext): Row[] {
  const { paint } = context;
  const { after_ms: after, caller, attempt, waited_ms, worked_ms, end, calls } = delivery;
  const [mark, colour] = end === null ? (['…', 'yellow'] as const) : MARKS[end];
  const again = attempt > 1 ? `  ${paint.yellow(`attempt ${attempt}`)}` : '';
  const worked =
    worked_ms === null ? 'in hand' : `${end === 'timed_out' ? 'not finished in' : 'worked'} ${duration(worked_ms)}`;
  const head: Row = {
    ...{ after, branch: first, head: `${paint[colour](mark)} ${paint.cyan(safe(caller))}${again}` },
    // On a stopped clock nothing takes any time, and that says nothing.
    ...{ text: waited_ms === 0 && worked_ms === 0 ? '' : `waited ${duration(waited_ms)}, ${worked}`, paint: paint.dim },
  };
  const parts = calls
    .filter(isTelling)
    .map((call) => (next: string, deeper: string) => callRows(call, next, deeper, context));
  return [head, ...branches(parts, below)];
}

/** Reads, measuring and logging are part of everything. */
const isTelling = ({ outcome, sends, effects }: TraceCall) =>
  outcome !== 'ok' || sends.length > 0 || effects.some(({ kind }) => kind !== 'metric' && kind !== 'log');

export function callTraceEnding(
  { counts, duration_ms, missing, truncated, undone, log_begins }: CallTrace,
  { paint }: ViewContext,
): string {
  const { calls, messages, deliveries, failed } = counts;
  const parts = [plural(calls, 'call'), plural(messages, 'message'), plural(deliveries, 'delivery', 'deliveries')];
  if (failed > 0) parts.push(paint.red(`${failed} refused`));
  const lines = [`${parts.join(', ')} in ${duration(duration_ms)}`];
  if (missing.length === 0) lines.push(paint.green('No message is missing.'));
  for (const { message_id, to, state } of missing.slice(0, 10)) {
    lines.push(
      paint.yellow(
        safe(`Not done: ${shortId(message_id)} to ${to} ${STATES[state]}: cliffracer why ${shortId(message_id)}`),
      ),
    );
  }
  if (missing.length > 10) lines.push(paint.yellow(`and ${missing.length - 10} more`));
  if (truncated) lines.push(paint.yellow('There are more calls than are shown here.'));
  if (undone !== null) lines.push(paint.yellow(`${undoneText(undone)}.`));
  if (log_begins > 1) lines.push(paint.dim(`The call log begins at call ${log_begins}.`));
  return lines.join('\n');
}

/** A delivery in a line of its own, as while a trace is followed. */
export const callTraceStepView: View<Omit<TraceDelivery, 'calls'>> = (delivery, context) => {
  const [row] = deliveryRows({ ...delivery, calls: [] }, '', '', context);
  const queue = context.paint.bold(safe(delivery.queue));
  return treeLines([{ ...row!, head: `${row!.head}  ${queue}` }], context).join('');
};
