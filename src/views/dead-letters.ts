import type { DeadLetterSummary } from '../lab/dead-letters/summary.ts';
import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { plural, time } from './text.ts';

/** A dead-letter queue of the stack. */
export type ListedDeadLetters = DeadLetterSummary & { service: string };

/** A dead-letter queue that is none of the stack's. */
export type OtherDeadLetters = DeadLetterSummary & { dead_letters_of: readonly string[] };

interface DeadLettersView {
  queues: readonly ListedDeadLetters[];
  others: readonly OtherDeadLetters[];
}

/** Every dead-letter queue of the stack with why its messages are there, then the others. */
export const deadLettersView: View<DeadLettersView> = ({ queues, others }, context) => {
  if (queues.length + others.length === 0) return 'No queue has a dead-letter queue.';
  return [
    ...(queues.length > 0 ? [stackText(queues, context)] : []),
    ...(others.length > 0 ? [othersText(others, context)] : []),
  ].join('\n\n');
};

function othersText(others: readonly OtherDeadLetters[], context: ViewContext): string {
  const { paint } = context;
  return table(
    [
      { title: 'queue', text: (row: OtherDeadLetters) => row.queue, shrinks: 12 },
      { title: 'messages', text: (row) => String(row.messages), align: 'right' },
      { title: 'oldest', text: (row) => time(row.oldest, context), paint: (text) => paint.dim(text) },
      { title: 'from', text: (row) => row.dead_letters_of.join(', '), shrinks: 12 },
      { title: 'top reason', text: (row) => reasonText(row), shrinks: true, paint: (text) => paint.yellow(text) },
    ],
    others,
    context,
  );
}

function stackText(queues: readonly ListedDeadLetters[], context: ViewContext): string {
  const { paint, terminal } = context;
  const grid = table(
    [
      { title: 'queue', text: (row) => row.queue },
      {
        title: 'messages',
        text: (row) => String(row.messages),
        align: 'right',
        paint: (text, row) => (row.messages === 0 ? paint.dim(text) : paint.red(text)),
      },
      { title: 'oldest', text: (row) => time(row.oldest, context), paint: (text) => paint.dim(text) },
      { title: 'top reason', text: reasonText, shrinks: true, paint: (text) => paint.yellow(text) },
    ],
    queues,
    context,
  );
  const full = queues.filter(({ messages }) => messages > 0);
  const [first] = full;
  if (first === undefined) return `${grid}\n${paint.green('No dead letters.')}`;
  const partly = queues.filter(({ examined, messages, in_flight }) => examined < messages - in_flight);
  return [
    grid,
    ...partly.map(({ queue, examined }) => paint.dim(`Of ${queue} ${examined} messages were looked at.`)),
    ...(terminal
      ? [paint.dim(`Look: cliffracer dlq show ${first.service}. Move back: cliffracer dlq redrive ${first.service}`)]
      : []),
  ].join('\n');
}

/** `not_json (3 of 5)`; the others are in the JSON. */
function reasonText({ reasons, examined, messages, in_flight }: DeadLetterSummary): string {
  const [top, ...others] = reasons;
  if (top === undefined) return messages > 0 ? `${plural(in_flight, 'message')} in somebody's hands` : '';
  return others.length === 0 ? top.reason : `${top.reason} (${top.messages} of ${examined})`;
}
