import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Machine } from './machine.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

const up = (flags: string) => machine.run(`up --no-provision --port ${machine.port} ${flags}`);

test('--delivery aws and --lenient are told, with the seed that repeats the order', async () => {
  const { code, stdout } = await up('--delivery aws --seed 7 --lenient');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^delivery +as on AWS: out of order, now and then twice \(seed 7\)$/m);
  expect(stdout).toMatch(/^lenient +as LocalStack, where it is less strict than AWS$/m);
});

test('--tls serves HTTPS too, with a file of whom to trust that goes with the engine', async () => {
  const { stdout } = await up('--tls --json');
  const { tls } = JSON.parse(stdout);
  expect(tls.endpoint).toBe(`https://127.0.0.1:${machine.port}`);
  const ca = readFileSync(tls.authority_file, 'utf8');
  expect(ca).not.toContain('PRIVATE');
  expect([statSync(tls.authority_file).mode & 0o777, statSync(dirname(tls.authority_file)).mode & 0o777]).toEqual([
    ...[0o600, 0o700],
  ]);
  const [answer] = await once(get(`${tls.endpoint}/_localstack/health`, { ca }), 'response');
  expect(answer.resume().statusCode).toBe(200);
  // The one that runs already says so too.
  expect((await machine.run(`up --no-provision --port ${machine.port}`)).stdout).toMatch(/^https +https:\/\/127/m);
  await machine.run(`down --port ${machine.port}`);
  expect(existsSync(tls.authority_file)).toBe(false);
});

test('--calls 0 keeps no log of calls, and a number no more than that', async () => {
  expect((await up('--calls 0')).code).toBe(0);
  expect(await machine.run(`calls --endpoint-url http://127.0.0.1:${machine.port}`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('keeps no log of calls'),
  });
  expect(await up('--calls -1')).toMatchObject({ code: 2 });
});

test('the seed is told also when the engine chose it', async () => {
  expect((await up('--delivery aws --json')).json()).toMatchObject({ delivery: 'aws', seed: expect.any(Number) });
});

test('neither is for another engine, nor for one that runs already', async () => {
  expect(await up('--engine localstack --lenient')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--lenient is for the embedded engine, not for localstack'),
  });
  expect((await up('--json')).json()).not.toHaveProperty('lenient');
  expect(await up('--delivery aws')).toMatchObject({
    stderr: expect.stringContaining('--delivery is for a new one'),
  });
});

test.each([
  ['own', 400],
  ['node', 200],
])('CLIFFRACER_HTTP=%s says whose HTTP server answers', async (value, ofTwoHosts) => {
  const { code } = await machine.run(`up --no-provision --port ${machine.port}`, { CLIFFRACER_HTTP: value });
  expect(code).toBe(0);
  const socket = connect(machine.port, '127.0.0.1');
  socket.end('GET /_localstack/health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(String((await once(socket, 'data'))[0])).toContain(`HTTP/1.1 ${ofTwoHosts} `);
});

test('another value of CLIFFRACER_HTTP is a usage error', async () => {
  expect(await machine.run(`up --no-provision --port ${machine.port}`, { CLIFFRACER_HTTP: 'nginx' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('CLIFFRACER_HTTP must be own or node, not "nginx"'),
  });
});
