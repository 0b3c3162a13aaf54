import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpServer, ServerLimits } from '../../../src/emulator/http/server.ts';
import type { EmulatorRequest, EmulatorResponse } from '../../../src/emulator/index.ts';
import { SERVERS } from './servers.ts';

describe.each(SERVERS)('by $name', ({ serve, own }) => {
  const servers: HttpServer[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) await server.close();
  });

  type Handle = (request: EmulatorRequest) => EmulatorResponse | Promise<EmulatorResponse>;
  const echo: Handle = ({ method, url, body }) => ({ status: 200, headers: {}, body: `${method} ${url} ${body}` });

  async function open(handle: Handle = echo, limits: Partial<ServerLimits> = {}): Promise<Socket> {
    const server = await serve({ handle: async (request) => handle(request) }, { port: 0, limits });
    servers.push(server);
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    sockets.push(socket);
    return socket;
  }

  async function everything(socket: Socket): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  const HOST = 'Host: localhost\r\n';
  const get = (url: string, headers = '') => `GET ${url} HTTP/1.1\r\n${HOST}${headers}\r\n`;
  const put = (url: string, body: string) =>
    `PUT ${url} HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`;
  const bodies = (answers: string) =>
    answers
      .split('HTTP/1.1 200 OK\r\n')
      .slice(1)
      .map((one) => one.split('\r\n\r\n')[1]);

  describe('requests one after the other', () => {
    const requests = [put('/a', 'one'), get('/b'), put('/c', 'three'), '\r\n', get('/d')].join('');
    const answers = ['PUT /a one', 'GET /b ', 'PUT /c three', 'GET /d '];

    test('in one piece, by a client that ends its side and reads on', async () => {
      const socket = await open();
      socket.end(requests);
      expect(bodies(await everything(socket))).toEqual(answers);
    });

    test('in pieces of any length', async () => {
      for (const size of [1, 3, 10]) {
        const socket = await open();
        socket.setNoDelay(true);
        for (let at = 0; at < requests.length; at += size) {
          socket.write(requests.slice(at, at + size));
          await turn();
        }
        socket.end();
        expect(bodies(await everything(socket))).toEqual(answers);
      }
    });

    test('in the order of asking, whatever takes long', async () => {
      const letGo: (() => void)[] = [];
      const socket = await open(async (request) => {
        if (request.url === '/slow') await new Promise<void>((resolve) => letGo.push(resolve));
        return echo(request);
      });
      socket.write(get('/slow') + get('/fast', 'Connection: close\r\n'));
      while (letGo.length === 0) await turn();
      letGo[0]!();
      expect(bodies(await everything(socket))).toEqual(['GET /slow ', 'GET /fast ']);
    });

    test('HTTP/1.0 closes, unless it asks to stay', async () => {
      const socket = await open();
      // What comes after a last request is left alone; Node refuses all that came with it.
      const more = own ? 'GET /c HTTP/1.0\r\n\r\n' : '';
      socket.write(`GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n${more}`);
      expect(bodies(await everything(socket))).toEqual(['GET /a ', 'GET /b ']);
    });
  });

  describe('answers', () => {
    test.each([
      ['text', 'plain'],
      ['text beyond ASCII', 'ü→😀'],
      ['long text beyond ASCII', 'ü'.repeat(100_000)],
      ['bytes', Buffer.from('bytes')],
      ['many bytes', Buffer.alloc(300_000, 'b')],
      ['a plain array', new TextEncoder().encode('array') as Buffer],
      ['nothing', ''],
    ])('%s arrive whole', async (_name, body) => {
      const socket = await open(() => ({ status: 200, headers: { 'x-amz-meta-a': 'ü' }, body }));
      socket.end(get('/'));
      const answer = await everything(socket);
      const expected = Buffer.from(body as string).toString();
      expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(expected);
      expect(answer).toContain(`\r\ncontent-length: ${Buffer.byteLength(expected)}\r\n`);
      expect(answer).toMatch(/\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\n/);
    });

    test('the next request waits until the answer has been read', async () => {
      let handled = 0;
      const socket = await open(() => {
        handled++;
        return { status: 200, headers: {}, body: Buffer.alloc(16 * 1024 * 1024, 'b') };
      });
      socket.pause();
      socket.end(get('/') + get('/'));
      for (let turns = 0; turns < 100; turns++) await turn();
      expect(handled).toBe(1);
      expect((await everything(socket)).length).toBeGreaterThan(2 * 16 * 1024 * 1024);
      expect(handled).toBe(2);
    });
  });

  describe('ends', () => {
    test('closing lets an answer that is being read come to its end', async () => {
      const socket = await open(() => ({ status: 200, headers: {}, body: Buffer.alloc(16 * 1024 * 1024, 'b') }));
      socket.pause();
      socket.write(get('/'));
      await once(socket, 'readable');
      const closed = servers.pop()!.close();
      expect((await everything(socket)).length).toBeGreaterThan(16 * 1024 * 1024);
      socket.end();
      await closed;
    });

    test('an answer that cannot be made ends the connection, and its body counts no more', async () => {
      let failures = 0;
      const socket = await open(
        () => {
          failures++;
          throw new Error('no answer');
        },
        { bodyBytesAtOnce: 10 },
      );
      const { remotePort } = await once(socket, 'connect').then(() => socket);
      socket.write(put('/', 'ten bytes!'));
      expect(await everything(socket)).toBe('');
      const next = connect({ port: remotePort!, host: '127.0.0.1' });
      next.write(put('/', 'ten bytes!'));
      expect(await everything(next)).toBe('');
      expect(failures).toBe(2);
    });
  });

  describe('clients that leave', () => {
    test.each(['end', 'destroy'] as const)('%s in a long poll aborts it', async (leave) => {
      let seen: (signal: AbortSignal) => void = () => {};
      const polling = new Promise<AbortSignal>((resolve) => {
        seen = resolve;
      });
      const socket = await open(async ({ signal }) => {
        seen(signal!);
        await once(signal!, 'abort');
        return { status: 200, headers: {}, body: 'ended' };
      });
      socket.write(get('/'));
      const signal = await polling;
      expect(signal.aborted).toBe(false);
      socket[leave]();
      await once(signal, 'abort');
      if (leave === 'end') expect(bodies(await everything(socket))).toEqual(['ended']);
    });

    test('half a request is refused', async () => {
      const socket = await open();
      socket.end('GET / HT');
      expect(await everything(socket)).toContain('HTTP/1.1 400 ');
    });

    const SLOW = { headersTimeoutMs: 40, requestTimeoutMs: 60, keepAliveMs: 40, checkIntervalMs: 10 };
    // Node answers 408 to one that has asked nothing.
    test.each([
      ['says nothing', ''],
      ['says nothing more', get('/')],
    ])('one that %s is let go without a word', async (_name, text) => {
      const socket = await open(echo, SLOW);
      socket.write(text);
      expect((await everything(socket)).match(/HTTP/g) ?? []).toHaveLength(text === '' && own ? 0 : 1);
    });

    test('one that does not read is let go, and makes room', async () => {
      const body = Buffer.alloc(16 * 1024 * 1024);
      const socket = await open(({ url }) => ({ status: 200, headers: {}, body: url === '/' ? body : 'ok' }), {
        ...SLOW,
        connections: 1,
      });
      socket.pause();
      socket.write(get('/'));
      await once(socket, 'connect');
      let got = '';
      while (got === '') {
        const next = connect({ port: socket.remotePort!, host: '127.0.0.1' });
        next.on('error', () => {});
        next.write(get('/next', 'Connection: close\r\n'));
        got = await everything(next).catch(() => '');
      }
      expect(bodies(got)).toEqual(['ok']);
    });
  });

  test('what is sent ahead while an answer is awaited is bounded', async () => {
    const letGo: (() => void)[] = [];
    const socket = await open(async () => {
      await new Promise<void>((resolve) => letGo.push(resolve));
      return { status: 200, headers: {}, body: 'done' };
    });
    socket.write(get('/'));
    while (letGo.length === 0) await turn();
    let drained = false;
    socket.once('drain', () => {
      drained = true;
    });
    socket.write(put('/', 'x'.repeat(30 * 1024 * 1024)));
    for (let turns = 0; turns < 200; turns++) await turn();
    expect(drained).toBe(false);
    letGo[0]!();
    while (letGo.length === 1) await turn();
    expect(drained).toBe(true);
    letGo[1]!();
    socket.end();
    expect(bodies(await everything(socket))).toEqual(['done', 'done']);
  });
});
