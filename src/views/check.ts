import type { EndDifference } from '../lab/check/compare.ts';
import type { CounterexampleView, VerdictView } from '../lab/check/document.ts';
import type { CheckFact, Tally } from '../lab/check/verdict.ts';
import { disturbanceText, FLAKY, notesOf, notTriedLines, remedyText, stuckText } from '../lab/check/words.ts';
import { callTraceRows } from './call-trace.ts';
import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { plural, safe } from './text.ts';

/** Shown of one counterexample; `--json` has all. */
const SHOWN = 8;
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
    ...notesOf(verdict).map(safe),
    '',
    grid,
    ...failures.map((failure, index) => `\n${counterexample(failure, index + 1, context)}`),
    ...(notTried.length > 0 ? ['', ...notTriedLines(notTried).map((line) => paint.yellow(safe(line)))] : []),
    '',
    ending(verdict, context),
  ].join('\n');
};

function ending({ failures, tallies, not_tried: left }: VerdictView, { paint }: ViewContext): string {
  const runs = tallies.reduce((sum, tally) => sum + tally.runs, 0);
  if (failures.length > 0) return paint.red(countText(failures));
  if (runs === 0) return paint.yellow('Nothing was tried.');
  if (left.length === 0) return paint.green('Every end was that of the undisturbed run.');
  return paint.green(
    `Every end that was tried was that of the undisturbed run; ${plural(left.length, 'case')} not tried.`,
  );
}

function countText(failures: readonly CounterexampleView[]): string {
  const flaky = failures.filter((failure) => failure.flaky).length;
  const all = plural(failures.length, 'counterexample');
  if (flaky === 0) return all;
  return flaky === failures.length ? `${all}, flaky: no case failed twice` : `${all}, ${flaky} of them flaky`;
}

const red =
  ({ paint }: ViewContext) =>
  (text: string, { failed }: Tally) =>
    failed > 0 ? paint.red(text) : text;

function counterexample(failure: CounterexampleView, number: number, context: ViewContext): string {
  const { paint } = context;
  const { differences, like, violations, lost, stuck, swallowed, flaky, trace, command } = failure;
  const more = differences.length - SHOWN;
  const rows = trace === undefined ? [] : callTraceRows(trace, context);
  return [
    paint.bold(`${number}. ${safe(disturbanceText(failure))}`),
    ...(flaky ? [`   ${paint.yellow(FLAKY)}`] : []),
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
