import { Tag } from './tags.ts';
import { INLINE_BYTES } from './value-writer.ts';

/** The bytes are whole, and yet no value that this version knows. */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';
}

/** Gives the next chunk of a value, or undefined after the last. */
export type ChunkSource = () => Buffer | undefined;

/** Reads one value that a ValueWriter wrote; what it returns does not point into the chunks. */
export class ValueReader {
  readonly #source: ChunkSource;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  readonly #seen: unknown[] = [];
  readonly #shapes: string[][] = [];

  constructor(source: ChunkSource) {
    this.#source = source;
  }

  /** Throws UnreadableValue when the chunks end early, go on, or hold what is no value. */
  read(): unknown {
    const value = this.#value();
    for (let rest = this.#chunk.subarray(this.#at); ; ) {
      if (rest.length > 0) throw new UnreadableValue('more follows than belongs to the value');
      const chunk = this.#source();
      if (chunk === undefined) return value;
      rest = chunk;
    }
  }

  #next(): void {
    const chunk = this.#source();
    if (chunk === undefined) throw new UnreadableValue('the value ends early');
    this.#chunk = chunk;
    this.#at = 0;
  }

  #value(): unknown {
    while (this.#at >= this.#chunk.length) this.#next();
    const tag = this.#chunk[this.#at++]!;
    if (tag >= Tag.smallNumber) return tag - Tag.smallNumber;
    if (tag >= Tag.shortString) return this.#text(tag - Tag.shortString, 'latin1');
    switch (tag) {
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.true:
        return true;
      case Tag.false:
        return false;
      case Tag.positive:
        return this.#size();
      case Tag.negative:
        return -this.#size();
      case Tag.double:
        return this.#double();
      case Tag.bigint:
        return BigInt(String(this.#value()));
      case Tag.ascii:
        return this.#string('latin1');
      case Tag.utf16:
        return this.#string('utf16le');
      default:
        return this.#object(tag);
    }
  }

  #object(tag: number): unknown {
    switch (tag) {
      case Tag.shape:
        return this.#members(this.#shape(this.#size()));
      case Tag.newShape:
        return this.#newShape();
      case Tag.array:
        return this.#array();
      case Tag.map:
        return this.#map();
      case Tag.set:
        return this.#set();
      case Tag.buffer:
        return this.#remember(this.#bytes(this.#size()));
      case Tag.bytes: {
        const { buffer } = this.#bytes(this.#size());
        return this.#remember(new Uint8Array(buffer));
      }
      case Tag.date:
        return this.#remember(new Date(this.#double()));
      case Tag.reference:
        return this.#referred(this.#size());
      default:
        throw new UnreadableValue(`no kind of value has the number ${tag}`);
    }
  }

  #remember<T>(value: T): T {
    this.#seen.push(value);
    return value;
  }

  #referred(number: number): unknown {
    if (number >= this.#seen.length) throw new UnreadableValue('a reference to nothing');
    return this.#seen[number];
  }

  #shape(number: number): readonly string[] {
    const names = this.#shapes[number];
    if (names === undefined) throw new UnreadableValue('an object of unknown shape');
    return names;
  }

  #newShape(): unknown {
    const names: string[] = [];
    for (let count = this.#size(); count > 0; count--) names.push(String(this.#value()));
    this.#shapes.push(names);
    return this.#members(names);
  }

  #members(names: readonly string[]): Record<string, unknown> {
    const made: Record<string, unknown> = this.#remember({});
    for (const name of names) {
      const value = this.#value();
      if (name !== '__proto__') made[name] = value;
      else Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
    }
    return made;
  }

  #array(): unknown[] {
    const made: unknown[] = this.#remember([]);
    for (let count = this.#size(); count > 0; count--) made.push(this.#value());
    return made;
  }

  #map(): Map<unknown, unknown> {
    const made = this.#remember(new Map<unknown, unknown>());
    for (let count = this.#size(); count > 0; count--) {
      const key = this.#value();
      made.set(key, this.#value());
    }
    return made;
  }

  #set(): Set<unknown> {
    const made = this.#remember(new Set<unknown>());
    for (let count = this.#size(); count > 0; count--) made.add(this.#value());
    return made;
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#chunk.length) throw new UnreadableValue('a value ends early');
  }

  #size(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      this.#need(1);
      const byte = this.#chunk[this.#at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #double(): number {
    this.#need(8);
    const value = this.#chunk.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  #text(bytes: number, encoding: 'latin1' | 'utf16le'): string {
    this.#need(bytes);
    const end = this.#at + bytes;
    const text = this.#chunk.toString(encoding, this.#at, end);
    this.#at = end;
    return text;
  }

  #string(encoding: 'latin1' | 'utf16le'): string {
    const bytes = this.#size();
    return bytes > INLINE_BYTES ? this.#bytes(bytes).toString(encoding) : this.#text(bytes, encoding);
  }

  /** Of its own memory, with nothing else in it. */
  #bytes(length: number): Buffer {
    const made = Buffer.allocUnsafeSlow(length);
    if (length <= INLINE_BYTES) {
      this.#need(length);
      this.#chunk.copy(made, 0, this.#at, this.#at + length);
      this.#at += length;
      return made;
    }
    for (let done = 0; done < length; done += this.#chunk.length) {
      this.#next();
      if (this.#chunk.length > length - done) throw new UnreadableValue('a value goes on too long');
      this.#chunk.copy(made, done);
    }
    this.#at = this.#chunk.length;
    return made;
  }
}
