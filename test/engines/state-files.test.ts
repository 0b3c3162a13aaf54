import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/engines/embedded/stop.ts';
import type { EngineRecord } from '../../src/engines/home.ts';
import { isRunning } from '../../src/engines/liveness.ts';
import { processStart } from '../../src/engines/process/identity.ts';
import { HEALTH, Machine } from './machine.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await new Machine().open();
});
afterEach(() => machine.close());

const up = (env: Record<string, string> = {}) =>
  machine.run(`up --engine embedded --no-provision --port ${machine.port} --json`, env);
const engines = () => join(machine.home, 'state', 'engines');
const mode = (path: string) => statSync(path).mode & 0o777;
const alive = (pid: number) => isAlive(pid, (each, signal) => void process.kill(each, signal));

test.runIf(process.platform === 'linux')("the engine's process has none of the caller's keys", async () => {
  const secrets = { AWS_SECRET_ACCESS_KEY: 'secret-of-aws', LOCALSTACK_AUTH_TOKEN: 'secret-of-theirs', GH_TOKEN: 'x' };
  const { pid } = (await up({ ...secrets, NODE_OPTIONS: '--no-warnings' })).json();
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  const names = environment.map((line) => line.split('=')[0]!).sort();
  // The channel is Node's own, by which the engine says that it is ready.
  expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_'))).toEqual(['HOME', 'PATH']);
});

describe('the state directory', () => {
  test('is for this user alone whatever the umask, also one that was open to all', async () => {
    mkdirSync(engines(), { recursive: true });
    chmodSync(engines(), 0o777);
    const program = fileURLToPath(new URL('../../bin/cliffracer.js', import.meta.url));
    const line = `umask 000; '${process.execPath}' '${program}' up --engine embedded --no-provision --port ${machine.port}`;
    const env = { HOME: machine.home, CLIFFRACER_HOME: join(machine.home, 'state'), PATH: '/usr/bin:/bin' };
    execFileSync('/bin/sh', ['-c', line], { env });
    expect(mode(engines())).toBe(0o700);
    expect(mode(join(engines(), `${machine.port}.json`))).toBe(0o600);
    expect(mode(join(engines(), `${machine.port}.log`))).toBe(0o600);
  });

  test.each<[string, (log: string) => void, RegExp]>([
    ['a link', (log) => symlinkSync(join(machine.home, 'target'), log), /is a link, which is not followed/],
    ['a FIFO', (log) => void execFileSync('mkfifo', [log]), /is not a regular file|cannot be written/],
  ])('a log that is %s is refused', async (_what, make, why) => {
    mkdirSync(engines(), { recursive: true });
    machine.file('target', 'untouched');
    make(join(engines(), `${machine.port}.log`));
    const { code, json } = await up();
    expect(code).toBe(3);
    expect(json().error).toMatchObject({
      ...{ code: 'engine_start_failed', message: expect.stringMatching(why) },
      hint: 'set CLIFFRACER_HOME to a directory of your own',
    });
    expect(machine.read('target')).toBe('untouched');
  });

  // Node's own recursive mkdir never ends there (nodejs/node issues 27198 and 31481 tell of the same loop).
  test.each(['/proc/nothing', '/dev/null/state'])('%s is refused at once', async (home) => {
    const { code, json } = await up({ CLIFFRACER_HOME: home });
    expect(code).toBe(3);
    expect(json().error.message).toMatch(/cannot be written \((ENOENT|ENOTDIR|EACCES|EPERM)\)/);
  });

  test('a relative one is the same for the engine and for its caller', async () => {
    const relative = `../../../../../../../../../..${join(machine.home, 'near')}`;
    expect((await up({ CLIFFRACER_HOME: relative })).code).toBe(0);
    expect(machine.read(`near/engines/${machine.port}.json`)).toContain(machine.endpoint);
    expect((await machine.run('down --json', { CLIFFRACER_HOME: relative })).json().engines).toMatchObject([
      { outcome: 'stopped' },
    ]);
  });
});

test('a project file that is a FIFO or huge is refused, and not waited for', async () => {
  const file = join(machine.home, 'work', 'cliffracer.config.json');
  execFileSync('mkfifo', [file]);
  const fifo = await machine.run('config show --json');
  expect(fifo.json().error).toMatchObject({
    ...{ code: 'invalid_config', hint: 'make cliffracer.config.json readable, or remove it' },
    message: 'cliffracer.config.json cannot be read: it is not a regular file',
  });
  execFileSync('rm', [file]);
  writeFileSync(file, ' '.repeat(300 * 1024));
  expect((await machine.run('config show --json')).json().error.message).toMatch(/larger than 256 KiB/);
});

