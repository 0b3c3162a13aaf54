import type { Item, Value } from '../../domain/records.ts';
import type { Change } from '../../services/effects.ts';
import { slotOf } from './batch-state.ts';
import { changedId } from './transaction.ts';

/** TransactWriteItems takes up to 100 actions, no two on one item (Amazon DynamoDB API Reference, TransactWriteItems). */
const MOST_ITEMS = 100;

/** Changes of several messages that can be made in one transaction: those to one item become one change. */
export class CombinedChanges {
  readonly #changes = new Map<string, Change>();

  get all(): Change[] {
    return [...this.#changes.values()];
  }

  /**
   * Adds changes that were decided as if all earlier ones had been made. False, with nothing added, when they do not fit into one
   * transaction with those.
   */
  add(changes: readonly Change[]): boolean {
    const added = new Map<string, Change>();
    for (const change of changes) {
      const slot = slotOf(change.table, changedId(change));
      const before = added.get(slot) ?? this.#changes.get(slot);
      const both = before === undefined ? change : oneAfterOther(before, change);
      if (both === undefined) return false;
      added.set(slot, both);
    }
    const slots = new Set([...this.#changes.keys(), ...added.keys()]);
    if (slots.size > MOST_ITEMS) return false;
    for (const [slot, change] of added) this.#changes.set(slot, change);
    return true;
  }
}

type Of<O extends Change['op']> = Extract<Change, { op: O }>;
type Numbers = Readonly<Record<string, number>>;

/**
 * The change that does, and demands, what two changes of one item do and demand one after the other; undefined when there
 * is none, or when the second one would be refused.
 */
function oneAfterOther(first: Change, second: Change): Change | undefined {
  switch (second.op) {
    case 'replace':
    case 'expect':
      return afterItem(first, second);
    case 'adjust':
    case 'expect_below':
      return afterNumbers(first, second);
    case 'insert':
    case 'ensure':
      return undefined;
  }
}

function afterItem(first: Change, second: Of<'replace' | 'expect'>): Change | undefined {
  if (first.op === 'insert' || first.op === 'replace') {
    if (!matches(first.item, second.where)) return undefined;
    return second.op === 'replace' ? { ...first, item: second.item } : first;
  }
  const known = first.op === 'expect' ? first.where : undefined;
  if (known === undefined || Object.entries(second.where).some(([name, value]) => (known[name] ?? value) !== value)) {
    return undefined;
  }
  return { ...second, where: { ...known, ...second.where } };
}

function afterNumbers(first: Change, second: Of<'adjust' | 'expect_below'>): Change | undefined {
  if (first.op === 'expect_below') return { ...second, below: lower(first.below, second.below ?? {}) };
  if (first.op !== 'adjust') return undefined;
  const below = lower(first.below ?? {}, before(first.add, second.below ?? {}));
  if (second.op === 'expect_below') return { ...first, below };
  const atLeast = higher(first.atLeast, before(first.add, second.atLeast));
  return { ...first, add: sums(first.add, second.add), atLeast, below };
}

const matches = (item: Item, where: Record<string, Value>) =>
  Object.entries(where).every(([name, value]) => item[name] === value);

/** Bounds on numbers as they are after `add`, as bounds on what they were before. */
const before = (add: Numbers, bounds: Numbers): Numbers =>
  Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, bound - (add[name] ?? 0)]));

const sums = (one: Numbers, other: Numbers) => merged(one, other, (a, b) => a + b);
const higher = (one: Numbers, other: Numbers) => merged(one, other, Math.max);
const lower = (one: Numbers, other: Numbers) => merged(one, other, Math.min);

function merged(one: Numbers, other: Numbers, both: (a: number, b: number) => number): Record<string, number> {
  const result = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const known = result[name];
    result[name] = known === undefined ? value : both(known, value);
  }
  return result;
}
