import { fulfils } from '../../expression/evaluate.ts';
import type { Expression } from '../../expression/parser.ts';
import { texts, valuesAt } from '../../expression/values.ts';
import type { DeadLetter } from './dead-letter.ts';

/** Whether a dead letter fulfils an expression. */
export const matches = (expression: Expression, letter: DeadLetter): boolean =>
  fulfils(expression, (field) => valuesOf(letter, field));

/** What the program itself knows of a dead letter; these names come before fields of the event that are called alike. */
const OWN: Readonly<Record<string, (letter: DeadLetter) => string | number | undefined>> = {
  attempts: (letter) => letter.attempts,
  body: (letter) => letter.body,
  error: (letter) => letter.error?.message,
  message_id: (letter) => letter.message_id,
  reason: (letter) => letter.reason,
  receive_count: (letter) => letter.receive_count,
  sent_at: (letter) => letter.sent_at,
  source: (letter) => letter.source,
};

/**
 * The values of a field as text: what the program knows (`attempts`, labels), else a field of the event (`items.sku`, or
 * `event.reason`), else an attribute of the message (`attributes.trace`). Undefined when there is none.
 */
export function valuesOf(letter: DeadLetter, field: string): string[] | undefined {
  if (Object.hasOwn(OWN, field)) return texts(OWN[field]!(letter));
  if (Object.hasOwn(letter.labels, field) && letter.labels[field] !== undefined) return texts(letter.labels[field]);
  const [first, ...rest] = field.split('.') as [string, ...string[]];
  if (first === 'attributes') return attribute(letter, rest.join('.'));
  if (first === 'event' && rest.length > 0) return valuesAt(letter.event, rest);
  return valuesAt(letter.event, [first, ...rest]) ?? attribute(letter, field);
}

const attribute = ({ attributes }: DeadLetter, name: string) =>
  Object.hasOwn(attributes, name) ? [attributes[name]!] : undefined;
