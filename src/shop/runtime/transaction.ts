import { type Item, idOf, KEY_ATTRIBUTE, keyOf, type Value } from '../../domain/records.ts';
import type { Expression, Write } from '../../ports.ts';
import type { Change } from '../../services/effects.ts';

/** A change as a write in DynamoDB's expression language. */
export function toWrite(change: Change): Write {
  const { table } = change;
  const terms = new Terms();
  switch (change.op) {
    case 'insert': {
      const condition = terms.expression(terms.missing(KEY_ATTRIBUTE[table]));
      return { kind: 'put', table, label: labelOf(change), item: change.item, condition };
    }
    case 'replace': {
      const condition = terms.expression(terms.each(change.where, '=').join(' AND '));
      return { kind: 'put', table, label: labelOf(change), item: change.item, condition };
    }
    case 'adjust': {
      // One set of placeholders: DynamoDB takes those of the update and of its condition together.
      const sums = Object.entries(change.add).map(([name, amount]) => terms.sum(name, amount));
      const bounds = [...terms.each(change.atLeast, '>='), ...terms.each(change.below ?? {}, '<')].join(' AND ');
      const update = terms.expression(`SET ${sums.join(', ')}`);
      const write = { kind: 'update', table, label: labelOf(change), key: keyOf(table, change.id), update } as const;
      return bounds === '' ? write : { ...write, condition: terms.expression(bounds) };
    }
    case 'expect': {
      const condition = terms.expression(terms.each(change.where, '=').join(' AND '));
      return { kind: 'check', table, label: labelOf(change), key: keyOf(table, change.id), condition };
    }
    case 'expect_below': {
      const missing = terms.missing(KEY_ATTRIBUTE[table]);
      const condition = terms.expression([missing, ...terms.each(change.below, '<')].join(' OR '));
      return { kind: 'check', table, label: labelOf(change), key: keyOf(table, change.id), condition };
    }
    case 'ensure':
      return ensure(change);
  }
}

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

const labelOf = (change: Change) => `${change.table} ${changedId(change)}`;

function ensure(change: Extract<Change, { op: 'ensure' }>): Write {
  const { table, item } = change;
  const key = keyOf(table, idOf(table, item));
  const terms = new Terms();
  const parts = Object.entries(item)
    .filter(([name]) => !(name in key))
    .map(([name, value]) => `${terms.name(name)} = if_not_exists(${terms.name(name)}, ${terms.value(value)})`);
  return { kind: 'update', table, label: labelOf(change), key, update: terms.expression(`SET ${parts.join(', ')}`) };
}

/** Collects the placeholders of one expression: every name may be one of DynamoDB's reserved words. */
class Terms {
  readonly #names = new Map<string, string>();
  readonly #values: Value[] = [];

  name(attribute: string): string {
    const known = this.#names.get(attribute);
    if (known !== undefined) return known;
    const placeholder = `#n${this.#names.size}`;
    this.#names.set(attribute, placeholder);
    return placeholder;
  }

  value(value: Value): string {
    return `:v${this.#values.push(value) - 1}`;
  }

  each(values: Record<string, Value>, comparison: '=' | '>=' | '<'): string[] {
    return Object.entries(values).map(([name, value]) => `${this.name(name)} ${comparison} ${this.value(value)}`);
  }

  sum(attribute: string, amount: number): string {
    const name = this.name(attribute);
    return `${name} = ${name} ${amount < 0 ? '-' : '+'} ${this.value(Math.abs(amount))}`;
  }

  missing(attribute: string): string {
    return `attribute_not_exists(${this.name(attribute)})`;
  }

  expression(text: string): Expression {
    const names = Object.fromEntries([...this.#names].map(([attribute, placeholder]) => [placeholder, attribute]));
    if (this.#values.length === 0) return { text, names };
    return { text, names, values: Object.fromEntries(this.#values.map((value, index) => [`:v${index}`, value])) };
  }
}
