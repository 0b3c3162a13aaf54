import type { Item, ItemValue } from '../../../ports.ts';

/** A value in DynamoDB's own form (DynamoDB API Reference, AttributeValue), of the types that occur here. */
export interface AttributeValue {
  S?: string;
  N?: string;
  BOOL?: boolean;
  NULL?: boolean;
  L?: AttributeValue[];
  M?: Attributes;
}
export type Attributes = Record<string, AttributeValue>;

export function attributesOf(item: Item): Attributes {
  const attributes: Attributes = {};
  for (const name in item) attributes[name] = attributeValue(item[name]!);
  return attributes;
}

export function attributeValue(value: ItemValue): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  return Array.isArray(value) ? { L: value.map(attributeValue) } : { M: attributesOf(value) };
}

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
  return value.M === undefined ? null : itemOf(value.M);
}
