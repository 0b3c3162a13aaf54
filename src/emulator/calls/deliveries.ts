import type { EffectSink, MessageEffect } from '../core/effects.ts';
import { CallEntry, Delivery } from './entry.ts';

/** Root of an X-Ray trace header: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=...` (X-Ray Developer Guide). */
export const traceRoot = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : (/(?:^|;)\s*Root=([^;\s]+)/i.exec(header)?.[1] ?? undefined);

/** Of a caller that has more in hand, no call can be told to belong to one. */
const MOST_IN_HAND = 50;

/** Callers that are remembered without a message in hand. */
const MOST_CALLERS = 1_000;

/** What one caller works on: what it received and has not answered, and what it answered since it last asked. */
interface InHand {
  open: Set<Delivery>;
  /**
   * Deleted, returned, or past their visibility timeout since the caller last asked for a message. It may still work on them:
   * one that deletes first acts only then.
   */
  ended: Delivery[];
  /** How often it has asked for messages. */
  asks: number;
}

/** Callers with something in hand, by what is known of their work. */
export interface OpenWork {
  /** Deliveries whose callers have not asked for another message since. */
  inHand: Delivery[];
  /** Whether any caller may still work on something, be it that it let a delivery lie, or goes on after its end. */
  unsure: boolean;
}

/** Which deliveries callers have in hand, and which of them a call belongs to. */
export class Deliveries {
  /** Message -> its latest delivery. A message is in one queue at a time, so its id is enough. */
  readonly #latest = new Map<string, Delivery>();
  readonly #byCaller = new Map<string, InHand>();
  readonly #byTrace = new Map<string, Set<Delivery>>();

