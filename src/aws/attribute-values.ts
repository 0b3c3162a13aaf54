import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, ItemValue } from '../ports.ts';

/**
 * An item in DynamoDB's own form as plain values. The document client converts answers but not errors, and a failed
 * condition's item travels in an error.
 */
export function plainItem(item: Record<string, AttributeValue> | undefined): Item | undefined {
  if (item === undefined) return undefined;
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): ItemValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.M !== undefined) return plainItem(value.M)!;
  return null;
}
