import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTRIES, GROUPS } from '../../src/commands/index.ts';
import { Session } from '../support/session.ts';
import { LABORATORY_ROWS } from './laboratory-rows.ts';

/** What every command owes its user, whatever it does: one row a command. */
interface Row {
  /** The command line that works. */
  line: string;
  /** Keys of the JSON document, or of the first object of a stream. */
  keys: readonly string[];
  stream?: true;
  /** Ends only when interrupted, which the test does once stdout has this text. */
  until?: string;
  /** Exit code while nothing listens at the endpoint; 3 unless told. */
  withoutEngine?: number;
  /** Exit code while the engine runs and the stack is not there; 4 unless told. */
  withoutStack?: number;
  /** A line that has to ask, and the flag that its error names where there is no terminal. */
  asks?: readonly [line: string, flag: string];
}

const ROWS: Readonly<Record<string, Row>> = {
  // Without an engine `up` starts one: test/binary.
  up: { line: 'up', keys: ['action', 'engine', 'endpoint', 'ready_ms', 'stack'], withoutStack: 0 },
  down: { line: 'down', keys: ['engines'], withoutEngine: 0, withoutStack: 0 },
  health: { line: 'health', keys: ['healthy', 'engine', 'endpoint', 'services', 'latency_ms'], withoutStack: 0 },
  env: { line: 'env', keys: ['endpoint', 'region', 'variables'], withoutEngine: 0, withoutStack: 0 },
  ps: { line: 'ps', keys: ['engines'], withoutEngine: 0, withoutStack: 0 },
  'config show': { line: 'config show', keys: ['settings'], withoutEngine: 0, withoutStack: 0 },
  completion: { line: 'completion bash', keys: ['shell', 'script'], withoutEngine: 0, withoutStack: 0 },
  conformance: {
    line: 'conformance --areas S3',
    keys: ['engine', 'endpoint', 'as_aws', 'differs', 'missing', 'behaviours'],
    withoutStack: 0,
  },
  provision: { line: 'provision', keys: ['stack', 'resources'], withoutStack: 0 },
  lint: { line: 'lint', keys: ['errors', 'warnings', 'notes', 'looked_at', 'findings'], withoutStack: 0 },
  diff: { line: 'diff', keys: ['stack', 'planned', 'drift', 'resources'], withoutStack: 0 },
  destroy: {
    line: 'destroy --yes',
    keys: ['stack', 'resources'],
    withoutStack: 0,
    asks: ['destroy', '--yes'],
  },
  reset: { line: 'reset --yes', keys: ['stack', 'resources'], asks: ['reset', '--yes'] },
  'order create': {
    line: 'order create --customer ada --item keyboard:1',
    keys: ['order', 'event_id', 'warnings'],
    asks: ['order create --customer ada', '--item SKU:QTY'],
  },
  'order list': { line: 'order list', keys: ['orders', 'more'] },
  'order show': { line: 'order show ORDER', keys: ['order', 'reservation', 'payment', 'receipt'] },
  'order cancel': {
    line: 'order cancel FRESH',
    keys: ['order', 'event_id', 'asked_before', 'warnings'],
  },
  'order retry': {
    line: 'order retry ORDER',
    keys: ['order_id', 'status', 'payment_repaired', 'published', 'warnings'],
  },
  drain: {
    line: 'drain',
    keys: ['kind', 'service', 'queue', 'event_type', 'order_id', 'attempt', 'effects', 'duration_ms'],
    stream: true,
    asks: ['drain --step', '--handle'],
  },
  run: { line: 'run', keys: ['kind', 'service', 'event_type'], stream: true, until: 'order_fulfilled' },
  demo: { line: 'demo', keys: ['kind', 'stack', 'resources'], stream: true, withoutEngine: 0, withoutStack: 0 },
  trace: { line: 'trace ORDER', keys: ['order_id', 'order', 'settled', 'counts', 'events', 'missing', 'duration_ms'] },
  'dlq list': { line: 'dlq list', keys: ['queues'] },
  'dlq show': { line: 'dlq show payment', keys: ['queue', 'depth', 'messages', 'more'] },
  'dlq redrive': {
    line: 'dlq redrive payment',
    keys: ['queue', 'to', 'way', 'dry_run', 'ended', 'moved', 'skipped', 'failed', 'remaining', 'after_a_crash'],
  },
  'dlq purge': { line: 'dlq purge payment --yes', keys: ['queue', 'purged'], asks: ['dlq purge payment', '--yes'] },
  audit: {
    line: 'audit --order ORDER',
    keys: ['kind', 'ok', 'settled', 'verdict', 'orders', 'checks', 'deliveries', 'queues', 'notes'],
  },
  'inspect inventory': { line: 'inspect inventory', keys: ['inventory'] },
  'inspect orders': { line: 'inspect orders', keys: ['orders', 'more'] },
  'inspect receipts': { line: 'inspect receipts', keys: ['receipts', 'more'] },
  'inspect customers': { line: 'inspect customers', keys: ['customers'] },
  'inspect queues': { line: 'inspect queues', keys: ['queues'] },
  'inspect metrics': { line: 'inspect metrics', keys: ['since', 'until', 'period_seconds', 'series'] },
  'inspect logs': { line: 'inspect logs', keys: ['timestamp', 'level', 'service', 'action'], stream: true },
  'chaos storm': {
    line: 'chaos --orders 2 --seed 1',
    keys: ['kind', 'ok', 'handlers', 'command', 'settings', 'calls', 'faults', 'redriven', 'audit', 'findings'],
    withoutEngine: 0,
    withoutStack: 0,
  },
  'chaos explore': {
    line: 'chaos explore --seeds 2 --orders 2 --threads 1',
    keys: ['kind', 'from', 'seeds', 'failed', 'orders', 'calls', 'faults', 'duration_ms'],
    withoutEngine: 0,
    withoutStack: 0,
  },
};

