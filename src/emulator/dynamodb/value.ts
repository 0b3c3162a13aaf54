import { invalidParameters, validationError } from './errors.ts';
import { canonicalNumber, compareNumbers } from './number.ts';

/** An attribute value in wire form: exactly one member is set. Values are never changed once they are stored. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: Uint8Array;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: Uint8Array[];
  M?: Item;
  L?: AttributeValue[];
}

export type Item = Record<string, AttributeValue>;

export type ValueType = keyof AttributeValue;

export const VALUE_TYPES: readonly ValueType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'M', 'L'];

/** "Attributes can be nested up to 32 levels deep" (Developer Guide, Quotas); the value itself is the last level. */
const DEEPEST_LEVEL = 32;

/** Attribute names are the client's, so `constructor` and `__proto__` are names like any other. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

export function setAttribute(item: Item, name: string, value: AttributeValue): void {
  if (name !== '__proto__') item[name] = value;
  else Object.defineProperty(item, name, { value, enumerable: true, writable: true, configurable: true });
}

export function typeOf(value: AttributeValue): ValueType {
  if (value.S !== undefined) return 'S';
  if (value.N !== undefined) return 'N';
  for (const type of VALUE_TYPES) if (value[type] !== undefined) return type;
  throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

const LONGEST_NAME = 65_535;

/** "An attribute name must be at least one character long, but no greater than 64 KB in size" (Developer Guide, Quotas). */
export function checkName(name: string): void {
  if (name === '') throw validationError('Empty attribute name');
  // No character takes more than three bytes for each unit of its length.
  if (name.length * 3 > LONGEST_NAME && Buffer.byteLength(name) > LONGEST_NAME) {
    throw validationError('Attribute name is too large, must be less than 65536 bytes');
  }
}

/** A checked copy of an item as it came in, with numbers in canonical form. */
export function checkedItem(item: Item, level = 1): Item {
  const copy: Item = {};
  for (const name of Object.keys(item)) {
    if (level === 1) checkName(name);
    setAttribute(copy, name, checkedValue(item[name]!, level));
  }
  return copy;
}

export function checkedValue(value: AttributeValue, level = 1): AttributeValue {
  const types = Object.keys(value).filter((type) => value[type as ValueType] !== undefined);
  if (types.length > 1) {
    for (const type of types) checkedMember({ [type]: value[type as ValueType] }, level);
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return checkedMember(value, level);
}

function checkedMember(value: AttributeValue, level: number): AttributeValue {
  const type = typeOf(value);
  switch (type) {
    case 'S':
      return { S: value.S! };
    case 'N':
      return { N: canonicalNumber(value.N!) };
    case 'B':
      return { B: copiedBytes(value.B!) };
    case 'BOOL':
      return { BOOL: value.BOOL! };
    case 'NULL':
      // `false` used to be refused; the service now takes it and stores a null.
      return { NULL: true };
    case 'SS':
    case 'NS':
    case 'BS':
      return checkedSet(value);
    default:
      return checkedDocument(value, level);
  }
}

function refuseLevel(level: number): void {
  if (level < DEEPEST_LEVEL) return;
  throw validationError(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
}

/** Refuses a value that an update puts so deep into an item that its innermost values lie too deep. */
export function checkDepth(value: AttributeValue, level: number): void {
  if (value.M === undefined && value.L === undefined) return;
  refuseLevel(level);
  for (const element of value.L ?? Object.values(value.M!)) checkDepth(element, level + 1);
}

function checkedDocument(value: AttributeValue, level: number): AttributeValue {
  refuseLevel(level);
  return value.M !== undefined
    ? { M: checkedItem(value.M, level + 1) }
    : { L: value.L!.map((element) => checkedValue(element, level + 1)) };
}

function checkedSet(value: AttributeValue): AttributeValue {
  if (value.SS !== undefined) {
    if (value.SS.length === 0) throw invalidParameters('An string set  may not be empty');
    if (new Set(value.SS).size < value.SS.length) {
      const shown = value.SS.map((member) => JSON.stringify(member)).join(', ');
      throw invalidParameters(`Input collection [${shown}] contains duplicates.`);
    }
    return { SS: sortedStrings(value.SS) };
  }
  if (value.NS !== undefined) {
    if (value.NS.length === 0) throw invalidParameters('An number set  may not be empty');
    const numbers = value.NS.map(canonicalNumber);
    if (new Set(numbers).size < numbers.length) throw validationError('Input collection contains duplicates');
    return { NS: sortedNumbers(numbers) };
  }
  const members = value.BS!;
  if (members.length === 0) throw invalidParameters('Binary sets should not be empty');
  if (new Set(members.map(bytesText)).size < members.length) {
    const shown = members.map((bytes) => Buffer.from(bytes).toString('base64')).join(', ');
    throw invalidParameters(`Input collection [${shown}]of type BS contains duplicates.`);
  }
  return { BS: sortedBytes(members.map(copiedBytes)) };
}

/** DynamoDB keeps the members of a set in order, whatever the order they were given in. */
export function sortedStrings(members: readonly string[]): string[] {
  return [...members].sort(compareStrings);
}

export function sortedNumbers(members: readonly string[]): string[] {
  return [...members].sort(compareNumbers);
}

export function sortedBytes(members: readonly Uint8Array[]): Uint8Array[] {
  return [...members].sort(Buffer.compare);
}

/** A copy outside Node's buffer pool, so that a snapshot of a small value does not carry a whole pool along. */
function copiedBytes(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.alloc(bytes.byteLength);
  copy.set(bytes);
  return copy;
}

/** Bytes as text of one character a byte; a snapshot turns Buffers into plain Uint8Arrays, hence not `toString`. */
export function bytesText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The members of a set as text, whatever its type; undefined for other values. */
export function setMembers(value: AttributeValue): string[] | undefined {
  return value.SS ?? value.NS ?? value.BS?.map(bytesText);
}

export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (b[type] === undefined) return false;
  switch (type) {
    case 'B':
      return Buffer.compare(a.B!, b.B!) === 0;
    case 'SS':
    case 'NS':
    case 'BS': {
      const members = new Set(setMembers(a));
      const others = setMembers(b)!;
      return others.length === members.size && others.every((member) => members.has(member));
    }
    case 'L':
      return a.L!.length === b.L!.length && a.L!.every((element, at) => equalValues(element, b.L![at]!));
    case 'M':
      return equalItems(a.M!, b.M!);
    default:
      return a[type] === b[type];
  }
}

export function equalItems(a: Item, b: Item): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equalValues(a[name]!, b[name]!))
  );
}

/** Order of two values of one scalar type; undefined where DynamoDB knows no order between them. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N);
  if (a.S !== undefined && b.S !== undefined) return compareStrings(a.S, b.S);
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B);
  return undefined;
}

function compareStrings(a: string, b: string): number {
  const left = stringSortKey(a);
  const right = stringSortKey(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

const BEYOND_SURROGATES = /[\ud800-\uffff]/;

/**
 * DynamoDB orders strings by their UTF-8 bytes, JavaScript by UTF-16 units; they differ where surrogates meet the
 * characters above them. Swapping the two ranges makes the orders agree, and keeps prefixes prefixes.
 */
export function stringSortKey(text: string): string {
  if (!BEYOND_SURROGATES.test(text)) return text;
  return text.replace(/[\ud800-\uffff]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
  });
}
