import { hash } from 'node:crypto';
import { AwsError } from '../core/errors.ts';
import { invalidParameter } from './errors.ts';
import { entriesOf, outputMap } from './maps.ts';
import { hasInvalidCharacters, invalidCharacters } from './message-body.ts';
import type { MessageAttribute } from './state.ts';

/** A message attribute as clients give and get it. */
export interface AttributeValue {
  DataType: string;
  StringValue?: string;
  BinaryValue?: Uint8Array;
  StringListValues?: unknown[];
  BinaryListValues?: unknown[];
}

export type AttributeMap = Record<string, AttributeValue> | ReadonlyMap<string, AttributeValue>;

const MAX_ATTRIBUTES = 10;

/** What maps have been read to: a topic sends the same one to every queue. */
const readBefore = new WeakMap<AttributeMap, MessageAttribute[]>();

/** Checks message attributes and puts them in order of name (SQS Developer Guide, Message metadata). */
export function readAttributes(map: AttributeMap | undefined): MessageAttribute[] {
  if (map === undefined || map === null) return [];
  let attributes = readBefore.get(map);
  if (attributes === undefined) {
    attributes = attributesIn(map);
    readBefore.set(map, attributes);
  }
  return attributes;
}

function attributesIn(map: AttributeMap): MessageAttribute[] {
  const entries = entriesOf(map);
  if (entries.length === 0) return [];
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  }
  for (const [name] of entries) checkName(name);
  return entries
    .map(([name, value]) => ({ name, type: value.DataType, value: readValue(name, value) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function checkName(name: string): void {
  if (name === '') throw invalidParameter('The request must contain non-empty message attribute names.');
  if (name.length > 256) throw invalidParameter('Message (user) attribute name must be shorter than 256 bytes.');
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalidParameter(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
    );
  }
  // Letters of Latin-1 and Latin Extended-A pass as well, as AWS was seen to take them.
  if (
    !/^[A-Za-z0-9_.\u00c0-\u017f-]+$/.test(name) ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    name.includes('..')
  ) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' is invalid. You can use only the following characters: a-z, A-Z, ` +
        '0-9, underscore (_), hyphen (-), and period (.). The name must not start or end with a period, nor have ' +
        'successive periods.',
    );
  }
}

function readValue(name: string, given: AttributeValue): string | Uint8Array {
  const { DataType: type, StringValue: text, BinaryValue: bytes } = given;
  if (!type) throw invalidParameter(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const kind = /^(String|Number|Binary)(?:\.[^\0]*)?$/.exec(type)?.[1];
  if (kind === undefined || type.length > 256) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type ` +
        'prefixes: Binary, Number, String.',
    );
  }
  if ((given.StringListValues?.length ?? 0) > 0 || (given.BinaryListValues?.length ?? 0) > 0) {
    throw new AwsError(
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
    );
  }
  const value = kind === 'Binary' ? bytes : text;
  const other = kind === 'Binary' ? text : bytes;
  if (value === undefined || value.length === 0 || other !== undefined) {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${kind}'.`);
  }
  // A copy with memory of its own: a pooled buffer would drag its pool into every snapshot.
  if (typeof value !== 'string') return new Uint8Array(value);
  // The text of a body's error, under the code of a parameter's.
  if (hasInvalidCharacters(value)) throw invalidParameter(invalidCharacters().message);
  if (kind === 'Number' && !isNumber(value)) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return value;
}

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim());

/** Bytes that attributes add to a message: names, types and values. */
export function attributesSize(attributes: readonly MessageAttribute[]): number {
  let size = 0;
  for (const { name, type, value } of attributes) {
    size += Buffer.byteLength(name) + Buffer.byteLength(type);
    size += typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  }
  return size;
}

/** The digest that SDKs verify (SQS Developer Guide, Calculating the MD5 message digest for message attributes). */
export function attributesMd5(attributes: readonly MessageAttribute[]): string | undefined {
  if (attributes.length === 0) return undefined;
  let digest = digests.get(attributes);
  if (digest === undefined) {
    digest = hash('md5', digestedBytes(attributes));
    digests.set(attributes, digest);
  }
  return digest;
}

const digests = new WeakMap<readonly MessageAttribute[], string>();

/** Names, types and values, each after its length; a byte before a value says whether it is text. */
function digestedBytes(attributes: readonly MessageAttribute[]): Buffer {
  const bytes = Buffer.allocUnsafe(attributesSize(attributes) + attributes.length * 13);
  let at = 0;
  const add = (part: string | Uint8Array) => {
    const length = typeof part === 'string' ? bytes.write(part, at + 4) : part.length;
    if (typeof part !== 'string') bytes.set(part, at + 4);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  };
  for (const { name, type, value } of attributes) {
    add(name);
    add(type);
    bytes[at++] = typeof value === 'string' ? 1 : 2;
    add(value);
  }
  return bytes;
}

/** The attributes that a receiver asked for: by name, by prefix (`order.*`), or all (`All`, `.*`). */
export function selectAttributes(
  attributes: readonly MessageAttribute[],
  wanted: readonly string[] | undefined,
): readonly MessageAttribute[] {
  if (wanted === undefined || wanted.length === 0 || attributes.length === 0) return [];
  if (wanted.some((name) => name === 'All' || name === '.*' || name === '*')) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return attributes.filter(({ name }) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)));
}

export function outputAttributes(attributes: readonly MessageAttribute[]): Record<string, AttributeValue> | undefined {
  return outputMap(
    attributes.map(({ name, type, value }) => [
      name,
      typeof value === 'string' ? { StringValue: value, DataType: type } : { BinaryValue: value, DataType: type },
    ]),
  );
}