/** Commands that need more than an engine in this process, and where they are tested. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  exec: 'test/commands/exec.test.ts',
  step: 'test/commands/step.test.ts',
  debug: 'test/commands/debug.test.ts',
  replay: 'test/commands/step.test.ts',
  'dlq try': 'test/commands/dlq-try.test.ts',
  watch: 'test/commands/watch.test.ts',
  check: 'test/commands/check.test.ts',
  logs: 'test/engines/processes.test.ts',
  // Runs programs: test/commands/dev.test.ts has what it refuses.
  dev: 'test/binary/dev.test.ts',
  // Serves what the build makes.
  console: 'test/binary/console.test.ts',
  // Here the engine's clock and ours are hours apart, which doctor finds.
  doctor: 'test/engines/doctor.test.ts',
};

const rows = Object.entries(ROWS).map(([path, row]) => ({ path, ...row }));

let shop: Session;
let bare: Session;
let off: Session;
let fulfilled: string;
beforeAll(async () => {
  [shop, bare] = await Promise.all([new Session().provisioned(), new Session().engine()]);
  off = new Session();
  fulfilled = (await shop.run('order create --customer ada --item laptop-pro:1 --json')).json().order.order_id;
  await shop.run('drain');
});
afterAll(() => Promise.all([shop.close(), bare.close(), off.close()]));

test('the table has every command', () => {
  const known = { ...ROWS, ...ELSEWHERE, ...LABORATORY_ROWS };
  expect(ENTRIES.map(({ path }) => path).filter((path) => !Object.hasOwn(known, path))).toEqual([]);
});

/** Runs a row's line in the shop; workers and drains get an order to work on first. */
async function work({ path, line, until }: Row & { path: string }, flags = '') {
  if (path === 'drain' || path === 'run') await shop.run('order create --customer ada --item keyboard:1');
  // What others have left in the queues is no fault of the shop.
  if (path === 'audit') await shop.run('drain');
  if (path === 'reset' || path === 'destroy') flags += ' --stack other';
  if (flags.includes('--stack')) await shop.run('provision --stack other');
  const fresh = line.includes('FRESH')
    ? (await shop.run('order create --customer ada --item keyboard:1 --json')).json().order.order_id
    : '';
  const interrupt = new AbortController();
  return shop.run(`${line.replace('ORDER', fulfilled).replace('FRESH', fresh)}${flags}`, {
    signal: interrupt.signal,
    watch: (stdout) => until !== undefined && stdout.includes(until) && interrupt.abort(),
  });
}

