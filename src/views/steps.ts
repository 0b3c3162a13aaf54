import stringWidth from 'string-width';
import type { ParsedMessage } from '../domain/parse-event.ts';
import type { DrainSummary, LeftFact, ShownMessage } from '../shop/runtime/drain-facts.ts';
import type { StepFact } from '../shop/runtime/facts.ts';
import type { WorkFact } from '../shop/runtime/worker.ts';
import type { Palette, View, ViewContext } from './context.ts';
import { itemsText } from './orders.ts';
import { OUTCOME_MARKS } from './outcomes.ts';
import { queuesView } from './queues.ts';
import { commandOf } from './remedy.ts';
import { truncate } from './table.ts';
import { duration, plural, safe } from './text.ts';

/** Of what was done for a message, where it does not fit beside it. */
const MOST_LINES = 3;
const WIDTHS = { service: 11, event: 18, order: 20 };

/** One handled message in one line: who, what, which order, and each effect. */
export const stepView: View<StepFact | LeftFact> = (fact, context) => {
  const { paint } = context;
  if (fact.kind === 'left') {
    return `${paint.dim('-')} ${paint.cyan(fact.service.padEnd(WIDTHS.service))} ${paint.dim(`left ${safe(fact.message_id)} in ${fact.queue}`)}`;
  }
  const [mark, colour] = OUTCOME_MARKS[fact.outcome];
  const what = fact.error === undefined ? effectsText(fact) : errorText(fact);
  const attempt = fact.attempt > 1 ? `attempt ${fact.attempt}` : '';
  const took = duration(fact.duration_ms);
  const plainHead = 2 + WIDTHS.service + 1 + WIDTHS.event + 1 + WIDTHS.order + 2;
  const room = context.width - plainHead - took.length - 2 - (attempt === '' ? 0 : attempt.length + 2);
  const head = [
    paint[colour](mark),
    paint.cyan(fact.service.padEnd(WIDTHS.service)),
    safe(fact.event_type ?? '(no event)').padEnd(WIDTHS.event),
    paint.dim(safe(fact.order_id ?? '-').padEnd(WIDTHS.order)),
  ].join(' ');
  const said = safe(what);
  // What does not fit beside the rest has a line of its own.
  const fits = said.length <= room;
  const cut = fits ? said : truncate(said, (context.width - 6) * MOST_LINES);
  const dressed = fact.error === undefined ? cut : paint[colour](cut);
  const again = attempt === '' ? [] : [paint.yellow(attempt)];
  const beside = [head, ...again, ...(fits ? [dressed] : []), paint.dim(took)].join('  ');
  const lines = fits
    ? [beside]
    : stringWidth(beside) <= context.width
      ? [beside, `    ${dressed}`]
      : [head, ['   ', ...again, dressed, paint.dim(took)].join('  ').replace(/^ {5}/, '    ')];
  return [...lines, ...fact.warnings.map((warning) => `  ${paint.yellow(`warning: ${safe(warning)}`)}`)].join('\n');
};

function errorText({ error, order_id, dead_letter_queue }: StepFact): string {
  const moved = dead_letter_queue === undefined ? '' : ` → ${dead_letter_queue}`;
  return `${error!.code}: ${error!.message}${wayOut(error!.code, order_id)}${moved}`;
}

/** A failed provider fails again until somebody asks for the payment once more. */
const wayOut = (code: string, orderId: string | undefined) =>
  code !== 'payment_error' || orderId === undefined
    ? ''
    : `; when it works again: ${commandOf({ action: 'retry_order', id: orderId })}`;

/** What was written, stored and published; measuring and logging happen for every message and say nothing new. */
function effectsText(fact: StepFact): string {
  const telling = fact.effects.filter(({ kind }) => kind !== 'measure' && kind !== 'log');
  const said = telling.length > 0 ? telling : fact.effects.filter(({ kind }) => kind === 'measure');
  if (fact.outcome === 'ignored') return fact.effects.find(({ kind }) => kind === 'log')?.summary ?? 'nothing to do';
  if (said.length === 0) return fact.outcome;
  return said.map(({ kind, summary }) => `${kind} ${summary}`).join(' → ');
}

