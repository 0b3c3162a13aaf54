import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN, CTRL_C, DOWN, ENTER, ESCAPE, Sandbox, SPACE, Terminal } from './program.ts';
import { isRestored, screenOf } from './screen.ts';

const TIMEOUT = 120_000;
const PATIENCE = 30_000;
const SIZE = { cols: 160, rows: 40 };

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await new Sandbox().open();
  await sandbox.ready('up');
  await sandbox.ready('order create --customer ada --item keyboard:1');
}, TIMEOUT);
afterAll(() => sandbox.close(), TIMEOUT);

/**
 * The screen, with what a shell prints before and behind it. The shell stays until Enter: what a terminal prints last is lost
 * when its program ends before a busy machine has read it.
 */
const SHELL = 'echo before; "$0" "$1" watch; echo "code=$?"; stty -a; echo behind; read -r _';
const started = (env: Record<string, string> = {}, size = SIZE) => sandbox.shell(SHELL, env, size);

const shows = (terminal: Terminal, text: string | RegExp, size = SIZE) =>
  expect.poll(async () => (await screenOf(terminal, size)).text, { timeout: PATIENCE, interval: 50 }).toMatch(text);

/** The process that the shell in the terminal waits for. */
const childOf = ({ pid }: Terminal) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());

/** The shell's screen is there again, and the terminal echoes and edits lines. */
async function expectRestored(terminal: Terminal, code: number): Promise<void> {
  await terminal.until('behind');
  terminal.keys(ENTER);
  await terminal.ended;
  const screen = await screenOf(terminal, SIZE);
  expect(screen.buffer).toBe('normal');
  expect(screen.text).toMatch(/^before\n/);
  expect(screen.text).toContain(`code=${code}`);
  expect(screen.text).toMatch(/(?<!-)icanon/);
  expect(screen.text).toMatch(/(?<!-)echo /);
  expect(isRestored(terminal)).toBe(true);
}

test('shows queues, what happens and the trace of it, and q leaves no trace of itself', {
  timeout: TIMEOUT,
}, async () => {
  const terminal = started();
  await shows(terminal, /❯ analytics-queue +\d /);
  const { buffer, lines } = await screenOf(terminal, SIZE);
  expect(buffer).toBe('alternate');
  expect(lines[0]).toContain(`127.0.0.1:${sandbox.port}`);
  await sandbox.ready('order create --customer ada --item keyboard:1');
  // The second order is published, and that is the newest event.
  await shows(terminal, /order_created[\s\S]+order-events order_created[^\n]+\n[^\n]*\n?$/);
  // Enter on the newest event: its conversation.
  terminal.keys('l', ENTER);
  await shows(terminal, /├─? analytics-queue +\w{8}|└─? analytics-queue +\w{8}/);
  terminal.keys(ESCAPE);
  await shows(terminal, '▶ events');
  terminal.keys(':orders', ENTER);
  await shows(terminal, /ORDER +STATUS +CUSTOMER/);
  await shows(terminal, /ord_\w+ +created +ada +149\.99/);
  terminal.keys('q');
  await expectRestored(terminal, 0);
});

test('holds a queue, steps a message, and lets all of it go again', { timeout: TIMEOUT }, async () => {
  // One message to step, whatever other tests have left.
  await sandbox.ready('drain');
  await sandbox.ready('order create --customer ada --item keyboard:1');
  const terminal = started();
  await shows(terminal, /❯ analytics-queue/);
  terminal.keys('/', 'inventory-queue', ENTER);
  await shows(terminal, /system \/inventory-queue/);
  terminal.keys(SPACE);
  await shows(terminal, /‖ inventory-queue +\d /);
  await shows(terminal, /inventory-queue is held, with \d message/);
  terminal.keys('n');
  await shows(terminal, /released [0-9a-f-]{36} of inventory-queue, \d held/);
  await sandbox.ready('drain inventory --json');
  // What the message changed, as a trace.
  await shows(terminal, /✓ inventory-service/);
  terminal.keys(ESCAPE, SPACE);
  await shows(terminal, 'inventory-queue is no longer held');
  terminal.keys(CTRL_C);
  await expectRestored(terminal, 0);
});

describe('the terminal is as it was', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGHUP', 129],
  ] as const)('after %s', { timeout: TIMEOUT }, async (signal, code) => {
    const terminal = started();
    await shows(terminal, /❯ analytics-queue/);
    process.kill(childOf(terminal), signal);
    await expectRestored(terminal, code);
  });

  test('after a crash, whose message is read', { timeout: TIMEOUT }, async () => {
    const file = join(sandbox.home, 'crash.cjs');
    writeFileSync(file, 'process.on("SIGUSR2", () => { throw new Error("it crashed"); });');
    const terminal = started({ NODE_OPTIONS: `--require ${file}` });
    await shows(terminal, /❯ analytics-queue/);
    process.kill(childOf(terminal), 'SIGUSR2');
    await expectRestored(terminal, 1);
    expect((await screenOf(terminal, SIZE)).text).toContain('Error: it crashed');
  });

  test('while it is stopped by Ctrl-Z; fg brings the screen back', { timeout: TIMEOUT }, async () => {
    const environment = sandbox.environment({ PS1: 'ready> ' });
    const terminal = new Terminal('bash', ['--norc', '--noprofile', '-i'], environment, SIZE);
    await terminal.until('ready> ');
    terminal.keys(`${process.execPath} ${BIN} watch\r`);
    await shows(terminal, /❯ analytics-queue/);
    terminal.keys('\u001a');
    await shows(terminal, /Stopped[\s\S]*ready>/);
    expect((await screenOf(terminal, SIZE)).buffer).toBe('normal');
    expect(isRestored(terminal)).toBe(true);
    terminal.keys('fg\r');
    await shows(terminal, /^cliffracer watch[\s\S]*❯ analytics-queue/);
    terminal.keys(DOWN);
    await shows(terminal, /❯ fulfillment-queue/);
    terminal.keys('q');
    await shows(terminal, /ready>\s*$/);
    terminal.keys('stty -a\r');
    await shows(terminal, /[^-]icanon/);
    terminal.keys('exit\r');
    await terminal.ended;
    expect(isRestored(terminal)).toBe(true);
  });

  test('after the engine has gone; and one that comes back is watched again', { timeout: TIMEOUT }, async () => {
    const other = await new Sandbox().open();
    try {
      await other.ready('up --no-provision');
      const terminal = other.shell(SHELL, {}, SIZE);
      await shows(terminal, /▶ system/);
      await other.ready('down');
      await shows(terminal, 'the engine does not answer; asked again every second');
      await other.ready(`up --no-provision --port ${other.port}`);
      await other.ready('provision');
      await shows(terminal, /❯ analytics-queue/);
      terminal.keys('q');
      await expectRestored(terminal, 0);
    } finally {
      await other.close();
    }
  });
});

test.each([
  ['80 columns', { cols: 80, rows: 24 }],
  ['60 columns', { cols: 60, rows: 18 }],
  ['a corner', { cols: 20, rows: 5 }],
])('%s, without colours', { timeout: TIMEOUT }, async (_, size) => {
  const terminal = started({ NO_COLOR: '1' }, size);
  await shows(terminal, /❯ analytics-q/, size);
  terminal.keys('l', '?');
  await shows(terminal, /keys/, size);
  terminal.keys('x', 'q');
  await terminal.until('behind');
  terminal.keys(ENTER);
  await terminal.ended;
  expect(terminal.raw).not.toMatch(/\u001b\[[1-9][\d;]*m/);
});
