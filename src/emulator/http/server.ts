import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Authority } from '../../certificates/authority.ts';
import { systemTime } from '../core/host.ts';
import type { Emulator } from '../index.ts';
import { Connection } from './connection.ts';
import { isLoopback } from './guard.ts';
import { GRACE_MS, type ServerLimits, type ServerState } from './server-state.ts';
import { Wakefulness } from './wakefulness.ts';

export interface ServeOptions {
  /** 0 takes any free port. */
  port: number;
  /** A loopback address: the engine has no authentication and must not be reachable from elsewhere. */
  host?: string;
  limits?: Partial<ServerLimits>;
  /** Serves HTTPS too, at the same port, with certificates of this authority. */
  authority?: Authority;
}

export type { ServerLimits } from './server-state.ts';

export interface HttpServer {
  readonly port: number;
  /** Ends long polls, lets the requests in hand finish, then closes. */
  close(): Promise<void>;
}

export const LIMITS: ServerLimits = {
  headerBytes: 16 * 1024,
  connections: 2048,
  bodyBytesAtOnce: 1024 * 1024 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  checkIntervalMs: 5_000,
  keepAliveMs: 65_000,
};

/**
 * Serves an emulator over HTTP/1.1 on a loopback port; rejects with Node's own error when it cannot listen. It stands on
 * plain sockets: Node's server costs more for a request than the engine does.
 */
export async function serve(emulator: Pick<Emulator, 'handle'>, options: ServeOptions): Promise<HttpServer> {
  const { port, host = '127.0.0.1' } = options;
  const limits = { ...LIMITS, ...options.limits };
  const budget = { used: 0, limit: limits.bodyBytesAtOnce };
  const wakefulness = new Wakefulness();
  const state: ServerState = { emulator, limits, budget, wakefulness, connections: new Set(), closing: false };
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.maxConnections = limits.connections;
  const entry = options.authority && (await secureEntry(options.authority, state));
  server.on('connection', (socket: Socket) => (entry ? entry.accept(socket) : void new Connection(socket, state)));
  await listen(server, port, host);
  const stopChecking = checkTimes(state);
  const stop = () => {
    stopChecking();
    return close(server, state);
  };
  return { port: (server.address() as AddressInfo).port, close: stop };
}

/** TLS is loaded where it is wanted. */
async function secureEntry(authority: Authority, state: ServerState) {
  const { SecureEntry } = await import('./secure-entry.ts');
  return new SecureEntry(authority, state);
}

/** One timer for all connections: a timer for each request would cost as much as reading it. */
function checkTimes({ connections, limits }: ServerState): () => void {
  let cancel = () => {};
  const check = () => {
    const now = systemTime.now();
    for (const connection of connections) connection.checkTime(now);
    cancel = systemTime.after(limits.checkIntervalMs, check);
  };
  check();
  return () => cancel();
}

/** Rejects with Node's own error, such as EADDRINUSE. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  if (!isLoopback(host)) throw new Error(`the engine listens on loopback addresses only, not on ${host}`);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      // A failure to accept a connection (too many open files) must not end the engine.
      server.on('error', () => {});
      resolve();
    });
  });
}

function close(server: Server, state: ServerState): Promise<void> {
  return new Promise((resolve) => {
    const cancel = systemTime.after(GRACE_MS, () => {
      for (const connection of state.connections) connection.destroy();
    });
    server.close(() => {
      cancel();
      resolve();
    });
    state.closing = true;
    for (const connection of state.connections) connection.close();
  });
}
