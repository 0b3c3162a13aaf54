import { fulfils } from '../expression/evaluate.ts';
import { messageValues } from '../expression/message-fields.ts';
import { type Expression, fieldsOf, parseExpression } from '../expression/parser.ts';
import { texts } from '../expression/values.ts';
import type { HandledDelivery, WaitingMessage } from './model.ts';

/** Where a session stops: before a message, or after the delivery that an expression tells of. */
export interface Breakpoint {
  text: string;
  expression: Expression;
  /** It names what is known only after a delivery. */
  after: boolean;
}

/** Throws ExpressionError, naming the character. */
export function breakpoint(text: string): Breakpoint {
  const expression = parseExpression(text);
  return { text, expression, after: [...fieldsOf(expression)].some(isOfDelivery) };
}

/** Whether to stop before the message. */
export const stopsBefore = ({ after, expression }: Breakpoint, message: WaitingMessage, service?: string): boolean =>
  !after && fulfils(expression, (field) => beforeValues(message, service, field));

/** Whether to stop as one of its deliveries was like this. */
export function stopsAfter(
  { after, expression }: Breakpoint,
  message: WaitingMessage,
  deliveries: readonly HandledDelivery[],
): boolean {
  if (!after) return false;
  return deliveries.some((delivery) =>
    fulfils(expression, (field) =>
      isOfDelivery(field) ? deliveryValues(delivery, field) : beforeValues(message, delivery.handled?.service, field),
    ),
  );
}

const BEFORE: Readonly<Record<string, (message: WaitingMessage) => unknown>> = {
  queue: ({ queue }) => queue,
  message_id: ({ message_id }) => message_id,
  attempt: ({ attempt }) => attempt,
  sent_at: ({ sent_at }) => sent_at,
  group: ({ group }) => group,
  body: ({ body }) => body,
};

function beforeValues(message: WaitingMessage, service: string | undefined, field: string): string[] | undefined {
  if (field === 'service') return texts(service);
  if (Object.hasOwn(BEFORE, field)) return texts(BEFORE[field]!(message));
  const { body, attributes } = message;
  const attribute = (name: string) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined);
  return messageValues({ body, attribute }, field);
}

const CHANGED = 'changed.';

const AFTER: Readonly<Record<string, (delivery: HandledDelivery) => readonly unknown[]>> = {
  outcome: ({ outcome, handled }) => [outcome, handled?.outcome],
  caller: ({ caller }) => [caller],
  error: ({ calls, handled }) => [
    ...calls.flatMap(({ outcome }) => (outcome === 'ok' ? [] : [outcome])),
    handled?.error?.code,
  ],
  operation: ({ calls }) => calls.map(({ operation }) => operation),
  calls: ({ calls }) => [calls.length],
  duration_ms: ({ duration_ms }) => [duration_ms],
  table: ({ items }) => items.map(({ table }) => table),
  item: ({ items }) => items.map(({ table, key }) => `${table}/${key}`),
  object: ({ objects }) => objects.map(({ bucket, key }) => `${bucket}/${key}`),
  sent_to: ({ sent, published }) => [
    ...sent.map(({ queue }) => queue),
    ...published.flatMap(({ deliveries }) => deliveries.filter((each) => each.message_id).map((each) => each.endpoint)),
  ],
  published_to: ({ published }) => published.map(({ topic }) => topic),
};

const isOfDelivery = (field: string): boolean => Object.hasOwn(AFTER, field) || field.startsWith(CHANGED);

function deliveryValues(delivery: HandledDelivery, field: string): string[] | undefined {
  if (!field.startsWith(CHANGED)) return texts(...AFTER[field]!(delivery));
  const attribute = field.slice(CHANGED.length);
  const changes = delivery.items.flatMap((item) => item.changes);
  return texts(...changes.filter((change) => change.attribute === attribute).map(({ after }) => after));
}
