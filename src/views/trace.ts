import type { MissingDelivery, Trace, TraceDelivery, TraceEvent, TraceStep } from '../shop/trace/facts.ts';
import { stepsOf } from '../shop/trace/steps.ts';
import type { View, ViewContext } from './context.ts';
import { itemsText } from './orders.ts';
import { markOf } from './outcomes.ts';
import { duration, plural, safe, status, time } from './text.ts';
import { branches, type Row, rowText, treeLines } from './tree.ts';

const SERVICE = 11;
const EVENT = 18;
/** One order as a tree of causes, with what is still missing. */
export const traceTreeView: View<Trace> = (trace, context) => {
  const rows = trace.events.flatMap((event) => eventRows(event, '', '', context));
  const tree = treeLines(rows, context);
  return [
    traceHeading(trace, context),
    ...(tree.length > 0 ? ['', ...tree] : []),
    '',
    traceEnding(trace, context),
  ].join('\n');
};

export function traceHeading(trace: Trace, context: ViewContext): string {
  const { paint } = context;
  const { order, order_id, correlation_id, started_at } = trace;
  const who = order === null ? paint.yellow('no record in the table orders') : status(order.status, context);
  const what =
    order === null ? '' : `${itemsText(order.items)}, ${safe(order.total_amount)} for ${safe(order.customer_id)}`;
  return [
    [paint.bold(safe(order_id)), who, what].filter((part) => part !== '').join('  '),
    paint.dim(`placed ${time(started_at, context)}, correlation ${safe(correlation_id ?? 'unknown')}`),
  ].join('\n');
}

function eventRows(event: TraceEvent, first: string, below: string, context: ViewContext): Row[] {
  const { paint } = context;
  const { event_type, event_id, causation_id, published_by, effects, after_ms } = event;
  const outside = causation_id === null && published_by !== null;
  const head: Row = {
    after: outside || causation_id === null ? after_ms : null,
    branch: first,
    head: paint.bold(safe(event_type)),
    text: outside ? `by ${[published_by, ...effects].join(': ')}` : event_id,
    paint: paint.dim,
  };
  const parts: ((first: string, below: string) => Row[])[] = [
    ...event.deliveries.map(
      (delivery) => (first: string, below: string) => deliveryRows(delivery, first, below, context),
    ),
    ...event.missing.map((missing) => (first: string) => [missingRow(missing, first, context)]),
    ...event.follows.map((next) => (first: string, below: string) => eventRows(next, first, below, context)),
  ];
  return [head, ...branches(parts, below)];
}

function deliveryRows(delivery: TraceDelivery, first: string, below: string, context: ViewContext): Row[] {
  const parts = delivery.publishes.map(
    (event) => (first: string, below: string) => eventRows(event, first, below, context),
  );
  return [deliveryRow(delivery, first, context), ...branches(parts, below)];
}

type Shown = Omit<TraceDelivery, 'publishes'> & { publishes?: readonly TraceEvent[] };

function deliveryRow(delivery: Shown, branch: string, context: ViewContext): Row {
  const { paint } = context;
  const { service, outcome, attempt, error, after_ms, duration_ms } = delivery;
  const [mark, colour] = markOf(outcome);
  const again = attempt > 1 ? `${paint.yellow(`attempt ${attempt}`)}  ` : '';
  return {
    after: after_ms,
    branch,
    head: `${paint[colour](mark)} ${paint.cyan(safe(service).padEnd(SERVICE))} ${again}`,
    text: error === null ? effectsText(delivery) : `${error.code}: ${error.message}`,
    paint: error === null ? (text) => text : paint[colour],
    ...(outcome !== 'published' && { tail: `  ${paint.dim(duration(duration_ms))}` }),
  };
}

/** Effects; an event published for the first time stands below as a branch of its own. */
function effectsText({ effects, outcome, publishes = [] }: Shown): string {
  const below = new Set(publishes.map(({ event_type }) => `publish ${event_type}`));
  const said = tellingOf(effects)
    .filter((effect) => !below.has(effect))
    .map((effect) => again(effect, publishes.length > 0));
  const word = outcome === 'handled' || outcome === 'published' ? [] : [outcome];
  return [...word, ...said].join(' → ') || outcome;
}

