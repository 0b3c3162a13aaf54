import type { DrainSummary } from '../shop/runtime/drain-facts.ts';
import type { EffectFact, StepFact } from '../shop/runtime/facts.ts';
import type { WorkFact } from '../shop/runtime/worker.ts';
import { columnsOf } from './columns.ts';
import type { Palette, View } from './context.ts';
import { OUTCOME_MARKS } from './outcomes.ts';
import { queuesView } from './queues.ts';
import { commandOf } from './remedy.ts';
import { truncate } from './table.ts';
import { duration, plural, safe } from './text.ts';

/** Of what was done for a message, where it does not fit beside it. */
const MOST_LINES = 3;
const WIDTHS = { service: 11, event: 18, order: 20 };

/** One handled message in one line: who, what, which order, and each effect. */
export const stepView: View<StepFact> = (fact, context) => {
  const { paint } = context;
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
    : columnsOf(beside) <= context.width
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
export function effectsText(fact: { outcome: string; effects: readonly EffectFact[] }): string {
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
  held: 'What is ready is held: nobody gets it until it is released.',
  unsettled: 'The engine says that messages are ready, but gives none out.',
};

const ALL_LEFT = 'Nothing waits any more but what was left.';

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
    paint.dim(summary.ended === 'empty' && summary.left > 0 ? ALL_LEFT : ENDINGS[summary.ended]),
    '',
    queuesView({ queues: summary.queues }, context),
  ].join('\n');
};

export const releaseHint: View<readonly string[]> = (queues, { paint }) =>
  `${paint.dim('try:')} cliffracer queue release ${queues.map(safe).join(' ')} --all`;

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
