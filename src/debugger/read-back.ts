import { keyOf } from '../domain/records.ts';
import type { AttributeValue, StoredItem } from '../lab/calls/call.ts';
import { changesOf } from '../lab/calls/changes.ts';
import type { DeliveryReport } from '../lab/step/report.ts';
import type { Item, ItemValue, Ports } from '../ports.ts';
import type { Plan } from '../shop/runtime/plan.ts';
import type { StackNames } from '../shop/stack/names.ts';

type Changes = Pick<DeliveryReport, 'items' | 'objects'>;

/**
 * What `act` changed of the items and objects that a plan names, as read before and after: for engines that tell nobody
 * what a call changed.
 */
export async function changesBy<T>(
  act: () => Promise<T>,
  plan: Plan,
  { ports, names }: { ports: Ports; names: StackNames },
): Promise<{ result: T } & Changes> {
  const read = async () => ({
    items: await ports.tables.getMany(plan.items.map(({ table, id }) => ({ table, key: keyOf(table, id) }))),
    objects: await Promise.all(plan.objects.map((key) => versionOf(key, ports))),
  });
  const before = await read();
  const result = await act();
  const after = await read();
  const items = plan.items.flatMap(({ table, id }, index) => {
    const change = { before: stored(before.items[index]), after: stored(after.items[index]) };
    const changes = changesOf(change);
    return changes.length === 0 ? [] : [{ table: names.table(table), key: id, ...change, changes }];
  });
  const objects = plan.objects.flatMap((key, index) => {
    const [old, now] = [before.objects[index], after.objects[index]];
    if (old?.etag === now?.etag) return [];
    return [{ bucket: names.bucket, key, ...(old && { before: old }), ...(now && { after: now }) }];
  });
  return { result, items, objects };
}

async function versionOf(key: string, { bucket }: Ports): Promise<{ etag: string; size: number } | undefined> {
  for await (const { key: each, etag = '', size } of bucket.list(key)) if (each === key) return { etag, size };
  return undefined;
}

const stored = (item: Item | undefined): StoredItem | null =>
  item === undefined
    ? null
    : Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeValue(value)]));

/** A value in DynamoDB's JSON, as the call log has items. */
function attributeValue(value: ItemValue): AttributeValue {
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(attributeValue) };
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    default:
      return { M: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, attributeValue(member)])) };
  }
}
