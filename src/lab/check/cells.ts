import { plainValue } from '../calls/changes.ts';
import type { Contents, StoredContent, WaitingMessage } from './world.ts';

/** One value in the contents, at a place that people know: a member of an item, an object or a message. */
export interface Cell {
  /** `table orders`, `bucket receipts`, `queue jobs`, `topic mails`, `metric shop/sales`, `log /shop`. */
  place: string;
  /** Of the item or object; the position of a message. */
  key: string;
  /** Of the member: `address.city`; empty for the whole. */
  path: string;
  /** As JSON. */
  value: string;
}

/** Where a run has come to: what is stored, and what was published to nobody who keeps it. */
export interface EndState extends Contents {
  /** Topic -> messages that went to no queue: to mail addresses and the like, or to nobody. */
  published: Record<string, { body: string; attributes: Record<string, string> }[]>;
}

/** How values are taken apart. */
export interface CellOptions {
  /** Lists are compared without regard to their order. */
  anyOrder: boolean;
}

/** Deeper members are compared as one value. */
const DEEPEST = 20;

/** All values in a state. JSON inside of texts is read, so that one changed member does not hide the others. */
export function* cellsOf(state: EndState, options: CellOptions): Generator<Cell> {
  for (const [name, items] of Object.entries(state.tables)) {
    for (const [key, item] of Object.entries(items))
      yield* cellsAt({ place: `table ${name}`, key, path: '' }, plainItem(item), options);
  }
  for (const [name, objects] of Object.entries(state.buckets)) {
    for (const [key, object] of Object.entries(objects))
      yield* cellsAt({ place: `bucket ${name}`, key, path: '' }, contentOf(object), options);
  }
  for (const [place, messages] of messagesIn(state)) {
    for (const [index, message] of messages.entries())
      yield* cellsAt({ place, key: String(index), path: '' }, messageValue(message), options);
  }
  for (const [name, value] of Object.entries(state.metrics ?? {}))
    yield* cellsAt({ place: `metric ${name}`, key: '', path: '' }, value, options);
}

type Message = Pick<WaitingMessage, 'body' | 'attributes'>;

/** Places whose entries have no key: messages and lines. */
export function* messagesIn(state: EndState): Generator<[place: string, messages: readonly Message[]]> {
  for (const [name, messages] of Object.entries(state.queues)) yield [`queue ${name}`, messages];
  for (const [name, messages] of Object.entries(state.published)) yield [`topic ${name}`, messages];
  for (const [name, lines] of Object.entries(state.logs ?? {}))
    yield [`log ${name}`, lines.map((body) => ({ body, attributes: {} }))];
}

/** A message as its body, which is most of it, and its attributes, if it has some. */
export function messageValue({ body, attributes }: Message): unknown {
  const inner = jsonIn(body);
  if (Object.keys(attributes).length === 0) return inner;
  return { body: inner, attributes };
}

/** An object's content; type and metadata beside it where they say something. */
function contentOf({ etag, text, content_type: type, metadata }: StoredContent): unknown {
  const content = text === null ? { etag } : jsonIn(text);
  const about = { ...(Object.keys(metadata).length > 0 && { metadata }), content_type: type };
  return typeof content === 'object' && content !== null && !Array.isArray(content)
    ? { ...content, ...about }
    : { content, ...about };
}

/** Sets come back in any order. */
function plainItem(item: Readonly<Record<string, unknown>>): unknown {
  return plainValue({ M: sortedSets(item) });
}

function sortedSets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedSets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      /^[SNB]S$/.test(name) && Array.isArray(member) ? [...member].sort() : sortedSets(member),
    ]),
  );
}

function* cellsAt(at: Omit<Cell, 'value'>, value: unknown, options: CellOptions, depth = 0): Generator<Cell> {
  const inner = typeof value === 'string' ? jsonIn(value) : value;
  if (typeof inner !== 'object' || inner === null || depth >= DEEPEST || Object.keys(inner).length === 0) {
    yield { ...at, value: JSON.stringify(inner) ?? 'null' };
    return;
  }
  const members = Array.isArray(inner) && options.anyOrder ? ordered(inner) : inner;
  for (const [name, member] of Object.entries(members)) {
    yield* cellsAt({ ...at, path: at.path === '' ? name : `${at.path}.${name}` }, member, options, depth + 1);
  }
}

const ordered = (list: readonly unknown[]): unknown[] =>
  [...list].sort((a, b) => ((JSON.stringify(a) ?? '') < (JSON.stringify(b) ?? '') ? -1 : 1));

/** What a text holds as JSON, if that is an object or a list; else the text. */
export function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
