import type { CheckFact, Counterexample, Tally, Verdict } from '../lab/check/check.ts';
import type { EndDifference } from '../lab/check/compare.ts';
import type { Experiment } from '../lab/check/plan.ts';
import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { plural, safe } from './text.ts';

/** Differences shown of one counterexample; `--json` has all. */
const SHOWN = 8;
const SHOWN_MASKS = 6;

const REMEDIES: Readonly<Record<Experiment, string>> = {
  duplicate:
    'write a marker with the id of what was done in the same conditional write or transaction, and act on it: the same message may come twice',
  error: 'let the error out, so that the message is not deleted, or undo what was done before it',
  crash:
    'delete the message last, make each write conditional, and on a repeat do again what may be missing (publish again) instead of skipping it',
  order: 'compare versions or times in a conditional write, or use a FIFO queue with a message group',
  partial: 'read Failed, FailedMessages or UnprocessedItems in the answer of a batch, and send those entries again',
  poison: 'let a message that cannot be read fail, and give its queue a dead-letter queue',
};

export const checkProgress = (fact: CheckFact, tried: number, total: number): string => {
  switch (fact.kind) {
    case 'baseline':
      return `Undisturbed run ${fact.run} of 2: ${plural(fact.deliveries, 'delivery', 'deliveries')}`;
    case 'planned':
      return plural(fact.cases, 'case');
    case 'case':
      return `${tried} of ${total}: ${fact.id} ${fact.held ? 'held' : 'failed'}`;
  }
};

/** A table of the experiments, then each counterexample. */
export const verdictView: View<Verdict> = (verdict, context) => {
  const { paint } = context;
  const { failures, tallies, masked, not_tried: notTried } = verdict;
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
  const runs = tallies.reduce((sum, tally) => sum + tally.runs, 0);
  const head = `${plural(verdict.deliveries, 'delivery', 'deliveries')} undisturbed, ${plural(runs, 'run')} disturbed.`;
  const end =
    failures.length > 0
      ? paint.red(plural(failures.length, 'counterexample'))
      : runs === 0
        ? paint.yellow('Nothing was tried.')
        : paint.green('Every end was that of the undisturbed run.');
  return [
    head,
    ...(masked.length > 0 ? [`Not compared, as it differs by nature: ${shortList(masked)}.`] : []),
    '',
    grid,
    ...failures.map((failure, index) => `\n${counterexample(failure, index + 1, context)}`),
    ...(notTried.length > 0 ? [paint.yellow(`Not tried: ${shortList(notTried.map(reasonOf))}.`)] : []),
    '',
    end,
  ].join('\n');
};

const red =
  ({ paint }: ViewContext) =>
  (text: string, { failed }: Tally) =>
    failed > 0 ? paint.red(text) : text;

const shortList = (texts: readonly string[]) =>
  texts.slice(0, SHOWN_MASKS).map(safe).join(', ') +
  (texts.length > SHOWN_MASKS ? `, and ${texts.length - SHOWN_MASKS} more` : '');

const reasonOf = ({ id, reason }: Verdict['not_tried'][number]) =>
  `${id} (${reason === 'over_budget' ? 'over the budget' : 'its fault struck no call'})`;

function counterexample(failure: Counterexample, number: number, context: ViewContext): string {
  const { paint } = context;
  const { id, differences, like } = failure;
  const more = differences.length - SHOWN;
  return [
    paint.bold(`${number}. ${safe(disturbanceText(failure))}`),
    ...(failure.stuck === undefined ? [] : [`   ${paint.red(safe(stuckText(failure)))}`]),
    ...differences.slice(0, SHOWN).map((one) => `   ${differenceText(one, context)}`),
    ...(more > 0 ? [`   and ${plural(more, 'difference')} more`] : []),
    `   What mends it: ${REMEDIES[failure.experiment]}.`,
    `   Again: cliffracer check --case ${safe(id)}${like.length > 0 ? `   (${plural(like.length, 'more case')} like it)` : ''}`,
  ].join('\n');
}

/** What was done to the delivery, in words. */
export function disturbanceText({ experiment, queue, call, when, poison }: Counterexample): string {
  const named =
    call === undefined ? '' : `${call.operation}${call.resources[0] === undefined ? '' : ` on ${call.resources[0]}`}`;
  const place = when === 'after' ? 'after it was done' : 'before it acted';
  switch (experiment) {
    case 'duplicate':
      return `${queue}: the message was delivered again after it had been handled`;
    case 'error':
      return `${queue}: ${named} failed once, ${place}`;
    case 'crash':
      return `${queue}: the consumer was cut off at ${named}, ${place}`;
    case 'order':
      return `${queue}: the message came after the next one`;
    case 'partial':
      return `${queue}: one entry of ${named} was refused`;
    case 'poison':
      return `${queue}: a message came that is ${JSON.stringify(poison?.body ?? '')}`;
  }
}

function stuckText({ stuck }: Counterexample): string {
  switch (stuck?.reason) {
    case 'never_ends':
      return `it never ends: the message came ${stuck.attempts} times, and the queue has no dead-letter queue`;
    case 'not_finished':
      return `${stuck.caller} did not come to an end with message ${stuck.messageId}`;
    case 'not_received':
      return `nobody received message ${stuck.messageId} any more`;
    default:
      return '';
  }
}

function differenceText({ place, key, path, before, after }: EndDifference, { paint }: ViewContext): string {
  const where = key === null ? place : `${place}, ${key}`;
  const member = path === '' ? '' : ` ${path}`;
  return `${safe(where)}${safe(member)}: ${safe(before ?? 'nothing')} -> ${paint.red(safe(after ?? 'nothing'))}`;
}
