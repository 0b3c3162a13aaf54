import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { HostProcesses } from '../core/host.ts';

/** Another engine keeps its state in the directory. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  readonly code = 'EBUSY';
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`the data directory ${directory} is in use by process ${pid}`);
    this.pid = pid;
  }
}

/** Something else than an engine wrote the file that would be the lock. */
export class ForeignLock extends Error {
  override readonly name = 'ForeignLock';
  readonly code = 'EBUSY';

  constructor(file: string) {
    super(`${file} is no lock of an engine: move it away`);
  }
}

/** Empty after a power failure. */
const CLAIM = /^(\d+ \S+\n?)?$/;

/**
 * Claims a directory for this process; the result gives it up. A claim whose process has ended, as after kill -9, is void:
 * a process id that another program has got since is told apart by the time at which it started, where the system shows it.
 */
export function lockDirectory(directory: string, processes: HostProcesses): () => void {
  const file = join(directory, 'lock');
  const claim = `${processes.own} ${statusOf(processes.own).start}\n`;
  const draft = join(directory, `lock.${processes.own}`);
  for (let attempt = 0; attempt < 10; attempt++) {
    const present = read(file);
    if (present !== undefined) {
      if (!CLAIM.test(present)) throw new ForeignLock(file);
      const pid = Number.parseInt(present, 10);
      if (isHeld(present, pid, processes)) throw new DirectoryInUse(directory, pid);
      setAside(file, present, draft);
    }
    if (create(file, draft, claim)) return () => release(file, claim);
  }
  throw new DirectoryInUse(directory, Number.parseInt(read(file) ?? '0', 10));
}

function isHeld(claim: string, pid: number, processes: HostProcesses): boolean {
  if (!(pid > 0) || !processes.isRunning(pid)) return false;
  const { state, start } = statusOf(pid);
  // Ended, though its parent has not asked how.
  if (state === 'Z' || state === 'X') return false;
  const started = claim.trim().split(' ')[1];
  return started === undefined || started === UNKNOWN || started === start;
}

const UNKNOWN = 'unknown';

/** What Linux shows of a process: its state, and when it started, in the system's own unit. */
function statusOf(pid: number): { state: string | undefined; start: string } {
  const status = read(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold spaces.
  const fields = status?.slice(status.lastIndexOf(')') + 2).split(' ');
  return { state: fields?.[0], start: fields?.[19] ?? UNKNOWN };
}

/** The link is made whole or not at all, by one process only. */
function create(file: string, draft: string, claim: string): boolean {
  const descriptor = openSync(draft, 'w', 0o600);
  writeSync(descriptor, claim);
  closeSync(descriptor);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a void claim, unless somebody else has replaced it in the meantime. */
function setAside(file: string, claim: string, draft: string): void {
  const aside = `${draft}.void`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) !== claim) {
    try {
      linkSync(aside, file);
    } catch {
      // A third one was faster; it sees the same.
    }
  }
  rmSync(aside, { force: true });
}

function release(file: string, claim: string): void {
  if (read(file) === claim) rmSync(file, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
