import { createRequire } from 'node:module';
import type { Terminal } from './program.ts';

/** What is used of @xterm/headless, which is CommonJS: a terminal's screen without a terminal. */
interface HeadlessTerminal {
  write(text: string, done: () => void): void;
  buffer: {
    active: {
      type: 'normal' | 'alternate';
      getLine(row: number): { translateToString(trim: boolean): string } | undefined;
    };
  };
  rows: number;
}
const { Terminal: Headless } = createRequire(import.meta.url)('@xterm/headless') as {
  Terminal: new (options: object) => HeadlessTerminal;
};

export interface ShownScreen {
  buffer: 'normal' | 'alternate';
  lines: string[];
  text: string;
}

/** The screen as it stands after everything that was written to the terminal. */
export async function screenOf({ raw }: Terminal, size: { cols: number; rows: number }): Promise<ShownScreen> {
  const headless = new Headless({ ...size, allowProposedApi: true, scrollback: 1_000 });
  await new Promise<void>((resolve) => headless.write(raw, resolve));
  const { active } = headless.buffer;
  const lines = Array.from({ length: size.rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
  return { buffer: active.type, lines, text: lines.join('\n') };
}

/** Whether cursor and wrapping, which a full screen switches off, are on again. */
export const isRestored = ({ raw }: Terminal): boolean =>
  ['?25', '?7'].every((mode) => raw.lastIndexOf(`\u001b[${mode}h`) > raw.lastIndexOf(`\u001b[${mode}l`));
