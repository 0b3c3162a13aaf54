import { connect, type Socket } from 'node:net';
import { reported } from '../own-calls.ts';
import { AnswerReader } from './http-answer.ts';

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
  const started = performance.now();
  const url = new URL(address);
  const request = requestOf(url, options);
  // TLS costs as much to load as all else here, and engines on this machine do without.
  const tls = url.protocol === 'https:' ? await import('node:tls') : undefined;
  return new Promise((resolve, reject) => {
    const { signal } = options;
    signal?.throwIfAborted();
    const socket = open(url, tls);
    const reader = new AnswerReader(options.largest);
    // Not handed to the socket, which would never take its listener off a signal that outlives the call.
    const abort = () => fail(signal!.reason as Error);
    const end = () => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
    };
    const fail = (error: Error) => {
      end();
      reject(error);
    };
    const deadline = setTimeout(
      () => fail(Object.assign(new Error(`no answer within ${options.timeoutMs} ms`), { code: 'ETIMEDOUT' })),
      options.timeoutMs,
    );
    const read = (part: () => ReturnType<AnswerReader['add']>) => {
      try {
        const answer = part();
        if (answer === undefined) return;
        end();
        const latencyMs = Math.round((performance.now() - started) * 10) / 10;
        resolve({ ...answer, body: answer.body.toString('utf8'), latencyMs });
      } catch (error) {
        fail(error as Error);
      }
    };
    signal?.addEventListener('abort', abort);
    socket.on('error', fail);
    socket.on('data', (bytes) => read(() => reader.add(bytes)));
    socket.on('end', () => read(() => reader.end()));
    for (const part of request) socket.write(part);
  });
}

type Tls = typeof import('node:tls');

function open({ hostname, port }: URL, tls: Tls | undefined): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (tls === undefined) return connect({ host, port: Number(port || 80) });
  // The name that the certificate is asked for; an address has none (RFC 6066, section 3).
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return tls.connect({
    host,
    port: Number(port || 443),
    ALPNProtocols: ['http/1.1'],
    ...named,
  });
}

function requestOf({ host, pathname, search }: URL, { method = 'GET', body, headers }: HttpOptions) {
  const all: Record<string, string> = {
    host,
    connection: 'close',
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  // A line break in a header would begin another one.
  if (lines.some((line) => /[^\t\x20-\x7e]/.test(line))) throw new TypeError('a header may hold printable ASCII only');
  const head = `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  return body === undefined ? [head] : [head, body];
}
