import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** One prompt of a page: what is typed, and the lines that the page shows below it. */
export interface ShownCommand {
  /** As typed, without the prompt and without a comment behind it. */
  text: string;
  output: string[];
  /** Lines of the page, from 0: the first of `output`, and the one behind the last. */
  from: number;
  to: number;
}

export interface Block {
  /** Of the fence, from 1, as editors count. */
  line: number;
  /** A file that the reader writes before going on. */
  file?: { name: string; text: string };
  /** Why the block is not run, or only in CI, where the programs that it needs are there. */
  mark?: { run: 'in CI' | 'never'; reason: string };
  commands: ShownCommand[];
}

export interface Page {
  file: string;
  lines: string[];
  blocks: Block[];
}

export function readPage(file: string): Page {
  return parsePage(file, readFileSync(resolve(ROOT, file), 'utf8'));
}

const MARK = /^<!-- (run in CI|not run): (.+) -->$/;
const FILE = /^<!-- file: (\S+) -->$/;

/** The `console` blocks of a page, with the marks in front of them, and the files that it shows whole. */
export function parsePage(file: string, text: string): Page {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const name = FILE.exec(lines[at - 1] ?? '')?.[1];
    if (name === undefined && lines[at] !== '```console') continue;
    const end = lines.indexOf('```', at + 1);
    if (name !== undefined) {
      blocks.push({ line: at + 1, file: { name, text: `${lines.slice(at + 1, end).join('\n')}\n` }, commands: [] });
      at = end;
      continue;
    }
    const [, kind, reason = ''] = MARK.exec(lines[at - 1] ?? '') ?? [];
    blocks.push({
      line: at + 1,
      ...(kind !== undefined && { mark: { run: kind === 'not run' ? 'never' : 'in CI', reason } }),
      commands: commandsIn(lines, at + 1, end),
    });
    at = end;
  }
  return { file, lines, blocks };
}

function commandsIn(lines: readonly string[], start: number, end: number): ShownCommand[] {
  const commands: ShownCommand[] = [];
  for (let at = start; at < end; ) {
    if (!lines[at]!.startsWith('$ ')) throw new Error(`line ${at + 1}: a console block begins with a prompt`);
    let text = lines[at++]!.slice(2);
    while (text.endsWith('\\')) text = `${text.slice(0, -1)}${lines[at++]!.trim()}`;
    const from = at;
    while (at < end && !lines[at]!.startsWith('$ ')) at++;
    let to = at;
    while (to > from && lines[to - 1] === '') to--;
    commands.push({ text: text.replace(/\s+# .*$/, ''), output: lines.slice(from, to), from, to });
  }
  return commands;
}
