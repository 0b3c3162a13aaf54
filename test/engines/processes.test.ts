import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive as processIsAlive } from '../../src/engines/embedded/stop.ts';
import { HEALTH, Machine } from './machine.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

const MINISTACK = { ...HEALTH, ready_scripts: {}, version: '1.5.33' };

/** A server as MiniStack is one; it leaves what it was told in a file. */
const server = (health: unknown = MINISTACK) => `
const { createServer } = require('node:http');
const { writeFileSync } = require('node:fs');
const { GATEWAY_PORT, BIND_HOST, HOME, AWS_ENDPOINT_URL, IOT_MTLS_ENABLED } = process.env;
writeFileSync(HOME + '/told.json', JSON.stringify({ GATEWAY_PORT, BIND_HOST, AWS_ENDPOINT_URL, IOT_MTLS_ENABLED, argv: process.argv.slice(2) }));
console.log('serving');
createServer((request, response) => {
  response.statusCode = request.url === '/_localstack/health' ? 200 : 404;
  response.end(${JSON.stringify(JSON.stringify(health))});
}).listen(GATEWAY_PORT ?? process.argv.at(-1), BIND_HOST ?? '127.0.0.1');
`;

const up = (flags: string, env: Record<string, string> = {}) =>
  machine.run(`up --no-provision --port ${machine.port} --json ${flags}`, env);

const told = () => JSON.parse(machine.read('told.json'));

const isAlive = (pid: number) => processIsAlive(pid, (each, signal) => void process.kill(each, signal));
/** A process that was killed by another is there until the system has cleared it away; one that lives on ends the test's time. */
const gone = async (pid: number) => {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
};

