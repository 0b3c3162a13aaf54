import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { reservePort } from '../../scripts/ports.mjs';

/** The lowest port that Linux, macOS or Windows gives out by itself. */
const FIRST_EPHEMERAL = 32_768;

const listen = (port: number) =>
  new Promise<Server>((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

test('a reserved port is given to nobody else, is never one the system gives out, and can be listened on', async () => {
  const reserved = await Promise.all(Array.from({ length: 50 }, () => reservePort()));
  const ports = reserved.map(({ port }) => port);
  expect(new Set(ports).size).toBe(50);
  expect(Math.max(...ports)).toBeLessThan(FIRST_EPHEMERAL);
  const server = await listen(ports[0]!);
  await new Promise((resolve) => server.close(resolve));
  for (const { release } of reserved) release();
});
