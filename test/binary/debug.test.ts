import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CTRL_C, Sandbox, type Terminal } from './program.ts';

const TIMEOUT = 120_000;
const CONSUMER = join(import.meta.dirname, 'debugged-consumer.mjs');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
  await sandbox.ready('up --no-provision');
  expect((await consumer('make').ended).code).toBe(0);
}, TIMEOUT);
afterEach(() => sandbox.close(), TIMEOUT);

const consumer = (what: 'make' | 'consume') => sandbox.command(process.execPath, [CONSUMER, what]);
const held = async () => {
  const { queues } = (await sandbox.run('queue list --json')).json();
  return queues.filter(({ hold }: { hold: unknown }) => hold !== null).map(({ queue }: { queue: string }) => queue);
};

describe('debug in a terminal', () => {
  test('keys typed at once, what changed, undo; the terminal is as it was', { timeout: TIMEOUT }, async () => {
    const script = `stty -a > "$HOME/before"; "$0" "$1" debug jobs; echo "code=$?"; stty -a > "$HOME/after"; cmp "$HOME/before" "$HOME/after" && echo clean=yes`;
    const terminal = sandbox.shell(script, {}, { cols: 80, rows: 40 });
    await terminal.until('What now?');
    expect(await held()).toEqual(['jobs']);
    consumer('consume');
    terminal.keys('h');
    await terminal.until('orders/a new: id "a", sold 1');
    await terminal.until('What now?');
    terminal.keys('uh');
    await terminal.until('waits in jobs as before');
    await terminal.until('orders/a new: id "a", sold 1');
    await terminal.until('What now?');
    terminal.keys('d');
    await terminal.until('orders/b new: id "b", sold 1');
    await terminal.until('orders/b sold 1 -> 2');
    await terminal.until('Waiting for a message. [u q]');
    await sandbox.ready('queue send jobs --set id=c');
    await terminal.until('{"id":"c"}');
    terminal.keys('q');
    await terminal.until('code=0');
    await terminal.until('clean=yes');
    expect(await terminal.ended).toBe(0);
    expect(await held()).toEqual([]);
  });

  const endings: readonly [string, (terminal: Terminal) => void][] = [
    ['Ctrl-C', (terminal) => terminal.keys(CTRL_C)],
    ['SIGTERM', ({ pid }) => process.kill(pid, 'SIGTERM')],
    ['SIGHUP', ({ pid }) => process.kill(pid, 'SIGHUP')],
  ];
  test.each(endings)('%s at a message: exit 130, and nothing is held', { timeout: TIMEOUT }, async (_name, end) => {
    const terminal = sandbox.terminal('debug');
    await terminal.until('What now?');
    end(terminal);
    expect(await terminal.ended).toBe(130);
    expect(await held()).toEqual([]);
  });

  test('Ctrl-C while it waits for a consumer; a terminal that is closed', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('debug');
    await terminal.until('What now?');
    terminal.keys('h');
    await terminal.until('waits for a consumer');
    terminal.keys(CTRL_C);
    expect(await terminal.ended).toBe(130);
    expect(await held()).toEqual([]);
    const closed = sandbox.terminal('debug');
    await closed.until('What now?');
    closed.hangUp();
    await closed.ended;
    // The terminal is gone at once; the program ends its holds after that.
    await expect.poll(held, { timeout: TIMEOUT }).toEqual([]);
  });
});
