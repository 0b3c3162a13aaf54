import type { BlameReport, ItemChange } from '../lab/blame.ts';
import { undoneText } from '../lab/calls/undone.ts';
import { clockTime } from './calls.ts';
import type { View, ViewContext } from './context.ts';
import { changeText, shortId } from './effects.ts';
import { safe } from './text.ts';

const CHANGES = { created: 'green', changed: 'yellow', deleted: 'red' } as const;

/** Every change of an item, newest first, its attributes below. */
export const blameView: View<BlameReport> = (report, context) => {
  const { table, key, changes, log_begins, undone } = report;
  const { paint } = context;
  const several = changes.some((change) => change.key !== key);
  const begins =
    log_begins > 1 ? [paint.dim(`The call log begins at call ${log_begins}; what came before is not kept.`)] : [];
  if (undone !== null) begins.unshift(paint.yellow(`${undoneText(undone)}.`));
  if (changes.length === 0)
    return [`${paint.bold(safe(`${table}/${key}`))}: no such attribute has changed.`, ...begins].join('\n');
  return [
    paint.bold(safe(`${table}/${key}`)),
    ...changes.map((change) => changeLines(change, several, context)),
    ...begins,
  ].join('\n');
};

function changeLines(change: ItemChange, several: boolean, context: ViewContext): string {
  const { paint } = context;
  const { at, seq, caller, operation, delivery, attributes } = change;
  const by = [`${operation} by ${caller}, call ${seq}`];
  if (delivery !== null) by.push(`in ${delivery.queue} ${shortId(delivery.message_id)}, attempt ${delivery.attempt}`);
  else if (change.certainty === 'one_of') by.push('in one of several messages');
  const head = `${paint.dim(clockTime(at, context))}  ${paint[CHANGES[change.change]](change.change.padEnd(7))}  ${safe(by.join(', '))}`;
  const key = several ? [`  ${paint.cyan(safe(change.key))}`] : [];
  return [head, ...key, ...attributes.map((each) => `  ${safe(changeText(each))}`)].join('\n');
}
