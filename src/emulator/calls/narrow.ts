import type { Effect } from '../core/effects.ts';
import type { ByteRing } from './byte-ring.ts';
import type { CallEntry, Delivery } from './entry.ts';
import { textsOf } from './texts.ts';

/** Shorter texts say too little: states, types, numbers of pieces. */
const SHORTEST_TOKEN = 6;
const MOST_TOKENS = 200;
const LONGEST_TEXT = 256 * 1024;

const tokensOfDelivery = new WeakMap<Delivery, Set<string>>();

/** The delivery that an effect of a call was made in; undefined when there was none, or it cannot be told. */
export function deliveryOfEffect(entry: CallEntry, effect: Effect): Delivery | undefined {
  const { deliveries } = entry;
  if (deliveries === undefined) return undefined;
  if (effect.kind === 'message' && effect.change !== 'sent' && effect.change !== 'duplicate') {
    return deliveries.find(({ messageId }) => messageId === effect.id);
  }
  return deliveries.length === 1 ? deliveries[0] : narrowed(deliveries, changedTexts(effect));
}

/** An item keeps ids of what was handled before: only what is new in it says whose change this is. */
function changedTexts(effect: Effect): unknown {
  if (effect.kind !== 'item' || effect.before === undefined) return effect;
  const earlier = new Set(textsOf(effect.before));
  return [...textsOf(effect.after)].filter((text) => !earlier.has(text));
}

/** The delivery that a call as a whole was made in. */
export function deliveryOfCall(entry: CallEntry, bytes: ByteRing): Delivery | undefined {
  const { deliveries, effects } = entry;
  if (deliveries === undefined || deliveries.length === 1) return deliveries?.[0];
  const owners = new Set((effects ?? []).map((effect) => deliveryOfEffect(entry, effect)));
  if (owners.size === 1 && effects !== undefined) return [...owners][0];
  return owners.size > 1 ? undefined : narrowed(deliveries, entry.input(bytes));
}

/**
 * Of several deliveries, the one that alone shares an id with the value: a word of its message's body that no other
 * candidate's body has, and that the value has. Undefined when none or several do.
 */
function narrowed(candidates: readonly Delivery[], value: unknown): Delivery | undefined {
  const owners = new Map<string, Delivery | null>();
  for (const delivery of candidates) {
    for (const token of tokens(delivery)) owners.set(token, owners.has(token) ? null : delivery);
  }
  let found: Delivery | undefined;
  for (const text of textsOf(value)) {
    for (const token of words(text)) {
      const owner = owners.get(token);
      if (owner == null) continue;
      if (found !== undefined && found !== owner) return undefined;
      found = owner;
    }
  }
  return found;
}

function tokens(delivery: Delivery): Set<string> {
  let known = tokensOfDelivery.get(delivery);
  if (known === undefined) {
    known = new Set([delivery.messageId, ...words(delivery.body)]);
    tokensOfDelivery.set(delivery, known);
  }
  return known;
}

/** Words of a text that may be ids: with a digit in them, so that names of fields and states do not count. */
function words(text: string): string[] {
  const found = text.slice(0, LONGEST_TEXT).match(/[A-Za-z0-9][A-Za-z0-9_-]*/g) ?? [];
  return found.filter((word) => word.length >= SHORTEST_TOKEN && /\d/.test(word)).slice(0, MOST_TOKENS);
}
