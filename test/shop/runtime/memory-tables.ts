import type { TableName } from '../../../src/domain/names.ts';
import { KEY_ATTRIBUTE } from '../../../src/domain/records.ts';
import type { Expression, Item, Key, TablePort, Write, WriteOutcome } from '../../../src/ports.ts';

/** Tables that understand just the expressions which the runtime writes; anything else is an error. */
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
      const holds = write.condition === undefined || conditionHolds(write.condition, item);
      return holds ? [] : [{ index, label: write.label, item }];
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

  async *scan(table: string): AsyncGenerator<Item> {
    for (const item of [...this.tableOf(table).values()]) yield structuredClone(item);
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

function conditionHolds(condition: Expression, item: Item | undefined): boolean {
  const { text } = condition;
  if (text.includes(' OR '))
    return text.split(' OR ').some((part) => conditionHolds({ ...condition, text: part }, item));
  if (text.includes(' AND ')) {
    return text.split(' AND ').every((part) => conditionHolds({ ...condition, text: part }, item));
  }
  const missing = /^attribute_not_exists\((#\w+)\)$/.exec(text);
  if (missing !== null) return item?.[condition.names![missing[1]!]!] === undefined;
  const compared = /^(#\w+) (=|>=|<) (:\w+)$/.exec(text);
  if (compared === null) throw new Error(`condition not understood: ${text}`);
  const stored = item?.[condition.names![compared[1]!]!];
  const given = condition.values![compared[3]!]!;
  if (stored === undefined || stored === null) return false;
  return compared[2] === '=' ? stored === given : compared[2] === '>=' ? stored >= given : stored < given;
}

function updated(item: Item, update: Expression): Item {
  for (const part of update.text.replace(/^SET /, '').split(/, (?=#)/)) {
    const sum = /^(#\w+) = (#\w+) ([+-]) (:\w+)$/.exec(part);
    const kept = /^(#\w+) = if_not_exists\((#\w+), (:\w+)\)$/.exec(part);
    if (sum !== null) {
      const amount = Number(update.values![sum[4]!]) * (sum[3] === '-' ? -1 : 1);
      item[update.names![sum[1]!]!] = Number(item[update.names![sum[2]!]!]) + amount;
    } else if (kept !== null) item[update.names![kept[1]!]!] ??= update.values![kept[3]!]!;
    else throw new Error(`update not understood: ${part}`);
  }
  return item;
}
