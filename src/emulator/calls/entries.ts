import type { Effect } from '../core/effects.ts';
import { CallEntry, type Delivery } from './entry.ts';

/** Entries that one page holds: 2 to the power of PAGE_BITS. */
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;

/** Different callers of one operation that are told apart, before what is known of them is found out anew. */
const MOST_KINDS = 32;

/** What all calls of one operation by one caller have in common. */
type Kind = Pick<CallEntry, 'caller' | 'service' | 'operation' | 'account' | 'region' | 'wire'>;

/** What few calls have. */
type Rest = Pick<CallEntry, 'code' | 'message' | 'fault' | 'faultId' | 'kept' | 'certainty'>;

/**
 * Many entries, packed: objects that live as long as a log would cost the garbage collector more than a call costs to
 * answer. What is put in and taken out is a copy.
 */
export class Entries {
  readonly #pageSize: number;
  readonly #pages: Page[] = [];
  /** By operation. */
  readonly #kinds = new Map<string, Kind[]>();
  #latest: Kind = new CallEntry('', 'engine', '', '', '');

  constructor(count: number) {
    this.#pageSize = Math.min(PAGE, count);
  }

  /** Slots are filled one after the other, from 0, before any is used again. */
  set(slot: number, entry: CallEntry): void {
    if (slot === this.#pages.length << PAGE_BITS) this.#pages.push(new Page(this.#pageSize));
    this.#pageOf(slot).set(slot & (PAGE - 1), entry, this.#kindOf(entry));
  }

  get(slot: number, seq: number): CallEntry {
    return this.#pageOf(slot).get(slot & (PAGE - 1), seq);
  }

  weight(slot: number): number {
    return this.#pageOf(slot).weight[slot & (PAGE - 1)]!;
  }

  /** Where the bytes of an entry lie; negative for one without. */
  position(slot: number): number {
    return this.#pageOf(slot).position[slot & (PAGE - 1)]!;
  }

  /** Lets go of what an entry keeps alive. */
  clear(slot: number): void {
    this.#pageOf(slot).clear(slot & (PAGE - 1));
  }

  #pageOf(slot: number): Page {
    return this.#pages[slot >> PAGE_BITS]!;
  }

  #kindOf(entry: CallEntry): Kind {
    if (isOf(this.#latest, entry)) return this.#latest;
    let kinds = this.#kinds.get(entry.operation);
    if (kinds === undefined) {
      kinds = [];
      this.#kinds.set(entry.operation, kinds);
    }
    let kind = kinds.find((each) => isOf(each, entry));
    if (kind === undefined) {
      const { caller, service, operation, account, region, wire } = entry;
      kind = { caller, service, operation, account, region, wire };
      if (kinds.length === MOST_KINDS) kinds.length = 0;
      kinds.push(kind);
    }
    this.#latest = kind;
    return kind;
  }
}

const isOf = (kind: Kind, entry: CallEntry): boolean =>
  kind.operation === entry.operation &&
  kind.caller === entry.caller &&
  kind.wire === entry.wire &&
  kind.service === entry.service &&
  kind.account === entry.account &&
  kind.region === entry.region;

class Page {
  readonly #at: Float64Array;
  readonly #duration: Float64Array;
  readonly position: Float64Array;
  readonly weight: Float64Array;
  readonly #urlLength: Uint32Array;
  readonly #invocationLength: Uint32Array;
  readonly #bodyLength: Uint32Array;
  readonly #answerLength: Uint32Array;
  readonly #kind: Kind[] = [];
  /** Most calls have one, or none. */
  readonly #effects: (Effect | Effect[] | undefined)[] = [];
  readonly #deliveries: (Delivery | Delivery[] | undefined)[] = [];
  readonly #rest: (Rest | undefined)[] = [];

  constructor(size: number) {
    this.#at = new Float64Array(size);
    this.#duration = new Float64Array(size);
    this.position = new Float64Array(size);
    this.weight = new Float64Array(size);
    this.#urlLength = new Uint32Array(size);
    this.#invocationLength = new Uint32Array(size);
    this.#bodyLength = new Uint32Array(size);
    this.#answerLength = new Uint32Array(size);
  }

  set(at: number, entry: CallEntry, kind: Kind): void {
    this.#at[at] = entry.at;
    this.#duration[at] = entry.duration;
    this.position[at] = entry.position;
    this.weight[at] = entry.weight;
    this.#urlLength[at] = entry.urlLength;
    this.#invocationLength[at] = entry.invocationLength;
    this.#bodyLength[at] = entry.bodyLength;
    this.#answerLength[at] = entry.answerLength;
    this.#kind[at] = kind;
    this.#effects[at] = entry.effects?.length === 1 ? entry.effects[0] : entry.effects;
    this.#deliveries[at] = entry.deliveries?.length === 1 ? entry.deliveries[0] : entry.deliveries;
    this.#rest[at] = restOf(entry);
  }

  clear(at: number): void {
    this.#effects[at] = undefined;
    this.#deliveries[at] = undefined;
    this.#rest[at] = undefined;
  }

  get(at: number, seq: number): CallEntry {
    const { caller, service, operation, account, region, wire } = this.#kind[at]!;
    const entry = new CallEntry(caller, service, operation, account, region);
    entry.wire = wire;
    entry.seq = seq;
    entry.at = this.#at[at]!;
    entry.duration = this.#duration[at]!;
    entry.position = this.position[at]!;
    entry.weight = this.weight[at]!;
    entry.urlLength = this.#urlLength[at]!;
    entry.invocationLength = this.#invocationLength[at]!;
    entry.bodyLength = this.#bodyLength[at]!;
    entry.answerLength = this.#answerLength[at]!;
    entry.effects = listOf(this.#effects[at]);
    entry.deliveries = listOf(this.#deliveries[at]);
    const rest = this.#rest[at];
    if (rest !== undefined) Object.assign(entry, rest);
    return entry;
  }
}

const listOf = <T extends object>(held: T | T[] | undefined): T[] | undefined =>
  held === undefined ? undefined : Array.isArray(held) ? held : [held];

function restOf({ code, message, fault, faultId, kept, certainty }: CallEntry): Rest | undefined {
  const isEmpty =
    code === undefined && message === undefined && fault === undefined && kept === undefined && certainty === 'exact';
  return isEmpty ? undefined : { code, message, fault, faultId, kept, certainty };
}
