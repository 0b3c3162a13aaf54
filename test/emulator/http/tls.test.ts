import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { Authority } from '../../../src/certificates/authority.ts';
import { type HttpServer, type ServerLimits, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator, type EmulatorRequest } from '../../../src/emulator/index.ts';

// TLS reads the machine's clock.
const authority = new Authority({
  name: 'a test',
  domains: ['localhost', 'localhost.localstack.cloud'],
  now: Date.now(),
});

const servers: HttpServer[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});

async function open(emulator: Parameters<typeof serve>[0] = createEmulator(), limits: Partial<ServerLimits> = {}) {
  const server = await serve(emulator, { port: 0, authority, limits });
  servers.push(server);
  return server;
}

function plain(server: HttpServer): Socket {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

function secure(server: HttpServer, servername?: string): TLSSocket {
  const { certificate: ca } = authority;
  const socket = connectTls({ port: server.port, host: '127.0.0.1', ca, ...(servername && { servername }) });
  sockets.push(socket);
  return socket;
}

async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const SCOPE = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';
const create = (host: string, headers = '') =>
  `GET /?Action=CreateQueue&QueueName=jobs&Version=2012-11-05 HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${SCOPE}\r\nConnection: close\r\n${headers}\r\n`;

test('one port answers HTTP and HTTPS, and names queues by the scheme that was used', async () => {
  const server = await open();
  for (const [scheme, socket] of [
    ['http', plain(server)],
    ['https', secure(server)],
  ] as const) {
    socket.write(create(`127.0.0.1:${server.port}`));
    const url = `${scheme}://127.0.0.1:${server.port}/000000000000/jobs`;
    expect(await everything(socket)).toContain(`<QueueUrl>${url}</QueueUrl>`);
  }
});

test.each([
  ...[undefined, 'localhost', 'localhost.localstack.cloud', 'b.s3.localhost', 'LOCALHOST'],
  ...['my.bucket.s3.us-east-1.localhost.localstack.cloud', 'sqs.us-east-1.localhost.localstack.cloud'],
])('its certificate is good for %s', async (name) => {
  const socket = secure(await open(), name);
  await once(socket, 'secureConnect');
  expect(socket.alpnProtocol).toBe(false);
});

test.each(['evil.example', 'localhost.evil.example', 'evillocalhost', 'sqs.us-east-1.amazonaws.com', '*.localhost'])(
  'and for nobody else: %s',
  async (name) => {
    const [error] = (await once(secure(await open(), name), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  },
);

test.each([
  ['another host', create('evil.example'), 403],
  ['a host of AWS', create('sqs.us-east-1.amazonaws.com'), 403],
  ['a web page', create('localhost', 'Origin: https://evil.example\r\n'), 403],
  ['what is no HTTP', 'nonsense\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
])('%s is refused as without TLS', async (_name, request, status) => {
  const socket = secure(await open(), 'localhost');
  socket.write(request);
  expect(await everything(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test.each([
  ['says nothing', ''],
  ['begins TLS and stops', '\x16\x03\x01'],
])('a client that %s is let go', async (_name, bytes) => {
  const socket = plain(await open(createEmulator(), { headersTimeoutMs: 1, checkIntervalMs: 2 }));
  socket.write(bytes, 'latin1');
  await once(socket.resume(), 'close');
});

test('what only looks like TLS ends, and the server goes on', async () => {
  const server = await open();
  const socket = plain(server);
  socket.write('\x16GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket.resume(), 'close');
  await once(secure(server), 'secureConnect');
});

test('a client that goes away takes its long poll with it; a server that closes ends the others', async () => {
  const arrived: AbortSignal[] = [];
  const hang = ({ signal }: EmulatorRequest) => {
    arrived.push(signal!);
    return new Promise<never>((_, reject) => signal!.addEventListener('abort', reject));
  };
  const server = await open({ handle: hang });
  const [leaving, staying] = [secure(server), secure(server)];
  for (const socket of [leaving, staying]) {
    socket.on('error', () => {});
    socket.write('GET /poll HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await expect.poll(() => arrived.length).toBe(socket === leaving ? 1 : 2);
  }
  leaving.destroy();
  await expect.poll(() => arrived[0]!.aborted).toBe(true);
  expect(arrived[1]!.aborted).toBe(false);
  const waiting = plain(server);
  await once(waiting, 'connect');
  const closed = Promise.all([staying, waiting].map((socket) => once(socket.resume(), 'close')));
  await server.close();
  await closed;
});
