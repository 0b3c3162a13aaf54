import { createServer } from 'node:net';
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

const otherPort = (port: number) => `cliffracer up --port ${port === 4566 ? 4567 : 4566}`;

export function portTaken(port: number): CliffracerError {
  return new CliffracerError('port_taken', `port ${port} is taken by something that is not an engine`, {
    hint: otherPort(port),
  });
}

export function portForbidden(port: number): CliffracerError {
  return new CliffracerError('port_forbidden', `port ${port} may not be used by this user`, { hint: otherPort(port) });
}

/** For an endpoint where another engine answers than the one that was asked for. */
export function takenByEngine(port: number, present: string, wanted: string): CliffracerError {
  return new CliffracerError('port_taken_by_engine', `port ${port} is taken by ${present}, not ${wanted}`, {
    hint: `cliffracer down --port ${port}, or cliffracer up --engine ${wanted} --port ${port + 1}`,
  });
}
