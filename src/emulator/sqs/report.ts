import type { MessageChange, MessageEffect } from '../core/effects.ts';
import type { Context } from '../core/types.ts';
import type { Message, MessageContent, Queue } from './state.ts';

interface Details {
  until?: number;
  to?: string;
  other?: string;
}

/** Reports to the call log what became of a message. */
export function report(
  context: Context,
  queue: Queue,
  change: MessageChange,
  content: MessageContent,
  { until, to, other }: Details = {},
): void {
  if (context.logged) context.effect(messageEffect(queue, change, content, until, to, other, undefined));
}

/** Reports a message that was received too often: the receive that moves it may go on waiting for another one. */
export function reportDeadLetter(context: Context, queue: Queue, content: MessageContent, to: string): void {
  if (!context.logged) return;
  const effect = messageEffect(queue, 'dead_lettered', content, undefined, to, undefined, undefined);
  context.ownEffect('dead-letter', effect);
}

/** Reports a message that came into a queue, or was given to a consumer. */
export function reportWhole(
  context: Context,
  queue: Queue,
  change: 'sent' | 'received',
  { content, state, visibleAt }: Message,
): void {
  if (!context.logged) return;
  const until = state === 'ready' ? undefined : visibleAt;
  const { body } = content;
  context.effect(messageEffect(queue, change, content, until, undefined, undefined, body), body.length);
}

/** All members in one order: effects are made for every call, and share one layout. */
function messageEffect(
  queue: Queue,
  change: MessageChange,
  { id, receiveCount, groupId, traceHeader }: MessageContent,
  until: number | undefined,
  to: string | undefined,
  other: string | undefined,
  body: string | undefined,
): MessageEffect {
  const trace = traceHeader;
  return {
    kind: 'message',
    queue: queue.arn,
    id,
    change,
    receives: receiveCount,
    until,
    to,
    groupId,
    trace,
    body,
    other,
  };
}
