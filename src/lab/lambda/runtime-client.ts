import { connect, type Socket } from 'node:net';

/** What the Runtime API answers; header names in lower case. */
export interface RuntimeReply {
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface RuntimePost {
  path: string;
  /** JSON. */
  body: string;
  errorType?: string | undefined;
}

const PREFIX = '/2018-06-01/runtime/';
const TYPE = 'Lambda-Runtime-Function-Error-Type';
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * A client of the Lambda Runtime API on one connection. It stands on a socket: Node's HTTP client costs several times what
 * handing over an event does. Replies have a Content-Length; one without is an error.
 */
export class RuntimeClient {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #waiting: { resolve(reply: RuntimeReply): void; reject(error: Error): void }[] = [];
  #received: Buffer = Buffer.alloc(0);
  /** Where the reply that is under way ends; undefined before its head is there. */
  #end: number | undefined;
  #head: RuntimeReply['headers'] = {};
  #bodyStart = 0;

  /** Host and port. */
  constructor(address: string) {
    const [host = '127.0.0.1', port = '80'] = address.split(':');
    this.#host = address;
    this.#socket = connect({ host, port: Number(port), noDelay: true });
    this.#socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the Runtime API is gone')));
  }

  /** Asks for the next event, after what is answered of the last one: both go out together. */
  next(after?: RuntimePost): Promise<RuntimeReply> {
    const asked = `GET ${PREFIX}invocation/next HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`;
    if (after === undefined) return this.#call(asked);
    const answered = this.#reply();
    answered.catch(() => {});
    return this.#call(`${this.#post(after)}${asked}`);
  }

  post(what: RuntimePost): Promise<RuntimeReply> {
    return this.#call(this.#post(what));
  }

  #post({ path, body, errorType }: RuntimePost): string {
    // A name of the handler's own could end the header, or be none.
    const type = errorType === undefined ? '' : `${TYPE}: ${errorType.replace(/[^ -~]/g, '?')}\r\n`;
    const length = Buffer.byteLength(body);
    const head = `POST ${PREFIX}${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\n`;
    return `${head}${type}Content-Length: ${length}\r\n\r\n${body}`;
  }

  #call(text: string): Promise<RuntimeReply> {
    const reply = this.#reply();
    this.#socket.write(text);
    return reply;
  }

  /** In the order of the requests. */
  #reply(): Promise<RuntimeReply> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    for (;;) {
      if (this.#end === undefined && !this.#readHead()) return;
      if (this.#received.length < this.#end!) return;
      const body = this.#received.toString('utf8', this.#bodyStart, this.#end);
      this.#received = this.#received.subarray(this.#end);
      this.#end = undefined;
      this.#waiting.shift()?.resolve({ headers: this.#head, body });
    }
  }

  #readHead(): boolean {
    const end = this.#received.indexOf(HEAD_END);
    if (end < 0) return false;
    const headers: Record<string, string> = {};
    for (const line of this.#received.toString('latin1', 0, end).split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const length = Number(headers['content-length']);
    if (!Number.isSafeInteger(length)) this.#socket.destroy(new Error('an answer of the Runtime API has no length'));
    this.#head = headers;
    this.#bodyStart = end + HEAD_END.length;
    this.#end = this.#bodyStart + length;
    return Number.isSafeInteger(length);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
