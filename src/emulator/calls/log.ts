import type { ServiceId } from '../core/types.ts';
import { ByteRing } from './byte-ring.ts';
import { Deliveries } from './deliveries.ts';
import { Entries } from './entries.ts';
import { CallEntry } from './entry.ts';
import { UndoneCalls } from './undone.ts';

export interface CallLogLimits {
  /** Calls kept. */
  count: number;
  /** Bytes of requests and answers kept, and as many again of what effects keep alive. */
  bytes: number;
}

export const DEFAULT_LIMITS: CallLogLimits = { count: 100_000, bytes: 64 * 1024 * 1024 };

/** The engine itself, as the caller of what it does without being asked (timers, loaded snapshots). */
export const ENGINE_CALLER = 'engine';

/**
 * The record of all calls, in the order of their answers: a ring that drops the oldest when there are too many, or too
 * many bytes. It is no part of the state: a loaded snapshot is an entry in it, and a new process starts with an empty one.
 */
export class CallLog {
  readonly limits: CallLogLimits;
  readonly deliveries = new Deliveries();
  /** Which calls a loaded snapshot or a reset has undone. */
  readonly undone = new UndoneCalls();
  /** Requests and answers of the entries. */
  readonly bytes: ByteRing;
  readonly #entries: Entries;
  #first = 1;
  #next = 1;
  #weight = 0;
  #followers: (() => void)[] = [];
  /** Told of every entry. */
  onEntry: ((entry: CallEntry) => void) | undefined = undefined;

  constructor(limits: CallLogLimits = DEFAULT_LIMITS) {
    this.limits = limits;
    this.bytes = new ByteRing(limits.bytes);
    this.#entries = new Entries(limits.count);
  }

  /** `seq` of the oldest entry that is kept. */
  get first(): number {
    return this.#first;
  }

  /** `seq` of the next entry. */
  get next(): number {
    return this.#next;
  }

  at(seq: number): CallEntry | undefined {
    return seq >= this.#first && seq < this.#next ? this.#entries.get(this.#slot(seq), seq) : undefined;
  }

  #slot(seq: number): number {
    return (seq - 1) % this.limits.count;
  }

  /** Entries from `from` on, oldest first. */
  *from(seq: number): Generator<CallEntry> {
    for (let at = Math.max(seq, this.#first); at < this.#next; at++) yield this.#entries.get(this.#slot(at), at);
  }

  /** Adds a call that has been answered; `trace` is the X-Ray trace header of its request. */
  add(entry: CallEntry, trace?: string): void {
    this.deliveries.note(entry, trace);
    entry.seq = this.#next++;
    this.#weight += entry.weight;
    if (entry.seq - this.#first >= this.limits.count) this.#drop();
    this.#entries.set(this.#slot(entry.seq), entry);
    while (this.#first < entry.seq && (this.#weight > this.limits.bytes || this.#isOverwritten())) this.#drop();
    this.onEntry?.(entry);
    if (this.#followers.length > 0) this.#wake();
  }

  #isOverwritten(): boolean {
    const position = this.#entries.position(this.#slot(this.#first));
    return position >= 0 && position < this.bytes.start;
  }

  #drop(): void {
    const slot = this.#slot(this.#first++);
    this.#weight -= this.#entries.weight(slot);
    this.#entries.clear(slot);
  }

  /** An entry of the engine's own; added with `add` when it turns out to have effects. */
  own(service: ServiceId, operation: string, account: string, region: string): CallEntry {
    return new CallEntry(ENGINE_CALLER, service, operation, account, region);
  }

  /** Notes that the whole state was replaced: what callers had in hand is gone with the state before. */
  replaced(at: number, change: 'snapshot_loaded' | 'reset', name: string): void {
    const operation = change === 'reset' ? 'Reset' : 'LoadSnapshot';
    const entry = new CallEntry(ENGINE_CALLER, 'engine', operation, '', '');
    entry.at = at;
    entry.effect({ kind: 'world', change, name });
    this.deliveries.clear();
    this.add(entry);
    this.undone.replaced({ seq: entry.seq, at, change, name }, this.#first);
  }

  /** Notes that a snapshot was saved: a load of it undoes what comes from here on. */
  saved(name: string): void {
    this.undone.saved(name, this.#next - 1);
  }

  /** Calls `wake` once, with the next entry; answers a function that cancels it. */
  follow(wake: () => void): () => void {
    this.#followers.push(wake);
    return () => {
      this.#followers = this.#followers.filter((one) => one !== wake);
    };
  }

  #wake(): void {
    const followers = this.#followers;
    this.#followers = [];
    for (const wake of followers) wake();
  }
}
