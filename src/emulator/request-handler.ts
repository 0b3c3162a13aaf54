import { Readable } from 'node:stream';
import type { Emulator, EmulatorResponse } from './index.ts';

/** The part of an SDK's HTTP request that matters here. */
export interface SdkRequest {
  method: string;
  hostname?: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

export interface SdkResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array | Readable;
}

/** What the AWS SDK for JavaScript v3 takes as `requestHandler`. */
export interface SdkRequestHandler {
  metadata: { handlerProtocol: string };
  handle(request: SdkRequest, options?: { abortSignal?: unknown }): Promise<{ response: SdkResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): object;
  destroy(): void;
}

/** Lets any client of the SDK call the emulator in its own process: the same requests, without a socket. */
export function requestHandler(emulator: Pick<Emulator, 'handle'>): SdkRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      const headers: Record<string, string> = {};
      for (const name in request.headers) headers[name.toLowerCase()] = request.headers[name]!;
      headers.host ??= `${request.hostname ?? '127.0.0.1'}${request.port === undefined ? '' : `:${request.port}`}`;
      const body = typeof request.body === 'string' ? Buffer.from(request.body) : await bytes(request.body);
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      if (signal?.aborted) throw abortError();
      const response = emulator.handle({ method: request.method, url: urlOf(request), headers, body, signal });
      const answer = await (signal === undefined ? response : unlessAborted(response, signal));
      return { response: { statusCode: answer.status, headers: answer.headers, body: bodyOf(answer) } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

function bodyOf({ body, streamed }: EmulatorResponse): Uint8Array | Readable {
  const buffer = typeof body === 'string' ? Buffer.from(body) : body;
  return streamed ? Readable.from(buffer.length === 0 ? [] : [buffer], { objectMode: false }) : buffer;
}

function urlOf({ path, query }: SdkRequest): string {
  const pairs: string[] = [];
  for (const name in query) {
    const value = query[name];
    for (const one of Array.isArray(value) ? value : [value]) {
      pairs.push(`${encodeURIComponent(name)}${one == null ? '' : `=${encodeURIComponent(one)}`}`);
    }
  }
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

async function bytes(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** The caller hears of the abort at once; the operation ends by itself, with nobody to tell. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError());
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function abortError(): Error {
  const error = new Error('Request aborted');
  error.name = 'AbortError';
  return error;
}
