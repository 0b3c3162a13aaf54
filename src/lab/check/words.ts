import type { TraceCall, TraceDelivery, TraceMessage } from '../trace/model.ts';
import type { CounterexampleView, VerdictView } from './document.ts';
import { type Experiment, JUDGEMENTS } from './plan.ts';
import type { NotTriedReason } from './verdict.ts';

/** What was done, in words: `jobs: DeleteMessage on queue/jobs failed once, after it was done`. */
export function disturbanceText({ experiment, queue, call, when, poison, kind }: CounterexampleView): string {
  const named =
    call === undefined ? '' : `${call.operation}${call.resources[0] === undefined ? '' : ` on ${call.resources[0]}`}`;
  const place = when === 'after' ? 'after it was done' : 'before it acted';
  const batch = kind === 'batch' ? ' of a batch' : '';
  switch (experiment) {
    case 'duplicate':
      return `${queue}: ${duplicateText(kind, named)}`;
    case 'error':
      return `${queue}: ${named}${batch} failed once, ${place}`;
    case 'crash':
      return `${queue}: the consumer died at ${named}${batch}, ${place}`;
    case 'order':
      if (kind === 'batch') return `${queue}: the messages that wait came at once, in a batch`;
      if (kind === 'other') return `${queue}: the next message was handled while this one was in hand, before ${named}`;
      return `${queue}: the message came after another one that waited behind it`;
    case 'partial':
      return `${queue}: one entry of ${named}${batch} was refused`;
    case 'poison':
      return `${queue}: ${poisonText(poison)}${kind === 'batch' ? ', in one batch with others' : ''}`;
    case 'slow':
      return `${queue}: the visibility timeout ended before ${named}, and a second consumer handled the message meanwhile`;
    case 'conserve':
      return 'messages of the undisturbed run are not where they have to be';
    case 'invariants':
      return 'the end of the undisturbed run';
  }
}

function duplicateText(kind: string, call: string): string {
  switch (kind) {
    case 'late':
      return 'the message was delivered again a quarter of an hour after it had been handled';
    case 'older':
      return "the message was delivered again a quarter of an hour later by the consumer's own clock (its times in tables were made older)";
    case 'anew':
      return 'the message was delivered again after the consumer had been started anew';
    case 'resent':
      return 'the message was sent once more, as another message with the same body';
    case 'copy':
      return `a copy of the message was handled while it was in hand, before ${call}`;
    default:
      return 'the message was delivered again after it had been handled';
  }
}

function poisonText(poison: CounterexampleView['poison']): string {
  const kind = poison?.kind ?? '';
  if (kind.startsWith('without-')) return `a message came without its member ${kind.slice('without-'.length)}`;
  return kind === 'version' ? `a message of an unknown version came` : `a message came that is ${poison?.body ?? ''}`;
}

/** Why a run did not come to its end. */
export function stuckText(stuck: NonNullable<CounterexampleView['stuck']>): string {
  switch (stuck.reason) {
    case 'never_ends':
      return `it never ends: the message came ${stuck.attempts} times, and in the end again`;
    case 'not_finished':
      return `${stuck.caller} did not come to an end with message ${stuck.message_id}`;
    case 'not_received':
      return `nobody received message ${stuck.message_id} any more`;
  }
}

const DELETE_LAST = 'delete the message last, when everything else is done';

const REMEDIES: Readonly<Record<Experiment, string>> = {
  duplicate:
    'write a marker with the id of what was done in the same conditional write or transaction as the effect: the same message may come twice',
  error: 'let the error out, so that the message is not deleted and comes again',
  crash: DELETE_LAST,
  order: 'compare versions or times in a conditional write, or use a FIFO queue with a message group',
  partial: 'read Failed or UnprocessedItems in the answer of a batch, and send those entries again',
  poison: 'let a message that cannot be read fail before anything is written, and give its queue a dead-letter queue',
  slow: 'make the last write depend on what was read (a condition, or a transaction with a marker), and let the visibility timeout be longer than the work',
  conserve: 'cliffracer why QUEUE tells what keeps messages from it',
  invariants: 'see the trace of what wrote these values: cliffracer blame TABLE KEY',
};

const KEEP_LONGER =
  'keep the marker for as long as the message may come again: longer than all its retries, and than the dead-letter queue is looked at';

const DUPLICATES: Readonly<Record<string, string>> = {
  late: KEEP_LONGER,
  older: KEEP_LONGER,
  anew: 'keep what was handled in a table, with a condition: memory is gone when the process ends',
  resent:
    'tell messages by an id that their producer gives them in the body, not by the id of the message: who sends twice makes two',
  other:
    'let the write depend on what was read (a condition on the old value or a version, ADD instead of reading first): several consumers work at a time',
  copy: 'make the write depend on what was read, in a condition or a transaction with a marker: a copy may be handled at the same time',
};

/** Of a message that came again after a failure: what its later deliveries did says what is wrong with the repeat. */
const REPEATS = {
  skips:
    'let the repeat do what the first try had not done, instead of skipping it: write the marker in one transaction with the effect, or send again what may not have been sent',
  repeats:
    'let each write depend on what is stored, by a condition or in a transaction with a marker: the first try may have done it, and later messages may have come in between',
};

const STOP_AT_FAILED =
  'leave the messages behind one that failed, of its group, for later: handled at once they come before it';

