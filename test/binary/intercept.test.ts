import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sandbox } from './program.ts';

const TIMEOUT = 120_000;
const WORKER = fileURLToPath(new URL('hard-coded.mjs', import.meta.url));

let sandbox: Sandbox;
let temporary: string;
beforeAll(async () => {
  sandbox = await new Sandbox().open();
  temporary = join(sandbox.home, 'a folder with spaces');
  mkdirSync(temporary);
  await sandbox.ready('up --no-provision');
}, TIMEOUT);
afterAll(() => sandbox.close(), TIMEOUT);

/** Node.js 22 and newer keep their compile cache there too. */
const left = () => readdirSync(temporary).filter((name) => name.startsWith('cliffracer-intercept-'));

const intercepted = (...command: string[]) =>
  sandbox.start(['exec', '--intercept', '--', ...command], { TMPDIR: temporary });

test('a Node.js program that knows AWS by name alone works on the engine, and reaches nothing else', {
  timeout: TIMEOUT,
}, async () => {
  const { code, stdout, stderr } = await intercepted(process.execPath, WORKER).ended;
  const refusal = (place: string) => `${place} refused: `;
  expect(JSON.parse(stdout)).toEqual({
    ...{ queue: 'hello', bucket: '300000', https: '200', http: '200', fetch: '200', tls: 'connected', here: '200' },
    foreign: expect.stringContaining(refusal('example.com:443')),
    plain: '403',
    address: expect.stringContaining(refusal('192.0.2.1:443')),
    database: expect.stringContaining(refusal('shop.abc.us-east-1.rds.amazonaws.com:5432')),
  });
  const told = stderr.split('\n').filter((line) => line.startsWith('refused: '));
  expect(told.map((line) => line.split(' ')[1]!.slice(0, -1))).toEqual([
    ...['example.com:443', 'example.com:80', '192.0.2.1:443', 'shop.abc.us-east-1.rds.amazonaws.com:5432'],
  ]);
  expect(code).toBe(0);
  expect(left()).toEqual([]);
});

test('its files are gone when a signal has ended the program', { timeout: TIMEOUT }, async () => {
  const wait = 'process.stdout.write("waits\\n"); setInterval(() => {}, 1000)';
  const running = intercepted(process.execPath, '-e', wait);
  await running.until('waits');
  expect(left()).toHaveLength(1);
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(143);
  expect(left()).toEqual([]);
});
