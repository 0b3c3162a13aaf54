import { CliffracerError } from '../../errors.ts';
import type { Call, PublishedEffect, SubscriptionOutcome } from '../calls/call.ts';
import type { CallLog, CallPage, MessagePlace, QueueState, Undone } from '../calls/port.ts';
import { callRef, type History, historyOf } from './history.ts';
import { remedyOf, remedyOfFate } from './remedies.ts';
import type { Fate, MessageReport, PublishedReport } from './report.ts';

const MOST_CALLS = 10_000;

/** Where a message is and what keeps it there, or what became of it. Rejects with `not_found`. */
export async function whyMessage(log: CallLog, id: string): Promise<MessageReport | PublishedReport> {
  const page = await log.page({ message: id, present: true, limit: MOST_CALLS });
  const { calls, first, undone } = page;
  const published = publishedBy(calls, id);
  if (published !== undefined) return whyPublished(log, published, page);
  const history = historyOf(id, calls);
  const queues = history.queue === null ? (await log.queues()).map(({ name }) => name) : [history.queue];
  const found = await placeIn(log, queues, id);
  if (calls.length === 0 && undone === null && found === undefined) throw notFound(id, first);
  return report(log, id, history, page, found);
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
  { first, undone }: CallPage,
): Promise<PublishedReport> {
  const subscriptions: PublishedReport['subscriptions'] = [];
  for (const outcome of effect.deliveries) subscriptions.push(await subscriptionReport(log, outcome));
  const { message_id, topic } = effect;
  return { kind: 'published', message_id, topic, published: callRef(call), subscriptions, log_begins: first, undone };
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
  { first, undone }: CallPage,
  found: Found | undefined,
): Promise<MessageReport> {
  const queue = found?.queue ?? history.queue;
  const fate = found === undefined ? await fateOfGone(log, history, undone) : await fateInQueue(log, found, history);
  const { sent, published, dead_lettered, deliveries, duplicates } = history;
  return {
    ...{ kind: 'message', message_id: id, queue, fate, sent, published, dead_lettered, deliveries, duplicates },
    ...{ log_begins: first, undone, remedy: remedyOfFate(fate, queue, dead_lettered.length > 0) },
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
    log.page({ message: message_id, present: true, limit: MOST_CALLS }),
    log.place(queue, message_id),
  ]);
  const latest = historyOf(message_id, calls).deliveries.at(-1);
  return { message_id, caller: latest?.caller ?? null, visible_at: place?.visible_at ?? null };
}

/** Of a message that is in its queue no more. */
async function fateOfGone(log: CallLog, history: History, undone: Undone | null): Promise<Fate> {
  const { last, duplicateOf, since, queue } = history;
  if (duplicateOf !== null) return { state: 'duplicate', of: duplicateOf };
  if (last !== null) {
    const { call, effect } = last;
    if (effect.change === 'deleted') return { state: 'deleted', by: callRef(call), attempt: effect.receives || null };
    if (effect.change === 'expired') return { state: 'expired', at: call.at };
    if (effect.change === 'moved')
      return { state: 'moved', to: effect.to ?? '', message_id: effect.other, at: call.at };
  }
  if (queue === null && undone !== null) return { state: 'replaced', ...undone.by };
  return (queue === null ? undefined : await emptied(log, queue, since)) ?? { state: 'unknown' };
}

/** What took everything out of a queue: a purge, or its deletion. */
async function emptied(log: CallLog, queue: string, since: number): Promise<Fate | undefined> {
  const query = { after: since, present: true, limit: MOST_CALLS };
  const { calls } = await log.page({ ...query, resource: `queue/${queue}`, writes: true });
  const purge = calls.find(({ operation }) => operation === 'PurgeQueue' || operation === 'DeleteQueue');
  if (purge === undefined) return undefined;
  return { state: purge.operation === 'DeleteQueue' ? 'queue_deleted' : 'purged', by: callRef(purge) };
}
