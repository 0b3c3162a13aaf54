import type { View, ViewContext } from './context.ts';
import { plural, safe, time } from './text.ts';

export interface PeekView {
  queue: string;
  state: string;
  ready: number;
  in_flight: number;
  delayed: number;
  messages: readonly {
    message_id: string;
    body: string;
    attributes: readonly { name: string; value?: unknown }[];
    receive_count: number;
    sent_at: string;
    visible_at?: string | null;
  }[];
}

export const peekView: View<PeekView> = (peeked, context) => {
  const { paint } = context;
  const { queue, state, ready, in_flight, delayed, messages } = peeked;
  const title = `${paint.bold(safe(queue))}: ${ready} ready, ${in_flight} in flight, ${delayed} delayed`;
  if (messages.length === 0) return `${title}\nNo message is ${safe(state)}.`;
  const rest = { ready, 'in-flight': in_flight, delayed }[state]! - messages.length;
  const more = rest > 0 ? [paint.dim(`\nand ${rest} more: --limit ${messages.length + rest}`)] : [];
  return [title, ...messages.map((message) => messageText(message, context)), ...more].join('\n');
};

function messageText(message: PeekView['messages'][number], context: ViewContext): string {
  const { paint } = context;
  const eventType = message.attributes.find(({ name }) => name === 'event_type')?.value;
  const head = [
    paint.cyan(safe(message.message_id)),
    typeof eventType === 'string' ? safe(eventType) : '',
    paint.dim(`sent ${time(message.sent_at, context)}, received ${plural(message.receive_count, 'time')}`),
    message.visible_at ? paint.yellow(`visible ${time(message.visible_at, context)}`) : '',
  ];
  return `\n${head.filter((part) => part !== '').join('  ')}\n  ${safe(message.body)}`;
}
