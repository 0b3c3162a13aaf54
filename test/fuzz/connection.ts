import { connect, type Socket } from 'node:net';
import type { FuzzRequest } from './encode.ts';

export interface FuzzResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** What happened to a request: an answer, or the connection ended, or neither in time. */
export type Outcome = { response: FuzzResponse } | { closed: true } | { hung: true };

/** The bytes of a request; names and values as they are, however odd. */
export function bytesOf({ method, url, headers, body }: FuzzRequest): Buffer {
  let head = `${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${body.length}\r\n`;
  for (const name in headers) if (name !== 'content-length') head += `${name}: ${headers[name]}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body]);
}

/** A kept-alive connection on which one request is under way at a time; made anew when the server has closed it. */
export class Connection {
  readonly #port: number;
  readonly #patienceMs: number;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #waiting: ((outcome: Outcome) => void) | undefined;
  #isHead = false;

  constructor(port: number, patienceMs: number) {
    this.#port = port;
    this.#patienceMs = patienceMs;
  }

  send(bytes: Buffer, isHead = false): Promise<Outcome> {
    const socket = this.#open();
    this.#isHead = isHead;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle({ hung: true }), this.#patienceMs);
      this.#waiting = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      socket.write(bytes);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => this.#read(socket, chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#settle({ closed: true });
    });
    return socket;
  }

  #read(socket: Socket, chunk: Buffer): void {
    if (socket !== this.#socket) return;
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const found = parseResponse(this.#received, this.#isHead);
    if (found === undefined) return;
    this.#received = this.#received.subarray(found.length);
    if (found.response.status === 100) return;
    if (found.response.headers.connection === 'close') this.close();
    this.#settle({ response: found.response });
  }

  #settle(outcome: Outcome): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if ('hung' in outcome) this.close();
    waiting?.(outcome);
  }
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

export function parseResponse(bytes: Buffer, isHead: boolean): { response: FuzzResponse; length: number } | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number(first.split(' ')[1]);
  const bodiless = isHead || status === 204 || status === 304 || status === 100;
  const length = end + 4 + (bodiless ? 0 : Number(headers['content-length'] ?? 0));
  if (bytes.length < length) return undefined;
  return { response: { status, headers, body: bytes.subarray(end + 4, length) }, length };
}