/** An order that is nowhere: any other text is looked up in the call log. */
const withSomeId = (line: string) => line.replace(/ORDER|FRESH/, 'ord_1kdwpvng00000000');

describe.each(rows)('$path', (row) => {
  test('works: text on stdout, nothing on stderr but notes', async () => {
    const { code, stdout, stderr } = await work(row);
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stdout).not.toMatch(/[ \t]$/m);
    expect(stderr).not.toContain('error:');
  });

  test('--json: documented keys in snake_case, nothing on stderr', async () => {
    const outcome = await work(row, ' --json');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const documents = row.stream ? outcome.lines() : [outcome.json()];
    expect(Object.keys(documents[0])).toEqual(expect.arrayContaining([...row.keys]));
    expect(documents.flatMap(keysOf).filter((key) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key))).toEqual([]);
  });

  test('--help shows an example, and where the flags of every command stand', async () => {
    const { code, stdout, stderr } = await off.run(`${row.path} --help`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: cliffracer ${row.path}`);
    expect(stdout).toMatch(new RegExp(`Examples?.*:\\n.*cliffracer ${row.path}`));
    expect(stdout).toMatch(/\nGlobal options: cliffracer --help\n$/);
    expect(stdout).not.toMatch(/^ +--endpoint-url/m);
  });

  test('an unknown flag is a usage error with the nearest flag', async () => {
    const outcome = await off.run(`${row.path} --jsno`);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toBe(
      `error: unknown option '--jsno': did you mean --json?\ntry: cliffracer ${row.path} --help\n`,
    );
  });

  if (row.path !== 'up') {
    const expected = row.withoutEngine ?? 3;
    test(`engine not running: exit ${expected}`, async () => {
      await expectEnd(off, withSomeId(row.line), expected, { retryable: true, hint: 'cliffracer up' });
    });
  }

  const expected = row.withoutStack ?? 4;
  test(`not provisioned: exit ${expected}`, async () => {
    await expectEnd(bare, `${withSomeId(row.line)} --stack nobody`, expected, {
      retryable: false,
      hint: 'cliffracer provision --stack nobody',
    });
    if (expected === 0) await bare.run('destroy --yes --stack nobody');
  });

  if (row.asks !== undefined) {
    const [line, flag] = row.asks;
    test('no terminal: a usage error that names the flag', async () => {
      const outcome = await shop.run(line);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toContain(flag);
      const { error } = (await shop.run(`${line} --json`)).json();
      expect(error.code).toBe('needs_terminal');
      expect(error.message + error.hint).toContain(flag);
    });
  }
});

/** The same end as text and as JSON: exit code, message on the right stream, and the hint. */
async function expectEnd(session: Session, line: string, code: number, error: { hint: string; retryable: boolean }) {
  const text = await session.run(line);
  expect(text.code).toBe(code);
  const json = await session.run(`${line} --json`);
  expect(json).toMatchObject({ code, stderr: '' });
  if (code === 0) return;
  expect(text.stdout).toBe('');
  expect(text.stderr).toContain(`try: ${error.hint}\n`);
  const document = json.json();
  expect(Object.keys(document)).toEqual(['error']);
  expect(document.error).toEqual({ code: expect.any(String), message: expect.any(String), ...error });
  expect(text.stderr).toBe(`error: ${document.error.message}\ntry: ${error.hint}\n`);
}

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...keysOf(member)]);
}

describe('the tree', () => {
  test('help lists every command and group, with where to start', async () => {
    const { code, stdout } = await off.run('--help');
    expect(code).toBe(0);
    for (const name of [...ENTRIES.map(({ path }) => path.split(' ')[0]!), ...GROUPS.map((group) => group.name)]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
    for (const flag of ['--json', '--endpoint-url', '--region', '--stack', '--debug', '--no-color']) {
      expect(stdout).toContain(flag);
    }
    expect(stdout).toContain('Start here:');
    expect(stdout).toContain('Exit codes:');
    expect(await off.run('')).toMatchObject({ code: 0, stdout });
  });

  const withoutDefault = GROUPS.filter(
    ({ name }) => !ENTRIES.some(({ path, isDefault }) => isDefault && path.startsWith(`${name} `)),
  );

  test.each(withoutDefault)('$name alone says what it needs', async ({ name }) => {
    const outcome = await off.run(name);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    for (const { path } of ENTRIES.filter(({ path }) => path.startsWith(`${name} `))) {
      expect(outcome.stderr).toContain(path.split(' ')[1]);
    }
    expect((await off.run(`${name} --help`)).code).toBe(0);
  });

  test.each([
    ['ordr', "unknown command 'ordr': did you mean order?", 'cliffracer --help'],
    ['provison', "unknown command 'provison': did you mean provision?", 'cliffracer --help'],
    ['inspect reciepts', "unknown command 'reciepts': did you mean receipts?", 'cliffracer inspect --help'],
    ['order creat', "unknown command 'creat': did you mean create?", 'cliffracer order --help'],
    ['start', "unknown command 'start': did you mean up?", 'cliffracer up'],
    ['stop', "unknown command 'stop': did you mean down?", 'cliffracer down'],
    ['status', "unknown command 'status': did you mean health?", 'cliffracer health'],
    ['create', "unknown command 'create': did you mean order create?", 'cliffracer order create'],
    ['order ls', "unknown command 'ls': did you mean order list?", 'cliffracer order list'],
    ['fault rm', "unknown command 'rm': did you mean fault clear?", 'cliffracer fault clear'],
    ['zzzzzz', "unknown command 'zzzzzz'", 'cliffracer --help'],
    ['config nope', "unknown command 'nope'; there is show", 'cliffracer config --help'],
    ['inspect nope', "'nope'; there are inventory, orders, receipts, customers, queues", 'cliffracer inspect --help'],
    ['export nope', "unknown command 'nope'; there ", 'cliffracer export --help'],
    ['constructor', "unknown command 'constructor'", 'cliffracer --help'],
    ['up extra', "too many arguments for 'up'", 'cliffracer up --help'],
    ['fault add', "missing required argument 'rule'", 'cliffracer fault add --help'],
    ['up --port', "option '--port <n>' argument missing", 'cliffracer up --help'],
    ['down --port 0', '1 to 65535', 'cliffracer down --help'],
    ['up --port 70000', '0 to 65535', 'cliffracer up --help'],
    ['up --wait soon', '0 to 86400', 'cliffracer up --help'],
    ['up --port 4567 --endpoint-url http://127.0.0.1:4568', '--port and --endpoint-url', 'give one of them'],
    ['health --services sqs,sms', 'sns, sqs, dynamodb, s3, cloudwatch, logs', 'cliffracer health --help'],
    ['env --shell csh', 'bash, fish, powershell', 'cliffracer env --help'],
    ['drain shipping', 'order, inventory, payment, fulfillment, analytics', 'cliffracer drain --help'],
    ['run --loops 0', '1 to 1000000', 'cliffracer run --help'],
  ])('%s: exit 2', async (line, message, hint) => {
    const outcome = await off.run(line);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).toContain(`try: ${hint}`);
    const { error } = (await off.run(`${line} --json`)).json();
    expect(error).toMatchObject({ code: 'usage', hint, retryable: false });
    expect(error.message).toContain(message);
  });

  test.each(['--version', '-V'])('%s', async (flag) => {
    const { code, stdout } = await off.run(flag);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect((await off.run(`${flag} --json`)).json()).toEqual({ version: stdout.trim() });
  });

  test('global flags stand anywhere on the line', async () => {
    const after = (await shop.run('order list --json --limit 1')).json();
    expect((await shop.run('--json order list --limit 1')).json()).toEqual(after);
    expect((await shop.run('order --json list --limit 1')).json()).toEqual(after);
    expect((await shop.run('--region us-east-1 --stack default order list --json --limit 1')).json()).toEqual(after);
  });

  test('--debug adds the stack trace on stderr, and only there', async () => {
    const plain = await off.run('order list');
    const debug = await off.run('order list --debug');
    expect(plain.stderr).not.toMatch(/^ {4}at /m);
    expect(debug.stderr).toMatch(/^call {2}DynamoDB Query[\s\S]*^error: .*\n(try: .*\n)[\s\S]* {4}at /m);
    const json = await off.run('order list --debug --json');
    expect(json.json().error.code).toBe('engine_unreachable');
    expect(json.stderr).toContain('    at ');
  });
});
