import type { EndDifference } from '../lab/check/compare.ts';
import { JUDGEMENTS } from '../lab/check/plan.ts';
import type { CheckFact, NotTriedReason, Tally } from '../lab/check/verdict.ts';
import { callTraceRows } from './call-trace.ts';
import type { CounterexampleView, VerdictView } from './check-document.ts';
import { disturbanceText, remedyText, stuckText } from './check-words.ts';
import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { plural, safe } from './text.ts';

/** Shown of one counterexample; `--json` has all. */
const SHOWN = 8;
const SHOWN_NAMES = 6;
const SHOWN_ROWS = 14;
/** Characters of a value; the one that changed is compared whole all the same. */
const LONGEST_VALUE = 120;

export const checkProgress = (fact: CheckFact, tried: number, total: number): string => {
  switch (fact.kind) {
    case 'baseline':
      return `Undisturbed run ${fact.run}: ${plural(fact.deliveries, 'delivery', 'deliveries')}`;
    case 'planned':
      return plural(fact.cases, 'case');
    case 'case':
      return `${tried} of ${total}: ${fact.id} ${fact.held ? 'held' : 'failed'}`;
  }
};

/** A table of the experiments, then each counterexample. */
export const verdictView: View<VerdictView> = (verdict, context) => {
  const { paint } = context;
  const { failures, tallies, not_tried: notTried } = verdict;
  const grid = table(
    [
      { title: 'EXPERIMENT', text: (tally: Tally) => tally.experiment },
      { title: 'RUNS', text: ({ runs }) => String(runs), align: 'right' },
      { title: 'HELD', text: ({ held }) => String(held), align: 'right' },
      { title: 'FAILED', text: ({ failed }) => String(failed), align: 'right', paint: red(context) },
      { title: 'NOT TRIED', text: ({ not_tried }) => String(not_tried), align: 'right' },
    ],
    tallies,
    context,
  );
  return [
    ...heading(verdict),
    '',
    grid,
    ...failures.map((failure, index) => `\n${counterexample(failure, index + 1, context)}`),
    ...(notTried.length > 0 ? ['', ...notTriedLines(notTried).map((line) => paint.yellow(line))] : []),
    '',
    ending(verdict, context),
  ].join('\n');
};

function heading(verdict: VerdictView): string[] {
  const { deliveries, tallies, masked, shaped, outputs, unattributed, remembers } = verdict;
  const isRun = ({ experiment }: Tally) => !JUDGEMENTS.some((each) => each === experiment);
  const runs = tallies.filter(isRun).reduce((sum, tally) => sum + tally.runs, 0);
  const withoutQueues = verdict.without_dead_letters;
  return [
    `${plural(deliveries, 'delivery', 'deliveries')} undisturbed, ${plural(runs, 'run')} disturbed.`,
    ...(masked.length > 0 ? [`Not compared, as it differs by nature: ${names(masked)}.`] : []),
    ...(shaped.length > 0 ? [`Compared but for times and random ids: ${names(shaped)}.`] : []),
    ...(outputs.length > 0 ? [`Nobody receives from ${names(outputs)}: what lies there was compared.`] : []),
    ...(remembers ? ['The consumers keep something in memory: they were started anew for each run.'] : []),
    ...(unattributed.length > 0
      ? [`No failure was made at calls that belong to no message: ${names(unattributed.map(callText))}.`]
      : []),
    ...(withoutQueues.length > 0
      ? [`${names(withoutQueues)} without a dead-letter queue: what fails there comes again until its retention ends.`]
      : []),
  ];
}

const callText = ({ caller, operation, resource, calls }: VerdictView['unattributed'][number]) =>
  `${operation}${resource === '' ? '' : ` on ${resource}`} by ${caller} (${plural(calls, 'call')})`;

function ending({ failures, tallies, not_tried: left }: VerdictView, { paint }: ViewContext): string {
  const runs = tallies.reduce((sum, tally) => sum + tally.runs, 0);
  if (failures.length > 0) return paint.red(plural(failures.length, 'counterexample'));
  if (runs === 0) return paint.yellow('Nothing was tried.');
  if (left.length === 0) return paint.green('Every end was that of the undisturbed run.');
  return paint.green(
    `Every end that was tried was that of the undisturbed run; ${plural(left.length, 'case')} not tried.`,
  );
}

const red =
  ({ paint }: ViewContext) =>
  (text: string, { failed }: Tally) =>
    failed > 0 ? paint.red(text) : text;

const names = (texts: readonly string[]) =>
  texts.slice(0, SHOWN_NAMES).map(safe).join(', ') +
  (texts.length > SHOWN_NAMES ? `, and ${texts.length - SHOWN_NAMES} more` : '');

const REASONS: Readonly<Record<NotTriedReason, string>> = {
  over_budget: 'over the budget',
  did_not_strike: 'the call did not come',
  answered: 'the message was deleted already, so it cannot come again meanwhile',
  not_ours: 'which process makes these calls is not known: give each consumer its name, in the configuration',
  one_hand: 'nobody else receives from the queue: run two of the consumer, or give its command',
  batch_differs: 'a batch ends otherwise already without it',
  not_repeatable: 'it failed once and held when it was tried again',
  consumer_gone: 'nobody receives any more',
};

function notTriedLines(notTried: VerdictView['not_tried']): string[] {
  return [...new Set(notTried.map(({ reason }) => reason))].map((reason) => {
    const ids = notTried.filter((each) => each.reason === reason).map(({ id }) => id);
    return `Not tried (${REASONS[reason]}): ${names(ids)}.`;
  });
}

function counterexample(failure: CounterexampleView, number: number, context: ViewContext): string {
  const { paint } = context;
  const { differences, like, violations, lost, stuck, swallowed, trace, command } = failure;
  const more = differences.length - SHOWN;
  const rows = trace === undefined ? [] : callTraceRows(trace, context);
  return [
    paint.bold(`${number}. ${safe(disturbanceText(failure))}`),
    ...(stuck === undefined ? [] : [`   ${paint.red(safe(stuckText(stuck)))}`]),
    ...(swallowed
      ? [`   ${paint.red('it was deleted, and lies in no dead-letter queue: nobody will know of it')}`]
      : []),
    ...violations.map(({ invariant, why }) => `   ${safe(invariant)} does not hold: ${paint.red(safe(why))}`),
    ...lost
      .slice(0, SHOWN)
      .map((one) => `   ${safe(one.place)}, ${safe(one.message_id)}: ${paint.red(safe(one.detail))}`),
    ...differences.slice(0, SHOWN).map((one) => `   ${differenceText(one, context)}`),
    ...(more > 0 ? [`   and ${plural(more, 'difference')} more`] : []),
    ...(rows.length > 0 ? ['', ...rows.slice(0, SHOWN_ROWS).map((row) => `   ${row}`), ''] : []),
    `   What usually mends it: ${remedyText(failure)}.`,
    `   Again: ${safe(command)}${like.length > 0 ? `   (${plural(like.length, 'more case')} like it)` : ''}`,
  ].join('\n');
}

function differenceText({ place, key, path, before, after }: EndDifference, { paint }: ViewContext): string {
  const where = key === null || key === '' ? place : `${place}, ${shortened(key)}`;
  const member = path === '' ? '' : ` ${path}`;
  return `${safe(where)}${safe(member)}: ${value(before)} -> ${paint.red(value(after))}`;
}

const value = (text: string | null) => safe(text === null ? 'nothing' : shortened(text));
const shortened = (text: string) => (text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text);
