/** What became of the bytes given: more are needed, the body is whole (with what follows it), or it cannot be. */
export type BodyProgress = 'more' | 'malformed' | 'oversized' | { rest: Buffer };

/** Bytes that a line between chunks may have, and all trailers together. */
const LONGEST_LINE = 1024;
const LONGEST_TRAILERS = 16 * 1024;
const FIRST_CAPACITY = 64 * 1024;
const LINE_FEED = 0x0a;
const CHUNK = /^([0-9a-fA-F]{1,8})(?:[ \t]*;.*)?$/;

/** Puts a request's body together as it comes, of a length that is known or in chunks (RFC 9112, 6 and 7.1). */
export class RequestBody {
  readonly #limit: number;
  readonly #chunked: boolean;
  /** What is to come of the body, or of the chunk that is being read. */
  #left: number;
  #expects: 'size' | 'end of chunk' | 'trailer' = 'size';
  #line = '';
  #trailers = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(length: number | undefined, limit: number) {
    this.#limit = limit;
    this.#chunked = length === undefined;
    this.#left = length ?? 0;
  }

  /** Bytes that have come. */
  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  take(given: Buffer): BodyProgress {
    if (this.#chunked) return this.#takeChunks(given);
    const count = this.#takeData(given, 0);
    return this.#left > 0 ? 'more' : { rest: given.subarray(count) };
  }

  #takeChunks(given: Buffer): BodyProgress {
    for (let at = 0; at < given.length; ) {
      if (this.#left > 0) {
        if (this.#length + this.#left > this.#limit) return 'oversized';
        at += this.#takeData(given, at);
        continue;
      }
      const end = given.indexOf(LINE_FEED, at);
      const next = end < 0 ? given.length : end + 1;
      if (this.#line.length + next - at > LONGEST_LINE) return 'malformed';
      this.#line += given.toString('latin1', at, next);
      at = next;
      if (end < 0) break;
      const line = this.#line;
      this.#line = '';
      if (!line.endsWith('\r\n')) return 'malformed';
      if (this.#expects === 'trailer' && line.length === 2) return { rest: given.subarray(at) };
      if (!this.#takeLine(line.slice(0, -2))) return 'malformed';
    }
    return 'more';
  }

  #takeLine(line: string): boolean {
    if (this.#expects === 'trailer') {
      // Trailers are read and left: nothing that AWS's clients send stands there outside of `aws-chunked`.
      this.#trailers += line.length;
      return this.#trailers <= LONGEST_TRAILERS && line.includes(':');
    }
    if (this.#expects === 'end of chunk') {
      this.#expects = 'size';
      return line === '';
    }
    const size = CHUNK.exec(line)?.[1];
    if (size === undefined) return false;
    this.#left = Number.parseInt(size, 16);
    this.#expects = this.#left === 0 ? 'trailer' : 'end of chunk';
    return true;
  }

  /** Copies what belongs here: chunks of one byte each must not cost an object each. */
  #takeData(given: Buffer, at: number): number {
    const count = Math.min(this.#left, given.length - at);
    const needed = this.#length + count;
    if (needed > this.#bytes.length) {
      // Grown as it comes, for a length is easily declared.
      const most = this.#chunked ? this.#limit : this.#length + this.#left;
      const grown = Buffer.allocUnsafe(Math.min(Math.max(2 * this.#bytes.length, needed, FIRST_CAPACITY), most));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    given.copy(this.#bytes, this.#length, at, at + count);
    this.#length = needed;
    this.#left -= count;
    return count;
  }
}