describe('down', () => {
  const UUID = '00000000-dead-4000-8000-000000000000';
  const stranger = () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    machine.cleanup(() => child.kill('SIGKILL'));
    return child.pid!;
  };
  const remember = (fields: object) => {
    mkdirSync(engines(), { recursive: true });
    const { port, endpoint } = machine;
    const record = { engine: 'embedded', instance: UUID, port, endpoint, startedAt: 1, version: '0.1.0', ...fields };
    writeFileSync(join(engines(), `${port}.json`), JSON.stringify(record), { mode: 0o600 });
  };
  const outcomes = async () => (await machine.run('down --json')).json().engines;

  test('leaves a stranger alone whose pid the record of an engine that answers holds', async () => {
    const document = JSON.stringify({ ...HEALTH, engine: 'cliffracer', instance: UUID });
    const server = createServer((_, response) => void response.end(document)).listen(machine.port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    machine.cleanup(() => new Promise((resolve) => server.close(resolve)));
    const pid = stranger();
    remember({ pid });
    expect(await outcomes()).toMatchObject([{ pid, outcome: 'not_ours' }]);
    remember({ pid, processStart: 'another boot:1' });
    expect(await outcomes()).toMatchObject([{ pid, outcome: 'not_ours' }]);
    expect(alive(pid)).toBe(true);
    expect(await processStart(pid)).toBeDefined();
  });

  test.each<[string, object]>([
    ['an empty name', { instance: '' }],
    ['a name that any command line holds', { instance: 'e' }],
    ["another port's endpoint", { endpoint: 'http://127.0.0.1:1' }],
    ["another machine's endpoint", { endpoint: 'http://engine.example:4566' }],
    ['an endpoint that is none', { endpoint: 'no' }],
  ])('takes a record with %s for none', async (_what, fields) => {
    const pid = stranger();
    remember({ pid, ...fields });
    expect(await outcomes()).toEqual([]);
    expect(alive(pid)).toBe(true);
  });

  test('takes a record that others may write for none: it names what is ended and run', async () => {
    remember({ pid: stranger() });
    chmodSync(join(engines(), `${machine.port}.json`), 0o666);
    expect(await outcomes()).toEqual([]);
  });

  test('ends the engine of a record that tells when its process began', async () => {
    const { pid } = (await up()).json();
    const record = JSON.parse(machine.read(`state/engines/${machine.port}.json`));
    expect(record.processStart).toBe(await processStart(pid));
    expect(await outcomes()).toMatchObject([{ pid, outcome: 'stopped' }]);
    expect(alive(pid)).toBe(false);
  });
});

test.runIf(process.platform !== 'win32')(
  'a process that has ended is not there, though its parent keeps its pid',
  async () => {
    // The shell makes room for a program that knows nothing of the shell's child, so that nobody asks how it ended.
    const parent = spawn('/bin/sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    machine.cleanup(() => parent.kill('SIGKILL'));
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    const record: EngineRecord = {
      ...{ engine: 'embedded', instance: 'i', port: 1, endpoint: 'http://127.0.0.1:1', startedAt: 1, version: '0.1.0' },
      ...{ pid, processStart: await processStart(pid) },
    };
    expect(await isRunning(record, {})).toBe(true);
    const ps = (of: number, what: string) =>
      execFileSync('ps', ['-p', String(of), '-o', `${what}=`])
        .toString()
        .trim();
    const patience = { timeout: 60_000 };
    await expect.poll(() => ps(parent.pid!, 'comm'), patience).toBe('sleep');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => ps(pid, 'stat')[0], patience).toBe('Z');
    expect(await processStart(pid)).toBeUndefined();
    expect(alive(pid)).toBe(false);
    expect(await isRunning(record, {})).toBe(false);
  },
);

describe('a port that is any', () => {
  test('--port 0 takes a free one, and a stranger at the port leads to it', async () => {
    // Found again by its record, which no variable stands before.
    machine.env = {};
    const { code, json } = await machine.run('up --engine embedded --no-provision --port 0 --json');
    expect(code).toBe(0);
    expect(json().endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await machine.run('health --json')).json()).toMatchObject({ healthy: true, endpoint: json().endpoint });
    const server = createServer((_, response) => void response.end('no engine')).listen(machine.port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    machine.cleanup(() => new Promise((resolve) => server.close(resolve)));
    expect((await up()).json().error).toMatchObject({
      ...{ code: 'port_taken', hint: 'cliffracer up --port 0' },
    });
  });
});

test('the log of an engine that was stopped is still read, and env says when nobody answers', async () => {
  const at = `--endpoint-url ${machine.endpoint}`;
  expect((await machine.run(`logs ${at} --json`)).json().error.code).toBe('no_log');
  await up();
  expect((await machine.run(`env ${at}`)).stderr).toBe('');
  await machine.run('down');
  expect((await machine.run(`logs ${at}`)).stdout).toMatch(/ready at .*\n.*SIGTERM: stopping\n/);
  const away = await machine.run(`env ${at}`);
  expect(away.stdout).toContain(`AWS_ENDPOINT_URL='${machine.endpoint}'`);
  expect(away.stderr).toBe(`No engine answers at ${machine.endpoint} yet. Start it: cliffracer up ${at}\n`);
  expect((await machine.run(`env ${at} --json`)).json().reachable).toBe(false);
});
