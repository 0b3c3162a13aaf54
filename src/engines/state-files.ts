// Not from `fs/promises`: that would be loaded by every command that looks for an engine.
import { closeSync, constants, promises as files, fstatSync, openSync, readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliffracerError } from '../errors.ts';

// A link is not followed, and opening a FIFO does not wait for its other end. Windows has neither flag.
const CAREFUL = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const OTHERS_MAY_WRITE = 0o022;

/** This user's number; undefined where the system has none. What knows the user's name too asks files of the system for it. */
const ownUid = (): number | undefined => process.geteuid?.();

/**
 * Makes a directory of the program's own, with those above it: mode 0700 whatever the umask. Rejects with
 * `engine_start_failed` where that is impossible, or where it is a link or another user's.
 */
export async function makePrivateDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
    const found = await files.lstat(directory);
    const uid = ownUid();
    if (!found.isDirectory()) throw unusable(directory, 'is not a directory');
    if (uid !== undefined && found.uid !== uid) throw unusable(directory, 'belongs to another user');
    if (uid !== undefined && (found.mode & 0o077) !== 0) await files.chmod(directory, 0o700);
  } catch (error) {
    if (error instanceof CliffracerError) throw error;
    throw unusable(directory, `cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** One level at a time: Node's own `recursive` never ends where a file system such as /proc takes no directories. */
async function makeDirectory(directory: string): Promise<void> {
  const make = () =>
    files.mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(directory) === directory) throw error;
    await makeDirectory(dirname(directory));
    await make();
  }
}

const unusable = (path: string, why: string) =>
  new CliffracerError('engine_start_failed', `${path} ${why}`, {
    hint: 'set CLIFFRACER_HOME to a directory of your own',
  });

/**
 * Opens a log for appending: when two engines start at once, the one that loses must not empty the other's. Only a regular
 * file is taken, never what a link leads to.
 */
export async function openLog(file: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | CAREFUL;
  let log: FileHandle;
  try {
    log = await files.open(file, flags, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(file, code === 'ELOOP' ? 'is a link, which is not followed' : `cannot be written (${code})`);
  }
  if ((await log.stat()).isFile()) return log;
  await log.close();
  throw unusable(file, 'is not a regular file');
}

/** The text of a file that only this user can have written; throws for every other. */
export function readOwnFile(file: string): string {
  const handle = openSync(file, constants.O_RDONLY | CAREFUL);
  try {
    const found = fstatSync(handle);
    const uid = ownUid();
    const foreign = uid !== undefined && (found.uid !== uid || (found.mode & OTHERS_MAY_WRITE) !== 0);
    if (!found.isFile() || foreign) throw new Error(`${file} is not a file of this user alone`);
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

/** Opens a file for reading that may be replaced by anything; undefined for what is not a regular file. */
export async function openRegular(file: string): Promise<FileHandle | undefined> {
  const handle = await files.open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}
