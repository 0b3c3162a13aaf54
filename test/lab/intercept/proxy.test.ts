import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Authority } from '../../../src/certificates/authority.ts';
import { type HttpServer, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator, type EmulatorRequest } from '../../../src/emulator/index.ts';
import { AWS_DOMAINS } from '../../../src/lab/intercept/hosts.ts';
import { InterceptingProxy } from '../../../src/lab/intercept/proxy.ts';

const authority = new Authority({ name: 'a test', domains: AWS_DOMAINS, now: Date.now() });
const SQS = 'sqs.us-east-1.amazonaws.com';
const SCOPE = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';
const LIST = `GET /?Action=ListQueues&Version=2012-11-05 HTTP/1.1\r\nAuthorization: ${SCOPE}\r\nConnection: close\r\n`;

/** Never answers. */
const hang = ({ signal }: EmulatorRequest) => {
  arrived?.(signal!);
  return new Promise<never>(() => {});
};
let arrived: ((signal: AbortSignal) => void) | undefined;

let engine: HttpServer;
let proxy: InterceptingProxy;
let refused: string[];
let seen: EmulatorRequest[];
beforeEach(async () => {
  const emulator = createEmulator({ seed: 1 });
  seen = [];
  const handle = (request: EmulatorRequest) => {
    seen.push(request);
    if (request.url === '/hang') return hang(request);
    return emulator.handle(request);
  };
  engine = await serve({ handle }, { port: 0 });
  refused = [];
  const endpoint = `http://127.0.0.1:${engine.port}`;
  proxy = await InterceptingProxy.listen({ endpoint, authority, onRefused: (target) => refused.push(target) });
});
afterEach(async () => {
  proxy.close();
  await engine.close();
});

async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) chunks.push(chunk);
  } catch (error) {
    return `${(error as { code?: string }).code}`;
  }
  return Buffer.concat(chunks).toString();
}

/** Sends bytes to the proxy; all that comes back until it closes. */
function say(text: string): Promise<string> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.write(text, 'latin1');
  return everything(socket);
}

/** A connection through CONNECT; rejects with the proxy's answer where it refuses. */
async function tunnel(target: string): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (!answer.toString().startsWith('HTTP/1.1 200 ')) throw new Error(answer.toString());
  return socket;
}

async function secure(host: string) {
  return connectTls({ socket: await tunnel(`${host}:443`), servername: host, ca: authority.certificate });
}

