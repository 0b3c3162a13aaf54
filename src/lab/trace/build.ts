import type { Call, Effect, MessageEffect, PublishedEffect } from '../calls/call.ts';
import type { ConnectedCalls } from '../calls/port.ts';
import type { CallTrace, MessageState, TraceCall, TraceDelivery, TraceMessage } from './model.ts';

/** Calls that a delivery's end says already. */
const ON_DELIVERIES = /^(ReceiveMessage|(DeleteMessage|ChangeMessageVisibility)(Batch)?)$/;
const FINISHED: ReadonlySet<MessageState> = new Set(['done', 'published', 'moved', 'duplicate']);

/** The tree of causes that connected calls make. Undefined when there are none. Pure. */
export function buildTrace(found: ConnectedCalls): CallTrace | undefined {
  const { of, named, calls, truncated, undone, first } = found;
  if (named === null || calls.length === 0) return undefined;
  const builder = new Builder(Math.min(...calls.map(({ at_ms }) => at_ms)));
  for (const call of calls) builder.add(call);
  const messages = [...builder.messages.values()];
  const missing = messages.filter(({ state }) => !FINISHED.has(state));
  return {
    ...{ of, named, started_at: new Date(builder.start).toISOString() },
    duration_ms: Math.max(...calls.map(({ at_ms }) => at_ms)) - builder.start,
    counts: {
      ...{ calls: calls.length, messages: messages.length, deliveries: builder.deliveries.size },
      failed: calls.filter(({ outcome }) => outcome !== 'ok').length,
    },
    calls: builder.calls,
    messages: builder.orphans,
    missing: missing.map(({ message_id, to, state }) => ({ message_id, to, state })),
    ...{ truncated, undone, log_begins: first },
  };
}

class Builder {
  readonly start: number;
  readonly messages = new Map<string, TraceMessage>();
  readonly deliveries = new Map<string, TraceDelivery>();
  readonly calls: TraceCall[] = [];
  readonly orphans: TraceMessage[] = [];
  /** When each message was last ready, milliseconds since the epoch. */
  readonly #readyAt = new Map<string, number>();

  constructor(start: number) {
    this.start = start;
  }

  add(call: Call): void {
    const shown = this.#shown(call);
    const published = call.effects.filter((effect) => effect.kind === 'published');
    for (const effect of published) shown.sends.push(this.#published(effect, call));
    const copies = new Set(published.flatMap(({ deliveries }) => deliveries.map(({ message_id }) => message_id)));
    for (const effect of call.effects) {
      if (effect.kind !== 'message') continue;
      if (effect.change === 'sent' || effect.change === 'duplicate') {
        const message = this.#sent(effect, call);
        if (!copies.has(effect.message_id)) shown.sends.push(message);
      } else this.#changed(effect, call);
    }
    this.#place(call, shown);
  }

  #shown(call: Call): TraceCall {
    const { seq, at, duration_ms, caller, service, operation, resources, outcome, error, certainty } = call;
    // A deletion shows as the delivery's end, and below the delivery only where its answer was lost.
    const isShown = ({ kind }: Effect) => kind !== 'published' && (kind !== 'message' || call.outcome !== 'ok');
    const isSent = (effect: Effect) => effect.kind === 'message' && /^(?:sent|duplicate)$/.test(effect.change);
    const effects = call.effects.filter((effect) => isShown(effect) && !isSent(effect));
    const when = { seq, at, after_ms: call.at_ms - this.start, duration_ms };
    return { ...when, caller, service, operation, resources, outcome, error, effects, certainty, sends: [] };
  }

