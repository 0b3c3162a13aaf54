import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServer, serve } from '../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { openBrowser } from './browser.ts';
import { type ForeignSite, foreignSite, MEANS } from './foreign-site.ts';
import { Relay } from './relay.ts';

const QUEUE = '/000000000000/orders';
const PURGE = `${QUEUE}?Action=PurgeQueue&Version=2012-11-05`;

let emulator: Emulator;
let server: HttpServer;
let engine: Relay;
let site: ForeignSite;
let siteRelay: Relay;
let context: BrowserContext;
let closeBrowser: () => Promise<void>;
/** What got past the guard. */
let passed: string[] = [];

beforeAll(async () => {
  emulator = createEmulator({ seed: 1 });
  const handle: Emulator['handle'] = (request) => {
    if (request.url !== '/favicon.ico') passed.push(`${request.method} ${request.url}`);
    return emulator.handle(request);
  };
  server = await serve({ handle }, { port: 0 });
  engine = await Relay.before(server.port);
  site = await foreignSite();
  siteRelay = await Relay.before(site.port);
  ({ context, close: closeBrowser } = await openBrowser());
  await call('sqs', 'CreateQueue', { QueueName: 'orders' });
  await call('sqs', 'SendMessage', { QueueUrl: QUEUE, MessageBody: 'an order' });
  await call('s3', 'CreateBucket', { Bucket: 'pages' });
});
afterAll(async () => {
  await closeBrowser?.();
  for (const relay of [engine, siteRelay]) relay?.close();
  site?.close();
  await server?.close();
  emulator?.close();
});
beforeEach(() => {
  passed = [];
});
afterEach(async () => {
  for (const page of context.pages().slice(1)) await page.close();
});

const call = (service: 'sqs' | 's3', operation: string, input: object) =>
  emulator.engine.call({ account: '000000000000', region: 'us-east-1', service, operation, input });

async function open(url: string): Promise<Page> {
  const page = await context.newPage();
  // A page that sends the browser elsewhere at once is not there long enough to be waited for.
  await page.goto(url).catch(() => {});
  return page;
}

/** Opens a page of another site that holds `html`. */
function openForeign(html: string): Promise<Page> {
  site.page = html;
  return open(`http://shop.example:${siteRelay.port}/`);
}

async function messages(): Promise<string> {
  const input = { QueueUrl: QUEUE, AttributeNames: ['ApproximateNumberOfMessages'] };
  const { Attributes } = await call('sqs', 'GetQueueAttributes', input);
  return (Attributes instanceof Map ? Object.fromEntries(Attributes) : Attributes).ApproximateNumberOfMessages;
}

const HOSTS = [
  ...['127.0.0.1', 'localhost', 'orders.localhost'],
  ...['localhost.localstack.cloud', 'sqs.us-east-1.localhost.localstack.cloud'],
];

describe.each(HOSTS)('a page of another site cannot purge a queue at %s', (host) => {
  test.each(Object.keys(MEANS))('by %s', async (means) => {
    const asked = engine.next(QUEUE);
    await openForeign(MEANS[means]!(`http://${host}:${engine.port}${PURGE}`));
    expect(await asked).toMatchObject({ status: 403 });
    expect(passed).toEqual([]);
    expect(await messages()).toBe('1');
  });

  test('by a redirect of an address that was typed', async () => {
    const asked = engine.next(QUEUE);
    const target = encodeURIComponent(`http://${host}:${engine.port}${PURGE}`);
    await open(`http://shop.example:${siteRelay.port}/redirect?to=${target}`);
    expect(await asked).toMatchObject({ status: 403 });
    expect(passed).toEqual([]);
    expect(await messages()).toBe('1');
  });
});

// Without this the tests above would show nothing.
test.each(Object.keys(MEANS))('%s reaches a site that takes everything', async (means) => {
  const asked = siteRelay.next(QUEUE);
  await openForeign(MEANS[means]!(`http://other.example:${siteRelay.port}${PURGE}`));
  expect(await asked).toMatchObject({ status: 200 });
});

test('a page whose own name is made to point to this machine is refused', async () => {
  const asked = engine.next('/_localstack');
  await open(`http://rebound.example:${engine.port}/_localstack/health`);
  expect(await asked).toMatchObject({ status: 403 });
  expect(passed).toEqual([]);
});

describe.each(['localhost', 'localhost.localstack.cloud'])('HTML in a bucket, opened at %s', (host) => {
  const openStored = async (html: string) => {
    const Body = Buffer.from(`<!doctype html><title>quiet</title>${html}`);
    await call('s3', 'PutObject', { Bucket: 'pages', Key: 'index.html', Body, ContentType: 'text/html' });
    return open(`http://${host}:${engine.port}/pages/index.html`);
  };

  test('runs no script', async () => {
    const page = await openStored(`<script>document.title = 'ran'; fetch('/_cliffracer/clock')</script>`);
    expect(await page.title()).toBe('quiet');
    expect(passed).toEqual(['GET /pages/index.html']);
  });

  test.each(['an image', 'a frame', 'a style sheet'])('does not purge by %s', async (means) => {
    const asked = engine.next(QUEUE);
    await openStored(MEANS[means]!(`http://${host}:${engine.port}${PURGE}`));
    expect(await asked).toMatchObject({ status: 403 });
    expect(await messages()).toBe('1');
  });
});
