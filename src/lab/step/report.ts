import type { Call, Effect, ItemEffect } from '../calls/call.ts';
import { type AttributeChange, changesOf } from '../calls/changes.ts';

/** acknowledged: deleted; the others are failures. `purged` and `replaced`: the message or the whole state went away. */
export type Outcome = 'acknowledged' | 'returned' | 'expired' | 'dead_lettered' | 'purged' | 'replaced';

export interface DeliveryReport {
  /** `MESSAGE_ID:RECEIVES`; null for a message that went to the dead-letter queue instead of being delivered. */
  id: string | null;
  attempt: number;
  caller: string;
  outcome: Outcome;
  taken_at: string;
  ended_at: string;
  /** Engine time in the consumer. */
  duration_ms: number;
  items: (Omit<ItemEffect, 'kind'> & { changes: AttributeChange[] })[];
  objects: Omit<Extract<Effect, { kind: 'object' }>, 'kind' | 'delivery'>[];
  sent: { queue: string; message_id: string; body: string | null }[];
  published: Omit<Extract<Effect, { kind: 'published' }>, 'kind' | 'delivery'>[];
  /** Metrics, log lines, alarms and resources. */
  others: Effect[];
  calls: Pick<Call, 'seq' | 'at' | 'service' | 'operation' | 'resources' | 'outcome' | 'fault'>[];
}

/** What became of one message. */
export interface Delivered {
  queue: string;
  message_id: string;
  /** Whether its body was replaced before. */
  edited: boolean;
  /** The call that was made to fail, when that was asked for. */
  failed_call: { number: number; struck: boolean } | null;
  deliveries: DeliveryReport[];
}

export interface StepReport extends Delivered {
  /** The state before it. */
  snapshot: string;
  /** Queues that were not held before. */
  newly_held: string[];
}

/** A delivery as the call log has it, from the receive to its end. */
export interface WatchedDelivery {
  id: string | null;
  attempt: number;
  caller: string;
  outcome: Outcome;
  taken: { at: string; at_ms: number };
  ended: { at: string; at_ms: number };
  calls: readonly Call[];
}

/** What a delivery changed, first state to last, and what it cost. */
export function reportOf({ id, attempt, caller, outcome, taken, ended, calls }: WatchedDelivery): DeliveryReport {
  // A caller that has left another message unanswered: its calls may be of either, and only this one was released.
  const effects = calls.flatMap((call) => call.effects.filter(({ delivery }) => delivery === id || delivery === null));
  const report: DeliveryReport = {
    ...{ id, attempt, caller, outcome, taken_at: taken.at, ended_at: ended.at },
    duration_ms: ended.at_ms - taken.at_ms,
    ...{ items: [], objects: [], sent: [], published: [], others: [] },
    calls: calls.map(({ seq, at, service, operation, resources, outcome: answer, fault }) => ({
      ...{ seq, at, service, operation, resources, outcome: answer, fault },
    })),
  };
  for (const effect of effects) add(report, effect);
  for (const item of report.items) item.changes = changesOf(item);
  return report;
}

function add(report: DeliveryReport, effect: Effect): void {
  switch (effect.kind) {
    case 'item': {
      const { kind: _, delivery: __, ...item } = effect;
      const earlier = report.items.find(({ table, key }) => table === item.table && key === item.key);
      if (earlier === undefined) report.items.push({ ...item, changes: [] });
      else earlier.after = item.after;
      return;
    }
    case 'object': {
      const { kind: _, delivery: __, ...object } = effect;
      const earlier = report.objects.find(({ bucket, key }) => bucket === object.bucket && key === object.key);
      if (earlier === undefined) report.objects.push(object);
      else Object.assign(earlier, { after: object.after });
      return;
    }
    case 'published': {
      const { kind: _, delivery: __, ...published } = effect;
      report.published.push(published);
      return;
    }
    case 'message': {
      // What a topic hands on stands with the publication.
      const { change, queue, message_id, body } = effect;
      if (change === 'sent' && !isPublished(report, message_id)) report.sent.push({ queue, message_id, body });
      return;
    }
    case 'world':
      return;
    default:
      report.others.push(effect);
  }
}

const isPublished = ({ published }: DeliveryReport, id: string) =>
  published.some(({ deliveries }) => deliveries.some(({ message_id }) => message_id === id));
