import type { DebugFact, DebugSummary, DeliveredFact, NotTakenFact } from '../debugger/facts.ts';
import type { Depth, HandledDelivery, ShownMessage } from '../debugger/model.ts';
import type { ParsedMessage } from '../domain/parse-event.ts';
import type { Plan } from '../shop/runtime/plan.ts';
import { clockTime } from './calls.ts';
import type { View, ViewContext } from './context.ts';
import { shortId } from './effects.ts';
import { itemsText } from './orders.ts';
import { deliveryLines, failureLines } from './step-report.ts';
import { effectsText, stepView } from './steps.ts';
import { truncate } from './table.ts';
import { duration, plural, safe } from './text.ts';
import { attemptRows, shortDelivery } from './why.ts';

const LABEL = 13;
/** A body is cut to so many lines of the terminal. */
const BODY_LINES = 6;

const rowOf =
  ({ paint }: ViewContext) =>
  (label: string, text: string) =>
    `  ${paint.dim(label.padEnd(LABEL))}  ${text}`;

/** A message before its delivery. */
export const messageShownView: View<ShownMessage> = (message, context) => {
  const { paint } = context;
  const { queue, message_id, attempt, edited, shop, consumers } = message;
  const row = rowOf(context);
  const again = attempt > 1 ? paint.yellow(` attempt ${attempt}`) : '';
  const who =
    shop === null
      ? `${paint.bold(paint.cyan(safe(queue)))} ${paint.dim('has a message')}`
      : `${paint.bold(paint.cyan(shop.service))} ${paint.dim(`has a message in ${safe(queue)}`)}`;
  return [
    '',
    `${who}${again}${edited ? paint.yellow(' edited') : ''}`,
    ...(shop === null ? bodyRows(message, context) : eventRows(shop.parsed, context)),
    row('message', paint.dim(safe(message_id))),
    ...historyRows(message, context),
    ...(shop === null ? [] : [row('will', planText(shop.plan, context))]),
    ...(consumers === null ? [] : [row('consumers', consumersText(consumers, context))]),
  ].join('\n');
};

function bodyRows({ body, attributes, group }: ShownMessage, context: ViewContext): string[] {
  const row = rowOf(context);
  const room = Math.max(20, context.width - LABEL - 4);
  const named = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  return [
    row('body', truncate(safe(body), room * BODY_LINES)),
    ...(named.length === 0 ? [] : [row('attributes', safe(named.join(', ')))]),
    ...(group === null ? [] : [row('group', safe(group))]),
  ];
}

function eventRows(parsed: ParsedMessage, context: ViewContext): string[] {
  const { paint, width } = context;
  const row = rowOf(context);
  if ('problem' in parsed) return [row('problem', paint.red(`${parsed.problem}: ${safe(parsed.detail)}`))];
  const { event_type, order_id, event_id, correlation_id, causation_id, ...payload } = parsed.event;
  const known = new Set(['customer_id', 'timestamp', 'schema_version']);
  const rest = Object.entries(payload).filter(([name]) => !known.has(name));
  return [
    row('event', `${paint.bold(event_type)} ${paint.dim(safe(event_id))}`),
    row('order', safe(order_id)),
    row('correlation', paint.dim(safe(correlation_id))),
    ...(causation_id == null ? [] : [row('caused by', paint.dim(safe(causation_id)))]),
    ...rest.map(([name, value]) => row(safe(name), truncate(safe(textOf(value)), Math.max(20, width - LABEL - 4)))),
  ];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((line) => typeof line.sku === 'string' && 'quantity' in line))
    return itemsText(value);
  return JSON.stringify(value);
}

function historyRows({ history }: ShownMessage, context: ViewContext): string[] {
  if (history === null) return [];
  const row = rowOf(context);
  const { sent, published, deliveries } = history;
  const topic = published === null ? '' : `, published on ${published.topic}`;
  const within = sent?.delivery == null ? '' : `, in delivery ${shortDelivery(sent.delivery)}`;
  return [
    ...(sent === null ? [] : [row('sent', safe(`${clockTime(sent.at, context)} by ${sent.caller}${topic}${within}`))]),
    ...deliveries.flatMap((delivery) => attemptRows(delivery, context).map(([label, text]) => row(label, text))),
  ];
}

function planText({ outcome, effects, error }: Plan, { paint }: ViewContext): string {
  if (error !== undefined) return paint.red(safe(`${outcome}: ${error.code}, ${error.message}`));
  const told = effectsText({ outcome, effects });
  return safe(outcome === 'duplicate' ? `as a duplicate: ${told}` : told);
}

function consumersText(consumers: NonNullable<ShownMessage['consumers']>, context: ViewContext): string {
  if (consumers.length === 0) return context.paint.yellow('none was seen yet: cliffracer exec -- COMMAND');
  return safe(consumers.map(({ caller, at }) => `${caller} (${clockTime(at, context)})`).join(', '));
}

