import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeHelp } from './cli/help.ts';
import type { World } from './main.ts';
import type { HelpPart } from './views/help.ts';

/**
 * The program as bin/ starts it. A help is written as the build has kept it, before commander and the commands are loaded;
 * all else is for main.ts, which gives the same help.
 */
export async function main(world: World): Promise<number> {
  const { argv, io, helpDirectory } = world;
  const help = helpDirectory === undefined ? undefined : keptHelp(helpDirectory, argv);
  if (help === undefined) return (await import('./main.ts')).main(world);
  for (const part of help) writeHelp(io.stdout, part);
  return 0;
}

/** Of `--help` behind names of commands, or `help` before them, and nothing else: what flags stand for is commander's to say. */
function keptHelp(directory: string, argv: readonly string[]): readonly HelpPart[] | undefined {
  const isLast = argv.at(-1) === '--help' || argv.at(-1) === '-h';
  if (!isLast && argv[0] !== 'help') return undefined;
  const words = isLast ? argv.slice(0, -1) : argv.slice(1);
  if (!words.every((word) => /^[a-z]+$/.test(word))) return undefined;
  try {
    return JSON.parse(readFileSync(join(directory, helpFile(words)), 'utf8')) as HelpPart[];
  } catch {
    // No such command; main.ts says so.
    return undefined;
  }
}

/** Where the help of a command is kept; no name of a command begins so. */
export const helpFile = (words: readonly string[]): string => `${['_', ...words].join('-')}.json`;
