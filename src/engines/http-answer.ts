/** An answer as it came over a connection. */
export interface ReadAnswer {
  status: number;
  /** By name in lower case; values of a name that came more than once are joined by a comma (RFC 9110, section 5.3). */
  headers: Record<string, string>;
  body: Buffer;
}

const LARGEST_HEAD = 64 * 1024;
/** Of an answer whose reader says nothing else. */
const LARGEST_BODY = 4 * 1024 * 1024;
const END_OF_HEAD = '\r\n\r\n';

interface Head extends Omit<ReadAnswer, 'body'> {
  bodyStart: number;
}

/** Puts together one HTTP/1.x answer from what a connection brings (RFC 9112). Both methods throw for what is none. */
export class AnswerReader {
  #received: Buffer = Buffer.alloc(0);
  /** What has come since, not yet put together: of a long answer that would copy everything again and again. */
  #further: Buffer[] = [];
  #length = 0;
  #head: Head | undefined;
  readonly #largest: number;
  readonly #chunks = new Chunks();

  /** `largest`: bytes that a body may have. */
  constructor(largest = LARGEST_BODY) {
    this.#largest = largest;
  }

  /** The answer, once it is whole. */
  add(bytes: Buffer): ReadAnswer | undefined {
    this.#further.push(bytes);
    this.#length += bytes.length;
    if (this.#length > LARGEST_HEAD + this.#largest) throw new Error('the answer is too large');
    if (this.#isAwaited()) return undefined;
    this.#putTogether();
    this.#head ??= readHead(this.#received);
    if (this.#head === undefined) return undefined;
    const { status, headers, bodyStart } = this.#head;
    const body = this.#body(this.#received.subarray(bodyStart), status, headers);
    return body && { status, headers, body };
  }

  #putTogether(): void {
    if (this.#further.length > 0) this.#received = Buffer.concat([this.#received, ...this.#further]);
    this.#further = [];
  }

  /** Whether it is known that more has to come. */
  #isAwaited(): boolean {
    if (this.#head === undefined) return false;
    const declared = this.#head.headers['content-length'] ?? '';
    return !isChunked(this.#head.headers) && this.#length < this.#head.bodyStart + Number(declared);
  }

  /** undefined while there is more to come, and where only the end of the connection ends it. */
  #body(bytes: Buffer, status: number, headers: Record<string, string>): Buffer | undefined {
    if (status === 204 || status === 304) return Buffer.alloc(0);
    if (isChunked(headers)) return this.#chunks.read(bytes);
    const declared = headers['content-length'];
    if (declared === undefined) return undefined;
    if (!/^\d{1,15}$/.test(declared)) throw notHttp();
    const length = Number(declared);
    if (length > this.#largest) throw new Error('the answer is too large');
    return bytes.length < length ? undefined : bytes.subarray(0, length);
  }

  /** The answer of a connection that the other side has closed. */
  end(): ReadAnswer {
    this.#putTogether();
    const head = this.#head;
    if (head === undefined || isChunked(head.headers) || head.headers['content-length'] !== undefined) {
      // As Node's own client says it.
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    }
    return { status: head.status, headers: head.headers, body: this.#received.subarray(head.bodyStart) };
  }
}

function readHead(bytes: Buffer, from = 0): Head | undefined {
  const end = bytes.indexOf(END_OF_HEAD, from, 'latin1');
  const size = (end === -1 ? bytes.length : end) - from;
  if (size > LARGEST_HEAD) throw new Error('the head of the answer is too large');
  const start = bytes.toString('latin1', from, from + Math.min(size, 5));
  if (!'HTTP/'.startsWith(start)) throw notHttp();
  if (end === -1) return undefined;
  const [first, ...lines] = bytes.toString('latin1', from, end).split('\r\n');
  const status = Number(/^HTTP\/1\.\d (\d{3})(?: |$)/.exec(first!)?.[1] ?? 0);
  if (status === 0) throw notHttp();
  const bodyStart = end + END_OF_HEAD.length;
  // Interim answers, such as 100 Continue, stand before the one that counts.
  if (status < 200) return readHead(bytes, bodyStart);
  return { status, headers: headersOf(lines), bodyStart };
}

const notHttp = () => Object.assign(new Error('the answer is not HTTP'), { code: 'HPE_INVALID_CONSTANT' });

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw notHttp();
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

const isChunked = (headers: Record<string, string>) => /\bchunked$/i.test(headers['transfer-encoding'] ?? '');

/** A body in chunks; each is looked at once, however small they are and in however many pieces they come. */
class Chunks {
  readonly #found: Buffer[] = [];
  #at = 0;

  /** The body, once `bytes`, all that has come of it, hold its end. */
  read(bytes: Buffer): Buffer | undefined {
    for (;;) {
      const end = bytes.indexOf('\r\n', this.#at, 'latin1');
      if (end === -1) return undefined;
      const size = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(bytes.toString('latin1', this.#at, end))?.[1];
      if (size === undefined) throw notHttp();
      const length = Number.parseInt(size, 16);
      const start = end + 2;
      // What follows the last chunk are trailers, which nobody here reads.
      if (length === 0) return bytes.indexOf('\r\n', start, 'latin1') === -1 ? undefined : Buffer.concat(this.#found);
      if (bytes.length < start + length + 2) return undefined;
      this.#found.push(Buffer.from(bytes.subarray(start, start + length)));
      this.#at = start + length + 2;
    }
  }
}
