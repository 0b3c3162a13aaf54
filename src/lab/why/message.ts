import { CliffracerError } from '../../errors.ts';
import type { Call, PublishedEffect, SubscriptionOutcome } from '../calls/call.ts';
import type { CallLog, MessagePlace, QueueState } from '../calls/port.ts';
import { withoutUndone } from '../calls/undone.ts';
import { callRef, type History, historyOf } from './history.ts';
import { remedyOf, remedyOfFate } from './remedies.ts';
import type { Fate, MessageReport, PublishedReport } from './report.ts';

const MOST_CALLS = 10_000;

/** Where a message is and what keeps it there, or what became of it. Rejects with `not_found`. */
export async function whyMessage(log: CallLog, id: string): Promise<MessageReport | PublishedReport> {
  const { calls: logged, first } = await log.page({ message: id, limit: MOST_CALLS });
  const calls = await withoutUndone(log, logged);
  const published = publishedBy(calls, id);
  if (published !== undefined) return whyPublished(log, published, first);
  const history = historyOf(id, calls);
  const queues = history.queue === null ? (await log.queues()).map(({ name }) => name) : [history.queue];
  const found = await placeIn(log, queues, id);
  if (calls.length === 0 && found === undefined) throw notFound(id, first);
  return report(log, id, history, first, found);
}

function notFound(id: string, first: number): CliffracerError {
  const older = first > 1 ? `, which begins at call ${first}: what came before is no longer kept` : '';
  return new CliffracerError('not_found', `no message ${JSON.stringify(id)} in a queue or in the call log${older}`, {
    hint: 'cliffracer calls --operation SendMessage',
  });
}

function publishedBy(calls: readonly Call[], id: string): { call: Call; effect: PublishedEffect } | undefined {
  for (const call of calls) {
    for (const effect of call.effects)
      if (effect.kind === 'published' && effect.message_id === id) return { call, effect };
  }
  return undefined;
}

async function whyPublished(
  log: CallLog,
  { call, effect }: { call: Call; effect: PublishedEffect },
  first: number,
): Promise<PublishedReport> {
  const subscriptions: PublishedReport['subscriptions'] = [];
  for (const outcome of effect.deliveries) subscriptions.push(await subscriptionReport(log, outcome));
  const { message_id, topic } = effect;
  return { kind: 'published', message_id, topic, published: callRef(call), subscriptions, log_begins: first };
}

async function subscriptionReport(log: CallLog, outcome: SubscriptionOutcome) {
  const remedy = remedyOf(outcome);
  if (outcome.message_id === null) return { ...outcome, remedy, message: null };
  const message = await whyMessage(log, outcome.message_id);
  return { ...outcome, remedy, message: message.kind === 'message' ? message : null };
}

interface Found {
  queue: string;
  place: MessagePlace;
}

async function placeIn(log: CallLog, queues: readonly string[], id: string): Promise<Found | undefined> {
  for (const queue of queues) {
    const place = await log.place(queue, id);
    if (place !== undefined) return { queue, place };
  }
  return undefined;
}

async function report(
  log: CallLog,
  id: string,
  history: History,
  first: number,
  found: Found | undefined,
): Promise<MessageReport> {
  const queue = found?.queue ?? history.queue;
  const fate = found === undefined ? await fateOfGone(log, history) : await fateInQueue(log, found, history);
  const { sent, published, dead_lettered, duplicates } = history;
  // Its queue knows how often it was received, where a loaded snapshot undid the rest.
  const received = found !== undefined && dead_lettered.length === 0 ? found.place.receive_count : undefined;
  const deliveries = history.deliveries.filter(({ attempt }) => attempt <= (received ?? attempt));
  return {
    ...{ kind: 'message', message_id: id, queue, fate, sent, published, dead_lettered, deliveries, duplicates },
    ...{ log_begins: first, remedy: remedyOfFate(fate, queue, dead_lettered.length > 0) },
  };
}

async function fateInQueue(log: CallLog, { queue, place }: Found, { deliveries }: History): Promise<Fate> {
  const latest = deliveries.at(-1);
  if (place.state === 'delayed') return { state: 'delayed', until: place.visible_at };
  if (place.state === 'in-flight') {
    const caller = latest?.end === null ? latest.caller : null;
    return { state: 'in_flight', until: place.visible_at, caller, attempt: place.receive_count };
  }
  if (place.blocked_by.length > 0) {
    const blocked_by = [];
    for (const blocking of place.blocked_by.slice(0, 3)) blocked_by.push(await blockedBy(log, queue, blocking));
    return { state: 'blocked', group: place.group ?? '', blocked_by };
  }
  const state = await log.queue(queue);
  if (place.held) return { state: 'held', since: state?.hold?.since ?? null };
  return { state: 'ready', ahead: place.ahead, received: place.receive_count, consumers: consumersOf(state) };
}

const consumersOf = (queue: QueueState | undefined) => queue?.consumers.map(({ caller }) => caller) ?? [];

async function blockedBy(log: CallLog, queue: string, message_id: string) {
  const [{ calls }, place] = await Promise.all([
    log.page({ message: message_id, limit: MOST_CALLS }),
    log.place(queue, message_id),
  ]);
  const latest = historyOf(message_id, calls).deliveries.at(-1);
  return { message_id, caller: latest?.caller ?? null, visible_at: place?.visible_at ?? null };
}

/** Of a message that is in its queue no more. */
async function fateOfGone(log: CallLog, history: History): Promise<Fate> {
  const { last, duplicateOf, since, queue } = history;
  if (duplicateOf !== null) return { state: 'duplicate', of: duplicateOf };
  if (last !== null) {
    const { call, effect } = last;
    if (effect.change === 'deleted') return { state: 'deleted', by: callRef(call), attempt: effect.receives || null };
    if (effect.change === 'expired') return { state: 'expired', at: call.at };
    if (effect.change === 'moved')
      return { state: 'moved', to: effect.to ?? '', message_id: effect.other, at: call.at };
  }
  return (queue === null ? undefined : await emptied(log, queue, since)) ?? { state: 'unknown' };
}

/** What took everything out of a queue: a purge, its deletion, or a state that was put in the place of all. */
async function emptied(log: CallLog, queue: string, since: number): Promise<Fate | undefined> {
  const query = { after: since, limit: MOST_CALLS };
  const [onQueue, onWorld] = await Promise.all([
    log.page({ ...query, resource: `queue/${queue}`, writes: true }),
    log.page({ ...query, caller: 'engine', service: 'engine' }),
  ]);
  const purge = onQueue.calls.find(({ operation }) => operation === 'PurgeQueue' || operation === 'DeleteQueue');
  const [replaced] = onWorld.calls;
  if (purge !== undefined && (replaced === undefined || purge.seq < replaced.seq)) {
    return { state: purge.operation === 'DeleteQueue' ? 'queue_deleted' : 'purged', by: callRef(purge) };
  }
  const effect = replaced?.effects[0];
  if (replaced === undefined || effect?.kind !== 'world') return undefined;
  return { state: 'replaced', change: effect.change, name: effect.name, at: replaced.at };
}