  /** Hangs a call under the delivery that it was made in. */
  #place(call: Call, shown: TraceCall): void {
    const tells = shown.sends.length > 0 || shown.effects.length > 0 || call.outcome !== 'ok';
    if (ON_DELIVERIES.test(call.operation) ? call.outcome === 'ok' : call.caller === 'engine' && !tells) return;
    const owner = this.deliveries.get(ownerOf(call) ?? '');
    if (owner !== undefined) owner.calls.push(shown);
    else if (tells) this.calls.push(shown);
  }

  #published({ message_id, topic, deliveries }: PublishedEffect, call: Call): TraceMessage {
    const message = this.#new(message_id, topic, call, 'published');
    for (const { endpoint, outcome, message_id: copy, code, reason, unmatched } of deliveries) {
      if (outcome === 'delivered' && copy !== null) message.copies.push(this.#new(copy, endpoint, call, 'waiting'));
      else {
        const why = outcome === 'filtered' ? unmatched.join('; ') : [code, reason].filter(Boolean).join(': ');
        message.not_delivered.push({ endpoint, outcome, why });
      }
    }
    return message;
  }

  #sent({ message_id, queue, change, until }: MessageEffect, call: Call): TraceMessage {
    const message = this.messages.get(message_id) ?? this.#new(message_id, queue, call, 'waiting');
    if (change === 'duplicate') message.state = 'duplicate';
    else if (until !== null) message.state = 'delayed';
    this.#readyAt.set(message_id, until === null ? call.at_ms : Date.parse(until));
    return message;
  }

  #new(message_id: string, to: string, call: Call | undefined, state: MessageState): TraceMessage {
    const at = call === undefined ? { at: null, after_ms: null } : { at: call.at, after_ms: call.at_ms - this.start };
    const message: TraceMessage = {
      ...{ message_id, to, ...at, state, not_delivered: [] },
      ...{ copies: [], deliveries: [], dead_letter_queue: null },
    };
    this.messages.set(message_id, message);
    if (call !== undefined) this.#readyAt.set(message_id, call.at_ms);
    return message;
  }

  /** One whose sending is no longer kept. */
  #orphan({ message_id, queue }: MessageEffect): TraceMessage {
    const message = this.#new(message_id, queue, undefined, 'waiting');
    this.orphans.push(message);
    return message;
  }

  #changed(effect: MessageEffect, call: Call): void {
    const { message_id, change, receives, to, other } = effect;
    const message = this.messages.get(message_id) ?? this.#orphan(effect);
    const latest = message.deliveries.at(-1);
    switch (change) {
      case 'received':
        this.#received(message, effect, call);
        break;
      case 'deleted':
        message.state = 'done';
        end(latest?.attempt === receives ? latest : undefined, 'deleted', call);
        break;
      case 'returned':
      case 'visible':
      case 'ready':
        message.state = message.dead_letter_queue === null ? 'waiting' : 'dead_lettered';
        this.#readyAt.set(message_id, call.at_ms);
        if (change !== 'ready') end(latest, change === 'visible' ? 'timed_out' : 'returned', call);
        break;
      case 'dead_lettered':
        message.state = 'dead_lettered';
        message.dead_letter_queue = to;
        this.#readyAt.set(message_id, call.at_ms);
        end(latest, 'timed_out', call);
        break;
      case 'expired':
        message.state = 'expired';
        break;
      case 'moved':
        message.state = 'moved';
        if (other !== null) message.copies.push(this.#new(other, to ?? '', call, 'waiting'));
        break;
      default:
    }
  }

  #received(message: TraceMessage, { message_id, queue, receives }: MessageEffect, call: Call): void {
    message.state = 'in_flight';
    const delivery: TraceDelivery = {
      ...{ id: `${message_id}:${receives}`, queue, attempt: receives, caller: call.caller, at: call.at },
      after_ms: call.at_ms - this.start,
      waited_ms: Math.max(0, call.at_ms - (this.#readyAt.get(message_id) ?? call.at_ms)),
      ...{ worked_ms: null, end: null, calls: [] },
    };
    message.deliveries.push(delivery);
    this.deliveries.set(delivery.id, delivery);
  }
}

/** The one delivery that a call was made in, as far as it can be told. */
function ownerOf({ deliveries, certainty, effects }: Call): string | undefined {
  if (certainty !== 'one_of' && deliveries.length === 1) return deliveries[0]!.id;
  const owners = new Set(effects.map((effect: Effect) => effect.delivery ?? undefined));
  return owners.size === 1 ? [...owners][0] : undefined;
}

function end(delivery: TraceDelivery | undefined, how: TraceDelivery['end'], call: Call): void {
  if (delivery === undefined || delivery.end !== null) return;
  delivery.end = how;
  delivery.worked_ms = Math.max(0, call.at_ms - Date.parse(delivery.at));
}