describe('a command on PATH', () => {
  test('is bound to loopback, without the AWS settings of the user, and ended by down', async () => {
    machine.command('ministack', server());
    const started = (await up('--engine ministack', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' })).json();
    expect(started).toMatchObject({ action: 'started', engine: 'ministack', version: '1.5.33' });
    expect(told()).toEqual({
      GATEWAY_PORT: String(machine.port),
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
      argv: [],
    });
    expect((await machine.run('logs --tail 1')).stdout).toBe('serving\n');
    expect((await machine.run('health --json')).json()).toMatchObject({ engine: 'ministack', version: '1.5.33' });
    const down = (await machine.run('down --json')).json();
    expect(down.engines).toEqual([
      { engine: 'ministack', endpoint: machine.endpoint, pid: started.pid, outcome: 'stopped' },
    ]);
    expect(isAlive(started.pid)).toBe(false);
  });

  test('that ends at once is told with its code and its last lines', async () => {
    machine.command('ministack', 'for (let i = 0; i < 30; i++) console.error("line " + i); process.exitCode = 4;');
    const { code, json } = await up('--engine ministack');
    expect(code).toBe(3);
    expect(json().error).toMatchObject({ code: 'engine_exited', message: expect.stringContaining('exit code 4') });
    expect(json().error.details).toHaveLength(20);
    expect(json().error.details.at(-1)).toBe('line 29');
    expect((await machine.run('ps --json')).json()).toEqual({ engines: [] });
  });

  test('that never answers is ended at the deadline', async () => {
    machine.command(
      'moto_server',
      'require("fs").writeFileSync(process.env.HOME + "/pid", String(process.pid)); setInterval(() => {}, 1000);',
    );
    const { json } = await up('--engine moto --wait 1');
    expect(json().error).toMatchObject({ code: 'engine_unreachable', retryable: true });
    expect(isAlive(Number(machine.read('pid')))).toBe(false);
  });

  test('that cannot be started is told by name', async () => {
    machine.command('moto_server', '');
    writeFileSync(`${machine.bin}/moto_server`, '#!/no/such/interpreter\n');
    const { json } = await up('--engine moto');
    expect(json().error).toMatchObject({
      code: 'engine_start_failed',
      message: expect.stringContaining('moto_server'),
    });
  });

  test('at a pid that is another program by now is left alone', async () => {
    machine.command('ministack', server());
    const { pid } = (await up('--engine ministack')).json();
    const file = `state/engines/${machine.port}.json`;
    const record = JSON.parse(machine.read(file));
    machine.file(file, JSON.stringify({ ...record, processStart: 'another boot:1' }));
    expect((await machine.run('down --json')).json().engines).toMatchObject([{ outcome: 'not_ours' }]);
    expect(isAlive(pid)).toBe(true);
    process.kill(-pid, 'SIGKILL');
  });
});

test.each<[string, string[]]>([
  ['uvx', ['--from', 'moto[server]', 'moto_server', '-H', '127.0.0.1', '-p']],
  ['pipx', ['run', '--spec', 'moto[server]', 'moto_server', '-H', '127.0.0.1', '-p']],
])('%s brings a command that is not installed', async (name, args) => {
  machine.command(name, server());
  expect((await up('--engine moto')).code).toBe(0);
  expect(told().argv).toEqual([...args, String(machine.port)]);
});

describe("the maker's own command, where there is nothing else", () => {
  // It starts a server that outlives it, as these commands do, and ends that server when told to stop.
  const manager = `
const { spawn } = require('node:child_process');
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const home = process.env.HOME;
const line = process.argv.slice(2).join(' ');
appendFileSync(home + '/manager.log', line + ' ' + (process.env.MAIN_CONTAINER_NAME ?? '') + '\\n');
if (line.includes('stop')) process.kill(Number(readFileSync(home + '/server.pid', 'utf8')), 'SIGKILL');
else if (line.includes('logs')) console.log('a line of the container');
else {
  const health = ${JSON.stringify(JSON.stringify(HEALTH))};
  const serve = 'require("http").createServer((q,s)=>s.end(process.argv[2])).listen(process.argv[1],"127.0.0.1")';
  const child = spawn(process.execPath, ['-e', serve, home.length ? process.env.TEST_PORT : '', health], { detached: true, stdio: 'ignore' });
  writeFileSync(home + '/server.pid', String(child.pid));
  child.unref();
}`;

  test.each(['localstack', 'lstk'])('%s', async (name) => {
    machine.command(name, manager);
    const env = { TEST_PORT: String(machine.port) };
    expect((await up('--engine localstack', env)).json()).toMatchObject({ action: 'started', engine: 'localstack' });
    expect((await machine.run('logs')).stdout).toBe('a line of the container\n');
    expect((await machine.run('down --json')).json().engines).toMatchObject([{ outcome: 'stopped' }]);
    expect(machine.read('manager.log')).toContain(`cliffracer-localstack-${machine.port}`);
    await gone(Number(machine.read('server.pid')));
  });
});

test('nothing that could run the engine: each way to get it is named', async () => {
  const { json } = await up('--engine ministack');
  expect(json().error).toMatchObject({
    code: 'engine_missing',
    hint: expect.stringContaining('pip install ministack'),
  });
  expect((await up('--engine floci')).json().error.code).toBe('docker_missing');
});

describe('a port', () => {
  test('that a stranger holds without a word is refused before anything is started', async () => {
    const stranger = createServer((socket) => socket.destroy()).listen(machine.port, '127.0.0.1');
    machine.cleanup(() => stranger.close());
    machine.command('ministack', server());
    expect((await up('--engine ministack')).json().error).toMatchObject({ code: 'port_taken' });
    expect(machine.read('told.json')).toBe('');
  });

  test('with an engine on IPv6 only', async () => {
    const port = await machine.ownPort('::1').catch(() => undefined);
    if (port === undefined) return;
    const engine = createHttpServer((_, response) => response.end(JSON.stringify(HEALTH))).listen(port, '::1');
    machine.cleanup(() => engine.close());
    const { json } = await machine.run(`health --json --endpoint-url http://127.0.0.1:${port}`);
    expect(json().error).toMatchObject({ code: 'engine_on_ipv6', hint: expect.stringContaining(`[::1]:${port}`) });
  });
});

describe('the embedded engine', () => {
  test('is what auto starts on a machine that has nothing, and says so on stderr', async () => {
    const { code, stderr, stdout } = await machine.run(`up --no-provision --port ${machine.port}`);
    expect(code).toBe(0);
    expect(stdout).toContain('embedded');
    expect(stderr).toMatch(/Docker is not installed.*cliffracer up --engine localstack/);
    const again = (await up('')).json();
    expect(again).toMatchObject({ action: 'adopted', engine: 'embedded', reason: 'it answers already' });
    expect((await up('--engine moto')).json().error).toMatchObject({ code: 'port_taken_by_engine' });
  });

  test.each([
    ['--engine embedded --image x/y', 'no image'],
    ['--engine moto --seed 1', '--seed is for the embedded engine'],
    ['--engine flocki', 'localstack'],
  ])('%s is refused', async (flags, text) => {
    const { code, json } = await up(flags);
    expect(code).toBe(2);
    expect(json().error.message).toContain(text);
  });
});
