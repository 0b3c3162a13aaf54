import { AwsError } from '../core/errors.ts';
import { compiler } from '../models/compile.ts';
import type { ServiceModel, Shape } from '../models/model.ts';
import { parseTimestamp } from './timestamps.ts';

export type Reader = (value: unknown) => unknown;

/** A value of the wrong JSON type; the path is filled in on its way out. */
class TypeMismatch extends Error {
  path = '';
}

/**
 * Reads values that a JSON or CBOR parser has made into the emulator's form: blobs become Buffers, timestamps seconds.
 * Members that the model does not know, and nulls, are left out as AWS leaves them out. Nesting has been bounded before.
 * The parsed value is changed in place: it belongs to this request.
 */
export function inputReader(model: ServiceModel): (shape: string, value: unknown) => Record<string, unknown> {
  const isDynamo = model.id === 'dynamodb';
  const of = compiler<[unknown], unknown>((name, inner) => {
    const shape = model.shape(name);
    return isDynamo && shape.type === 'boolean' ? readBooleanWord : readerOf(shape, inner);
  });
  return (shape, value) => {
    try {
      return of(shape)(value) as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof TypeMismatch)) throw error;
      const place = error.path === '' || isDynamo ? '' : ` at '${error.path}'`;
      throw new AwsError('SerializationException', error.message + place);
    }
  };
}

function readerOf(shape: Shape, of: (name: string) => Reader): Reader {
  switch (shape.type) {
    case 'structure':
      return structureReader(shape, of);
    case 'list':
      return listReader(of(shape.member!.shape));
    case 'map':
      return mapReader(of(shape.value!.shape));
    case 'integer':
      return (value) => readInteger(value, 'Integer', 2 ** 31);
    case 'long':
      return (value) => readInteger(value, 'Long', 2 ** 63);
    case 'double':
      return readDouble;
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : mismatch(value, 'Boolean'));
    case 'blob':
      return readBlob;
    case 'timestamp':
      return readTimestamp;
    default:
      return (value) => (typeof value === 'string' ? value : mismatch(value, 'String'));
  }
}

function structureReader(shape: Shape, of: (name: string) => Reader): Reader {
  const members = new Map(Object.entries(shape.members ?? {}).map(([name, member]) => [name, of(member.shape)]));
  return (value) => {
    const given = asObject(value);
    let foreign = false;
    for (const name in given) {
      const read = members.get(name);
      const inside = given[name];
      if (read === undefined || inside === null || inside === undefined) foreign = true;
      else readInside(given, name, inside, read);
    }
    return foreign ? without(given, members) : given;
  };
}

function mapReader(read: Reader): Reader {
  return (value) => {
    const given = asObject(value);
    for (const key in given) readInside(given, key, given[key] ?? {}, read);
    return given;
  };
}

function listReader(read: Reader): Reader {
  return (value) => {
    if (!Array.isArray(value)) mismatch(value, 'list');
    const given = value as unknown[];
    for (let index = 0; index < given.length; index++) {
      try {
        given[index] = read(given[index] ?? {});
      } catch (error) {
        throw located(error, String(index + 1));
      }
    }
    return given;
  };
}

// A name of a map may be `__proto__`; the parser has made it an own property, so assigning it is plain.
function readInside(owner: Record<string, unknown>, name: string, value: unknown, read: Reader): void {
  try {
    const made = read(value);
    if (made !== owner[name]) owner[name] = made;
  } catch (error) {
    throw located(error, name);
  }
}

function located(error: unknown, name: string): unknown {
  if (error instanceof TypeMismatch) error.path = error.path === '' ? name : `${name}.${error.path}`;
  return error;
}

function without(given: Record<string, unknown>, members: ReadonlyMap<string, Reader>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name in given) {
    if (members.has(name) && given[name] !== null && given[name] !== undefined) kept[name] = given[name];
  }
  return kept;
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
    return value as Record<string, unknown>;
  }
  return mismatch(value, 'structure');
}

function readInteger(value: unknown, type: string, bound: number): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= -bound && number < bound) return number;
  return mismatch(value, type);
}

function readDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  return mismatch(value, 'Double');
}

function readBlob(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value !== 'string') return mismatch(value, 'Blob');
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
    throw new TypeMismatch('Invalid Base64 encoding of a blob');
  }
  if (hasStrayBits(value)) throw new TypeMismatch('Invalid last non-pad Base64 character dectected');
  return Buffer.from(value, 'base64');
}

/** The last character of padded Base64 may hold bits that belong to no byte. */
function hasStrayBits(text: string): boolean {
  if (!text.endsWith('=')) return false;
  const end = text.slice(-4);
  return Buffer.from(end, 'base64').toString('base64') !== end;
}

/** DynamoDB takes a boolean's words as strings too, in any case (dynalite validations/index.js). */
function readBooleanWord(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return mismatch(value, 'Boolean');
  const word = value.toLowerCase();
  if (word !== 'true' && word !== 'false') throw new TypeMismatch('Unexpected token received from parser');
  return word === 'true';
}

function readTimestamp(value: unknown): number {
  const seconds = typeof value === 'string' ? parseTimestamp(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : mismatch(value, 'Timestamp');
}

/** The wording of AWS's JSON parser. */
function mismatch(value: unknown, expected: string): never {
  if (expected === 'structure' || expected === 'list') throw new TypeMismatch('Unexpected value type in payload');
  if (typeof value === 'object' && value !== null) {
    throw new TypeMismatch('Start of structure or map found where not expected');
  }
  const kind = value === null ? 'NULL' : typeof value === 'boolean' ? String(value).toUpperCase() : kindOf(value);
  throw new TypeMismatch(`${kind}_VALUE cannot be converted to ${expected}`);
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'STRING';
  return Number.isInteger(value) ? 'NUMBER' : 'DECIMAL';
}
