import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Sandbox } from './program.ts';

const TIMEOUT = 120_000;

let sandbox: Sandbox;
const cleanups: (() => unknown)[] = [];
beforeEach(async () => {
  sandbox = await new Sandbox().open();
}, TIMEOUT);
afterEach(async () => {
  await sandbox.close();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}, TIMEOUT);

const engines = () => join(sandbox.home, 'state', 'engines');
const record = () => JSON.parse(readFileSync(join(engines(), `${sandbox.port}.json`), 'utf8'));
const up = async (flags = '--no-provision') => (await sandbox.run(`up --json ${flags}`)).json();

/** Whether a process runs; an ended one that nobody has asked for yet counts as ended. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch (error) {
    // Where there is no /proc, the signal's answer stands.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}

test('started, adopted, stopped, and nothing to stop', { timeout: TIMEOUT }, async () => {
  const first = await up('');
  expect(first).toMatchObject({ action: 'started', engine: 'embedded', endpoint: sandbox.endpoint });
  expect(first.stack.created).toBeGreaterThan(20);
  expect(runs(first.pid)).toBe(true);
  expect(record().instance).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  const second = await up('');
  expect(second).toMatchObject({ action: 'adopted', pid: first.pid, stack: { created: 0, updated: 0 } });
  const health = await sandbox.run('health --json');
  expect(health).toMatchObject({ code: 0, stderr: '' });
  expect(health.json()).toMatchObject({ healthy: true, engine: 'embedded' });
  const down = await sandbox.run('down --json');
  expect(down.json()).toEqual({
    engines: [{ engine: 'embedded', endpoint: sandbox.endpoint, pid: first.pid, outcome: 'stopped' }],
  });
  expect(runs(first.pid)).toBe(false);
  expect(readdirSync(engines()).filter((name) => name.endsWith('.json'))).toEqual([]);
  expect((await sandbox.run('health')).code).toBe(3);
  expect(await sandbox.run('down')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Nothing/) });
});

test('without AWS_ENDPOINT_URL every command finds the engine that up started', { timeout: TIMEOUT }, async () => {
  const none = { AWS_ENDPOINT_URL: '' };
  const { code, stdout } = await sandbox.run(`up --port ${sandbox.port}`, none);
  expect(code).toBe(0);
  expect(stdout).toContain(sandbox.endpoint);
  const placed = await sandbox.run('order create --customer ada --item laptop-pro:1 --item keyboard:2 --json', none);
  expect(placed.code).toBe(0);
  expect((await sandbox.run('drain --json', none)).code).toBe(0);
  const { receipts } = (await sandbox.run('inspect receipts --json', none)).json();
  expect(receipts).toMatchObject([{ total_amount: '1599.97' }]);
  expect((await sandbox.run('order create --customer ada --item laptop-pro:0', none)).code).toBe(2);
  expect((await sandbox.run('down', none)).stdout).toContain('stopped');
});

test('two at once: one starts, the other adopts it', { timeout: TIMEOUT }, async () => {
  const both = await Promise.all([sandbox.run('up --json'), sandbox.run('up --json')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const documents = both.map((each) => each.json());
  expect(documents.map(({ action }) => action).sort()).toEqual(['adopted', 'started']);
  expect(documents[0].pid).toBe(documents[1].pid);
  expect(record().pid).toBe(documents[0].pid);
  await sandbox.ready('order create --customer ada --item keyboard:1');
  const summary = JSON.parse((await sandbox.run('drain --json')).stdout.trimEnd().split('\n').at(-1)!);
  expect(summary).toMatchObject({ handled: 11, duplicates: 0, ended: 'empty' });
});

describe('a port that a stranger has', () => {
  const strangers: [string, () => Server][] = [
    ['a web server', () => createHttpServer((_, response) => response.end('<html>hello</html>'))],
    ['a server that says nothing', () => createServer((socket) => keep(socket))],
    ['a server that hangs up', () => createServer((socket) => socket.destroy())],
    ['a server that speaks something else', () => createServer((socket) => keep(socket).write('220 mail ready\r\n'))],
  ];
  const keep = (socket: Socket) => {
    cleanups.push(() => socket.destroy());
    return socket.on('error', () => {});
  };

  test.each(strangers)('%s', { timeout: TIMEOUT }, async (_name, make) => {
    const server = make();
    await new Promise<void>((resolve) => server.listen(sandbox.port, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    const { code, stdout, stderr } = await sandbox.run('up');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`port ${sandbox.port} is taken by something that is not an engine`);
    expect(stderr).toMatch(/try: cliffracer up --port \d+\n$/);
    expect(await sandbox.run('down')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing/) });
    expect(server.listening).toBe(true);
  });
});

describe('an engine that ended by itself', () => {
  test('up says so and starts another', { timeout: TIMEOUT }, async () => {
    const { pid } = await up();
    process.kill(pid, 'SIGKILL');
    const again = await sandbox.run('up --no-provision');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(`The engine of process ${pid} had ended by itself`);
    expect(record().pid).not.toBe(pid);
    expect((await sandbox.run('health')).code).toBe(0);
  });

  test('other commands say what to do', { timeout: TIMEOUT }, async () => {
    const { pid } = await up();
    process.kill(pid, 'SIGKILL');
    for (const line of ['health', 'order list']) {
      const { code, stderr } = await sandbox.run(line);
      expect(code).toBe(3);
      expect(stderr).toContain('try: cliffracer up');
    }
    const down = await sandbox.run('down --json');
    expect(down.json().engines).toMatchObject([{ pid, outcome: 'was_gone' }]);
  });
});

describe('a record that is not to be trusted', () => {
  const stale = (pid: number) => {
    mkdirSync(engines(), { recursive: true });
    const { port, endpoint } = sandbox;
    const text = { engine: 'embedded', instance: '00000000-dead-4000-8000-000000000000', version: '0.0.0' };
    const fields = { ...text, pid, port, endpoint, startedAt: 1, logFile: join(engines(), `${port}.log`) };
    writeFileSync(join(engines(), `${port}.json`), JSON.stringify(fields));
  };
  const bystander = () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    cleanups.push(() => child.kill('SIGKILL'));
    return child;
  };

  test('its pid is another program by now: down leaves that alone', { timeout: TIMEOUT }, async () => {
    const { pid, exitCode } = bystander();
    stale(pid!);
    const { code, stdout } = await sandbox.run('down');
    expect(code).toBe(0);
    expect(stdout).toContain('is another program by now; left alone');
    expect(exitCode).toBe(null);
    expect(runs(pid!)).toBe(true);
    expect((await sandbox.run('down')).stdout).toMatch(/^Nothing/);
  });

  test('nor does up touch it', { timeout: TIMEOUT }, async () => {
    const { pid } = bystander();
    stale(pid!);
    expect(await up()).toMatchObject({ action: 'started' });
    expect(runs(pid!)).toBe(true);
    expect(record().pid).not.toBe(pid);
  });

  test.each(['', '{', '[]', 'null', '{"pid":1}', '{"pid":-1,"port":0}'])(
    '%s counts as none',
    { timeout: TIMEOUT },
    async (text) => {
      mkdirSync(engines(), { recursive: true });
      writeFileSync(join(engines(), `${sandbox.port}.json`), text);
      expect(await sandbox.run('down')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing/) });
    },
  );

  test("an engine at the port that is another home's is not stopped", { timeout: TIMEOUT }, async () => {
    const { pid } = await up();
    const elsewhere = { CLIFFRACER_HOME: join(sandbox.home, 'elsewhere') };
    expect((await sandbox.run('up --no-provision --json', elsewhere)).json()).toMatchObject({ action: 'adopted' });
    expect((await sandbox.run('down --all', elsewhere)).stdout).toMatch(/^Nothing/);
    expect(runs(pid)).toBe(true);
  });
});

test('a frozen engine: up says what it is, down ends it', { timeout: TIMEOUT }, async () => {
  const { pid } = await up();
  process.kill(pid, 'SIGSTOP');
  const again = await sandbox.run('up --no-provision');
  expect(again.code).toBe(3);
  expect(again.stderr).toContain(`process ${pid}`);
  expect(again.stderr).toContain(`try: cliffracer down --port ${sandbox.port}`);
  const { engines: ended } = (await sandbox.run('down --json')).json();
  expect(ended).toMatchObject([{ pid, outcome: 'stopped' }]);
  expect(runs(pid)).toBe(false);
});

describe('health --wait', () => {
  test('returns the moment the engine is ready', { timeout: TIMEOUT }, async () => {
    const waiting = sandbox.start(['health', '--wait', '100', '--json']);
    await up();
    const { code, stdout } = await waiting.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
  });

  test('fails at its deadline', { timeout: TIMEOUT }, async () => {
    const { code, stderr } = await sandbox.run('health --wait 0.2');
    expect(code).toBe(3);
    expect(stderr).toContain('after 0.2 s');
  });
});

test('a directory that cannot be written to is told in one line', { timeout: TIMEOUT }, async () => {
  writeFileSync(join(sandbox.home, 'file'), '');
  const { code, stdout, stderr } = await sandbox.run('up', { CLIFFRACER_HOME: join(sandbox.home, 'file') });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain(join(sandbox.home, 'file'));
  expect(stderr.trimEnd().split('\n')).toHaveLength(2);
});
