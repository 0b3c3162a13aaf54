import { once } from 'node:events';
import { connect } from 'node:net';
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
