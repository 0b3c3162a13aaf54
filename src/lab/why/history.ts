import type { Call, MessageEffect } from '../calls/call.ts';
import type { CallRef, DeliveryReport, MessageReport } from './report.ts';

/** What the log tells of one message, without a look into the queues. */
export interface History
  extends Pick<MessageReport, 'sent' | 'published' | 'dead_lettered' | 'deliveries' | 'duplicates'> {
  queue: string | null;
  /** The last change of it. */
  last: { call: Call; effect: MessageEffect } | null;
  /** Set when it was never put into a queue. */
  duplicateOf: string | null;
  /** When it came into the queue where it is now. */
  since: number;
}

export const callRef = ({ seq, at, caller, operation }: Call): CallRef => ({ seq, at, caller, operation });

/** Reads the calls about a message, in the order of the log. */
export function historyOf(id: string, calls: readonly Call[]): History {
  const history: History = {
    ...{ queue: null, last: null, sent: null, published: null, dead_lettered: [], deliveries: [] },
    ...{ duplicates: 0, duplicateOf: null, since: 0 },
  };
  for (const call of calls) {
    for (const effect of call.effects) {
      if (effect.kind === 'message') follow(history, id, call, effect);
      else if (effect.kind === 'published' && effect.deliveries.some(({ message_id }) => message_id === id)) {
        history.published = { message_id: effect.message_id, topic: effect.topic };
      }
    }
    noteErrors(history, id, call);
  }
  return history;
}

function follow(history: History, id: string, call: Call, effect: MessageEffect & { delivery?: string | null }): void {
  if (effect.message_id !== id) {
    followOther(history, id, call, effect);
    return;
  }
  history.last = { call, effect };
  history.queue ??= effect.queue;
  const { change, queue, to, receives } = effect;
  switch (change) {
    case 'sent':
      history.sent = { ...callRef(call), queue, delivery: effect.delivery ?? null };
      history.queue = queue;
      history.since = call.seq;
      break;
    case 'duplicate':
      history.duplicateOf = effect.other;
      break;
    case 'received':
      history.deliveries.push({
        ...{ id: `${id}:${receives}`, attempt: receives, caller: call.caller, queue, at: call.at },
        ...{ end: null, ended_at: null, errors: [] },
      });
      break;
    case 'deleted':
    case 'returned':
      end(history.deliveries.at(-1), change, call.at);
      break;
    case 'visible':
      end(history.deliveries.at(-1), 'timed_out', call.at);
      break;
    case 'dead_lettered':
      end(history.deliveries.at(-1), 'timed_out', call.at);
      history.dead_lettered.push({ from: queue, to: to ?? '', at: call.at, receives });
      history.queue = to;
      history.since = call.seq;
      break;
    default:
  }
}

/** A duplicate of this message, or the message that this one took the place of. */
function followOther(history: History, id: string, call: Call, effect: MessageEffect): void {
  if (effect.other !== id) return;
  if (effect.change === 'duplicate') history.duplicates++;
  if (effect.change !== 'moved') return;
  history.queue = effect.to;
  history.since = call.seq;
  history.sent ??= { ...callRef(call), queue: effect.to ?? '', delivery: null };
}

function end(delivery: DeliveryReport | undefined, how: DeliveryReport['end'], at: string): void {
  if (delivery === undefined || delivery.end !== null) return;
  delivery.end = how;
  delivery.ended_at = at;
}

/** Calls of a delivery that were refused are why it failed, as far as anybody outside of the consumer can tell. */
function noteErrors({ deliveries }: History, id: string, { seq, operation, outcome, error, ...call }: Call): void {
  if (outcome === 'ok' || call.certainty === 'one_of') return;
  const [within] = call.deliveries;
  if (within === undefined || within.message_id !== id) return;
  const delivery = deliveries.find(({ attempt }) => attempt === within.attempt);
  delivery?.errors.push({ seq, operation, outcome, error });
}
