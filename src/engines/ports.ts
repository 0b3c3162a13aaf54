import { type AddressInfo, createServer } from 'node:net';
import { CliffracerError } from '../errors.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export const isLoopback = (endpoint: string): boolean => LOOPBACK.has(new URL(endpoint).hostname);

export const portOf = (endpoint: string): number => {
  const url = new URL(endpoint);
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number.parseInt(url.port, 10);
};

/** Refuses a port that something else has, before an engine is started only to find that out. */
export async function requireFreePort(port: number): Promise<void> {
  const fault = await tryPort(port);
  if (fault === 'EADDRINUSE') throw portTaken(port);
  if (fault === 'EACCES') throw portForbidden(port);
}

/** The code of the error that listening gives; undefined when it works. */
export function tryPort(port: number, host = '127.0.0.1'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** Starts an engine at a free port, beside whatever has the one in use. */
export const FREE_PORT = 'cliffracer up --port 0';

/** A port that nobody listens on at this moment, as the system gives it out. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export function portTaken(port: number): CliffracerError {
  return new CliffracerError('port_taken', `port ${port} is taken by something that is not an engine`, {
    hint: FREE_PORT,
  });
}

export function portForbidden(port: number): CliffracerError {
  return new CliffracerError('port_forbidden', `port ${port} may not be used by this user`, { hint: FREE_PORT });
}

/** For an endpoint where another engine answers than the one that was asked for. */
export function takenByEngine(port: number, present: string, wanted: string): CliffracerError {
  return new CliffracerError('port_taken_by_engine', `port ${port} is taken by ${present}, not ${wanted}`, {
    hint: `cliffracer down --port ${port}, or cliffracer up --engine ${wanted} --port 0`,
  });
}
