import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { HttpConnections, httpCall } from '../../src/engines/http.ts';
import { AnswerReader } from '../../src/engines/http-answer.ts';

/** What comes of an answer that arrives in pieces of this size. */
function read(text: string, size = text.length) {
  const reader = new AnswerReader();
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) {
    const answer = reader.add(bytes.subarray(at, at + size));
    if (answer !== undefined) return { ...answer, headers: { ...answer.headers }, body: answer.body.toString() };
  }
  const { status, headers, body } = reader.end();
  return { status, headers: { ...headers }, body: body.toString() };
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

describe.each([1, 3, 1_000])('an answer in pieces of %i bytes', (size) => {
  test.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhellomore', 200, 'hello'],
    ['in chunks', `${CHUNKED}5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n`, 200, 'hello world'],
    ['in chunks with trailers', `${CHUNKED}1 \r\na\r\n0\r\nX-Sum: 1\r\n\r\n`, 200, 'a'],
    ['that ends with the connection', 'HTTP/1.0 404 NOT FOUND\r\nServer: x\r\n\r\nno', 404, 'no'],
    ['without a reason', 'HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n', 500, ''],
    ['without a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n', 204, ''],
    ['after an interim one', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx', 200, 'x'],
  ])('%s', (_what, text, status, body) => {
    expect(read(text, size)).toMatchObject({ status, body });
  });
});

test('headers by lower-case name, repeated ones joined, and names of prototypes are names', () => {
  const { headers } = read('HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a:2\r\n__proto__: p\r\nContent-Length: 0\r\n\r\n');
  expect(Object.entries(headers)).toEqual([
    ['x-a', '1, 2'],
    ['__proto__', 'p'],
    ['content-length', '0'],
  ]);
});

test.each([
  ['what is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'the answer is not HTTP'],
  ['a strange version', 'HTTP/2 200\r\n\r\n', 'the answer is not HTTP'],
  ['a line that is no header', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', 'the answer is not HTTP'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'the answer is not HTTP'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'the answer is not HTTP'],
  ['a huge length', 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n', 'the answer is too large'],
  ['a chunk without a size', `${CHUNKED}z\r\n`, 'the answer is not HTTP'],
  ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`, 'the head of the answer is too large'],
  ['a body without end', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(5_000_000)}`, 'the answer is too large'],
  ['a connection closed in the head', 'HTTP/1.1 200 OK\r\n', 'socket hang up'],
  ['a connection closed in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel', 'socket hang up'],
  ['a connection closed in a chunk', `${CHUNKED}5\r\nhel`, 'socket hang up'],
])('%s is refused', (_what, text, message) => {
  expect(() => read(text)).toThrow(message);
});

describe('a call', () => {
  let server: Server | undefined;
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.close();
  });

  async function listening(answer: (socket: Socket, request: string) => void): Promise<string> {
    server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.on('data', (bytes) => answer(socket, bytes.toString()));
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  test('sends method, path, host, headers and body', async () => {
    let seen = '';
    const endpoint = await listening((socket, request) => {
      seen += request;
      if (request.endsWith('ä}')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
    const options = { method: 'POST', body: '{ä}', headers: { 'x-a': 'b' }, timeoutMs: 10_000 };
    expect(await httpCall(`${endpoint}/path?q=1`, options)).toMatchObject({ status: 200, body: '{}' });
    const host = new URL(endpoint).host;
    expect(seen).toBe(
      `POST /path?q=1 HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-length: 4\r\nx-a: b\r\n\r\n{ä}`,
    );
  });

  test('does not wait for a connection that the other side keeps open', async () => {
    const endpoint = await listening((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    expect(await httpCall(endpoint, { timeoutMs: 60_000 })).toMatchObject({ body: 'ok' });
  });

  test('is given up at its deadline, and when it is aborted', async () => {
    const endpoint = await listening(() => {});
    await expect(httpCall(endpoint, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const interrupt = new AbortController();
    const call = httpCall(endpoint, { timeoutMs: 60_000, signal: interrupt.signal });
    interrupt.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    const late = httpCall(endpoint, { timeoutMs: 60_000, signal: interrupt.signal });
    await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('where nothing listens', async () => {
    await expect(httpCall('http://127.0.0.1:9', { timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('after another takes the connection that is free, and a new one where none is or it was closed', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    const waiting: Socket[] = [];
    const endpoint = await listening((socket, request) => {
      if (request.includes('x: wait')) waiting.push(socket);
      else socket.write(answer);
    });
    const connections = new HttpConnections(endpoint);
    const call = (x: string) => connections.call({ method: 'POST', body: '{}', headers: { x }, timeoutMs: 60_000 });
    await call('1');
    await call('2');
    expect(sockets).toHaveLength(1);
    const slow = call('wait');
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    expect(await call('3')).toMatchObject({ status: 200, body: 'ok' });
    expect(sockets).toHaveLength(2);
    waiting[0]!.end(answer.slice(0, -1));
    await expect(slow).rejects.toMatchObject({ code: 'ECONNRESET' });
    const closed = new Promise((resolve) => sockets[1]!.on('close', resolve));
    sockets[1]!.end();
    await closed;
    expect(await call('4')).toMatchObject({ body: 'ok' });
    connections.close();
  });

  test('refuses a header that would begin another', async () => {
    const call = httpCall('http://127.0.0.1:9', { timeoutMs: 10_000, headers: { x: 'a\r\nb: c' } });
    await expect(call).rejects.toThrow('printable ASCII');
  });
});
