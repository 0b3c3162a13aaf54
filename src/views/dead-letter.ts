import type { OrderRecord } from '../domain/records.ts';
import type { DeadLetter } from '../lab/dead-letters/dead-letter.ts';
import type { View, ViewContext } from './context.ts';
import { truncate } from './table.ts';
import { plural, safe, status, time } from './text.ts';

/** A dead letter; of the shop's with its event and the record of its order, where there is one. */
export type DeadLetterDetail = Omit<DeadLetter, 'event' | 'labels'> & {
  service?: string | undefined;
  event_type?: string | undefined;
  event_id?: string | undefined;
  order_id?: string | undefined;
  /** Of the shop's dead letters only. */
  order?: Pick<OrderRecord, 'order_id' | 'customer_id' | 'status' | 'total_amount' | 'updated_at'> | null;
};

export interface ShownDeadLetters {
  queue: string;
  depth: number;
  messages: readonly DeadLetterDetail[];
  more: boolean;
}

const LABEL = 11;
const BODY_LINES = 60;

/** One dead letter whole, or several with their bodies cut to a line. */
export const deadLetterView: View<ShownDeadLetters> = ({ queue, depth, messages, more }, context) => {
  const { paint } = context;
  if (messages.length === 0) {
    return depth === 0
      ? `No messages in ${queue}.`
      : `${plural(depth, 'message')} in ${queue}, all in somebody's hands.`;
  }
  const whole = messages.length === 1;
  const blocks = messages.map((letter) => letterBlock(letter, whole, context));
  if (more) blocks.push(paint.dim(`${messages.length} of ${plural(depth, 'message')}: give --limit, or --message ID.`));
  return blocks.join('\n\n');
};

function letterBlock(letter: DeadLetterDetail, whole: boolean, context: ViewContext): string {
  const { paint } = context;
  const field = (label: string, value: string) => `  ${paint.dim(label.padEnd(LABEL))} ${value}`;
  const { message_id, attempts, sent_at, body, error, source } = letter;
  const reason = error === undefined ? paint.dim('unknown: no log line tells') : errorText(letter, context);
  return [
    paint.bold(safe(message_id)),
    ...(letter.order === undefined ? [] : shopFields(letter, field, context)),
    ...(source === undefined || letter.service !== undefined ? [] : [field('from', safe(source))]),
    field('attempts', `${attempts}${paint.dim(`, sent ${time(sent_at, context)}${failedAt(error?.at, context)}`)}`),
    field('reason', reason),
    ...(whole ? stackLines(error?.stack, context) : []),
    ...(whole ? attributeFields(letter.attributes, field) : []),
    ...(whole ? ['', ...bodyLines(body, context)] : [field('body', truncate(safe(body), context.width - LABEL - 3))]),
  ].join('\n');
}

type Field = (label: string, value: string) => string;

function shopFields(
  { event_type, event_id, order_id, order }: DeadLetterDetail,
  field: Field,
  context: ViewContext,
): string[] {
  const { paint } = context;
  const event =
    event_type === undefined
      ? paint.dim('no event')
      : `${paint.bold(safe(event_type))} ${paint.dim(safe(event_id ?? ''))}`;
  const about = order === undefined || order === null ? orderMissing(order_id, context) : orderText(order, context);
  return [field('event', event), field('order', about)];
}

function errorText({ error }: DeadLetterDetail, context: ViewContext): string {
  const { code, message } = error!;
  return `${context.paint.red(safe(code))}${message === '' ? '' : `: ${safe(message)}`}`;
}

const failedAt = (at: string | undefined, context: ViewContext) =>
  at === undefined ? '' : `, last failed ${time(at, context)}`;

function orderText(order: NonNullable<DeadLetterDetail['order']>, context: ViewContext): string {
  const { order_id, customer_id, total_amount } = order;
  return `${safe(order_id)} ${status(order.status, context)} ${context.paint.dim(`for ${safe(customer_id)}, ${safe(total_amount)}`)}`;
}

const orderMissing = (id: string | undefined, { paint }: ViewContext) =>
  id === undefined ? paint.dim('none') : `${safe(id)} ${paint.yellow('is not in the table orders')}`;

/** What a program wrote on the message, beside what the event says anyway. */
function attributeFields(attributes: Record<string, string>, field: Field): string[] {
  const said = new Set(['event_type', 'order_id']);
  const others = Object.entries(attributes).filter(([name]) => !said.has(name));
  return others.map(([name, value], index) => field(index === 0 ? 'attributes' : '', `${safe(name)} = ${safe(value)}`));
}

const stackLines = (stack: string | undefined, { paint }: ViewContext) =>
  stack === undefined ? [] : stack.split('\n').map((line) => paint.dim(`    ${safe(line)}`));

function bodyLines(body: string, { paint }: ViewContext): string[] {
  const lines = indented(body).split('\n');
  const cut = lines.length - BODY_LINES;
  const shown = lines.slice(0, BODY_LINES).map((line) => `  ${safe(line)}`);
  return cut <= 0 ? shown : [...shown, paint.dim(`  and ${plural(cut, 'more line')}: --json has them all`)];
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
