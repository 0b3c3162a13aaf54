import { createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BIN, CTRL_C, Sandbox } from './program.ts';

const TIMEOUT = 120_000;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
}, TIMEOUT);
afterEach(() => sandbox.close(), TIMEOUT);

const linesOf = (text: string): any[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('run', () => {
  beforeEach(async () => {
    await sandbox.ready('up');
    await sandbox.ready('order create --customer ada --item keyboard:1');
  }, TIMEOUT);

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s: ends with 0, nothing stays in hand',
    { timeout: TIMEOUT },
    async (signal) => {
      const running = sandbox.start(['run', '--json']);
      // A whole order is 11 messages.
      await running.until(/(.*"outcome":"handled".*\n){11}/);
      running.kill(signal);
      const { code, stdout } = await running.ended;
      expect(code).toBe(0);
      expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'stopping' });
      const { queues } = (await sandbox.ready('inspect queues --json')).json();
      for (const row of queues) expect(row).toMatchObject({ ready: 0, in_flight: 0, dead_lettered: 0 });
    },
  );

  test('in the midst of work: finishes and acknowledges what is in hand', { timeout: TIMEOUT }, async () => {
    await sandbox.ready('order create --customer ada --item keyboard:1 --count 90');
    const running = sandbox.start(['run', '--json', '--loops', '2']);
    await running.until('payment_succeeded');
    running.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    const facts = linesOf(stdout);
    const stopping = facts.findIndex(({ kind }) => kind === 'stopping');
    expect(facts.length - stopping - 1).toBeGreaterThanOrEqual(facts[stopping].in_flight);
    for (const fact of facts.filter(({ kind }) => kind === 'step')) {
      expect(fact).toMatchObject({ outcome: 'handled', acknowledged: true });
    }
  });

  test('Ctrl-C in a terminal', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('run');
    await terminal.until('Ctrl-C ends it');
    await terminal.until('stock left: keyboard x1');
    terminal.keys(CTRL_C);
    await terminal.until('Stopping');
    expect(await terminal.ended).toBe(0);
  });
});

describe('Ctrl-C while a call hangs', () => {
  /** These finish what is in hand first, and are ended by a second Ctrl-C. */
  const FINISHING = ['drain', 'inspect logs --follow'];
  const LINES = ['order list', 'inspect queues', 'provision', 'health --wait 100', 'up', ...FINISHING];

  test.each(LINES)('%s ends with 130', { timeout: TIMEOUT }, async (line) => {
    const sockets: Socket[] = [];
    let asked!: () => void;
    const called = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.once('data', asked);
    });
    await new Promise<void>((resolve) => server.listen(sandbox.port, '127.0.0.1', resolve));
    try {
      const running = sandbox.start(line.split(' '));
      await called;
      running.kill('SIGINT');
      if (FINISHING.includes(line)) {
        await running.untilError('Ctrl-C again ends it at once');
        running.kill('SIGINT');
      }
      const { code, signal, stdout, stderr } = await running.ended;
      expect({ code, signal, stdout }).toEqual({ code: 130, signal: null, stdout: '' });
      if (!FINISHING.includes(line)) expect(stderr).toBe('error: interrupted\n');
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

test('Ctrl-C in a series of orders: each that was placed is complete', { timeout: TIMEOUT }, async () => {
  await sandbox.ready('up');
  const line = 'order create --customer ada --item keyboard:1 --count 100000 --yes --json';
  const running = sandbox.start(line.split(' '));
  await running.until('\n');
  running.kill('SIGINT');
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  const documents = linesOf(stdout);
  expect(documents.pop()).toMatchObject({
    error: { code: 'interrupted', message: `interrupted after ${documents.length} of 100000 orders` },
  });
  const { queues } = (await sandbox.ready('inspect queues --json')).json();
  expect(queues.find(({ queue }: any) => queue === 'inventory-queue').ready).toBe(documents.length);
});

test('logs --follow in a terminal: new lines as they come, and Ctrl-C is its proper end', {
  timeout: TIMEOUT,
}, async () => {
  await sandbox.ready('up');
  const terminal = sandbox.terminal('inspect logs --follow');
  await sandbox.ready('order create --customer ada --item keyboard:1');
  await terminal.until('order_placed');
  terminal.keys(CTRL_C);
  expect(await terminal.ended).toBe(0);
});

describe('a reader that goes away', () => {
  let shared: Sandbox;
  beforeAll(async () => {
    shared = await new Sandbox().open();
    await shared.ready('up');
    await shared.ready('order create --customer ada --item keyboard:1 --count 200');
  }, TIMEOUT);
  afterAll(() => shared.close(), TIMEOUT);

  const pipe = (line: string) =>
    shared.command('bash', ['-c', `"$0" "$1" ${line}; echo "codes=\${PIPESTATUS[*]}"`, process.execPath, BIN]).ended;

  test.each([
    ['order create --customer ada --item keyboard:1 --count 3000 --yes --json | head -1', /^\{"order":/],
    ['drain --json | head -1', /^\{"kind":"step"/],
    ['inspect logs | head -1', /order_placed/],
    ['run --json | head -1', /^\{"kind":"step"/],
    ['--help | head -1', /^Usage: cliffracer/],
    ['order list --limit 1000 | true', /^codes/],
  ])('%s', { timeout: TIMEOUT }, async (line, first) => {
    const { stdout, stderr } = await pipe(line);
    expect(stdout).toMatch(first);
    expect(stdout).toContain('codes=0 0');
    expect(stderr).toBe('');
  });
});

test('a result that does not fit into the pipe at once arrives whole', { timeout: TIMEOUT }, async () => {
  await sandbox.ready('up');
  await sandbox.ready('order create --customer ada --item keyboard:1 --count 500');
  const { code, stdout } = await sandbox.run('order list --limit 1000 --json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).orders).toHaveLength(500);
});

test('exit codes and streams in a pipe', { timeout: TIMEOUT }, async () => {
  const missing = await sandbox.run('order list');
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing.stderr).toMatch(/^error: .*\ntry: cliffracer up\n$/);
  const usage = await sandbox.run('ordr --json');
  expect(usage).toMatchObject({ code: 2, stderr: '' });
  expect(usage.json().error.code).toBe('usage');
  const demo = await sandbox.run('demo --json');
  expect(demo).toMatchObject({ code: 0, stderr: '' });
  expect(linesOf(demo.stdout).find(({ kind }) => kind === 'audit')).toMatchObject({ ok: true });
  expect((await sandbox.run('down')).stdout).toMatch(/^Nothing/);
});

describe('exec', () => {
  beforeEach(() => sandbox.ready('up --no-provision'), TIMEOUT);

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s goes to the program, which says how it ends',
    { timeout: TIMEOUT },
    async (signal) => {
      const text = `process.on('${signal}', () => process.exit(9)); setInterval(() => {}, 1000); console.log('ready')`;
      const running = sandbox.start(['exec', '--', process.execPath, '-e', text]);
      await running.until('ready');
      running.kill(signal);
      expect((await running.ended).code).toBe(9);
    },
  );
});
