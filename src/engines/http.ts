import { connect, type Socket } from 'node:net';
import { reported } from '../own-calls.ts';
import { AnswerReader, type ReadAnswer } from './http-answer.ts';

export interface HttpAnswer {
  status: number;
  /** By name in lower case. */
  headers: Record<string, string>;
  body: string;
  /** Milliseconds from the call to the end of the body. */
  latencyMs: number;
}

export interface HttpOptions {
  method?: string;
  body?: string | Uint8Array | undefined;
  headers?: Record<string, string>;
  /** The whole call ends by then, however slowly the other side sends. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** Bytes that the answer's body may have; 4 MiB unless it says otherwise. */
  largest?: number;
}

/**
 * One small HTTP call on a connection of its own. On a plain socket: Node's HTTP client takes 7 ms at its first use and fetch
 * 30, of the 60 that a short command takes in all; proxies do not apply, since engines stand on loopback. Rejects with
 * Node's error (`code` ECONNREFUSED ...) or with one whose code is ETIMEDOUT.
 */
export const httpCall = (address: string, options: HttpOptions): Promise<HttpAnswer> =>
  reported(
    `${options.method ?? 'GET'} ${new URL(address).pathname}`,
    ({ status }) => String(status),
    () => send(address, options),
  );

async function send(address: string, options: HttpOptions): Promise<HttpAnswer> {
  const started = process.hrtime.bigint();
  const url = new URL(address);
  const request = requestOf(url, { connection: 'close' }, options);
  // TLS costs as much to load as all else here, and engines on this machine do without.
  const tls = url.protocol === 'https:' ? await import('node:tls') : undefined;
  options.signal?.throwIfAborted();
  const socket = open(url, tls);
  try {
    const answer = await exchange(socket, request, options);
    return { ...answer, body: answer.body.toString('utf8'), latencyMs: millisecondsSince(started) };
  } finally {
    socket.destroy();
  }
}

/** Plain HTTP connections to one engine, each kept open for the next call. */
export class HttpConnections {
  readonly #url: URL;
  readonly #idle = new Set<Socket>();

  constructor(address: string) {
    this.#url = new URL(address);
  }

  /** Rejects as `httpCall` does. What may have been sent before a connection was lost is not sent again. */
  async call(options: HttpOptions, path?: string): Promise<Omit<HttpAnswer, 'latencyMs'>> {
    options.signal?.throwIfAborted();
    const url = path === undefined ? this.#url : new URL(path, this.#url);
    const socket = this.#take();
    try {
      const answer = await exchange(socket, requestOf(url, {}, options), options);
      if (answer.headers.connection === 'close') socket.destroy();
      else this.#keep(socket);
      return { ...answer, body: answer.body.toString('utf8') };
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  close(): void {
    for (const socket of this.#idle) socket.destroy();
  }

  #take(): Socket {
    for (const socket of this.#idle) {
      this.#idle.delete(socket);
      return socket.ref();
    }
    const socket = open(this.#url, undefined);
    socket.setNoDelay(true);
    socket.on('close', () => this.#idle.delete(socket));
    return socket;
  }

  /** An idle connection does not keep the program from ending. */
  #keep(socket: Socket): void {
    if (!socket.destroyed) this.#idle.add(socket.unref());
  }
}

/** `httpCall` for many calls of one engine, on connections that stay open; over TLS each has its own. */
export function keptHttpCall(endpoint: string): typeof httpCall {
  if (!endpoint.startsWith('http:')) return httpCall;
  const connections = new HttpConnections(endpoint);
  return async (address, options) => {
    const started = process.hrtime.bigint();
    const { pathname, search } = new URL(address);
    const answer = await reported(
      `${options.method ?? 'GET'} ${pathname}`,
      ({ status }) => String(status),
      () => connections.call(options, pathname + search),
    );
    return { ...answer, latencyMs: millisecondsSince(started) };
  };
}

type Exchange = Pick<HttpOptions, 'timeoutMs' | 'signal' | 'largest'>;

/** One request and its answer on a connection that is nobody else's meanwhile. */
function exchange(socket: Socket, request: (string | Uint8Array)[], options: Exchange): Promise<ReadAnswer> {
  const { timeoutMs, signal, largest } = options;
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(largest);
    // Not handed to the socket, which would never take its listener off a signal that outlives the call.
    const abort = () => fail(signal!.reason as Error);
    const end = () => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      socket.off('error', fail).off('data', onData).off('end', onEnd);
    };
    const fail = (error: Error) => {
      end();
      reject(error);
    };
    const deadline = setTimeout(
      () => fail(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    const read = (part: () => ReadAnswer | undefined) => {
      try {
        const answer = part();
        if (answer === undefined) return;
        end();
        resolve(answer);
      } catch (error) {
        fail(error as Error);
      }
    };
    const onData = (bytes: Buffer) => read(() => reader.add(bytes));
    const onEnd = () => read(() => reader.end());
    signal?.addEventListener('abort', abort);
    socket.on('error', fail).on('data', onData).on('end', onEnd);
    for (const part of request) socket.write(part);
  });
}

/** To a tenth. `performance` would take as long to load as a call does. */
const millisecondsSince = (started: bigint) => Number((process.hrtime.bigint() - started) / 100_000n) / 10;

type Tls = typeof import('node:tls');

function open({ hostname, port }: URL, tls: Tls | undefined): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (tls === undefined) return ignoringErrors(connect({ host, port: Number(port || 80) }));
  // The name that the certificate is asked for; an address has none (RFC 6066, section 3).
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return ignoringErrors(tls.connect({ host, port: Number(port || 443), ALPNProtocols: ['http/1.1'], ...named }));
}

/** An error that comes when nobody reads any more must not end the program. */
const ignoringErrors = (socket: Socket): Socket => socket.on('error', () => {});

function requestOf(
  { host, pathname, search }: URL,
  more: Record<string, string>,
  { method = 'GET', body, headers }: HttpOptions,
): (string | Uint8Array)[] {
  const all: Record<string, string> = {
    host,
    ...more,
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  // A line break in a header would begin another one.
  if (lines.some((line) => /[^\t\x20-\x7e]/.test(line))) throw new TypeError('a header may hold printable ASCII only');
  const head = `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  // One write where it can be: each is a packet of its own.
  return typeof body === 'object' ? [head, body] : [head + (body ?? '')];
}
