import type { MessageChange, MessageEffect } from '../core/effects.ts';
import type { Context } from '../core/types.ts';
import type { Message, MessageContent, Queue } from './state.ts';

/** Reports to the call log what became of a message. */
export function report(
  context: Context,
  queue: Queue,
  change: MessageChange,
  content: MessageContent,
  more: Partial<MessageEffect> = {},
): void {
  if (!context.logged) return;
  const { id, receiveCount: receives, groupId } = content;
  context.effect({ kind: 'message', queue: queue.arn, id, change, receives, groupId, ...more });
}

/** Reports a message that came into a queue, or was given to a consumer. */
export function reportWhole(
  context: Context,
  queue: Queue,
  change: 'sent' | 'received',
  { content, state, visibleAt }: Message,
): void {
  if (!context.logged) return;
  const { body, traceHeader: trace } = content;
  const hidden = state === 'ready' ? {} : { until: visibleAt };
  report(context, queue, change, content, { body, trace, ...hidden });
}
