import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Screen } from '../../src/cli/screen.ts';

/** A terminal that takes what is written until it is told not to. */
class FakeTerminal extends EventEmitter {
  readonly writes: string[] = [];
  takes = true;
  isTTY = true;
  columns = 20;
  rows = 3;
  write(text: string): boolean {
    this.writes.push(text);
    return this.takes;
  }
}

function opened() {
  const stdout = new FakeTerminal();
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const modes: boolean[] = [];
  const keys: string[] = [];
  const handlers = new Map<string, () => void>();
  const told = { changes: 0, hungUp: 0, killed: [] as string[], atExit: [] as (() => void)[] };
  const screen = new Screen({
    io: { stdin, stdout, stderr: stdout },
    signals: {
      onSignal(signal, run) {
        handlers.set(signal, run);
        return () => void handlers.delete(signal);
      },
      kill: (pid, signal) => void told.killed.push(`${pid} ${signal}`),
      atExit: (run) => void told.atExit.push(run),
    },
    onKey: (key) => void keys.push(key),
    onChange: () => void told.changes++,
    onHangUp: () => void told.hungUp++,
  });
  screen.open();
  stdout.writes.length = 0;
  return { screen, stdout, stdin, modes, keys, handlers, told };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('writes the lines that changed, each at its place', () => {
  const { screen, stdout } = opened();
  screen.draw(['a', 'b', 'c']);
  screen.draw(['a', 'B', 'c']);
  screen.draw(['a', 'B', 'c']);
  expect(stdout.writes).toHaveLength(2);
  expect(stdout.writes[1]).toBe('\u001b[?2026h\u001b[2;1H\u001b[2KB\u001b[0m\u001b[?2026l');
});

test('of a line in parts, the part that changed', () => {
  const { screen, stdout } = opened();
  screen.draw(['left\u001b[8Gright', '', '']);
  screen.draw(['left\u001b[8GRIGHT', '', '']);
  expect(stdout.writes[1]).toBe('\u001b[?2026h\u001b[1;1H\u001b[8GRIGHT\u001b[0m\u001b[?2026l');
  screen.draw(['left', '', '']);
  expect(stdout.writes[2]).toContain('\u001b[1;1H\u001b[2Kleft');
});

test.each([
  ['\u001b[1Ga\u001b[8Gb', '\u001b[1Ga\u001b[8GB', '\u001b[8GB'],
  ['GET 8G \u001b[32mG\u001b[0m\u001b[12Gx', 'GET 9G \u001b[32mG\u001b[0m\u001b[12Gx', 'GET 9G \u001b[32mG\u001b[0m'],
  ['a\u001b[G\u001b[8Gb\u001b[20Gc', 'a\u001b[G\u001b[8Gd\u001b[20Gc', '\u001b[8Gd'],
])('a part begins at a place alone: %j', (before, after, written) => {
  const { screen, stdout } = opened();
  screen.draw([before]);
  screen.draw([after]);
  expect(stdout.writes[1]).toBe(`\u001b[?2026h\u001b[1;1H${written}\u001b[0m\u001b[?2026l`);
});

test('while the terminal takes nothing, only the newest frame is kept', () => {
  const { screen, stdout } = opened();
  stdout.takes = false;
  for (let frame = 0; frame < 1_000; frame++) screen.draw([`frame ${frame}`, '', '']);
  expect(stdout.writes).toHaveLength(1);
  stdout.takes = true;
  stdout.emit('drain');
  expect(stdout.writes).toHaveLength(2);
  expect(stdout.writes[1]).toContain('frame 999');
});

test('draws everything anew when the size changes', () => {
  const { screen, stdout, told } = opened();
  screen.draw(['a', 'b', 'c']);
  const before = told.changes;
  stdout.columns = 10;
  stdout.emit('resize');
  expect(told.changes).toBe(before + 1);
  expect(screen.size).toEqual({ columns: 10, rows: 3 });
  screen.draw(['a', 'b', 'c']);
  for (const line of ['a', 'b', 'c']) expect(stdout.writes.at(-1)).toContain(line);
});

test('names keys, and lets a paste through character by character', async () => {
  const { stdin, keys } = opened();
  stdin.write('\u001b[A\u001b[Zq/G \r\t\u0003\u007fé倉');
  await turn();
  expect(keys).toEqual(['up', 'backtab', 'q', '/', 'G', 'space', 'return', 'tab', 'ctrl-c', 'backspace', 'é', '倉']);
});

test('Ctrl-Z: leaves, stops the process by the system, and comes back', async () => {
  const { screen, stdout, modes, handlers, told } = opened();
  screen.suspend();
  expect(told.killed).toEqual(['0 SIGTSTP']);
  expect(stdout.writes.at(-1)).toContain('\u001b[?1049l');
  expect(modes.at(-1)).toBe(false);
  screen.draw(['not now', '', '']);
  expect(stdout.writes.at(-1)).not.toContain('not now');
  await turn();
  handlers.get('SIGCONT')!();
  expect(stdout.writes.at(-1)).toContain('\u001b[?1049h');
  expect(modes.at(-1)).toBe(true);
  handlers.get('SIGTSTP')!();
  expect(told.killed).toHaveLength(2);
});

test('is restored once, at the end of the process too, and gives signals back', () => {
  const { screen, stdout, stdin, handlers, told } = opened();
  handlers.get('SIGHUP')!();
  expect(told.hungUp).toBe(1);
  screen.close();
  for (const run of told.atExit) run();
  expect(stdout.writes.filter((text) => text.includes('\u001b[?1049l'))).toHaveLength(1);
  expect([...handlers.keys()]).toEqual([]);
  expect(stdin.listenerCount('keypress')).toBe(0);
  expect(stdout.listenerCount('resize')).toBe(0);
});
