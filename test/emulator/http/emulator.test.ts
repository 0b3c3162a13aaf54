import { describe, expect, test } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.ts';
import { callerScope } from '../../../src/emulator/protocols/scope.ts';
import { requestHandler } from '../../../src/emulator/request-handler.ts';
import { emulatorOf, FakeService, send, signed } from '../protocols/support.ts';

describe("LocalStack's paths", () => {
  const services = [new FakeService('sns', {}).definition, new FakeService('sqs', {}).definition];
  const emulator = createEmulator({ services, version: '1.2.3', instance: 'abc', frozenAt: 0 });
  const get = async (url: string) => JSON.parse((await send(emulator, { method: 'GET', url })).text);

  test('health', async () => {
    const identity = { edition: 'embedded', version: '1.2.3', engine: 'cliffracer', instance: 'abc' };
    expect(await get('/_localstack/health')).toEqual({ services: { sns: 'running', sqs: 'running' }, ...identity });
    expect(await get('/_localstack/health?reload')).toMatchObject(identity);
  });

  test('info counts in engine time', async () => {
    emulator.engine.advanceTo(90_500);
    expect(await get('/_localstack/info')).toMatchObject({ version: '1.2.3', uptime: 90, is_license_activated: false });
  });

  test('init: everything has run', async () => {
    expect(await get('/_localstack/init')).toMatchObject({ completed: { READY: true } });
  });
});

describe('mounted routes', () => {
  const emulator = createEmulator({ services: [] });
  emulator.routes.set('/_cliffracer/clock', (_request, path, query) => ({
    status: 200,
    headers: {},
    body: `clock${path}?${query.get('a')}`,
  }));
  emulator.routes.set('/_cliffracer/clock/next', () => ({ status: 200, headers: {}, body: 'next' }));
  emulator.routes.set('/_cliffracer/broken', () => {
    throw new Error('secret');
  });

  test.each([
    ['/_cliffracer/clock?a=1', 'clock?1'],
    ['/_cliffracer/clock/x/y?a=b%20c', 'clock/x/y?b c'],
    ['/_cliffracer/clock/next', 'next'],
    ['/_cliffracer/clock/next/z', 'next'],
  ])('%s', async (url, text) => expect((await send(emulator, { url })).text).toBe(text));

  test.each(['/_cliffracer', '/_cliffracer/clocks', '/_cliffracer/nope?x', '/_localstack/plugins'])(
    '%s is not there',
    async (url) => {
      expect(await send(emulator, { url })).toMatchObject({ status: 404, text: expect.stringContaining('not_found') });
    },
  );

  test('a failing route is a 500 without its secrets', async () => {
    expect(await send(emulator, { url: '/_cliffracer/broken' })).toMatchObject({
      status: 500,
      text: expect.not.stringContaining('secret'),
    });
  });
});

describe('account and region', () => {
  const scope = (headers: Record<string, string>, url = '/') =>
    callerScope({ method: 'GET', url, headers, body: Buffer.alloc(0) });
  const signedScope = (key: string, region: string) => scope(signed('sqs', region, key) as Record<string, string>);
  test.each([
    ['123456789012', 'eu-west-1', '123456789012', 'eu-west-1', 'sqs'],
    ['test', 'eu-west-1', '000000000000', 'eu-west-1', 'sqs'],
    ['1234567890123', 'eu-west-1', '000000000000', 'eu-west-1', 'sqs'],
    ['test', 'x/../y', '000000000000', 'x', '..'],
    ['test', 'UP:1', '000000000000', 'us-east-1', 'sqs'],
  ])('key %s in %s', (key, signedRegion, account, region, signedFor) => {
    expect(signedScope(key, signedRegion)).toEqual({ account, region, signedFor, key });
  });

  test.each([
    [{}, '000000000000', undefined, undefined],
    [{ authorization: 'AWS 123456789012:c2ln' }, '123456789012', 's3', '123456789012'],
    [{ authorization: 'AWS test:c2ln' }, '000000000000', 's3', 'test'],
    [{ authorization: 'Basic dGVzdA==' }, '000000000000', undefined, undefined],
    [{ authorization: 'AWS4-HMAC-SHA256 Credential=' }, '000000000000', undefined, ''],
  ])('%j', (headers, account, signedFor, key) => {
    expect(scope(headers as Record<string, string>)).toEqual({ account, region: 'us-east-1', signedFor, key });
  });

  test('two accounts and two regions are four worlds', async () => {
    const sqs = new FakeService('sqs', { ListQueues: () => ({ QueueUrls: [] }) });
    const emulator = emulatorOf(sqs);
    for (const account of ['111111111111', '222222222222']) {
      for (const region of ['us-east-1', 'eu-west-1']) {
        await send(emulator, {
          headers: { ...signed('sqs', region, account), 'x-amz-target': 'AmazonSQS.ListQueues' },
          body: '{}',
        });
      }
    }
    expect(sqs.seen.map(({ account, region }) => `${account} ${region}`)).toEqual([
      '111111111111 us-east-1',
      '111111111111 eu-west-1',
      '222222222222 us-east-1',
      '222222222222 eu-west-1',
    ]);
  });
});

describe('in-process handler', () => {
  const handler = requestHandler({
    handle: async ({ method, url, headers, body, signal }) => {
      if (url === '/wait') await new Promise((resolve) => signal!.addEventListener('abort', resolve));
      return {
        status: 200,
        headers: {},
        body: JSON.stringify({ method, url, host: headers.host, a: headers['x-a'], body: body.toString() }),
        streamed: url === '/stream',
      };
    },
  });
  const ask = async (request: object) => {
    const { response } = await handler.handle({
      method: 'POST',
      hostname: 'localhost',
      port: 4566,
      path: '/',
      headers: {},
      ...request,
    });
    return JSON.parse(Buffer.from(response.body as Uint8Array).toString());
  };

  test.each([
    [
      { path: '/b/k', query: { 'list-type': '2', prefix: 'a b&', uploads: null, x: ['1', '2'] } },
      { url: '/b/k?list-type=2&prefix=a%20b%26&uploads&x=1&x=2' },
    ],
    [{ headers: { 'X-A': '1' } }, { a: '1', host: 'localhost:4566' }],
    [{ headers: { host: 'other' } }, { host: 'other' }],
    [{ body: 'é' }, { body: 'é' }],
    [{ body: new Uint8Array([104, 105]) }, { body: 'hi' }],
    [{ body: new Uint8Array([104, 105]).buffer }, { body: 'hi' }],
    [
      {
        body: (async function* () {
          yield 'a';
          yield Buffer.from('b');
        })(),
      },
      { body: 'ab' },
    ],
    [{ body: undefined }, { body: '' }],
  ])('%#', async (request, seen) => expect(await ask(request)).toMatchObject(seen));

  test('objects come as streams', async () => {
    const { response } = await handler.handle({ method: 'GET', path: '/stream', headers: {} });
    const chunks: Buffer[] = [];
    for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(JSON.parse(Buffer.concat(chunks).toString()).url).toBe('/stream');
  });

  test('an abort rejects at once, before and during a call', async () => {
    const aborter = new AbortController();
    const waiting = handler.handle({ method: 'GET', path: '/wait', headers: {} }, { abortSignal: aborter.signal });
    aborter.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(
      handler.handle({ method: 'GET', path: '/', headers: {} }, { abortSignal: aborter.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
