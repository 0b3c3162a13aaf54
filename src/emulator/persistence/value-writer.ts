import { ShapeTable } from './shapes.ts';
import { Tag } from './tags.ts';

/** Longer strings and byte arrays are cut into pieces, each at the start of a chunk of its own. */
export const INLINE_BYTES = 64 * 1024;

const CHUNK_BYTES = 1024 * 1024;

// What a value takes at most before its own bytes.
const ROOM = 16;

// A Map holds 2^24 entries at most.
const MOST_PER_MAP = 2 ** 23;

/** Takes a chunk with `reserve` free bytes at its start; the memory is used again after the call. */
export type ChunkSink = (chunk: Buffer, last: boolean) => void;

/**
 * Writes plain data (Map, Set, array, object, Buffer, Date, string, number, bigint, boolean, undefined, null) as a row of
 * chunks of bounded length, so that a state of any size needs one small buffer. Like a structured clone it keeps
 * identity: what is referred to twice is written once. Names of members are written once for each kind of object.
 * Between two values that are independent of each other `write` can be called again.
 */
export class ValueWriter {
  readonly #reserve: number;
  readonly #chunk: Buffer;
  readonly #shapes = new ShapeTable();
  #seen: Map<object, number>[] = [new Map()];
  #count = 0;
  #at: number;
  #sink: ChunkSink = () => {};

  constructor(reserve: number) {
    this.#reserve = reserve;
    this.#at = reserve;
    this.#chunk = Buffer.allocUnsafeSlow(reserve + CHUNK_BYTES);
  }

  /** Throws TypeError for what cannot be kept, such as a function. */
  write(value: unknown, sink: ChunkSink): void {
    this.#sink = sink;
    this.#at = this.#reserve;
    this.#shapes.begin();
    if (this.#seen.length > 1) this.#seen = [new Map()];
    else this.#seen[0]!.clear();
    this.#count = 0;
    this.#value(value);
    this.#flush(true);
    this.#seen[0]!.clear();
  }

  #flush(last: boolean): void {
    const chunk = this.#chunk.subarray(0, this.#at);
    this.#at = this.#reserve;
    this.#sink(chunk, last);
  }

  #ensure(bytes: number): void {
    if (this.#at + bytes + ROOM > this.#chunk.length) this.#flush(false);
  }

  #value(value: unknown): void {
    this.#ensure(0);
    if (typeof value === 'string') this.#string(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'object') {
      if (value === null) this.#tag(Tag.null);
      else this.#object(value);
    } else if (value === undefined) this.#tag(Tag.undefined);
    else if (typeof value === 'boolean') this.#tag(value ? Tag.true : Tag.false);
    else if (typeof value === 'bigint') {
      this.#tag(Tag.bigint);
      this.#string(String(value));
    } else throw new TypeError(`a ${typeof value} cannot be kept`);
  }

  #tag(tag: number): void {
    this.#chunk[this.#at++] = tag;
  }

  #size(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#chunk[this.#at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#chunk[this.#at++] = rest;
  }

  #number(value: number): void {
    if (value >= 0 && value < 128 && Number.isInteger(value) && !Object.is(value, -0)) {
      this.#chunk[this.#at++] = Tag.smallNumber + value;
    } else if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.#tag(value < 0 ? Tag.negative : Tag.positive);
      this.#size(Math.abs(value));
    } else {
      this.#tag(Tag.double);
      this.#at = this.#chunk.writeDoubleLE(value, this.#at);
    }
  }

  #string(text: string): void {
    const { length } = text;
    if (length < 64) {
      this.#ensure(length);
      const chunk = this.#chunk;
      const start = this.#at;
      chunk[start] = Tag.shortString + length;
      let index = 0;
      for (; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code > 127) break;
        chunk[start + 1 + index] = code;
      }
      if (index === length) {
        this.#at = start + 1 + length;
        return;
      }
    }
    const ascii = Buffer.byteLength(text) === length;
    const bytes = ascii ? length : 2 * length;
    // As UTF-16 where it is no ASCII: lone surrogates, which UTF-8 does not have, come back as they were.
    const encoding = ascii ? 'latin1' : 'utf16le';
    this.#ensure(Math.min(bytes, INLINE_BYTES));
    this.#tag(ascii ? Tag.ascii : Tag.utf16);
    this.#size(bytes);
    if (bytes > INLINE_BYTES) this.#pieces(Buffer.from(text, encoding));
    else this.#at += this.#chunk.write(text, this.#at, bytes, encoding);
  }

  #bytes(tag: number, value: Uint8Array): void {
    this.#ensure(Math.min(value.length, INLINE_BYTES));
    this.#tag(tag);
    this.#size(value.length);
    if (value.length > INLINE_BYTES) this.#pieces(value);
    else {
      this.#chunk.set(value, this.#at);
      this.#at += value.length;
    }
  }

  #pieces(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
      this.#flush(false);
      const piece = bytes.subarray(from, from + CHUNK_BYTES);
      this.#chunk.set(piece, this.#at);
      this.#at += piece.length;
    }
    this.#flush(false);
  }

  #object(value: object): void {
    const known = this.#known(value);
    if (known !== undefined) {
      this.#tag(Tag.reference);
      this.#size(known);
      return;
    }
    if (Array.isArray(value)) {
      this.#tag(Tag.array);
      this.#size(value.length);
      for (let index = 0; index < value.length; index++) this.#value(value[index]);
    } else if (value instanceof Map) {
      this.#tag(Tag.map);
      this.#size(value.size);
      for (const [key, each] of value) {
        this.#value(key);
        this.#value(each);
      }
    } else if (value instanceof Uint8Array) {
      this.#bytes(Buffer.isBuffer(value) ? Tag.buffer : Tag.bytes, value);
    } else if (value instanceof Set) {
      this.#tag(Tag.set);
      this.#size(value.size);
      for (const each of value) this.#value(each);
    } else if (value instanceof Date) {
      this.#tag(Tag.date);
      this.#at = this.#chunk.writeDoubleLE(value.getTime(), this.#at);
    } else this.#members(value as Record<string, unknown>);
  }

  #members(value: Record<string, unknown>): void {
    const names = Object.keys(value);
    const { id, isNew } = this.#shapes.of(names);
    this.#tag(isNew ? Tag.newShape : Tag.shape);
    this.#size(isNew ? names.length : id);
    if (isNew) for (const name of names) this.#value(name);
    for (let index = 0; index < names.length; index++) this.#value(value[names[index]!]);
  }

  /** The number of an object that was written before; else it gets the next one. */
  #known(value: object): number | undefined {
    for (const seen of this.#seen) {
      const found = seen.get(value);
      if (found !== undefined) return found;
    }
    let latest = this.#seen.at(-1)!;
    if (latest.size >= MOST_PER_MAP) {
      latest = new Map();
      this.#seen.push(latest);
    }
    latest.set(value, this.#count++);
    return undefined;
  }
}
