import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { control } from '../../src/engines/embedded/control.ts';
import { HEALTH } from './machine.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An embedded engine whose own interface answers in this way. */
async function engine(answer: (response: ServerResponse) => void, kind = 'cliffracer'): Promise<string> {
  server = createServer((request, response) => {
    if (request.url === '/_localstack/health') response.end(JSON.stringify({ ...HEALTH, engine: kind }));
    else answer(response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server!.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (endpoint: string) => control(endpoint, () => 0, { path: '/clock', what: 'the clock' });

test.each<[string, (response: ServerResponse) => void, string]>([
  ['a body above the bound', (response) => response.end('x'.repeat(5_000_000)), 'the answer is too large'],
  ['a connection that ends', (response) => response.destroy(), 'socket hang up'],
  ['a failure', (response) => response.writeHead(500).end('no'), 'HTTP 500'],
])("the embedded engine's own failure is told as it is: %s", async (_what, answer, cause) => {
  const endpoint = await engine(answer);
  await expect(ask(endpoint)).rejects.toMatchObject({
    ...{ code: 'engine_unhealthy', message: `the engine at ${endpoint} failed to answer the clock: ${cause}` },
    retryable: true,
  });
});

test('what another engine cannot do is told with its name', async () => {
  const endpoint = await engine((response) => response.writeHead(404).end(), 'another');
  await expect(ask(endpoint)).rejects.toMatchObject({
    ...{ code: 'unsupported', message: `the clock is a feature of the embedded engine; ${endpoint} is LocalStack` },
  });
});
