import { request } from 'node:http';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Milliseconds from the call to the end of the body. */
  latencyMs: number;
}

const LARGEST_ANSWER = 4 * 1024 * 1024;

export interface HttpOptions {
  method?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
  /** The whole call ends by then, however slowly the other side sends. */
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * One small HTTP call on a connection of its own. Node's own client and not fetch, which costs 30 ms at first use;
 * proxies do not apply, since engines stand on loopback. Rejects with Node's error (`code` ECONNREFUSED ...) or
 * with one whose code is ETIMEDOUT.
 */
export async function httpCall(url: string, options: HttpOptions): Promise<HttpAnswer> {
  const started = performance.now();
  // TLS costs as much to load as all else here, and engines on this machine do without.
  const make = url.startsWith('https:') ? (await import('node:https')).request : request;
  return new Promise((resolve, reject) => {
    const length = options.body === undefined ? {} : { 'content-length': Buffer.byteLength(options.body) };
    const headers = { ...length, ...options.headers };
    const call = make(url, { method: options.method ?? 'GET', agent: false, headers, signal: options.signal });
    const deadline = setTimeout(() => {
      call.destroy(Object.assign(new Error(`no answer within ${options.timeoutMs} ms`), { code: 'ETIMEDOUT' }));
    }, options.timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(deadline);
      reject(error);
    };
    call.on('error', fail);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', fail);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST_ANSWER) call.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        clearTimeout(deadline);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          latencyMs: Math.round((performance.now() - started) * 10) / 10,
        });
      });
    });
    call.end(options.body);
  });
}
