import type { Context, TimerHandler } from '../core/types.ts';
import { firstInBacklog, oldestInBacklog } from './backlog.ts';
import { DEDUPLICATION_INTERVAL } from './deduplication.ts';
import { popHeap } from './heap.ts';
import { tickMoveTask } from './move-messages.ts';
import { arm, isHidden, messageOf, removeMessage, show } from './queue.ts';
import { report } from './report.ts';
import type { Queue, SqsState, WakeKind } from './state.ts';

type Context_ = Context<SqsState>;

export const timers: Record<string, TimerHandler<SqsState>> = {
  visibility: (context, name) => wake(context, name, 'visibility', showDue),
  retention: (context, name) => wake(context, name, 'retention', dropExpired),
  deduplication: (context, name) => wake(context, name, 'deduplication', forgetSent),
  move: tickMoveTask,
};

function wake(context: Context_, name: string, kind: WakeKind, act: (context: Context_, queue: Queue) => string[]) {
  const queue = context.state.queues.get(name);
  // An earlier wake has taken this one's place, or the queue has.
  if (queue?.wakes[kind] !== context.now) return undefined;
  queue.wakes[kind] = undefined;
  const happened = act(context, queue);
  return happened.length > 0 ? happened.join('; ') : undefined;
}

function showDue(context: Context_, queue: Queue): string[] {
  const visible: string[] = [];
  const delayed: string[] = [];
  while (queue.hidden.length > 0) {
    const at = queue.hidden[0]!;
    const message = queue.messages.get(queue.hidden[1]!);
    const due = at <= context.now;
    if (!due && isHidden(message, at)) {
      arm(context, queue, 'visibility', at);
      break;
    }
    popHeap(queue.hidden);
    if (!due || !isHidden(message, at)) continue;
    if (message.state === 'delayed') delayed.push(message.content.id);
    else visible.push(`${message.content.id} (received ${times(message.receives)})`);
    report(context, queue, message.state === 'delayed' ? 'ready' : 'visible', message.content);
    show(context, queue, message);
  }
  return [
    ...sentence(visible, (messages) => `visibility timeout of ${messages} on ${queue.name} ended, ready again`),
    ...sentence(delayed, (messages) => `delay of ${messages} on ${queue.name} ended, ready`),
  ];
}

/** Drops what is older than the retention period, in flight or not (SQS Developer Guide, Message retention). */
function dropExpired(context: Context_, queue: Queue): string[] {
  const dropped: string[] = [];
  for (let next = nextToExpire(queue); next !== undefined; next = nextToExpire(queue)) {
    const message = messageOf(queue, next.key);
    const at = next.enqueuedAt + queue.settings.retention;
    if (message !== undefined && at > context.now) {
      arm(context, queue, 'retention', at);
      break;
    }
    if (!next.waits) popHeap(queue.expiry);
    if (message === undefined) continue;
    dropped.push(message.content.id);
    report(context, queue, 'expired', message.content);
    removeMessage(context, queue, message);
  }
  return sentence(dropped, (messages) => `retention of ${messages} on ${queue.name} ended, dropped`);
}

function nextToExpire(queue: Queue): { enqueuedAt: number; key: number; waits: boolean } | undefined {
  const [at = Number.POSITIVE_INFINITY, key = 0] = queue.expiry;
  const waiting = oldestInBacklog(queue);
  const first = firstInBacklog(queue);
  if (waiting < at || (waiting === at && first < key)) return { enqueuedAt: waiting, key: first, waits: true };
  return queue.expiry.length === 0 ? undefined : { enqueuedAt: at, key, waits: false };
}

/** Tidies at most once a second of engine time: whether an id is a duplicate is decided by its own time, on sending. */
function forgetSent(context: Context_, queue: Queue): string[] {
  let forgotten = 0;
  for (const [id, sent] of queue.sent) {
    const at = sent.at + DEDUPLICATION_INTERVAL;
    if (at > context.now) {
      arm(context, queue, 'deduplication', Math.max(at, context.now + 1000));
      break;
    }
    queue.sent.delete(id);
    forgotten++;
  }
  const ids = forgotten === 1 ? '1 id' : `${forgotten} ids`;
  return forgotten === 0 ? [] : [`deduplication interval of ${ids} on ${queue.name} ended`];
}

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

function sentence(messages: string[], say: (messages: string) => string): string[] {
  if (messages.length === 0) return [];
  return [say(messages.length === 1 ? `message ${messages[0]}` : `${messages.length} messages`)];
}
