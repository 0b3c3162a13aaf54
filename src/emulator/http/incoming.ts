const EMPTY: Buffer = Buffer.alloc(0);
const END_OF_HEAD = '\r\n\r\n';
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** What has come over a connection and is not yet part of a request. */
export class Incoming {
  #bytes: Buffer = EMPTY;
  /** How much has been searched for the end of a head. */
  #searched = 0;

  get length(): number {
    return this.#bytes.length;
  }

  add(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /** Whether a request begins as one of HTTP: whoever speaks TLS would wait for an answer in vain. */
  get beginsWell(): boolean {
    const first = this.#bytes[0]!;
    return first >= 0x41 && first <= 0x5a;
  }

  /** Whether a request begins; some clients send an empty line after a body (RFC 9112, 2.2), which is skipped. */
  hasBegun(): boolean {
    let at = 0;
    while (this.#bytes[at] === CARRIAGE_RETURN && this.#bytes[at + 1] === LINE_FEED) at += 2;
    if (at > 0) this.#bytes = this.#bytes.subarray(at);
    return this.#bytes.length > 1 || (this.#bytes.length === 1 && this.#bytes[0] !== CARRIAGE_RETURN);
  }

  /** Takes a head, without the empty line at its end, one character a byte. */
  takeHead(limit: number): string | 'incomplete' | 'oversized' {
    const bytes = this.#bytes;
    const end = bytes.indexOf(END_OF_HEAD, Math.max(0, this.#searched - END_OF_HEAD.length), 'latin1');
    if ((end < 0 ? bytes.length : end) > limit) return 'oversized';
    this.#searched = end < 0 ? bytes.length : 0;
    if (end < 0) return 'incomplete';
    this.#bytes = bytes.subarray(end + END_OF_HEAD.length);
    return bytes.toString('latin1', 0, end);
  }

  /** Takes so many bytes, without copying them. */
  take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = length === this.#bytes.length ? EMPTY : this.#bytes.subarray(length);
    return taken;
  }

  putBack(rest: Buffer): void {
    this.#bytes = rest;
  }

  clear(): void {
    this.#bytes = EMPTY;
  }
}
