import { afterEach, beforeEach, expect, test } from 'vitest';
import { Sandbox } from './program.ts';

const TIMEOUT = 120_000;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
}, TIMEOUT);
afterEach(() => sandbox.close(), TIMEOUT);

const start = (...args: string[]) => sandbox.start(args);

test('serves the page and its data until Ctrl-C, and the engine links to it meanwhile', {
  timeout: TIMEOUT,
}, async () => {
  await sandbox.ready('up');
  const running = start('console', '--port', '0', '--json');
  await running.until(/"write":true/);
  const { url, engine, endpoint, write } = JSON.parse(running.text);
  expect({ engine, write }).toEqual({ engine: 'the embedded engine', write: true });
  const { origin, hash } = new URL(url);
  const page = await (await fetch(origin)).text();
  expect(page).toContain('<title>cliffracer</title>');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${hash.slice(5)}`, origin };
  const answer = await fetch(`${origin}/api/queues`, { method: 'POST', headers, body: '{}' });
  expect(((await answer.json()) as { queues: unknown[] }).queues).toHaveLength(10);
  expect(await (await fetch(`${endpoint}/_localstack/s3`)).text()).toContain(`href="${origin}/"`);
  running.kill('SIGINT');
  expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  expect(await (await fetch(`${endpoint}/_localstack/s3`)).text()).not.toContain(origin);
});

test('up --console starts both', { timeout: TIMEOUT }, async () => {
  const running = start('up', '--console', '--json', '--no-provision');
  await running.until(/"url":"http:\/\/127\.0\.0\.1:\d+\/#key=/);
  running.kill('SIGINT');
  expect(await running.ended).toMatchObject({ code: 0 });
});

test('refuses without an engine, and a port that is taken', { timeout: TIMEOUT }, async () => {
  const without = await start('console', '--port', '0', '--json').ended;
  expect({ code: without.code, error: without.json().error.code }).toEqual({ code: 3, error: 'engine_unreachable' });
  await sandbox.ready('up --no-provision');
  const port = String(sandbox.port);
  const taken = await start('console', '--port', port, '--json').ended;
  expect({ code: taken.code, error: taken.json().error.code }).toEqual({ code: 3, error: 'port_taken' });
});
