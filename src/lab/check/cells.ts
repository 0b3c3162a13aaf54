import { plainValue } from '../calls/changes.ts';
import type { Contents } from './world.ts';

/** One value in the contents, at a place that people know: a member of an item, an object or a message. */
export interface Cell {
  /** `table orders`, `bucket receipts` or `queue jobs`. */
  place: string;
  /** Of the item or object; the position of a message. */
  key: string;
  /** Of the member: `address.city`; empty for the whole. */
  path: string;
  /** As JSON. */
  value: string;
}

/** Deeper members are compared as one value. */
const DEEPEST = 20;

/** All values in the contents. JSON inside of texts is read, so that one changed member does not hide the others. */
export function* cellsOf({ tables, buckets, queues }: Contents): Generator<Cell> {
  for (const [name, items] of Object.entries(tables)) {
    for (const [key, item] of Object.entries(items))
      yield* cellsAt(`table ${name}`, key, plainValue({ M: item }), '', 0);
  }
  for (const [name, objects] of Object.entries(buckets)) {
    for (const [key, { etag, text }] of Object.entries(objects)) {
      yield* cellsAt(`bucket ${name}`, key, text ?? { etag }, '', 0);
    }
  }
  for (const [name, messages] of Object.entries(queues)) {
    for (const [index, { body }] of messages.entries()) yield* cellsAt(`queue ${name}`, String(index), body, '', 0);
  }
}

function* cellsAt(place: string, key: string, value: unknown, path: string, depth: number): Generator<Cell> {
  const inner = typeof value === 'string' ? jsonIn(value) : value;
  if (typeof inner !== 'object' || inner === null || depth >= DEEPEST || isEmpty(inner)) {
    yield { place, key, path, value: JSON.stringify(inner) };
    return;
  }
  const members = Array.isArray(inner) ? unordered(inner) : inner;
  for (const [name, member] of Object.entries(members)) {
    yield* cellsAt(place, key, member, path === '' ? name : `${path}.${name}`, depth + 1);
  }
}

const isEmpty = (value: object) => Object.keys(value).length === 0;

/** Sets come back in any order, and so do the messages of a list that several deliveries add to. */
const unordered = (list: readonly unknown[]): unknown[] =>
  list.every((element) => typeof element === 'string' || typeof element === 'number') ? [...list].sort() : [...list];

/** What a text holds as JSON, if that is an object or a list; else the text. */
function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
