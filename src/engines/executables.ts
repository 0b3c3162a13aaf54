import { accessSync, constants, statSync } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Environment } from '../environment.ts';

/** The file that a command name stands for, or undefined when it is not on PATH. */
export function findExecutable(name: string, env: Environment): string | undefined {
  const endings = platform() === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const directories = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  return directories.flatMap((directory) => endings.map((end) => join(directory, name + end))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
