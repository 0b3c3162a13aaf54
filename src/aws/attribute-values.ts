import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, ItemValue } from '../ports.ts';

/** An item in DynamoDB's own form (DynamoDB API Reference, AttributeValue). */
export type Attributes = Record<string, AttributeValue>;

/** Undefined values are left out. */
export function attributesOf(item: Item): Attributes {
  const attributes: Attributes = {};
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) attributes[name] = attributeValue(value);
  }
  return attributes;
}

export function attributeValue(value: ItemValue): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  return Array.isArray(value) ? { L: value.map(attributeValue) } : { M: attributesOf(value) };
}

/** Numbers become JavaScript numbers: amounts are whole cents and counts, exact up to 2^53. Sets become lists. */
export function itemOf(attributes: Attributes): Item {
  const item: Item = {};
  for (const name in attributes) item[name] = plainValue(attributes[name]!);
  return item;
}

function plainValue(value: AttributeValue): ItemValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.M !== undefined) return itemOf(value.M);
  if (value.SS !== undefined) return value.SS;
  return value.NS === undefined ? null : value.NS.map(Number);
}