const ENDINGS: Readonly<Record<DrainSummary['ended'], string>> = {
  empty: 'The queues are empty.',
  max: 'Stopped after as many messages as asked for.',
  quit: 'Stopped as asked; what was not handled waits in its queue.',
  interrupted: 'Interrupted; what was not handled waits in its queue.',
  in_flight: 'Nothing is ready, but other workers have messages in flight or delayed: more may come.',
  unsettled: 'The engine says that messages are ready, but gives none out.',
};

export const drainSummaryView: View<DrainSummary> = (summary, context) => {
  const { paint } = context;
  const counts: [number, string, keyof Palette][] = [
    [summary.handled, 'handled', 'green'],
    [summary.duplicates, 'duplicate', 'cyan'],
    [summary.ignored, 'ignored', 'dim'],
    [summary.failed, 'failed', 'red'],
    [summary.left, 'left', 'yellow'],
    [summary.dead_lettered, 'dead-lettered', 'red'],
  ];
  const total = summary.handled + summary.duplicates + summary.ignored + summary.failed;
  const parts = counts.filter(([count]) => count > 0).map(([count, word, colour]) => paint[colour](`${count} ${word}`));
  return [
    '',
    `${paint.bold(plural(total, 'message'))} in ${duration(summary.duration_ms)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`,
    paint.dim(ENDINGS[summary.ended]),
    '',
    queuesView({ queues: summary.queues }, context),
  ].join('\n');
};

/** A message before it is handled, for `drain --step`. */
export const messageView: View<ShownMessage> = ({ service, queue, message, parsed }, context) => {
  const { paint } = context;
  const field = (label: string, value: string) => `  ${paint.dim(label.padEnd(13))} ${value}`;
  const attempt = message.receiveCount > 1 ? paint.yellow(` attempt ${message.receiveCount}`) : '';
  return [
    '',
    `${paint.bold(paint.cyan(service))} ${paint.dim(`has a message in ${queue}`)}${attempt}`,
    ...describe(parsed, field, context),
    field('message', paint.dim(safe(message.messageId))),
  ].join('\n');
};

function describe(
  parsed: ParsedMessage,
  field: (label: string, value: string) => string,
  context: ViewContext,
): string[] {
  const { paint } = context;
  if ('problem' in parsed) return [field('problem', paint.red(`${parsed.problem}: ${safe(parsed.detail)}`))];
  const { event_type, order_id, event_id, correlation_id, causation_id, ...payload } = parsed.event;
  const known = new Set(['customer_id', 'timestamp', 'schema_version']);
  const rest = Object.entries(payload).filter(([name]) => !known.has(name));
  return [
    field('event', `${paint.bold(event_type)} ${paint.dim(safe(event_id))}`),
    field('order', safe(order_id)),
    field('correlation', paint.dim(safe(correlation_id))),
    ...(causation_id == null ? [] : [field('caused by', paint.dim(safe(causation_id)))]),
    ...rest.map(([name, value]) => field(name, truncate(safe(textOf(value)), Math.max(20, context.width - 16)))),
  ];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((line) => typeof line.sku === 'string' && 'quantity' in line))
    return itemsText(value);
  return JSON.stringify(value);
}

/** What workers tell while they run. */
export const workView: View<WorkFact> = (fact, context) => {
  const { paint } = context;
  switch (fact.kind) {
    case 'step':
      return stepView(fact, context);
    case 'trouble':
      return paint.yellow(
        `! ${fact.service}: ${safe(fact.error.message)}; trying again in ${duration(fact.retry_in_ms)}`,
      );
    case 'stopping':
      return paint.dim(`Stopping; ${plural(fact.in_flight, 'message')} in flight.`);
  }
};
