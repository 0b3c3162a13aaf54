import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { RuntimeClient } from '../../../src/lab/lambda/runtime-client.ts';

let server: Server;
afterEach(() => server.close());

/** A client, and the other end of its connection. */
async function connected() {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = new RuntimeClient(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = (await once(server, 'connection')) as [Socket];
  return { client, socket };
}

const reply = (body: string, headers = '') =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

test('replies in pieces of any size, one after the other, with text of more than ASCII', async () => {
  const { client, socket } = await connected();
  const first = client.next();
  const second = client.next({ path: 'invocation/1/response', body: '"ä€"' });
  for (const byte of Buffer.from(`${reply('{"é":"😀"}', 'Lambda-Runtime-Aws-Request-Id:  7\r\n')}${reply('{}')}`)) {
    socket.write(Buffer.from([byte]));
    await turn();
  }
  socket.write(reply('2'));
  expect(await first).toMatchObject({ body: '{"é":"😀"}', headers: { 'lambda-runtime-aws-request-id': '7' } });
  expect((await second).body).toBe('2');
});

test('an answer and the wish for more go out as one', async () => {
  const { client, socket } = await connected();
  const error = { path: 'invocation/1/error', body: '{}', errorType: 'Bad\r\nX-Evil: 1' };
  void client.next(error).catch(() => {});
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(bytes.toString().split('\r\n').filter(Boolean)).toEqual([
    'POST /2018-06-01/runtime/invocation/1/error HTTP/1.1',
    expect.stringMatching(/^Host: 127/),
    'Content-Type: application/json',
    'Lambda-Runtime-Function-Error-Type: Bad??X-Evil: 1',
    'Content-Length: 2',
    '{}GET /2018-06-01/runtime/invocation/next HTTP/1.1',
    expect.stringMatching(/^Host: 127/),
  ]);
  socket.destroy();
});

test.each([
  ['ends', (socket: Socket) => socket.destroy(), 'gone'],
  ['sends no length', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'), 'no length'],
])('a Runtime API that %s ends the wait', async (_name, act, message) => {
  const { client, socket } = await connected();
  const next = client.next();
  act(socket);
  await expect(next).rejects.toThrow(message);
});
