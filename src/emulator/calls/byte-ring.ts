/** Bytes that are taken at first. */
const FIRST_SIZE = 64 * 1024;

/** In few steps: each copies what is there, and memory that is written for the first time is dear. */
const GROWTH = 8;

/**
 * Bytes of requests and answers outside of the garbage collector's reach: objects that live as long as a log would cost
 * more to keep alive than a call costs to answer. Positions count up for ever; what is overwritten cannot be read.
 */
export class ByteRing {
  readonly capacity: number;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Position behind the last byte. */
  get end(): number {
    return this.#end;
  }

  /** Position of the first byte that can still be read. */
  get start(): number {
    return Math.max(0, this.#end - this.capacity);
  }

  /** Makes room for so many bytes that lie next to each other; call it before what belongs together is written. */
  reserve(length: number): void {
    const offset = this.#end % this.capacity;
    if (offset + length > this.capacity) this.#end += this.capacity - offset;
    const needed = (this.#end % this.capacity) + length;
    if (needed > this.#bytes.length) this.#grow(needed);
  }

  /** It starts small: many engines live for a few calls only, and a large allocation makes the garbage collector run. */
  #grow(needed: number): void {
    let size = Math.max(FIRST_SIZE, this.#bytes.length);
    while (size < needed) size *= GROWTH;
    const grown = Buffer.allocUnsafeSlow(Math.min(size, this.capacity));
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }

  /** Writes into reserved room; answers the number of bytes. */
  write(content: Uint8Array | string): number {
    if (content.length === 0) return 0;
    const offset = this.#end % this.capacity;
    let length: number;
    if (typeof content === 'string') length = this.#bytes.write(content, offset);
    else {
      length = content.length;
      this.#bytes.set(content, offset);
    }
    this.#end += length;
    return length;
  }

  /** A view of the bytes at a position; undefined when they have been overwritten. */
  read(position: number, length: number): Buffer | undefined {
    if (position < this.start) return undefined;
    const offset = position % this.capacity;
    return this.#bytes.subarray(offset, offset + length);
  }
}