/** Measuring is part of everything, and told only where it is all that was done. */
function tellingOf(effects: readonly string[]): readonly string[] {
  const telling = effects.filter((effect) => !/^(measure|log) /.test(effect));
  return telling.length > 0 ? telling : effects;
}

/** In the tree an event hangs under the delivery that published it first; whoever names it otherwise repeats it. */
const again = (effect: string, inTree: boolean) =>
  inTree && effect.startsWith('publish ') ? `${effect} again` : effect;

const MISSING: Readonly<Record<MissingDelivery['state'], string>> = {
  waiting: 'waits in its queue',
  failing: 'waits for another try',
  dead_lettered: 'lies in the dead-letter queue',
  unaccounted: 'is in no queue: lost, never sent, or its log line is late',
};

const missingColour = ({ state }: MissingDelivery) =>
  state === 'dead_lettered' || state === 'unaccounted' ? 'red' : 'yellow';

function missingRow(missing: MissingDelivery, branch: string, { paint }: ViewContext): Row {
  const colour = missingColour(missing);
  return {
    after: null,
    branch,
    head: `${paint[colour]('…')} ${paint.cyan(missing.service.padEnd(SERVICE))} `,
    text: MISSING[missing.state],
    paint: paint[colour],
  };
}

/** What it came to, and what is still missing. */
export function traceEnding(trace: Trace, context: ViewContext): string {
  const { paint } = context;
  const { counts, missing, duration_ms, settled } = trace;
  if (counts.log_lines === 0 && missing.length === 0)
    return paint.dim('No log line about it is left: the log group keeps them for 14 days.');
  const parts = [
    `${plural(counts.events, 'event')}, ${plural(counts.deliveries, 'delivery', 'deliveries')}`,
    ...(counts.duplicates > 0 ? [paint.cyan(plural(counts.duplicates, 'duplicate'))] : []),
    ...(counts.failed > 0 ? [paint.red(`${counts.failed} failed`)] : []),
  ];
  const lines = [`${parts.join(', ')} in ${duration(duration_ms)}`];
  if (missing.length > 0) lines.push(paint.yellow(`Still missing: ${missingText(missing)}.`));
  else
    lines.push(
      settled
        ? paint.green('Nothing is missing.')
        : paint.yellow('Nothing is missing, but the order has not come to its end.'),
    );
  if (context.terminal) lines.push(...hints(trace).map((hint) => paint.dim(hint)));
  return lines.join('\n');
}

/** `analytics: 1 message waiting`, by service and state. */
function missingText(missing: readonly MissingDelivery[]): string {
  const counts = new Map<string, { of: MissingDelivery; messages: number }>();
  for (const of of missing) {
    const key = `${of.service} ${of.state}`;
    counts.set(key, { of, messages: (counts.get(key)?.messages ?? 0) + 1 });
  }
  return [...counts.values()]
    .map(({ of, messages }) => `${of.service}: ${plural(messages, 'message')} ${STATES[of.state]}`)
    .join('; ');
}

const STATES: Readonly<Record<MissingDelivery['state'], string>> = {
  waiting: 'waiting',
  failing: 'failing',
  dead_lettered: 'dead-lettered',
  unaccounted: 'in no queue',
};

function hints({ missing, order_id }: Trace): string[] {
  const states = new Set(missing.map(({ state }) => state));
  const dead = missing.find(({ state }) => state === 'dead_lettered');
  return [
    ...(states.has('waiting') || states.has('failing') ? ['Handle what waits: cliffracer drain'] : []),
    ...(dead === undefined ? [] : [`Look why: cliffracer dlq show ${dead.service}`]),
    ...(states.has('unaccounted') ? [`Publish again what is missing: cliffracer order retry ${safe(order_id)}`] : []),
  ];
}

/** One delivery in a line of its own, as while an order is followed. */
export const traceStepView: View<TraceStep> = (step, context) => {
  const row = deliveryRow(step, '', context);
  return rowText({ ...row, head: `${row.head}${context.paint.bold(safe(step.event_type).padEnd(EVENT))} ` }, context);
};

/** Every delivery in the order of time. */
export const traceTimelineView: View<Trace> = (trace, context) =>
  [
    traceHeading(trace, context),
    '',
    ...stepsOf(trace).map((step) => traceStepView(step, context)),
    '',
    traceEnding(trace, context),
  ].join('\n');