/** What a session tells as it goes. */
export const debugView: View<DebugFact> = (fact, context) => {
  const { paint } = context;
  switch (fact.kind) {
    case 'opened':
      return fact.held.length === 0
        ? ''
        : [paint.dim(`Held: ${fact.held.map(safe).join(', ')}`), depthsLine(fact.queues, context)].join('\n');
    case 'step':
      return stepText(fact, context);
    case 'left':
      return paint.dim(`- left ${safe(fact.message_id)} in ${safe(fact.queue)}`);
    case 'dead_lettered': {
      const { message_id, dead_letter_queue, queues } = fact;
      return `${paint.red('✗')} moved ${safe(message_id)} to ${safe(dead_letter_queue)}\n${depthsLine(queues, context)}`;
    }
    case 'undone': {
      const what = `undone: ${safe(fact.message_id)} waits in ${safe(fact.queue)} as before`;
      return `${paint.yellow('↶')} ${what}\n${depthsLine(fact.queues, context)}`;
    }
    case 'not_taken':
      return notTakenText(fact, context);
    case 'conversation_ended':
      return paint.dim(`Nothing more of ${safe(fact.conversation)} waits.`);
    case 'summary':
      return summaryText(fact, context);
  }
};

function stepText(fact: DeliveredFact, context: ViewContext): string {
  const { paint } = context;
  const { deliveries, failed_call, breakpoints, queues, queue, message_id, undone } = fact;
  const lines = deliveries.flatMap((delivery, index) => {
    const title = deliveries.length > 1 ? [paint.bold(index === 0 ? 'First delivery' : 'Delivered again')] : [];
    return [...title, ...handledLines(delivery, `${queue} ${shortId(message_id)}`, context)];
  });
  if (failed_call !== null) lines.push(...failureLines(failed_call, deliveries, context));
  for (const text of breakpoints) lines.push(paint.yellow(`  breakpoint: ${safe(text)}`));
  if (undone) lines.push(paint.yellow('  undone: the state is as it was before'));
  return [...lines, depthsLine(queues, context)].join('\n');
}

/** What the shop's service says of it, or which message it is; then what changed. */
function handledLines(delivery: HandledDelivery, message: string, context: ViewContext): string[] {
  const { handled } = delivery;
  const head = handled === null ? context.paint.cyan(safe(message)) : stepView(handled, context);
  return [head, ...deliveryLines(delivery, context, { isShop: handled !== null })];
}

/** Only queues that have messages: `queues  payment-queue 1 ready, 1 in flight`. */
function depthsLine(queues: readonly Depth[], context: ViewContext): string {
  const counts = queues.flatMap(({ queue, ready, in_flight, delayed }) => {
    const parts = [
      ...(ready > 0 ? [`${ready}`] : []),
      ...(in_flight > 0 ? [`${in_flight} in flight`] : []),
      ...(delayed > 0 ? [`${delayed} delayed`] : []),
    ];
    return parts.length === 0 ? [] : [`${safe(queue)} ${parts.join(', ')}`];
  });
  return context.paint.dim(`  waiting: ${counts.length === 0 ? 'nothing' : counts.join(' · ')}`);
}

const notTakenText = ({ message, hint }: NotTakenFact, { paint }: ViewContext) =>
  [paint.yellow(`! ${safe(message)}`), ...(hint === null ? [] : [`${paint.dim('try:')} ${safe(hint)}`])].join('\n');

const ENDINGS: Readonly<Record<DebugSummary['ended'], string>> = {
  empty: 'Nothing waits any more.',
  until: 'Stopped where asked to.',
  max: 'Stopped after as many messages as asked for.',
  quit: 'Stopped as asked; what was not handled waits in its queue.',
  interrupted: 'Interrupted; what was not handled waits in its queue.',
  not_taken: 'Nobody took the message.',
};

function summaryText(summary: DebugSummary, { paint }: ViewContext): string {
  const { ended, handled, failed, left, dead_lettered, undone, released, duration_ms } = summary;
  const counts = [
    ...(handled > 0 ? [paint.green(`${handled} acknowledged`)] : []),
    ...(failed > 0 ? [paint.red(`${failed} not`)] : []),
    ...(left > 0 ? [paint.yellow(`${left} left`)] : []),
    ...(dead_lettered > 0 ? [paint.red(`${dead_lettered} dead-lettered`)] : []),
    ...(undone > 0 ? [paint.yellow(`${undone} undone`)] : []),
  ];
  return [
    '',
    `${paint.bold(plural(handled + failed, 'delivery', 'deliveries'))} in ${duration(duration_ms)}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`,
    paint.dim(ended === 'empty' && left > 0 ? 'Nothing waits any more but what was left.' : ENDINGS[ended]),
    ...(released.length === 0 ? [] : [paint.dim(`No longer held: ${released.map(safe).join(', ')}`)]),
  ].join('\n');
}

/** Said before a question: why it stopped here. */
export const stopReasonsView: View<readonly string[]> = (reasons, { paint }) =>
  reasons.map((text) => paint.yellow(`breakpoint: ${safe(text)}`)).join('\n');

export const keysView: View<readonly { key: string; name: string }[]> = (keys, { paint }) =>
  paint.dim(keys.map(({ key, name }) => `${key} ${name}`).join(' · '));

export const idleView: View<{ left: number }> = ({ left }, { paint }) =>
  `\n${paint.dim(left === 0 ? 'Nothing waits.' : `Nothing waits but ${plural(left, 'message')} that ${left === 1 ? 'was' : 'were'} left.`)}`;
