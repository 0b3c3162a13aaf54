import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleBed, KEY } from '../support/console.ts';

let bed: ConsoleBed;
beforeAll(async () => {
  bed = await new ConsoleBed().open();
});
afterAll(() => bed.close());

/** A request as it is, whatever a browser would add or forbid. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '{}',
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const [host, port] = bed.host.split(':');
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? body : undefined);
  });
}

const right = () => ({
  host: bed.host,
  origin: `http://${bed.host}`,
  authorization: `Bearer ${KEY}`,
  'content-type': 'application/json',
});

describe('a request of the page', () => {
  test('is answered', async () => {
    const { status, text, headers } = await send('POST', '/api/about', right());
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ engine: 'the embedded engine', write: true, laboratory: true });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
  });

  test.each<[string, number, Record<string, string | undefined>]>([
    ['another name for this machine', 421, { host: `localhost:${1}` }],
    ['a host that was made to point here', 421, { host: 'evil.example' }],
    ['another origin', 403, { origin: 'http://evil.example' }],
    ['the origin of the engine', 403, { origin: 'http://127.0.0.1:4566' }],
    ['the origin of a sandboxed page', 403, { origin: 'null' }],
    ['no origin', 403, { origin: undefined }],
    ['a mark of another site', 403, { 'sec-fetch-site': 'same-site' }],
    ['no key', 401, { authorization: undefined }],
    ['another key', 401, { authorization: `Bearer ${KEY}x` }],
    ['the key as a password', 401, { authorization: `Basic ${KEY}` }],
    ['the type of a form', 415, { 'content-type': 'text/plain' }],
    ['no type', 415, { 'content-type': undefined }],
  ])('is refused with %s', async (_what, status, changed) => {
    const headers = Object.entries({ ...right(), ...changed }).filter((entry) => entry[1] !== undefined);
    expect(await send('POST', '/api/about', Object.fromEntries(headers) as Record<string, string>)).toMatchObject({
      status,
    });
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('is refused by %s', async (method) => {
    expect((await send(method, '/api/about', right())).status).toBe(405);
  });

  test('with a body that is no JSON object, or too large, is refused in words', async () => {
    for (const body of ['', '[]', 'null', '{', `{"a":"${'x'.repeat(12 * 1024 * 1024)}"}`]) {
      const { status, text } = await send('POST', '/api/about', right(), body);
      expect(status).toBe(400);
      expect(JSON.parse(text).error.code).toBe('invalid_input');
    }
  });

  test('for a path that is not there is refused, members of objects too', async () => {
    for (const path of ['/api/none', '/api/__proto__', '/api/constructor', '/api/']) {
      expect((await send('POST', path, right())).status).toBe(404);
    }
  });
});

describe('the page', () => {
  test('is there for whoever knows the address, and allows its own script and style alone', async () => {
    const { status, headers, text } = await send('GET', '/', { host: bed.host });
    expect(status).toBe(200);
    expect(text).toContain('<script>b</script>');
    const hash = (of: string) => `'sha256-${createHash('sha256').update(of).digest('base64')}'`;
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        `script-src ${hash('b')}`,
        `style-src ${hash('a')}`,
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(text).not.toContain(KEY);
  });

  test.each([
    ['POST', '/', 405],
    ['GET', '/other', 404],
    ['GET', '/index.html?x=1', 200],
  ])('%s %s: %s', async (method, path, status) => {
    expect((await send(method, path, { host: bed.host })).status).toBe(status);
  });

  test('is not there under another host', async () => {
    expect((await send('GET', '/', { host: 'evil.example' })).status).toBe(421);
  });
});

describe('where things may not be changed', () => {
  test('writes are refused with the reason, and what only the embedded engine has too', async () => {
    const other = await new ConsoleBed().open({ write: 'only read', laboratory: 'no laboratory here' });
    try {
      expect((await other.ask('queues/send', { queue: 'q', body: 'x' })).body.error).toMatchObject({
        code: 'refused',
        message: 'only read',
      });
      expect((await other.ask('dead_letters', { queue: 'q' })).body.error.code).toBe('refused');
      for (const path of ['feed', 'trace', 'clock', 'check', 'queues/hold', 'snapshots']) {
        expect((await other.ask(path)).body.error).toMatchObject({
          code: 'unsupported',
          message: 'no laboratory here',
        });
      }
      expect((await other.ask('tables')).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});
