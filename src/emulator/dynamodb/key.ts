import { hashOf } from '../../hash.ts';
import { EmptyKeyError, invalidParameters, schemaMismatch } from './errors.ts';
import { numberSortKey } from './number.ts';
import type { Index, KeyAttribute, KeySchema, Table } from './state.ts';
import type { KeyRange } from './tree.ts';
import {
  type AttributeValue,
  attributeOf,
  bytesText,
  type Item,
  setAttribute,
  stringSortKey,
  typeOf,
} from './value.ts';

/**
 * Keys of the trees: a hash of the partition key, the partition key, the sort key. The hash scatters partitions, as in
 * DynamoDB, so that the order of a scan is stable whatever is written meanwhile, and a segment of a parallel scan is a
 * range of hashes. An index's key goes on with the key of the item in the table.
 */
const END = '\0\0';
const SPACE = 2 ** 32;

const LONGEST_PARTITION_KEY = 2048;
const LONGEST_SORT_KEY = 1024;

/** What comes before the sort key in the keys of one partition. */
export function partitionPrefix(values: readonly AttributeValue[]): string {
  let [hashed, text] = ['', ''];
  for (const value of values) {
    const part = encoded(value);
    hashed += part;
    text += closed(part);
  }
  return hashText(hashOf(hashed)) + text;
}

/** The tree key of an item that has all key attributes. */
export function primaryKey(key: KeySchema, item: Item): string {
  const part = encoded(item[key.partition.name]!);
  const prefix = hashText(hashOf(part)) + closed(part);
  return key.sort === undefined ? prefix : prefix + closed(encoded(item[key.sort.name]!));
}

/** The tree key of an item's entry in an index; undefined when the item is not in it (Developer Guide, sparse indexes). */
export function indexKey(table: Table, index: Index, item: Item): string | undefined {
  const partition = indexedValues(item, partitionAttributes(index.key), LONGEST_PARTITION_KEY);
  const sort = partition && indexedValues(item, sortAttributes(index.key), LONGEST_SORT_KEY);
  return sort && partitionPrefix(partition!) + sortText(sort) + primaryKey(table.key, item);
}

/** Undefined when a value is missing, of another type, empty, or when they are too long: such an item is left out. */
function indexedValues(item: Item, attributes: readonly KeyAttribute[], longest: number): AttributeValue[] | undefined {
  const values: AttributeValue[] = [];
  let size = 0;
  for (const { name, type } of attributes) {
    const value = attributeOf(item, name);
    if (value?.[type] === undefined || emptyKind(value) !== undefined) return undefined;
    size += keySize(value);
    values.push(value);
  }
  return size > longest ? undefined : values;
}

/** Sort key text without an end, as the beginning of all sort keys that begin with `value`. */
export function sortPrefix(value: AttributeValue): string {
  return escaped(encoded(value));
}

export function sortText(values: readonly AttributeValue[]): string {
  let text = '';
  for (const value of values) text += closed(encoded(value));
  return text;
}

function encoded(value: AttributeValue): string {
  if (value.S !== undefined) return stringSortKey(value.S);
  return value.N !== undefined ? numberSortKey(value.N) : bytesText(value.B!);
}

function escaped(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\0\u0001') : text;
}

/** Ended so that a shorter text sorts before the texts it begins, whatever follows it in the key. */
function closed(text: string): string {
  return escaped(text) + END;
}

/** The least text above every text that begins with `prefix`. */
export function afterPrefix(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return last === 0xffff ? afterPrefix(prefix.slice(0, -1)) : prefix.slice(0, -1) + String.fromCharCode(last + 1);
}

function hashText(hashed: number): string {
  return String.fromCharCode(hashed >>> 24, (hashed >>> 16) & 255, (hashed >>> 8) & 255, hashed & 255);
}

export function segmentRange(segment: number, total: number): KeyRange {
  const edge = (at: number) => hashText(Math.ceil((SPACE * at) / total));
  return {
    low: segment === 0 ? undefined : edge(segment),
    high: segment + 1 === total ? undefined : edge(segment + 1),
  };
}

export function partitionAttributes(key: KeySchema): KeyAttribute[] {
  return key.more === undefined ? [key.partition] : [key.partition, ...key.more.partition];
}

export function sortAttributes(key: KeySchema): KeyAttribute[] {
  if (key.sort === undefined) return [];
  return key.more === undefined ? [key.sort] : [key.sort, ...key.more.sort];
}

export function keyAttributes(key: KeySchema): KeyAttribute[] {
  if (key.more !== undefined) return [...partitionAttributes(key), ...sortAttributes(key)];
  return key.sort === undefined ? [key.partition] : [key.partition, key.sort];
}

export function keyOf(attributes: readonly KeyAttribute[], item: Item): Item {
  const key: Item = {};
  for (const { name } of attributes) setAttribute(key, name, item[name]!);
  return key;
}

/** Refuses a `Key` that is not exactly a key of the table. */
export function checkKey(table: Table, key: Item): void {
  if (Object.keys(key).length !== (table.key.sort === undefined ? 1 : 2)) throw schemaMismatch();
  checkKeyValues(table.key, key);
}

/** Refuses an item whose attributes of a key are missing or not fit to be ones. */
export function checkKeyValues(key: KeySchema, item: Item): void {
  for (const attribute of keyAttributes(key)) {
    const value = attributeOf(item, attribute.name);
    if (value?.[attribute.type] === undefined) throw schemaMismatch();
    refuseEmpty(attribute, value);
  }
  checkKeySizes(key, item);
}

/** Refuses an item to put that lacks key attributes or has them in another type. */
export function checkItemKey(table: Table, item: Item): void {
  for (const attribute of keyAttributes(table.key)) {
    const value = attributeOf(item, attribute.name);
    if (value === undefined) throw invalidParameters(`Missing the key ${attribute.name} in the item`);
    if (value[attribute.type] === undefined) {
      throw invalidParameters(
        `Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
      );
    }
    refuseEmpty(attribute, value);
  }
  checkKeySizes(table.key, item);
}

function refuseEmpty(attribute: KeyAttribute, value: AttributeValue): void {
  const empty = emptyKind(value);
  if (empty === undefined) return;
  throw new EmptyKeyError(
    `The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${attribute.name}`,
  );
}

export function emptyKind(value: AttributeValue): 'string' | 'binary' | undefined {
  if (value.S === '') return 'string';
  return value.B?.byteLength === 0 ? 'binary' : undefined;
}

/** Developer Guide, Quotas: 2048 bytes of partition key, 1024 of sort key; numbers are always shorter. */
export function checkKeySizes(key: KeySchema, item: Item): void {
  if (totalSize(key.partition, key.more?.partition, item) > LONGEST_PARTITION_KEY) {
    throw invalidParameters('Size of hashkey has exceeded the maximum size limit of2048 bytes');
  }
  if (key.sort !== undefined && totalSize(key.sort, key.more?.sort, item) > LONGEST_SORT_KEY) {
    throw invalidParameters('Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  }
}

function totalSize(first: KeyAttribute, more: readonly KeyAttribute[] | undefined, item: Item): number {
  let size = keySize(attributeOf(item, first.name));
  if (more !== undefined) for (const { name } of more) size += keySize(attributeOf(item, name));
  return size;
}

function keySize(value: AttributeValue | undefined): number {
  return value?.S !== undefined ? Buffer.byteLength(value.S) : (value?.B?.byteLength ?? 0);
}
