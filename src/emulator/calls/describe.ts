import type { Effect, SubscriptionDelivery } from '../core/effects.ts';
import type { ByteRing } from './byte-ring.ts';
import type { CallEntry, Delivery } from './entry.ts';
import { itemKey } from './item-key.ts';
import type { CallLog } from './log.ts';
import { deliveryOfCall, deliveryOfEffect } from './narrow.ts';
import { lastPart, resourceEffects, resourcesOf } from './resources.ts';
import { jsonValue } from './texts.ts';
import type { Replacement } from './undone.ts';

/** A call as the control interface tells it, without its input and answer (docs/engine.md, Call log). */
export function describeCall(entry: CallEntry, { bytes, undone }: CallLog) {
  return {
    seq: entry.seq,
    at: new Date(entry.at).toISOString(),
    at_ms: entry.at,
    duration_ms: Math.round(entry.duration * 1000) / 1000,
    caller: entry.caller,
    service: entry.service,
    operation: entry.operation,
    account: entry.account,
    region: entry.region,
    resources: resourcesOf(entry, bytes),
    outcome: entry.code ?? 'ok',
    error: entry.message ?? null,
    fault: entry.fault === undefined ? null : { id: entry.faultId, rule: entry.fault },
    effects: effectsOf(entry, bytes),
    ...describeDeliveries(entry, bytes),
    invocation_id: entry.invocation(bytes) ?? null,
    undone_by: describeReplacement(undone.by(entry.seq)),
  };
}

export const describeReplacement = (by: Replacement | undefined) =>
  by === undefined ? null : { seq: by.seq, at: new Date(by.at).toISOString(), change: by.change, name: by.name };

const effectsOf = (entry: CallEntry, bytes: ByteRing): Record<string, unknown>[] =>
  entry.effects?.map((effect) => ({
    ...describeEffect(effect),
    delivery: deliveryOfEffect(entry, effect)?.id ?? null,
  })) ?? resourceEffects(entry, bytes);

/** The same with input and answer; bytes in base64, a long content of an object cut. */
export const describeWhole = (entry: CallEntry, log: CallLog) => ({
  ...describeCall(entry, log),
  input: jsonValue(entry.input(log.bytes)) ?? null,
  answer: jsonValue(entry.answer(log.bytes)) ?? null,
});

/** `exact`, `content` (of several in hand, the one whose message alone shares an id with the call), `one_of`, or null. */
function describeDeliveries(entry: CallEntry, bytes: ByteRing) {
  const deliveries = entry.deliveries ?? [];
  if (deliveries.length === 0) return { deliveries: [], certainty: null };
  const one = entry.certainty === 'one_of' ? deliveryOfCall(entry, bytes) : undefined;
  if (one !== undefined) return { deliveries: [describeDelivery(one)], certainty: 'content' };
  return { deliveries: deliveries.map(describeDelivery), certainty: entry.certainty };
}

export const describeDelivery = (delivery: Delivery) => ({
  id: delivery.id,
  message_id: delivery.messageId,
  queue: lastPart(delivery.queue),
  attempt: delivery.attempt,
  caller: delivery.caller,
  end: delivery.end ?? null,
});

export function describeEffect(effect: Effect): Record<string, unknown> {
  switch (effect.kind) {
    case 'item':
      return {
        kind: 'item',
        table: effect.table,
        key: itemKey(effect.keys, effect.after ?? effect.before),
        before: jsonValue(effect.before) ?? null,
        after: jsonValue(effect.after) ?? null,
      };
    case 'message':
      return {
        kind: 'message',
        change: effect.change,
        queue: lastPart(effect.queue),
        message_id: effect.id,
        receives: effect.receives,
        until: effect.until === undefined ? null : new Date(effect.until).toISOString(),
        to: effect.to === undefined ? null : lastPart(effect.to),
        group: effect.groupId ?? null,
        other: effect.other ?? null,
        trace: effect.trace ?? null,
        body: effect.body ?? null,
      };
    case 'published':
      return {
        kind: 'published',
        topic: lastPart(effect.topic),
        message_id: effect.id,
        body: effect.body,
        deliveries: effect.deliveries.map(describeSubscription),
      };
    default:
      return jsonValue(effect) as Record<string, unknown>;
  }
}

const describeSubscription = (delivery: SubscriptionDelivery) => ({
  subscription: delivery.subscription,
  endpoint: lastPart(delivery.endpoint),
  endpoint_arn: delivery.endpoint,
  outcome: delivery.outcome,
  message_id: delivery.messageId ?? null,
  code: delivery.code ?? null,
  reason: delivery.reason ?? null,
  dead_letters: delivery.deadLetters === undefined ? null : lastPart(delivery.deadLetters),
  unmatched: delivery.unmatched?.() ?? [],
});
