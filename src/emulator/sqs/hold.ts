import { fulfils } from '../../expression/evaluate.ts';
import { messageValues } from '../../expression/message-fields.ts';
import { type Expression, parseExpression } from '../../expression/parser.ts';
import { texts } from '../../expression/values.ts';
import type { Hold, Message, Queue } from './state.ts';

/** Whether a message that is ready may be received: the queue is not held, or it is none of those that are. */
export function admits({ hold }: Queue, message: Message): boolean {
  if (hold === undefined) return true;
  hold.again.delete(message.key);
  if (hold.where === undefined || fulfils(expressionOf(hold.where), (field) => valuesOf(message, field))) return false;
  hold.open.add(message.key);
  return true;
}

/** Whether a receive could find something. */
export const hasAvailable = ({ hold, counts }: Queue): boolean => (hold?.open.size ?? counts.ready) > 0;

/** Ready messages that no receiver gets. */
export const heldCount = ({ hold, counts }: Queue): number => (hold === undefined ? 0 : counts.ready - hold.open.size);

/** Ready messages that receivers can get. */
export const unheldReady = (queue: Queue): number => queue.counts.ready - heldCount(queue);

/** Forgets what was said about a message that leaves. */
export function forgetHeld(hold: Hold | undefined, key: number): void {
  hold?.open.delete(key);
  hold?.again.delete(key);
}

/** The latest expression: mostly it is the one of the same queue. */
let latest: { text: string; expression: Expression } | undefined;

function expressionOf(text: string): Expression {
  if (latest?.text !== text) latest = { text, expression: parseExpression(text) };
  return latest.expression;
}

const OWN: Readonly<Record<string, (message: Message) => unknown>> = {
  body: ({ content }) => content.body,
  group: ({ content }) => content.groupId,
  message_id: ({ content }) => content.id,
  receive_count: ({ content }) => content.receiveCount,
  sent_at: ({ content }) => new Date(content.sentAt).toISOString(),
};

/** The values of a field: what SQS knows (`receive_count`), else a field of the body, else an attribute. */
function valuesOf(message: Message, field: string): string[] | undefined {
  if (Object.hasOwn(OWN, field)) return texts(OWN[field]!(message));
  const { body, attributes } = message.content;
  const attribute = (name: string) => {
    const value = attributes.find((each) => each.name === name)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  return messageValues({ body, attribute }, field);
}
