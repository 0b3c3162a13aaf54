import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Help } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { System } from '../../src/app.ts';
import type { OutputStream } from '../../src/cli/io.ts';
import { ENTRIES, GROUPS } from '../../src/commands/index.ts';
import { main as enter, helpFile } from '../../src/entry.ts';
import { main, type World } from '../../src/main.ts';
import { type HelpPage, type HelpPart, helpText } from '../../src/views/help.ts';

const PATHS = ['', ...GROUPS.map(({ name }) => name), ...ENTRIES.map(({ path }) => path)];
const TERMINALS = [40, 60, 79, 80, 100, 119, 120, 121, 200];
const wordsOf = (path: string) => path.split(' ').filter((word) => word !== '');

interface Written {
  code: number;
  stdout: string;
  stderr: string;
}

async function run(start: typeof main, argv: readonly string[], columns?: number, more?: Partial<World>) {
  const written: Written = { code: -1, stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): OutputStream => ({
    ...(columns !== undefined && { isTTY: true, columns }),
    write: (text) => {
      written[name] += text;
      return true;
    },
  });
  const io = { stdin: process.stdin, stdout: stream('stdout'), stderr: stream('stderr') };
  const system = { cwd: () => tmpdir() } as System;
  const clock = { now: () => 0, sleep: async () => {} };
  written.code = await start({ argv, env: {}, io, clock, system, signal: new AbortController().signal, ...more });
  return written;
}

let directory: string;
/** Pages with the commands that they are of, as main.ts showed them. */
const shown: { page: HelpPage; command: Command }[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cliffracer-help-'));
  const created = vi.spyOn(Command.prototype, 'createHelp');
  for (const path of PATHS) {
    const parts: HelpPart[] = [];
    created.mockClear();
    await run(main, [...wordsOf(path), '--help'], undefined, { showHelp: (part) => parts.push(part) });
    const commands = [...new Set(created.mock.contexts)] as Command[];
    const pages = parts.filter((part) => typeof part !== 'string');
    shown.push(...pages.map((page, index) => ({ page, command: commands[index]! })));
    // As the build does.
    writeFileSync(join(directory, helpFile(wordsOf(path))), JSON.stringify(parts));
  }
  created.mockRestore();
});
afterAll(() => rmSync(directory, { recursive: true }));

test("every page is laid out as commander's own", () => {
  expect(shown.length).toBeGreaterThan(PATHS.length);
  for (const { page, command } of shown) {
    for (const width of [...TERMINALS, 30]) {
      const help = Object.assign(new Help(), { sortSubcommands: false, helpWidth: width });
      expect(helpText(page, width)).toBe(help.formatHelp(command, help));
    }
  }
});

describe('the help that the build keeps', () => {
  test.each(PATHS)('of "%s" is that of the program, in a pipe and on terminals of any width', async (path) => {
    for (const columns of [undefined, ...TERMINALS]) {
      const known = await run(main, [...wordsOf(path), '--help'], columns);
      expect(known).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: cliffracer'), stderr: '' });
      for (const argv of [
        [...wordsOf(path), '--help'],
        [...wordsOf(path), '-h'],
        ['help', ...wordsOf(path)],
      ])
        expect(await run(enter, argv, columns, { helpDirectory: directory })).toEqual(known);
    }
  });

  test.each([
    ['nonsense --help'],
    ['_ --help'],
    ['order-create --help'],
    ['order nonsense --help'],
    ['calls list call_1 --help'],
    ['up --bogus --help'],
    ['--json --help'],
    ['help --help'],
    ['help help'],
    ['help order create now'],
    ['exec -- x --help'],
    ['../help --help'],
    ['order'],
    ['--version --help'],
  ])('is not what answers `%s`', async (line) => {
    expect(await run(enter, wordsOf(line), undefined, { helpDirectory: directory })).toEqual(
      await run(main, wordsOf(line)),
    );
  });
});
