import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemTime } from '../core/host.ts';
import type { Emulator, EmulatorRequest, EmulatorResponse } from '../index.ts';
import { isLoopback, refusal } from './guard.ts';
import { type BodyBudget, type ReadBody, readBody } from './read-body.ts';

export interface ServeOptions {
  /** 0 takes any free port. */
  port: number;
  /** A loopback address: the engine has no authentication and must not be reachable from elsewhere. */
  host?: string;
  limits?: Partial<ServerLimits>;
}

/** What bounds clients that are many, slow or endless. */
export interface ServerLimits {
  headerBytes: number;
  connections: number;
  bodyBytesAtOnce: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  checkIntervalMs: number;
  keepAliveMs: number;
}

export interface HttpServer {
  readonly port: number;
  /** Ends long polls, lets the requests in hand finish, then closes. */
  close(): Promise<void>;
}

/** A request between its head and the end of its answer. */
class RequestInHand implements EmulatorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string | undefined>;
  readonly socket: Socket;
  body: Buffer = NO_BODY;
  oversized = false;
  #aborter: AbortController | undefined;
  #isOver = false;

  constructor(request: IncomingMessage) {
    this.method = request.method ?? 'GET';
    this.url = originForm(request.url ?? '/');
    this.headers = request.headers as Record<string, string | undefined>;
    this.socket = request.socket;
  }

  /** Made when somebody asks for it: few requests wait for anything. */
  get signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    if (this.#isOver) this.#aborter.abort();
    return this.#aborter.signal;
  }

  /** Nobody is there any more to answer to. */
  abort(): void {
    this.#isOver = true;
    this.#aborter?.abort();
  }
}

const NO_BODY = Buffer.alloc(0);

/** What the connections of a server share. */
interface Shared {
  emulator: Pick<Emulator, 'handle'>;
  connections: Set<Socket>;
  inHand: Set<RequestInHand>;
  budget: BodyBudget;
  closing: boolean;
}

const LIMITS: ServerLimits = {
  headerBytes: 32 * 1024,
  connections: 2048,
  bodyBytesAtOnce: 1024 * 1024 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  checkIntervalMs: 5_000,
  keepAliveMs: 65_000,
};

/** How long a refused or closing connection may take to go by itself. */
const GRACE_MS = 2_000;

/** Serves an emulator over HTTP on a loopback port; rejects with Node's own error when it cannot listen. */
export async function serve(emulator: Pick<Emulator, 'handle'>, options: ServeOptions): Promise<HttpServer> {
  const { port, host = '127.0.0.1' } = options;
  if (!isLoopback(host)) throw new Error(`the engine listens on loopback addresses only, not on ${host}`);
  const limits = { ...LIMITS, ...options.limits };
  const budget: BodyBudget = { used: 0, limit: limits.bodyBytesAtOnce };
  const shared: Shared = { emulator, connections: new Set(), inHand: new Set(), budget, closing: false };
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.keepAliveMs,
    noDelay: true,
  });
  server.maxConnections = limits.connections;
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    void respond(shared, request, response).catch(() => response.destroy());
  server.on('connection', (socket: Socket) => {
    shared.connections.add(socket);
    socket.on('close', () => shared.connections.delete(socket));
  });
  server.on('request', answer);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // A client that waits for leave to send its body learns of a refusal before it has sent anything.
    if (refusal(request.headers) === undefined) response.writeContinue();
    answer(request, response);
  });
  server.on('clientError', refuseMalformed);
  await listen(server, port, host);
  return { port: (server.address() as AddressInfo).port, close: () => close(server, shared) };
}

async function respond(shared: Shared, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refused = refusal(request.headers);
  if (refused !== undefined)
    return end(request, response, plain(403, `cliffracer refuses this request: ${refused}\n`), true);
  const inHand = new RequestInHand(request);
  shared.inHand.add(inHand);
  response.on('close', () => {
    shared.inHand.delete(inHand);
    if (shared.closing) request.socket.destroySoon();
    if (!response.writableFinished) inHand.abort();
  });
  const pending = readBody(request, shared.budget);
  const read: ReadBody = pending instanceof Promise ? await pending : pending;
  if ('refused' in read && read.refused === 'gone') return;
  if ('refused' in read && read.refused === 'busy') {
    return end(request, response, plain(503, 'cliffracer has too many request bodies in hand\n'), true);
  }
  if ('body' in read) inHand.body = read.body;
  else inHand.oversized = true;
  try {
    const result = await shared.emulator.handle(inHand);
    end(request, response, result, 'refused' in read || shared.closing);
  } finally {
    shared.budget.used -= inHand.body.length;
  }
}

/** A proxy's client sends the whole URL in the request line. */
function originForm(url: string): string {
  if (url.startsWith('/')) return url;
  const path = url.indexOf('/', url.indexOf('://') + 3);
  return path < 0 ? '/' : url.slice(path);
}

function end(request: IncomingMessage, response: ServerResponse, result: EmulatorResponse, last: boolean): void {
  if (response.destroyed) return;
  const { status, headers, body } = result;
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304;
  if (!bodiless) headers['content-length'] = String(Buffer.byteLength(body));
  if (last) headers.connection = 'close';
  try {
    response.writeHead(status, headers);
  } catch {
    // A header that an in-process client could set and HTTP cannot carry: its UTF-8 bytes can.
    for (const name in headers) headers[name] = asHeader(headers[name]!);
    response.writeHead(status, headers);
  }
  response.end(bodiless ? undefined : body);
  // What the client is still sending is not read: the connection goes once the answer is out.
  if (last) response.once('finish', () => systemTime.after(GRACE_MS, () => request.socket.destroy()));
}

const asHeader = (value: string) =>
  Buffer.from(value.replace(/[\u0000-\u001f\u007f]/g, ' '), 'utf8').toString('latin1');

const plain = (status: number, body: string): EmulatorResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      // A failure to accept a connection (too many open files) must not end the engine.
      server.on('error', () => {});
      resolve();
    });
  });
}

function close(server: Server, shared: Shared): Promise<void> {
  return new Promise((resolve) => {
    const cancel = systemTime.after(GRACE_MS, () => server.closeAllConnections());
    server.close(() => {
      cancel();
      resolve();
    });
    shared.closing = true;
    const busy = new Set([...shared.inHand].map(({ socket }) => socket));
    for (const socket of shared.connections) if (!busy.has(socket)) socket.destroy();
    for (const request of shared.inHand) request.abort();
  });
}
