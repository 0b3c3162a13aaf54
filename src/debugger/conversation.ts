import type { CallLog } from '../lab/calls/port.ts';
import type { Conversation, HandledDelivery, WaitingMessage } from './model.ts';

/** All messages that the call log connects with this one, and those that their deliveries send. */
export async function ofMessages(message: WaitingMessage, log: CallLog): Promise<Conversation> {
  const { calls } = await log.connected(message.message_id);
  const ids = new Set([message.message_id]);
  for (const { effects } of calls) {
    for (const effect of effects) if (effect.kind === 'message') ids.add(effect.message_id);
  }
  return {
    name: `what belongs to ${message.message_id.slice(0, 8)}`,
    has: ({ message_id }) => ids.has(message_id),
    follow(deliveries) {
      for (const id of deliveries.flatMap(sentIn)) ids.add(id);
    },
  };
}

const sentIn = ({ sent, published }: HandledDelivery): string[] => [
  ...sent.map(({ message_id }) => message_id),
  ...published.flatMap(({ deliveries }) => deliveries.flatMap(({ message_id }) => message_id ?? [])),
];
