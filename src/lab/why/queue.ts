import type { Call, PublishedEffect } from '../calls/call.ts';
import type { CallLog, QueueState } from '../calls/port.ts';
import { callRef } from './history.ts';
import { remedyOf } from './remedies.ts';
import type { Missed, QueueReport } from './report.ts';

const MOST_CALLS = 10_000;
/** Published messages that did not come which are told, the newest ones. */
const MOST_MISSED = 20;

/** What a queue holds, who sends to it and receives from it, and what did not come. */
export async function whyQueue(log: CallLog, queue: QueueState): Promise<QueueReport> {
  const newest = { last: true, present: true, limit: MOST_CALLS };
  const [subscriptions, about] = await Promise.all([
    log.subscriptions(queue.name),
    log.page({ ...newest, resource: `queue/${queue.name}` }),
  ]);
  const topics = [...new Set(subscriptions.map(({ topic }) => nameOf(topic)))];
  const missed: Missed[] = [];
  for (const topic of topics) {
    const { calls } = await log.page({ ...newest, resource: `topic/${topic}`, writes: true });
    missed.push(...calls.flatMap((call) => missedIn(call, queue.name)));
  }
  missed.sort((a, b) => b.seq - a.seq);
  return {
    ...{ kind: 'queue', queue, subscriptions, missed: missed.slice(0, MOST_MISSED) },
    ...{ receivers: receiversOf(about.calls), senders: sendersOf(about.calls, queue.name) },
    ...{ log_begins: about.first, undone: about.undone },
  };
}

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);

const missedIn = (call: Call, queue: string): Missed[] =>
  call.effects
    .filter((effect): effect is PublishedEffect => effect.kind === 'published')
    .flatMap(({ topic, message_id, deliveries }) =>
      deliveries
        .filter(({ endpoint, outcome }) => endpoint === queue && outcome !== 'delivered')
        .map((delivery) => {
          const { outcome, code, reason, unmatched } = delivery;
          const why = outcome === 'filtered' ? unmatched.join('; ') : [code, reason].filter(Boolean).join(': ');
          return { ...callRef(call), topic, message_id, outcome, why, remedy: remedyOf(delivery) };
        }),
    );

/** Newest first. */
function receiversOf(calls: readonly Call[]): QueueReport['receivers'] {
  const found = new Map<string, QueueReport['receivers'][number]>();
  for (const { operation, caller, at, effects, outcome } of calls) {
    if (operation !== 'ReceiveMessage' || outcome !== 'ok') continue;
    const known = found.get(caller) ?? { caller, receives: 0, messages: 0, last_at: at };
    found.delete(caller);
    const messages = effects.filter((effect) => effect.kind === 'message' && effect.change === 'received').length;
    found.set(caller, { caller, receives: known.receives + 1, messages: known.messages + messages, last_at: at });
  }
  return [...found.values()].reverse();
}

function sendersOf(calls: readonly Call[], queue: string): QueueReport['senders'] {
  const found = new Map<string, QueueReport['senders'][number]>();
  for (const { caller, at, effects } of calls) {
    const sent = effects.filter(
      (effect) => effect.kind === 'message' && effect.change === 'sent' && effect.queue === queue,
    ).length;
    if (sent === 0) continue;
    const known = found.get(caller) ?? { caller, messages: 0, last_at: at };
    found.delete(caller);
    found.set(caller, { caller, messages: known.messages + sent, last_at: at });
  }
  return [...found.values()].reverse();
}
