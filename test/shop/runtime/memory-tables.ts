import type { TableName } from '../../../src/domain/names.ts';
import { KEY_ATTRIBUTE } from '../../../src/domain/records.ts';
import type { Condition, Item, Key, TablePort, Update, Write, WriteOutcome } from '../../../src/ports.ts';

/** Tables that keep their items in memory. */
export class MemoryTables implements TablePort {
  readonly tables = new Map<string, Map<string, Item>>();

  async get(table: string, key: Key): Promise<Item | undefined> {
    return structuredClone(this.tableOf(table).get(idIn(key)));
  }

  async getMany(keys: readonly { table: string; key: Key }[]): Promise<(Item | undefined)[]> {
    return keys.map(({ table, key }) => structuredClone(this.tableOf(table).get(idIn(key))));
  }

  async write(writes: readonly Write[]): Promise<WriteOutcome> {
    const targets = writes.map((write) => `${write.table} ${this.idOf(write)}`);
    if (new Set(targets).size < targets.length) throw new Error('a transaction touches an item twice');
    if (writes.length > 100) throw new Error('a transaction has more than 100 writes');
    const conflicts = writes.flatMap((write, index) => {
      const item = this.tableOf(write.table).get(this.idOf(write));
      const { condition = { all: [] } } = write;
      const held =
        'all' in condition
          ? condition.all.every((each) => holds(each, item))
          : condition.any.some((each) => holds(each, item));
      return held ? [] : [{ index, label: write.label, item }];
    });
    if (conflicts.length > 0) return { written: false, conflicts };
    for (const write of writes) this.apply(write);
    return { written: true };
  }

  async putMany(table: string, items: readonly Item[]): Promise<void> {
    for (const item of items) this.tableOf(table).set(String(item[keyName(table)]), structuredClone(item));
  }

  async deleteMany(table: string, keys: readonly Key[]): Promise<void> {
    for (const key of keys) this.tableOf(table).delete(idIn(key));
  }

  async *scan(table: string, { filter }: { filter?: Condition } = {}): AsyncGenerator<Item> {
    for (const item of [...this.tableOf(table).values()]) {
      if (filter === undefined || holds(filter, item)) yield structuredClone(item);
    }
  }

  // biome-ignore lint/correctness/useYield: not needed by the runtime
  async *query(): AsyncGenerator<Item> {
    throw new Error('query is not part of this stand-in');
  }

  tableOf(name: string): Map<string, Item> {
    const table = this.tables.get(name) ?? new Map<string, Item>();
    this.tables.set(name, table);
    return table;
  }

  idOf(write: Write): string {
    return write.kind === 'put' ? String(write.item[keyName(write.table)]) : idIn(write.key);
  }

  apply(write: Write): void {
    const table = this.tableOf(write.table);
    const id = this.idOf(write);
    if (write.kind === 'put') table.set(id, structuredClone(write.item));
    else if (write.kind === 'delete') table.delete(id);
    else if (write.kind === 'update') table.set(id, updated({ ...write.key, ...table.get(id) } as Item, write.update));
  }
}

const keyName = (table: string) => KEY_ATTRIBUTE[table as TableName];
const idIn = (key: Key) => String(Object.values(key)[0]);

function holds({ attribute, ...condition }: Condition, item: Item | undefined): boolean {
  const stored = item?.[attribute];
  if (condition.comparison === 'missing') return stored === undefined;
  const { comparison, value } = condition;
  if (stored === undefined || stored === null || value === null) return false;
  switch (comparison) {
    case '=':
      return stored === value;
    case '<':
      return stored < value;
    case '>=':
      return stored >= value;
    case 'begins_with':
      return String(stored).startsWith(String(value));
  }
}

function updated(item: Item, update: Update): Item {
  if ('setIfMissing' in update) return { ...update.setIfMissing, ...item };
  for (const [name, amount] of Object.entries(update.add)) {
    if (typeof item[name] !== 'number') throw new Error(`nothing to add to: ${name}`);
    item[name] += amount;
  }
  return item;
}
