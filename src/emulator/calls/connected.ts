import type { Effect } from '../core/effects.ts';
import type { CallEntry, Delivery } from './entry.ts';
import { itemKey } from './item-key.ts';
import type { CallLog } from './log.ts';
import { deliveryOfCall, deliveryOfEffect } from './narrow.ts';
import { messagesOf } from './select.ts';
import { textsOf } from './texts.ts';

/** What an id turned out to name. */
export type Named = 'message' | 'item' | 'object' | 'text';

type Matches = (effect: Effect) => boolean;

const MATCHERS: readonly [named: Named, matcher: (id: string) => Matches][] = [
  ['message', (id) => (effect) => [...messagesOf(effect)].includes(id)],
  [
    'item',
    (id) => (effect) =>
      effect.kind === 'item' && `${effect.table}/${itemKey(effect.keys, effect.after ?? effect.before)}` === id,
  ],
  ['object', (id) => (effect) => effect.kind === 'object' && `${effect.bucket}/${effect.key}` === id],
  [
    'text',
    (id) => (effect) => {
      for (const text of textsOf(effect)) if (text.includes(id)) return true;
      return false;
    },
  ],
];

/** Calls that have to do with an id. */
export interface Connected {
  named: Named | undefined;
  entries: CallEntry[];
  /** Those in which the id occurs, and that a loaded snapshot or a reset has undone. */
  undone: CallEntry[];
}

/**
 * All calls that have to do with `id`: a message's id, `TABLE/KEY`, `BUCKET/KEY`, or a text inside of messages and items
 * (the number of an order). From where it occurs up to the first cause (the delivery that a message was sent in, that
 * delivery's message, ...) and down to all effects of these. In the order of the log, and without what was undone.
 */
export function connectedCalls(log: CallLog, id: string): Connected {
  const isUndone = ({ seq }: CallEntry) => log.undone.by(seq) !== undefined;
  const entries: CallEntry[] = [];
  const gone: CallEntry[] = [];
  for (const entry of log.from(log.first)) (isUndone(entry) ? gone : entries).push(entry);
  let undone: CallEntry[] = [];
  for (const [named, matcher] of MATCHERS) {
    const matches = matcher(id);
    const occurs = ({ effects }: CallEntry) => effects?.some(matches) ?? false;
    const starts = entries.filter(occurs);
    undone = gone.filter(occurs);
    if (starts.length > 0) return { named, entries: closure(log, entries, starts, matches), undone };
    if (undone.length > 0) break;
  }
  return { named: undefined, entries: [], undone };
}

function closure(
  log: CallLog,
  entries: readonly CallEntry[],
  starts: readonly CallEntry[],
  matches: Matches,
): CallEntry[] {
  const index = new Index(entries);
  const found = new Set<CallEntry>();
  const messages = new Set<string>();
  const deliveries = new Set<Delivery>();
  const pending: (string | Delivery | undefined)[] = [];
  for (const entry of starts) {
    found.add(entry);
    for (const effect of entry.effects!) {
      if (matches(effect)) pending.push(...messagesOf(effect), deliveryOfEffect(entry, effect));
    }
  }
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string' && !messages.has(next)) {
      messages.add(next);
      for (const entry of index.touching.get(next) ?? []) found.add(entry);
      pending.push(...index.neighbours(next));
    } else if (typeof next === 'object' && !deliveries.has(next)) {
      deliveries.add(next);
      pending.push(next.messageId);
      for (const entry of index.within.get(next) ?? []) pending.push(...madeIn(log, entry, next, found));
    }
  }
  return [...found].sort((a, b) => a.seq - b.seq);
}

/** Takes a call that may belong to a delivery into `found` if it does; answers the messages that were sent in it. */
function madeIn(log: CallLog, entry: CallEntry, delivery: Delivery, found: Set<CallEntry>): string[] {
  const effects = (entry.effects ?? []).filter((effect) => deliveryOfEffect(entry, effect) === delivery);
  if (effects.length > 0 || deliveryOfCall(entry, log.bytes) === delivery) found.add(entry);
  return effects.flatMap((effect) => [...messagesOf(effect)]);
}

/** What ties calls together, read once from the whole log. */
class Index {
  /** Message -> the calls that sent, received or changed it. */
  readonly touching = new Map<string, CallEntry[]>();
  /** Delivery -> the calls that may belong to it. */
  readonly within = new Map<Delivery, CallEntry[]>();
  readonly #ties = new Map<string, Set<string | Delivery>>();

  constructor(entries: readonly CallEntry[]) {
    for (const entry of entries) {
      for (const effect of entry.effects ?? []) this.#tie(entry, effect);
      for (const delivery of entry.deliveries ?? []) {
        push(this.within, delivery, entry);
        this.#neighbour(delivery.messageId, delivery);
      }
    }
  }

  neighbours(message: string): Iterable<string | Delivery> {
    return this.#ties.get(message) ?? [];
  }

  #tie(entry: CallEntry, effect: Effect): void {
    const ids = [...messagesOf(effect)];
    for (const id of ids) {
      push(this.touching, id, entry);
      // A published message and what was delivered of it; a duplicate and its original.
      for (const other of ids) if (other !== id) this.#neighbour(id, other);
    }
    if (ids.length === 0 || entry.deliveries === undefined) return;
    const cause = deliveryOfEffect(entry, effect);
    if (cause !== undefined) for (const id of ids) this.#neighbour(id, cause);
  }

  #neighbour(message: string, other: string | Delivery): void {
    let ties = this.#ties.get(message);
    if (ties === undefined) {
      ties = new Set();
      this.#ties.set(message, ties);
    }
    ties.add(other);
  }
}

function push<K>(map: Map<K, CallEntry[]>, key: K, entry: CallEntry): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else if (list.at(-1) !== entry) list.push(entry);
}
