import { type Item, idOf, KEY_ATTRIBUTE, keyOf, type Value } from '../../domain/records.ts';
import type { Condition, Write } from '../../ports.ts';
import type { Change } from '../../services/effects.ts';

/** A change as a write of tables. */
export function toWrite(change: Change): Write {
  const { table } = change;
  const label = `${table} ${changedId(change)}`;
  const missing: Condition = { attribute: KEY_ATTRIBUTE[table], comparison: 'missing' };
  switch (change.op) {
    case 'insert':
      return { kind: 'put', table, label, item: change.item, condition: { all: [missing] } };
    case 'replace':
      return { kind: 'put', table, label, item: change.item, condition: { all: each(change.where, '=') } };
    case 'adjust': {
      const bounds = [...each(change.atLeast, '>='), ...each(change.below ?? {}, '<')];
      const write = {
        kind: 'update',
        table,
        label,
        key: keyOf(table, change.id),
        update: { add: change.add },
      } as const;
      return bounds.length === 0 ? write : { ...write, condition: { all: bounds } };
    }
    case 'expect':
      return { kind: 'check', table, label, key: keyOf(table, change.id), condition: { all: each(change.where, '=') } };
    case 'expect_below': {
      const condition = { any: [missing, ...each(change.below, '<')] };
      return { kind: 'check', table, label, key: keyOf(table, change.id), condition };
    }
    case 'ensure': {
      const key = keyOf(table, idOf(table, change.item));
      const rest = Object.entries(change.item).filter(([name]) => !(name in key));
      return { kind: 'update', table, label, key, update: { setIfMissing: Object.fromEntries(rest) } };
    }
  }
}

const each = (values: Record<string, Value>, comparison: '=' | '>=' | '<'): Condition[] =>
  Object.entries(values).map(([attribute, value]) => ({ attribute, comparison, value }));

/** What the item is after the change, given what it was: the rest of a batch decides by that. */
export function afterChange(before: Item | undefined, change: Change): Item | undefined {
  switch (change.op) {
    case 'insert':
    case 'replace':
      return change.item;
    case 'adjust': {
      const after: Item = { ...before };
      for (const [name, amount] of Object.entries(change.add)) after[name] = Number(after[name] ?? 0) + amount;
      return after;
    }
    case 'ensure':
      return before ?? change.item;
    case 'expect':
    case 'expect_below':
      return before;
  }
}

export const changedId = (change: Change): string => ('item' in change ? idOf(change.table, change.item) : change.id);
