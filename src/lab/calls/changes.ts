import type { AttributeValue, ItemEffect, StoredItem } from './call.ts';

/** An attribute that a write changed; `before` is missing for a new one, `after` for a removed one. */
export interface AttributeChange {
  /** Name, or a path into maps: `address.city`. */
  attribute: string;
  before?: unknown;
  after?: unknown;
}

/** What a write changed in an item, in the order of the names. */
export function changesOf({ before, after }: Pick<ItemEffect, 'before' | 'after'>): AttributeChange[] {
  return [...differences(before ?? {}, after ?? {}, '')].sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
}

function* differences(before: StoredItem, after: StoredItem, path: string): Generator<AttributeChange> {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = own(before, name);
    const now = own(after, name);
    const attribute = path + name;
    const [oldMap, newMap] = [mapOf(old), mapOf(now)];
    if (oldMap !== undefined && newMap !== undefined) yield* differences(oldMap, newMap, `${attribute}.`);
    else if (JSON.stringify(old) !== JSON.stringify(now)) {
      yield {
        attribute,
        ...(old !== undefined && { before: plainValue(old) }),
        ...(now !== undefined && { after: plainValue(now) }),
      };
    }
  }
}

const own = (item: StoredItem, name: string) => (Object.hasOwn(item, name) ? item[name] : undefined);

const mapOf = (value: AttributeValue | undefined) =>
  value !== undefined && typeof value.M === 'object' ? (value.M as StoredItem) : undefined;

/** A value of DynamoDB's JSON as plain JSON; numbers that a double does not hold stay texts, bytes are base64. */
export function plainValue(value: AttributeValue): unknown {
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'N':
      return numberOf(String(content));
    case 'NS':
      return (content as string[]).map(numberOf);
    case 'NULL':
      return null;
    case 'L':
      return (content as AttributeValue[]).map(plainValue);
    case 'M': {
      const plain: Record<string, unknown> = Object.create(null);
      for (const [name, member] of Object.entries(content as StoredItem)) plain[name] = plainValue(member);
      return plain;
    }
    default:
      return content;
  }
}

const numberOf = (text: string) => (String(Number(text)) === text ? Number(text) : text);
