import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { threadId } from 'node:worker_threads';

// Below the ports that systems give out by themselves (from 32768 on Linux, from 49152 on macOS and Windows): what listens
// on port 0 or connects to somewhere never gets one of these, however late its keeper comes to use it.
const FIRST = 20_000;
const COUNT = 12_000;

let next = (process.pid * 61 + threadId * 2_003) % COUNT;

/**
 * A port that nobody has, kept for the caller until it is released: the UDP port of the same number is held meanwhile, which
 * other callers see in whatever thread or process they are, and which the system takes back when the holder ends.
 */
export async function reservePort(host = '127.0.0.1') {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + (next++ % COUNT);
    const hold = await holding(port);
    if (hold === undefined) continue;
    if (await isFree(port, host)) return { port, release: () => hold.close() };
    hold.close();
  }
  throw new Error(`no port between ${FIRST} and ${FIRST + COUNT - 1} is free on ${host}`);
}

function holding(port) {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => resolve(socket.unref()));
  });
}

function isFree(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