export function remedyText(failure: CounterexampleView): string {
  const { experiment, kind, stuck, queue, call } = failure;
  if (stuck?.reason === 'never_ends')
    return `give ${queue} a dead-letter queue, and let what failed once succeed when it comes again`;
  if (kind === 'other' || (experiment === 'order' && kind === 'batch')) return DUPLICATES.other!;
  if (experiment === 'error' || experiment === 'crash') {
    const repeat = repeatIn(failure);
    if (repeat === 'repeats' && kind === 'batch' && queue.endsWith('.fifo')) return STOP_AT_FAILED;
    if (repeat !== undefined) return REPEATS[repeat];
    if (call?.operation.startsWith('DeleteMessage')) return DELETE_LAST;
  }
  return (experiment === 'duplicate' ? DUPLICATES[kind] : undefined) ?? REMEDIES[experiment];
}

/** Whether later deliveries of the message changed anything; undefined when it did not come again. */
function repeatIn({ trace, message_id: id, kind }: CounterexampleView): keyof typeof REPEATS | undefined {
  const all = trace === undefined ? [] : [...trace.calls.flatMap(inCall), ...trace.messages.flatMap(inMessage)];
  const later = all.filter((delivery) => delivery.id.startsWith(`${id}:`) && delivery.attempt > 1);
  if (later.length === 0) return undefined;
  // Whoever has several messages in hand makes calls that cannot be told to belong to one.
  const since = Math.min(...later.map(({ after_ms: after }) => after));
  const unsure = kind === 'batch' ? trace!.calls.filter(({ after_ms: after }) => after >= since) : [];
  return [...later.flatMap(({ calls }) => calls), ...unsure].some(hasActed) ? 'repeats' : 'skips';
}

const inCall = ({ sends }: TraceCall): TraceDelivery[] => sends.flatMap(inMessage);
const inMessage = ({ deliveries, copies }: TraceMessage): TraceDelivery[] => [
  ...deliveries,
  ...deliveries.flatMap(({ calls }) => calls.flatMap(inCall)),
  ...copies.flatMap(inMessage),
];

const hasActed = ({ sends, effects }: TraceCall): boolean =>
  sends.length > 0 ||
  effects.some(
    (effect) =>
      (effect.kind === 'item' || effect.kind === 'object') &&
      JSON.stringify(effect.before) !== JSON.stringify(effect.after),
  );

const SHOWN_NAMES = 6;

/** What was run, and what the verdict does not cover, in sentences. */
export function notesOf(verdict: VerdictView): string[] {
  const { deliveries, tallies, masked, shaped, outputs, unattributed, remembers, put_back } = verdict;
  const isRun = ({ experiment }: VerdictView['tallies'][number]) => !JUDGEMENTS.some((each) => each === experiment);
  const runs = tallies.filter(isRun).reduce((sum, tally) => sum + tally.runs, 0);
  const withoutQueues = verdict.without_dead_letters;
  return [
    `${counted(deliveries, 'delivery', 'deliveries')} undisturbed, ${counted(runs, 'run')} disturbed.`,
    ...(masked.length > 0 ? [`Not compared, as it differs by nature: ${names(masked)}.`] : []),
    ...(shaped.length > 0 ? [`Compared but for times and random ids: ${names(shaped)}.`] : []),
    ...(outputs.length > 0 ? [`Nobody receives from ${names(outputs)}: what lies there was compared.`] : []),
    ...(remembers ? ['The consumers keep something in memory: they were started anew for each run.'] : []),
    ...(unattributed.length > 0
      ? [`No failure was made at calls that belong to no message: ${names(unattributed.map(callText))}.`]
      : []),
    ...(put_back.length > 0
      ? [`Other programs wrote meanwhile, which was put back with the rest: ${names(put_back.map(callText))}.`]
      : []),
    ...(withoutQueues.length > 0
      ? [`${names(withoutQueues)} without a dead-letter queue: what fails there comes again until its retention ends.`]
      : []),
  ];
}

const callText = ({ caller, operation, resource, calls }: VerdictView['unattributed'][number]) =>
  `${operation}${resource === '' ? '' : ` on ${resource}`} by ${caller} (${counted(calls, 'call')})`;

const counted = (count: number, noun: string, nouns = `${noun}s`) => `${count} ${count === 1 ? noun : nouns}`;

const names = (texts: readonly string[]) =>
  texts.slice(0, SHOWN_NAMES).join(', ') +
  (texts.length > SHOWN_NAMES ? `, and ${texts.length - SHOWN_NAMES} more` : '');

export const FLAKY = 'flaky: it failed once, and held when it was tried again; a race, or something by chance';

const REASONS: Readonly<Record<NotTriedReason, string>> = {
  over_budget: 'over the budget',
  did_not_strike: 'the call did not come',
  answered: 'the message was deleted already, so it cannot come again meanwhile',
  not_ours: 'which process makes these calls is not known: give each consumer its name, in the configuration',
  one_hand: 'nobody else receives from the queue: run two of the consumer, or give its command',
  batch_differs: 'a batch ends otherwise already without it',
  interfered: 'another program wrote something meanwhile',
  consumer_gone: 'nobody receives any more',
};

/** Cases that were not tried, by the reason. */
export function notTriedLines(notTried: VerdictView['not_tried']): string[] {
  return [...new Set(notTried.map(({ reason }) => reason))].map((reason) => {
    const ids = notTried.filter((each) => each.reason === reason).map(({ id }) => id);
    return `Not tried (${REASONS[reason]}): ${names(ids)}.`;
  });
}