  get open(): Delivery[] {
    return [...this.#latest.values()];
  }

  /** What callers other than these work on. */
  openWork(others: ReadonlySet<string>): OpenWork {
    const work: OpenWork = { inHand: [], unsure: false };
    for (const [caller, { open, ended, asks }] of this.#byCaller) {
      if (others.has(caller) || (open.size === 0 && ended.length === 0)) continue;
      work.unsure = true;
      for (const delivery of open) if (delivery.asks === asks) work.inHand.push(delivery);
    }
    return work;
  }

  /** Whether a call by this caller, or with this trace header, may belong to a delivery of the message. */
  has(message: string, caller: string | undefined, trace: string | undefined): boolean {
    const isOf = ({ messageId }: Delivery) => messageId === message;
    const inHand = this.#byCaller.get(caller ?? '');
    if (inHand !== undefined && ([...inHand.open].some(isOf) || inHand.ended.some(isOf))) return true;
    return [...(this.#byTrace.get(traceRoot(trace) ?? '') ?? [])].some(isOf);
  }

  /** Notes which deliveries a call belongs to, and those that it opens and ends. */
  note(entry: CallEntry, trace: string | undefined): void {
    if (entry.operation !== 'ReceiveMessage' && entry.deliveries === undefined) this.#attribute(entry, trace);
    if (entry.effects === undefined) return;
    let acted: Delivery[] | undefined;
    for (const effect of entry.effects) {
      if (effect.kind === 'message') {
        const delivery = this.#follow(entry, effect, trace);
        if (delivery !== undefined) acted = acted === undefined ? [delivery] : [...acted, delivery];
      } else if (effect.kind === 'world' && effect.change === 'purged') this.#purge(effect.name);
    }
    // The receipt handle in the call says whose it is.
    if (acted !== undefined) {
      entry.deliveries = acted;
      entry.certainty = 'exact';
    }
  }

  /** Notes for a call that waits what its caller has in hand by now: when it goes on, that may have ended or be another. */
  noteWaiting(sink: EffectSink | undefined, trace: string | undefined): void {
    if (sink instanceof CallEntry) this.#attribute(sink, trace);
  }

  #attribute(entry: CallEntry, trace: string | undefined): void {
    const traced = trace === undefined ? undefined : this.#byTrace.get(traceRoot(trace) ?? '');
    const inHand = traced === undefined ? this.#byCaller.get(entry.caller) : undefined;
    const count = traced?.size ?? (inHand === undefined ? 0 : inHand.open.size || inHand.ended.length);
    if (count === 0 || count > MOST_IN_HAND) return;
    entry.deliveries = [...(traced ?? (inHand!.open.size > 0 ? inHand!.open : inHand!.ended))];
    entry.certainty = count === 1 ? 'exact' : 'one_of';
  }

  /** What a change of a message means for its delivery; answers the delivery that the call acted on. */
  #follow(entry: CallEntry, effect: MessageEffect, trace: string | undefined): Delivery | undefined {
    if (effect.change === 'received') return void this.#begin(entry, effect, trace);
    const delivery = this.#latest.get(effect.id);
    if (delivery === undefined) return undefined;
    switch (effect.change) {
      case 'deleted':
      case 'returned':
        this.#end(delivery, effect.change);
        // From here on nobody but the log keeps the body.
        entry.weight += delivery.body.length;
        return delivery;
      case 'extended':
        return delivery;
      case 'visible':
      case 'dead_lettered':
      case 'moved':
      case 'expired':
        this.#end(delivery, 'expired');
        return undefined;
      default:
        return undefined;
    }
  }

  /**
   * A receiver that sends a trace along takes what it receives into it, as an event source mapping does with the messages of
   * a batch; the trace of the message itself counts where there is none.
   */
  #begin({ caller }: CallEntry, effect: MessageEffect, trace: string | undefined): void {
    const delivery = new Delivery(caller, effect, traceRoot(trace) ?? traceRoot(effect.trace));
    const earlier = this.#latest.get(effect.id);
    if (earlier !== undefined) this.#end(earlier, 'expired');
    this.#latest.set(effect.id, delivery);
    let inHand = this.#byCaller.get(caller);
    if (inHand === undefined) {
      if (this.#byCaller.size >= MOST_CALLERS) this.#forgetIdle();
      inHand = { open: new Set(), ended: [], asks: 0 };
      this.#byCaller.set(caller, inHand);
    }
    this.#letGo(inHand);
    delivery.asks = inHand.asks;
    inHand.open.add(delivery);
    if (delivery.trace === undefined) return;
    const traced = this.#byTrace.get(delivery.trace);
    if (traced === undefined) this.#byTrace.set(delivery.trace, new Set([delivery]));
    else traced.add(delivery);
  }

  /** A caller that asks for a message has done with those before. */
  asks(caller: string): void {
    const inHand = this.#byCaller.get(caller);
    if (inHand === undefined) return;
    inHand.asks++;
    this.#letGo(inHand);
  }

  #letGo(inHand: InHand): void {
    if (inHand.ended.length === 0) return;
    for (const delivery of inHand.ended) this.#forgetTrace(delivery);
    inHand.ended = [];
  }

  #end(delivery: Delivery, end: 'deleted' | 'returned' | 'expired'): void {
    delivery.end = end;
    this.#latest.delete(delivery.messageId);
    const inHand = this.#byCaller.get(delivery.caller);
    if (!inHand?.open.delete(delivery)) return;
    if (inHand.ended.push(delivery) > MOST_IN_HAND) this.#forgetTrace(inHand.ended.shift()!);
  }

  #forgetIdle(): void {
    for (const [caller, { open, ended }] of this.#byCaller) {
      if (open.size === 0 && ended.length === 0) this.#byCaller.delete(caller);
    }
  }

  #forgetTrace(delivery: Delivery): void {
    const traced = delivery.trace === undefined ? undefined : this.#byTrace.get(delivery.trace);
    traced?.delete(delivery);
    if (traced?.size === 0) this.#byTrace.delete(delivery.trace!);
  }

  #purge(queue: string): void {
    for (const delivery of this.#latest.values())
      if (delivery.queue.endsWith(`:${queue}`)) this.#end(delivery, 'expired');
  }

  /** After the state was replaced nobody has anything in hand that the log knows of. */
  clear(): void {
    this.#latest.clear();
    this.#byCaller.clear();
    this.#byTrace.clear();
  }
}
