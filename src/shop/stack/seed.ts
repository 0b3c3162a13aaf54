import { CATALOGUE, DEMO_CUSTOMERS, inventoryRecord, productRecord } from '../../domain/catalogue.ts';
import type { TableName } from '../../domain/names.ts';
import { type Item, idOf, KEY_ATTRIBUTE, keyOf } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import type { Fact } from '../../topology/apply.ts';
import { plural } from './counted.ts';
import { type StackNames, stackNames } from './names.ts';

const SEEDS: readonly { table: TableName; noun: string; items: () => Item[] }[] = [
  { table: 'products', noun: 'product', items: () => CATALOGUE.map(productRecord) },
  { table: 'inventory', noun: 'product', items: () => CATALOGUE.map(({ sku }) => inventoryRecord(sku)) },
  { table: 'customers', noun: 'customer', items: () => DEMO_CUSTOMERS.map((customer) => ({ ...customer })) },
];

/** Puts in the catalogue, its stock and the demo customers where they are missing; what is there is never overwritten. */
export async function* seed(ports: Ports, names: StackNames = stackNames()): AsyncGenerator<Fact> {
  const seeds = SEEDS.map(({ table, noun, items }) => ({ table, noun, items: items() }));
  const keys = seeds.flatMap(({ table, items }) => {
    return items.map((item) => ({ table, key: keyOf(table, idOf(table, item)) }));
  });
  const present = await ports.tables.getMany(keys);
  for (const { table, noun, items } of seeds) {
    const there = present.splice(0, items.length);
    const missing = items.filter((_, index) => there[index] === undefined);
    const put = (await Promise.all(missing.map((item) => putIfAbsent(ports, table, item)))).filter(Boolean).length;
    const action = put > 0 ? 'created' : 'unchanged';
    yield { resource: names.table(table), kind: 'items', action, detail: plural(put > 0 ? put : items.length, noun) };
  }
}

/** Two that seed at the same time, or a sale in between, must not set the stock back. */
async function putIfAbsent({ tables }: Ports, table: TableName, item: Item): Promise<boolean> {
  const condition = { all: [{ attribute: KEY_ATTRIBUTE[table], comparison: 'missing' as const }] };
  const outcome = await tables.write([{ kind: 'put', table, label: idOf(table, item), item, condition }]);
  return outcome.written;
}
