import { PackedText } from '../core/packed-text.ts';

/** Deeper values than any input of AWS has are not looked into. */
const DEEPEST = 80;

/** All texts inside a value: strings, names of members, and numbers as texts. Functions and bytes have none. */
export function* textsOf(value: unknown, depth = 0): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'number') yield String(value);
  else if (value instanceof PackedText) yield* textsOf(value.value, depth);
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && depth < DEEPEST) {
    if (Array.isArray(value)) for (const element of value) yield* textsOf(element, depth + 1);
    else {
      for (const name of Object.keys(value)) {
        yield name;
        yield* textsOf((value as Record<string, unknown>)[name], depth + 1);
      }
    }
  }
}

/** A value as JSON can hold it: bytes in base64, no functions, members that are undefined left out. */
export function jsonValue(value: unknown, depth = 0): unknown {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof PackedText) return jsonValue(value.value, depth);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((element) => jsonValue(element, depth + 1));
  const entries = value instanceof Map ? value.entries() : Object.entries(value);
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, member] of entries) {
    const plain = jsonValue(member, depth + 1);
    if (plain !== undefined) copy[String(name)] = plain;
  }
  return copy;
}
