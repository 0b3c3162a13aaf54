import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpServer, ServerLimits } from '../../../src/emulator/http/server.ts';
import type { EmulatorRequest, EmulatorResponse } from '../../../src/emulator/index.ts';
import { emulatorOf, FakeService } from '../protocols/support.ts';
import { SERVERS } from './servers.ts';

describe.each(SERVERS)('by $name', ({ serve, own }) => {
  const servers: HttpServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  type Handle = (request: EmulatorRequest) => EmulatorResponse | Promise<EmulatorResponse>;
  const echo: Handle = ({ method, url, body, oversized }) => ({
    status: 200,
    headers: { 'x-seen': `${method} ${url} ${body.length} ${oversized}` },
    body: 'ok',
  });

  async function start(handle: Handle = echo, limits: Partial<ServerLimits> = {}): Promise<number> {
    const server = await serve({ handle: async (request) => handle(request) }, { port: 0, limits });
    servers.push(server);
    return server.port;
  }

  /** Sends bytes as they are and gives all that comes back, until the server closes or `until` is seen. */
  async function raw(port: number, text: string | Buffer, until?: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(text);
    let got = '';
    for await (const chunk of socket) {
      got += chunk;
      if (until !== undefined && got.includes(until)) break;
    }
    socket.destroy();
    return got;
  }

  const get = (headers: string, path = '/') => `GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;

  describe('who is answered', () => {
    test.each([
      ['a foreign host (DNS rebinding)', 'Host: evil.example', 403],
      ['a page of another origin', 'Host: localhost\r\nOrigin: https://evil.example', 403],
      ['a page without an origin to its name', 'Host: localhost\r\nOrigin: null', 403],
      ['an image in a foreign page', 'Host: localhost\r\nSec-Fetch-Site: cross-site', 403],
      ['no host', 'X: y', 400],
      ['a program', 'Host: 127.0.0.1', 200],
      ['a bucket as host', 'Host: bucket.s3.localhost.localstack.cloud:4566', 200],
    ])('%s', async (_name, headers, status) => {
      const answer = await raw(await start(), get(headers));
      expect(answer).toContain(`HTTP/1.1 ${status} `);
      if (status === 403) expect(answer).toContain('cliffracer refuses this request');
    });

    test.each(['0.0.0.0', '::', '192.168.0.1', 'example.com'])('it does not listen on %s', async (host) => {
      await expect(serve({ handle: async (request) => echo(request) }, { port: 0, host })).rejects.toThrow('loopback');
    });

    test('a taken port is an EADDRINUSE', async () => {
      const port = await start();
      await expect(serve({ handle: async (request) => echo(request) }, { port })).rejects.toMatchObject({
        code: 'EADDRINUSE',
        port,
      });
    });
  });

  describe('what is sent', () => {
    test.each([
      ['no HTTP', 'hello\r\n\r\n', '400'],
      ['headers without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}`, '431'],
      ['a length that is none', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5x\r\n\r\n', '400'],
      [
        'two framings at once',
        'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        '400',
      ],
      ['two hosts', get('Host: localhost\r\nHost: evil.example'), own ? '400' : '200'],
      ['a TLS handshake', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03]), '400'],
    ])('%s is refused, unless Node knows no better', async (_name, text, status) => {
      expect(await raw(await start(), text)).toContain(`HTTP/1.1 ${status} `);
    });

    test('a body above the limit is not read: the answer is in the words of AWS', async () => {
      const dynamodb = new FakeService('dynamodb', { ListTables: () => ({ TableNames: [] }) });
      const s3 = new FakeService('s3', { PutObject: () => ({}) });
      const emulator = emulatorOf(dynamodb, s3);
      const port = await start((request) => emulator.handle(request));
      const head = `Host: localhost\r\nContent-Length: ${1024 ** 4}`;
      const json = await raw(port, `POST / HTTP/1.1\r\n${head}\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n\r\n{`);
      expect(json).toContain('HTTP/1.1 413 ');
      expect(json).toContain('RequestEntityTooLargeException');
      expect(await raw(port, `PUT /b/k HTTP/1.1\r\n${head}\r\n\r\nx`)).toContain('<Code>EntityTooLarge</Code>');
      expect(dynamodb.seen).toEqual([]);
    });

    test('a chunked body is stopped at the limit', async () => {
      const port = await start();
      const chunk = `${(1024 * 1024).toString(16)}\r\n${'x'.repeat(1024 * 1024)}\r\n`;
      const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: a.b\r\nTransfer-Encoding: chunked\r\n\r\n';
      expect(await raw(port, head + chunk.repeat(22))).toContain('x-seen: POST / 0 true');
    });

    const SLOW = { headersTimeoutMs: 40, requestTimeoutMs: 60, checkIntervalMs: 10 };
    test.each([
      ['headers', 'GET / HTTP/1.1\r\nHost: loc'],
      ['a body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe'],
    ])('a client that does not finish %s is let go', async (_name, text) => {
      expect(await raw(await start(echo, SLOW), text)).toContain('HTTP/1.1 408 ');
    });

    test('connections above the limit are closed at once, bodies above it refused', async () => {
      const port = await start(echo, { connections: 1, bodyBytesAtOnce: 4 });
      const first = connect(port, '127.0.0.1');
      await once(first, 'connect');
      expect(await raw(port, get('Host: localhost'))).toBe('');
      first.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello');
      expect(String((await once(first, 'data'))[0])).toContain('HTTP/1.1 503 ');
      first.destroy();
    });

    // botocore before 1.44.8 sends it with an empty body, and waits in vain for the 100 with the request after it.
    test('Expect: 100-continue is answered too when there is no body to wait for', async () => {
      const port = await start();
      const head = 'PUT /b/k HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n';
      for (const rest of ['Content-Length: 0\r\n\r\n', 'Content-Length: 2\r\n\r\nhi']) {
        const answer = await raw(port, head + rest);
        expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
      }
    });

    test('Expect: 100-continue is answered before the body comes, or refused', async () => {
      const port = await start();
      const socket = connect(port, '127.0.0.1');
      socket.write(
        'PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
      );
      const [first] = await once(socket, 'data');
      expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('hi');
      const [second] = await once(socket, 'data');
      expect(String(second)).toContain('x-seen: PUT /b/k 2 false');
      const refused = 'PUT /b/k HTTP/1.1\r\nHost: evil\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n';
      expect(await raw(port, refused, 'refuses')).toMatch(/^HTTP\/1\.1 403 /);
    });

    test('the URL is passed on as it came, also of a proxy', async () => {
      const port = await start();
      expect(await raw(port, get('Host: localhost', '/b/../a//%2F?x=%20'))).toContain(
        'x-seen: GET /b/../a//%2F?x=%20 0 false',
      );
      expect(await raw(port, get('Host: localhost', 'http://localhost:4566/b/k'))).toContain(
        'x-seen: GET /b/k 0 false',
      );
    });
  });

  describe('what comes back', () => {
    test('lengths, also of HEAD; bodies only where there may be one', async () => {
      const port = await start(({ method }) => ({
        status: method === 'DELETE' ? 204 : 200,
        headers: method === 'HEAD' ? { 'content-length': '99' } : ({} as Record<string, string>),
        body: 'é',
      }));
      expect(await raw(port, get('Host: localhost'))).toMatch(/content-length: 2\r\n[\s\S]*\r\n\r\né$/);
      expect(await raw(port, get('Host: localhost').replace('GET', 'HEAD'))).toMatch(
        /content-length: 99\r\n[\s\S]*\r\n\r\n$/,
      );
      expect(await raw(port, get('Host: localhost').replace('GET', 'DELETE'))).toMatch(/ 204 [\s\S]*\r\n\r\n$/);
    });

    test('a header that HTTP cannot carry does not break the connection', async () => {
      const port = await start(() => ({ status: 200, headers: { 'x-amz-meta-a': 'ü→\r\nX: y' }, body: 'ok' }));
      const answer = await raw(port, get('Host: localhost'));
      expect(answer).toContain('HTTP/1.1 200 OK');
      expect(answer).not.toContain('\r\nX: y');
    });

    test('a connection is kept and may be used for many requests at once', async () => {
      const port = await start();
      const one = 'GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const answer = await raw(port, one + one + get('Host: localhost', '/last'));
      expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    });
  });

  describe('long polls', () => {
    const polling = () => {
      let seen: (signal: AbortSignal) => void = () => {};
      const started = new Promise<AbortSignal>((resolve) => {
        seen = resolve;
      });
      const handle: Handle = async ({ signal }) => {
        seen(signal!);
        await once(signal!, 'abort');
        return { status: 200, headers: {}, body: 'ended' };
      };
      return { started, handle };
    };

    test('a client that goes away aborts its request', async () => {
      const { started, handle } = polling();
      const socket = connect(await start(handle), '127.0.0.1');
      socket.write(get('Host: localhost'));
      const signal = await started;
      expect(signal.aborted).toBe(false);
      socket.destroy();
      await once(signal, 'abort');
    });

    test('closing ends them with an answer, and lets go of idle connections', async () => {
      const { started, handle } = polling();
      const port = await start(handle);
      const idle = connect(port, '127.0.0.1');
      const answer = raw(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await started;
      await Promise.all([servers.pop()!.close(), once(idle.resume(), 'close')]);
      expect(await answer).toMatch(/Connection: close[\s\S]*ended$/i);
      const again = createServer().listen(port, '127.0.0.1');
      await once(again, 'listening');
      expect((again.address() as AddressInfo).port).toBe(port);
      again.close();
    });
  });
});
