import { closeSync, fsyncSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { ClockState } from '../core/clock.ts';
import type { FaultState } from '../core/faults.ts';
import type { CallRecord } from '../core/journal.ts';
import { frame, frames, tail, writeFully } from './frames.ts';

export type JournalEntry =
  | { kind: 'call'; call: CallRecord }
  | { kind: 'clock'; at: number; clock: ClockState }
  | { kind: 'faults'; at: number; faults: FaultState | undefined };

/**
 * The log of everything that changes the state. An entry is with the operating system before the call that it stands
 * for acts, so it survives the end of the process, however that comes; a power failure may take the last seconds.
 */
export class JournalFile {
  readonly #file: number;
  #size: number;
  #broken: Error | undefined;

  constructor(path: string, size: number) {
    this.#file = openSync(path, size === 0 ? 'w' : 'r+', 0o600);
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  append(entry: JournalEntry): void {
    if (this.#broken !== undefined) throw this.#broken;
    const bytes = frame(serialize(entry));
    try {
      writeFully(this.#file, bytes, this.#size);
    } catch (error) {
      this.#takeBack(error as Error);
      throw error;
    }
    this.#size += bytes.length;
  }

  /** What follows half an entry would never be read: either the half goes, or nothing may follow. */
  #takeBack(cause: Error): void {
    try {
      ftruncateSync(this.#file, this.#size);
    } catch {
      this.#broken = new Error(`the journal cannot be written any more: ${cause.message}`, { cause });
    }
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/**
 * Reads a journal, entry by entry, and returns its sound length. What is torn or damaged is cut off and kept beside it,
 * so that the next start does not stumble over it again.
 */
export function readJournal(
  path: string,
  repeat: (entry: JournalEntry) => void,
): { size: number; cut: number; keptAs: string | undefined } {
  const file = openSync(path, 'r+');
  try {
    let size = 0;
    for (const { payload, end } of frames(file)) {
      repeat(deserialize(payload) as JournalEntry);
      size = end;
    }
    const rest = tail(file, size);
    if (rest.length === 0) return { size, cut: 0, keptAs: undefined };
    const keptAs = `${path}.cut`;
    writeFileSync(keptAs, rest, { mode: 0o600 });
    ftruncateSync(file, size);
    return { size, cut: rest.length, keptAs };
  } finally {
    closeSync(file);
  }
}
