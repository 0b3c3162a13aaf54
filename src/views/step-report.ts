import type { Effect } from '../lab/calls/call.ts';
import type { TryReport } from '../lab/dead-letters/try.ts';
import type { DeliveryReport, Outcome, StepReport } from '../lab/step/report.ts';
import type { View, ViewContext } from './context.ts';
import { effectText, shortId } from './effects.ts';
import { duration, plural, safe } from './text.ts';

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  acknowledged: 'acknowledged',
  returned: 'returned: it is held again',
  expired: 'not answered in time: it is held again',
  dead_lettered: 'dead-lettered',
  purged: 'gone: purged, moved or too old',
  replaced: 'gone: the whole state was replaced',
};

export const stepReportView: View<StepReport> = (report, context) => {
  const { queue, message_id, edited, snapshot, newly_held, failed_call, deliveries } = report;
  const { paint } = context;
  const lines = [`${paint.bold(safe(queue))}  ${paint.cyan(safe(message_id))}${edited ? '  edited' : ''}`];
  for (const [index, delivery] of deliveries.entries()) {
    if (deliveries.length > 1) lines.push(paint.bold(index === 0 ? 'First delivery' : 'Delivered again'));
    lines.push(...deliveryLines(delivery, context));
  }
  if (failed_call !== null) lines.push(...failureLines(failed_call, deliveries, context));
  lines.push('', paint.dim(`Undo: cliffracer snapshot load ${snapshot}`));
  if (newly_held.length > 0) {
    lines.push(
      paint.dim(`Now held: ${newly_held.map(safe).join(', ')}`),
      paint.dim('End: cliffracer queue release --all'),
    );
  }
  return lines.join('\n');
};

const AGAIN: Readonly<Record<Outcome, string>> = {
  ...OUTCOMES,
  returned: 'failed again: it gave the message back',
  expired: 'failed again: it did not answer in time',
  dead_lettered: 'failed again: dead-lettered at once',
};

/** What a consumer did with a dead letter, on a copy of the world. */
export const tryReportView: View<TryReport> = (report, context) => {
  const { message_id, dead_letter_queue, queue, delivery, passed_over } = report;
  const { paint } = context;
  const others = passed_over.map(({ caller }) => safe(caller)).join(', ');
  return [
    `${paint.bold(safe(dead_letter_queue))}  ${paint.cyan(safe(message_id))}  from ${safe(queue)}`,
    ...(passed_over.length === 0 ? [] : [paint.dim(`  passed over: ${others}`)]),
    ...deliveryLines(delivery, context, { outcomes: AGAIN }),
    '',
    paint.dim('Nothing of it remains: the state is the one from before.'),
    ...(delivery.outcome === 'acknowledged'
      ? [
          paint.dim(
            `Move it: cliffracer dlq redrive ${safe(dead_letter_queue)} --where 'message_id = ${safe(message_id)}'`,
          ),
        ]
      : []),
  ].join('\n');
};

export interface DeliveryWords {
  outcomes?: Readonly<Record<Outcome, string>>;
  /** The shop says itself what it did; every message of it is measured and logged, which says nothing new. */
  isShop?: boolean;
}

export function deliveryLines(
  delivery: DeliveryReport,
  { paint }: ViewContext,
  { outcomes = OUTCOMES, isShop = false }: DeliveryWords = {},
): string[] {
  const { caller, attempt, outcome, duration_ms, calls } = delivery;
  const good = outcome === 'acknowledged';
  const told = (good ? paint.green : paint.red)(outcomes[outcome]);
  const cost = [...(calls.length === 0 ? [] : [plural(calls.length, 'call')]), duration(duration_ms)].join(', ');
  const who = delivery.id === null ? '' : `${safe(caller)}, attempt ${attempt}: `;
  const tells = ({ kind }: Effect) => !isShop || (kind !== 'metric' && kind !== 'log');
  const changes = changeLines(delivery, tells);
  return [
    `  ${who}${told}${delivery.id === null ? '' : paint.dim(` (${cost})`)}`,
    ...changes.map((line) => `    ${safe(line)}`),
    ...(changes.length === 0 && delivery.id !== null && !isShop ? [paint.dim('    changed nothing')] : []),
  ];
}

function changeLines(
  { items, objects, sent, published, others }: DeliveryReport,
  tells: (effect: Effect) => boolean,
): string[] {
  const texts = [
    ...items.map((item) => effectText({ kind: 'item', ...item })),
    ...objects.map((object) => effectText({ kind: 'object', ...object })),
    ...published.map(publishedText),
    ...sent.map(({ queue, message_id }) => `${queue} ${shortId(message_id)} sent`),
    ...others.filter(tells).map(effectText),
  ];
  return texts.filter((text) => text !== undefined);
}

/** Who got it; `why` tells for what reason others did not. */
function publishedText({ topic, message_id, deliveries }: DeliveryReport['published'][number]): string {
  const those = (outcome: string) =>
    deliveries.filter((each) => each.outcome === outcome).map(({ endpoint }) => endpoint);
  const told = [...new Set(deliveries.map(({ outcome }) => outcome))]
    .sort((a, b) => Number(b === 'delivered') - Number(a === 'delivered'))
    .map(
      (outcome) => `${outcome === 'delivered' ? '' : `${outcome.replace('_', ' ')} for `}${those(outcome).join(', ')}`,
    );
  return `${topic} ${shortId(message_id)} published -> ${told.length === 0 ? 'nobody subscribes' : told.join('; ')}`;
}

export function failureLines(
  { number, struck }: NonNullable<StepReport['failed_call']>,
  deliveries: readonly DeliveryReport[],
  { paint }: ViewContext,
): string[] {
  const call = deliveries.flatMap(({ calls }) => calls).find(({ fault }) => fault !== null);
  if (struck && call !== undefined) {
    return [paint.yellow(`  Call ${number}, ${safe(call.operation)}, failed as asked: ${safe(call.outcome)}`)];
  }
  return [paint.yellow(`  Call ${number} never came: the delivery made fewer calls`)];
}
