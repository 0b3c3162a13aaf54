import { connect, type Socket } from 'node:net';
import { bytesOf, Connection } from './connection.ts';
import type { FuzzRequest } from './encode.ts';
import { record, type Tally } from './phase.ts';

const BEGINNINGS = [
  '',
  'G',
  'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ',
  'PUT /fuzz-bucket/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc',
  'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe',
];

/**
 * Clients that begin a request and send no more than a byte now and then, while another one works: that one must be
 * answered as ever, and the slow ones let go by the server itself.
 */
export async function sendSlowly(port: number, tally: Tally, clients: number, next: () => FuzzRequest): Promise<void> {
  const open = new Set<Socket>();
  for (let index = 0; index < clients; index++) {
    const socket = connect({ port, host: '127.0.0.1' });
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.on('data', () => {});
    socket.write(BEGINNINGS[index % BEGINNINGS.length]!);
    tally.requests++;
    tally.byClass.closed++;
  }
  const drip = setInterval(() => {
    for (const socket of open) socket.write('x');
  }, 200);
  const worker = new Connection(port, 1_000);
  const started = performance.now();
  while (open.size > 0 && performance.now() - started < LET_GO_MS) {
    const request = next();
    const bytes = bytesOf(request);
    const sent = performance.now();
    record(tally, request, bytes, await worker.send(bytes, request.method === 'HEAD'), performance.now() - sent);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  clearInterval(drip);
  worker.close();
  if (open.size > 0) tally.failures.push(`${open.size} slow clients were still connected after ${LET_GO_MS} ms`);
  for (const socket of open) socket.destroy();
}

const LET_GO_MS = 10_000;