describe('AWS', () => {
  test.each([SQS, 'queue.amazonaws.com', 'sqs.us-east-1.api.aws', 'sqs.cn-north-1.amazonaws.com.cn'])(
    '%s over TLS is answered by the engine',
    async (host) => {
      const socket = await secure(host);
      socket.write(`${LIST}Host: ${host}\r\n\r\n`);
      expect(await everything(socket)).toMatch(/^HTTP\/1.1 200 OK[\s\S]*<ListQueuesResponse/);
      expect(seen[0]!.headers.host).toBe(`127.0.0.1:${engine.port}`);
    },
  );

  test.each(['s3.eu-west-1.amazonaws.com', 's3.amazonaws.com'])('a bucket in the host, below %s', async (place) => {
    const host = `my.bucket.${place}`;
    const socket = await secure(host);
    socket.write(`PUT /a%20b HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`);
    socket.write('3\r\nabc\r\n0\r\n\r\n');
    await everything(socket);
    expect([seen[0]!.method, seen[0]!.url, String(seen[0]!.body)]).toEqual(['PUT', '/my.bucket/a%20b', 'abc']);
  });

  test('a connection that is kept, and one without TLS', async () => {
    for (const socket of [await secure(SQS), await tunnel(`${SQS}:80`)]) {
      for (const _ of [1, 2]) {
        socket.write(`${LIST.replace('close', 'keep-alive')}Host: ${SQS}\r\n\r\n`);
        await once(socket, 'data');
      }
      socket.destroy();
    }
    expect(seen.length).toBe(4);
  });

  test('a whole URL', async () => {
    expect(await say(`${LIST.replace('/?', `http://${SQS}?`)}Host: ${SQS}\r\n\r\n`)).toContain('<ListQueuesResponse');
  });

  test('a client that goes away takes its long poll with it', async () => {
    const inHand = new Promise<AbortSignal>((resolve) => {
      arrived = resolve;
    });
    const poll = await secure(SQS);
    poll.write(`GET /hang HTTP/1.1\r\nHost: ${SQS}\r\n\r\n`);
    const signal = await inHand;
    poll.destroy();
    await once(signal, 'abort');
  });
});

describe('this machine', () => {
  test('is reached, by CONNECT and by URL', async () => {
    const server = createServer((request, response) => void response.end(`${request.headers.host} ${request.url}`));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const here = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const socket = await tunnel(here);
    socket.write(`GET /a HTTP/1.1\r\nHost: ${here}\r\nConnection: close\r\n\r\n`);
    expect(await everything(socket)).toContain(`${here} /a`);
    // The URL counts, whatever Host says (RFC 9112, 3.2.2).
    const answer = await say(`GET http://${here}/b HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain(`${here} /b`);
    server.close();
  });

  test('says so where nothing listens', async () => {
    await expect(tunnel('127.0.0.1:1')).rejects.toThrow('502 Bad Gateway');
    const { port } = engine;
    await engine.close();
    const socket = await secure(SQS);
    socket.write(`${LIST}Host: ${SQS}\r\n\r\n`);
    expect(await everything(socket)).toContain(`the engine at http://127.0.0.1:${port} does not answer`);
  });
});

describe('what is refused', () => {
  const hostile = [
    ...['example.com:443', '169.254.169.254:80', 'amazonaws.com.example.com:443', 'sqs.amazonaws.com:5432'],
    ...['evil.com%00.amazonaws.com:443', `${'a'.repeat(300)}.amazonaws.com:443`],
  ];
  test.each(hostile)('CONNECT %s', async (target) => {
    expect(await say(`CONNECT ${target} HTTP/1.1\r\nHost: ${SQS}:443\r\n\r\n`)).toMatch(/^HTTP\/1.1 403 /);
    expect(refused).toEqual([target]);
  });

  test('CONNECT of our own preload, without a word', async () => {
    expect(await say('CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\nx-cliffracer-unanswered: tls\r\n\r\n')).toBe('');
    expect(refused).toEqual(['example.com:443']);
  });

  test.each([
    ['a URL elsewhere', `GET http://example.com/ HTTP/1.1\r\nHost: ${SQS}\r\n`, 403],
    ['a URL with a user', `GET http://${SQS}@example.com/ HTTP/1.1\r\nHost: ${SQS}\r\n`, 403],
    ['a request to the proxy itself, as of a web page', 'GET / HTTP/1.1\r\nHost: rebound.example\r\n', 400],
    ['the same in the name of AWS', `POST / HTTP/1.1\r\nHost: ${SQS}\r\nContent-Length: 0\r\n`, 400],
    ['a web socket', 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n', 400],
    ['CONNECT to what HTTP has no name for', 'CONNECT evil.com#.amazonaws.com:443 HTTP/1.1\r\nHost: x\r\n', 400],
    ['another scheme', 'GET https://example.com/ HTTP/1.1\r\nHost: example.com\r\n', 400],
  ])('%s', async (_name, head, status) => {
    expect(await say(`${head}\r\n`)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(seen).toEqual([]);
  });

  test.each(['example.com', '127.0.0.1', 'amazonaws.com.example.com', ''])(
    'in a tunnel to AWS, the Host %j',
    async (host) => {
      const socket = await secure(SQS);
      socket.write(`${LIST}Host: ${host}\r\n\r\n`);
      expect(await everything(socket)).toMatch(/^HTTP\/1.1 421 /);
      expect(seen).toEqual([]);
    },
  );

  test('in a tunnel, a way on to elsewhere', async () => {
    const socket = await secure(SQS);
    socket.write(`CONNECT 127.0.0.1:${engine.port} HTTP/1.1\r\nHost: ${SQS}\r\n\r\n`);
    expect(await everything(socket)).toMatch(/^HTTP\/1.1 403 /);
  });

  test('a client that does not trust the authority', async () => {
    const socket = connectTls({ socket: await tunnel(`${SQS}:443`), servername: SQS });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/SELF_SIGNED|UNABLE_TO/);
  });
});

test('listens on 127.0.0.1 alone', async () => {
  const [error] = (await once(connect(proxy.port, '127.0.0.2'), 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toMatch(/ECONNREFUSED|EADDRNOTAVAIL|EHOSTUNREACH/);
});
