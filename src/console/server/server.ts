import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliffracerError } from '../../errors.ts';
import type { ConsoleDeps, Routes } from './deps.ts';
import { refusalOf } from './guard.ts';
import { Input } from './input.ts';
import { COMMON, pageHeaders } from './page.ts';
import { routesOf } from './routes/index.ts';

/** An object that is uploaded has up to 8 MiB, which are 11 in base64. */
const LARGEST_BODY = 12 * 1024 * 1024;
const LARGEST_ANSWER = 32 * 1024 * 1024;
const MOST_CONNECTIONS = 128;
const PAGE_PATHS = new Set(['/', '/index.html']);

export interface ConsoleOptions {
  /** 0 takes any free port. */
  port: number;
  /** The page, as the build makes it. */
  html: string;
  /** A secret. */
  key: string;
  deps: ConsoleDeps;
}

export interface ConsoleServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the console on 127.0.0.1; rejects with Node's own error when it cannot listen. */
export async function serveConsole({ port, html, key, deps }: ConsoleOptions): Promise<ConsoleServer> {
  const ends = new AbortController();
  const routes = routesOf(deps, ends.signal);
  const page = { text: html, headers: pageHeaders(html) };
  const server = createServer({ noDelay: true, maxHeaderSize: 16 * 1024 }, (request, response) => {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    void handle(request, response, { host, key, routes, page, about: deps.about, ends: ends.signal });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        ends.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}

interface Serving {
  host: string;
  key: string;
  routes: Routes;
  page: { text: string; headers: Record<string, string> };
  about: ConsoleDeps['about'];
  ends: AbortSignal;
}

async function handle(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { method = '', url = '' } = request;
  const path = url.split('?', 1)[0]!;
  const refused = refusalOf(method, path, request.headers, serving);
  if (refused !== undefined) {
    request.resume();
    return send(response, refused.status, { error: { code: refused.code, message: refused.message, hint: null } });
  }
  if (!path.startsWith('/api/')) {
    if (!PAGE_PATHS.has(path)) return send(response, 404, notFound(path));
    response.writeHead(200, serving.page.headers).end(method === 'HEAD' ? undefined : serving.page.text);
    return;
  }
  try {
    send(response, 200, await answer(request, response, path.slice('/api/'.length), serving));
  } catch (error) {
    const [status, document] = described(error);
    send(response, status, document);
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  { routes, about, ends }: Serving,
): Promise<unknown> {
  const route = Object.hasOwn(routes, name) ? routes[name]! : undefined;
  if (route === undefined) throw new CliffracerError('not_found', `no such path: ${name.slice(0, 80)}`);
  if (route.laboratory && about.laboratory !== true) throw new CliffracerError('unsupported', about.laboratory);
  if (route.writes && about.write !== true) throw new CliffracerError('refused', about.write);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const body = await readBody(request);
  return route.answer(new Input(body), AbortSignal.any([gone.signal, ends]));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_BODY) throw new CliffracerError('invalid_input', 'the request is too large');
    parts.push(part);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    body = undefined;
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new CliffracerError('invalid_input', 'the body must be a JSON object');
}

const STATUSES: Readonly<Partial<Record<string, number>>> = {
  ...{ invalid_input: 400, usage: 400, not_found: 404, not_provisioned: 404, conflict: 409, refused: 403 },
  ...{ unsupported: 501, engine_unreachable: 503, engine_unhealthy: 503, not_settled: 504 },
};

function described(error: unknown): [status: number, document: object] {
  const known = error instanceof CliffracerError ? error : undefined;
  const code = known?.code ?? 'internal';
  const message = error instanceof Error ? error.message : String(error);
  return [STATUSES[code] ?? 500, { error: { code, message, hint: known?.hint ?? null } }];
}

const notFound = (path: string) => ({
  error: { code: 'not_found', message: `no such path: ${path.slice(0, 80)}`, hint: null },
});

function send(response: ServerResponse, status: number, document: unknown): void {
  if (response.destroyed) return;
  let text = JSON.stringify(document ?? null);
  if (text.length > LARGEST_ANSWER) {
    status = 500;
    text = JSON.stringify({ error: { code: 'internal', message: 'the answer is too large to be shown', hint: null } });
  }
  response.writeHead(status, { 'content-type': 'application/json', ...COMMON }).end(text);
}
