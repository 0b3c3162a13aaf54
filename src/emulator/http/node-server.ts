import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemTime } from '../core/host.ts';
import type { Emulator } from '../index.ts';
import type { EmulatorResponse } from '../protocols/wire.ts';
import { bodyLimit } from './body-limit.ts';
import { refusal } from './guard.ts';
import { originForm } from './request-head.ts';
import { RequestInHand } from './request-in-hand.ts';
import { type HttpServer, LIMITS, listen, type ServeOptions } from './server.ts';
import { GRACE_MS, type ServerLimits } from './server-state.ts';
import { headerValue } from './write-response.ts';

interface Client {
  request: RequestInHand | undefined;
  /** Settled when every request so far has been answered. */
  turn: Promise<void>;
}

const plain = (status: number, body: string): EmulatorResponse => ({
  ...{ status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body },
});
const BUSY = plain(503, 'cliffracer has too many request bodies in hand\n');

/**
 * The same as `serve`, by Node's own HTTP server: slower, and the standard that the other one is compared with. Node
 * refuses by itself what is no HTTP.
 */
export async function serveByNode(emulator: Pick<Emulator, 'handle'>, options: ServeOptions): Promise<HttpServer> {
  const server = new NodeServer(emulator, { ...LIMITS, ...options.limits });
  await listen(server.http, options.port, options.host ?? '127.0.0.1');
  return { port: (server.http.address() as AddressInfo).port, close: () => server.close() };
}

class NodeServer {
  readonly http: Server;
  readonly #emulator: Pick<Emulator, 'handle'>;
  readonly #limits: ServerLimits;
  readonly #clients = new Map<Socket, Client>();
  /** Bytes of all request bodies in hand. */
  #held = 0;
  #closing = false;

  constructor(emulator: Pick<Emulator, 'handle'>, limits: ServerLimits) {
    this.#emulator = emulator;
    this.#limits = limits;
    this.http = createServer({
      ...{ noDelay: true, maxHeaderSize: limits.headerBytes, keepAliveTimeout: limits.keepAliveMs },
      ...{ headersTimeout: limits.headersTimeoutMs, requestTimeout: limits.requestTimeoutMs },
      connectionsCheckingInterval: limits.checkIntervalMs,
    });
    this.http.maxConnections = limits.connections;
    // Sockets on which nothing moves, such as those of clients that do not read; longer than any long poll.
    this.http.timeout = 2 * limits.requestTimeoutMs;
    // Clients may end their side and read on.
    Object.assign(this.http, { httpAllowHalfOpen: true });
    this.http.on('connection', (socket: Socket) => this.#connected(socket));
    this.http.on('request', (incoming, response) => this.#take(incoming, response, false));
    this.http.on('checkContinue', (incoming, response) => this.#take(incoming, response, true));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing = true;
      const cancel = systemTime.after(GRACE_MS, () => this.http.closeAllConnections());
      this.http.close(() => {
        cancel();
        resolve();
      });
      for (const [socket, { request }] of this.#clients) {
        if (request === undefined) socket.destroy();
        else request.abort();
      }
    });
  }

  #connected(socket: Socket): void {
    const client: Client = { request: undefined, turn: Promise.resolve() };
    this.#clients.set(socket, client);
    socket.on('end', () => client.request?.abort());
    socket.on('close', () => {
      client.request?.abort();
      this.#clients.delete(socket);
    });
  }

  /** Node reads requests that are sent ahead; they take turns here. */
  #take(incoming: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const client = this.#clients.get(incoming.socket)!;
    const answered = client.turn.then(() => this.#answer(client, incoming, response, expectsContinue));
    client.turn = answered.catch(() => void incoming.socket.destroy());
  }

  async #answer(client: Client, incoming: IncomingMessage, response: ServerResponse, expectsContinue: boolean) {
    const headers = incoming.headers as Record<string, string | undefined>;
    const url = originForm(incoming.url!, headers);
    if (url === undefined) return respond(response, plain(400, ''), true);
    const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    const head = { method: incoming.method!, url, headers, length, keepAlive: true, expectsContinue };
    const refused = refusal(head);
    if (refused !== undefined) {
      return respond(response, plain(403, `cliffracer refuses this request: ${refused}\n`), true);
    }
    const limit = bodyLimit(head);
    const request = new RequestInHand(head, false);
    client.request = request;
    request.oversized = (length ?? 0) > limit;
    if (expectsContinue && !request.oversized) response.writeContinue();
    const body: Buffer[] = [];
    try {
      const read = request.oversized || (await this.#read(incoming, body, limit));
      if (read === 'busy') return await respond(response, BUSY, true);
      request.oversized = read === true;
      if (!request.oversized) request.body = Buffer.concat(body);
      const answer = await this.#emulator.handle(request);
      await respond(response, answer, request.oversized || this.#closing);
    } finally {
      for (const { length } of body) this.#held -= length;
      client.request = undefined;
    }
  }

  /** Whether the body is longer than it may be; `busy` when all bodies together are. */
  async #read(incoming: IncomingMessage, body: Buffer[], limit: number): Promise<boolean | 'busy'> {
    let size = 0;
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      body.push(chunk);
      size += chunk.length;
      this.#held += chunk.length;
      if (size > limit) return true;
      if (this.#held > this.#limits.bodyBytesAtOnce) return 'busy';
    }
    return false;
  }
}

/** Resolves when the client has been sent the whole answer, or is gone. */
function respond(response: ServerResponse, { status, headers, body }: EmulatorResponse, last: boolean): Promise<void> {
  response.statusCode = status;
  for (const name in headers) {
    const value = headerValue(name, headers[name]!);
    if (value !== undefined) response.setHeader(name, value);
  }
  const bodiless = response.req.method === 'HEAD' || status === 204 || status === 304;
  if (!bodiless) response.setHeader('content-length', Buffer.byteLength(body));
  if (last) response.setHeader('connection', 'close');
  const { socket } = response.req;
  return new Promise((resolve) => {
    response.on('close', resolve);
    // Node takes an answer that has been ended for one that has been read, and would close its connection.
    const end = () => void response.end();
    if (!last) return void (bodiless || body.length === 0 ? end() : response.write(body, end));
    // Closing at once could take the answer away from a client that still sends: what comes is dropped for a while.
    const over = () => {
      socket.end();
      response.req.resume();
      systemTime.after(GRACE_MS, () => socket.destroy());
    };
    response.flushHeaders();
    if (bodiless || body.length === 0) over();
    else response.write(body, over);
  });
}
