import { invalidValue } from './errors.ts';
import type { Scalar } from './filter/policy.ts';

export interface MessageAttributeValue {
  DataType: string;
  StringValue?: string;
  BinaryValue?: Uint8Array;
}

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

const TYPES = /^(String|Number|Binary)(\..+)?$/s;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Developer Guide, Amazon SNS message attributes: names, types and values. */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  for (const name of Object.keys(attributes)) {
    checkName(name);
    checkValue(name, attributes[name]!);
  }
}

function checkName(name: string): void {
  if (name.length > 256) throw invalidValue('Length of message attribute name must be less than 256 bytes.');
  const strange = /[^A-Za-z0-9_.-]/.exec(name)?.[0];
  if (strange !== undefined) {
    const code = strange.charCodeAt(0).toString(16).toUpperCase();
    throw invalidValue(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (name.startsWith('.')) throw invalidValue("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.')) throw invalidValue("Invalid message attribute name ending with character '.' was found.");
  if (name.includes('..')) throw invalidValue("Message attribute name can not have successive '.' character.");
}

function checkValue(name: string, attribute: MessageAttributeValue): void {
  const { DataType: type, StringValue: text, BinaryValue: binary } = attribute;
  const base = TYPES.exec(type)?.[1];
  if (base === undefined) {
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const isBinary = base === 'Binary';
  const value = isBinary ? binary : text;
  if (value === undefined && (isBinary ? text : binary) !== undefined) {
    const field = isBinary ? 'Binary' : 'String';
    throw invalidValue(`The message attribute '${name}' with type '${type}' must use field '${field}'.`);
  }
  if (value === undefined || value.length === 0) {
    throw invalidValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (base === 'Number' && !NUMBER.test(text!)) {
    throw invalidValue(`Could not cast message attribute '${name}' value to number.`);
  }
}

/** Bytes that the attributes take of the message size: names, types and values. */
export function attributesSize(attributes: MessageAttributes): number {
  let size = 0;
  for (const name of Object.keys(attributes)) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    size += StringValue === undefined ? (BinaryValue?.length ?? 0) : Buffer.byteLength(StringValue);
  }
  return size;
}

/** The attributes as a filter policy sees them: arrays are several values, binary ones are not looked at. */
export function filterValues(attributes: MessageAttributes): Map<string, Scalar[]> {
  const values = new Map<string, Scalar[]>();
  for (const name of Object.keys(attributes)) {
    const { DataType: type, StringValue: text } = attributes[name]!;
    if (text === undefined) continue;
    if (type === 'String.Array') values.set(name, arrayValues(text));
    else if (type.startsWith('Number')) values.set(name, [Number(text)]);
    else values.set(name, [text]);
  }
  return values;
}

/** One value by itself counts as an array of it (moto, test_filtering_string_array_with_number_no_array_match). */
function arrayValues(text: string): Scalar[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  return [parsed].flat().filter((value): value is Scalar => value === null || typeof value !== 'object');
}
