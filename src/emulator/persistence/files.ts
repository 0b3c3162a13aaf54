import * as fs from 'node:fs';
import { dirname } from 'node:path';

/** The file functions that persistence uses, so that a test can refuse, count or lose what they do. */
export type FileFunctions = Pick<
  typeof fs,
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'openSync'
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'writeSync'
>;

export const systemFiles: FileFunctions = fs;

export function writeFully(files: FileFunctions, file: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) done += files.writeSync(file, bytes, done, bytes.length - done, position + done);
}

/** Reads until `into` is full or the file ends; returns how many bytes were read. */
export function readFully(files: FileFunctions, file: number, into: Uint8Array, position: number): number {
  let done = 0;
  while (done < into.length) {
    const read = files.readSync(file, into, done, into.length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

/** A new name is on the disk only when its directory is. Windows cannot open directories, and needs no such call. */
export function syncDirectory(files: FileFunctions, path: string): void {
  let directory: number;
  try {
    directory = files.openSync(dirname(path), 'r');
  } catch {
    return;
  }
  try {
    files.fsyncSync(directory);
  } catch {
    // Some file systems refuse it for directories.
  } finally {
    files.closeSync(directory);
  }
}

/** The first of `PATH.WORD-1`, `PATH.WORD-2` ... that does not exist: nothing that was set aside is ever overwritten. */
export function asideName(files: FileFunctions, path: string, word: 'cut' | 'damaged'): string {
  for (let number = 1; ; number++) {
    const name = `${path}.${word}-${number}`;
    if (!files.existsSync(name)) return name;
  }
}
