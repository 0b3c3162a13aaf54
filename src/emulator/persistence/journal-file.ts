import type { ClockState } from '../core/clock.ts';
import type { EngineState } from '../core/engine.ts';
import type { FaultState } from '../core/faults.ts';
import type { CallRecord } from '../core/journal.ts';
import type { EngineSettings } from '../core/settings.ts';
import { headerFrame, type JournalHeader } from './file-header.ts';
import { type FileFunctions, writeFully } from './files.ts';
import { FRAME_HEADER, seal } from './frames.ts';
import { ValueWriter } from './value-writer.ts';

export type JournalEntry =
  | { kind: 'call'; call: CallRecord }
  | { kind: 'clock'; at: number; clock: ClockState }
  | { kind: 'faults'; at: number; faults: FaultState | undefined }
  | { kind: 'settings'; at: number; settings: EngineSettings }
  /** Timers have fired without a call. */
  | { kind: 'time'; at: number }
  /** The whole state was replaced, and the clock with it, which may have gone back. */
  | { kind: 'state'; at: number; clock: ClockState; state: EngineState };

/** What a journal says of itself at its start, rewritten with every entry: how far it was acknowledged. */
export interface Mark {
  bytes: number;
  entries: number;
  /** The generation of the journal that goes on from here; 0 while this one is written. */
  next: number;
}

export const MARK_BYTES = FRAME_HEADER + 24;

export function readMark(payload: Buffer): Mark {
  return { bytes: payload.readDoubleLE(0), entries: payload.readDoubleLE(8), next: payload.readUInt32LE(16) };
}

/**
 * The log of everything that changes the state. An entry, and then the mark that counts it, are with the operating system
 * before the call that it stands for acts, so they survive the end of the process, however that comes; a power failure may
 * take the last seconds, which the mark makes known.
 */
export class JournalFile {
  readonly path: string;
  readonly generation: number;
  readonly #files: FileFunctions;
  readonly #file: number;
  readonly #markAt: number;
  readonly #writer = new ValueWriter(FRAME_HEADER);
  readonly #markFrame = Buffer.alloc(MARK_BYTES);
  #size: number;
  #entries: number;
  /** A write failed, and what it left behind may still be there. */
  #isTorn = false;

  private constructor(
    files: FileFunctions,
    path: string,
    generation: number,
    file: number,
    at: { mark: number; size: number; entries: number },
  ) {
    this.#files = files;
    this.path = path;
    this.generation = generation;
    this.#file = file;
    this.#markAt = at.mark;
    this.#size = at.size;
    this.#entries = at.entries;
  }

  /** Throws when there is a file of that name. */
  static create(files: FileFunctions, path: string, header: JournalHeader): JournalFile {
    const file = files.openSync(path, 'wx', 0o600);
    try {
      const head = headerFrame(header);
      const at = { mark: head.length, size: head.length + MARK_BYTES, entries: 0 };
      const journal = new JournalFile(files, path, header.generation, file, at);
      // In one piece: a header without a mark would look like a journal that has lost its end.
      writeFully(files, file, Buffer.concat([head, journal.#mark(0)]), 0);
      return journal;
    } catch (error) {
      files.closeSync(file);
      files.rmSync(path, { force: true });
      throw error;
    }
  }

  /** Goes on behind the last sound entry; what stood there beyond it is cut off. */
  static reopen(
    files: FileFunctions,
    path: string,
    found: { generation: number; markAt: number; end: number; entries: number },
  ): JournalFile {
    const file = files.openSync(path, 'r+');
    const at = { mark: found.markAt, size: found.end, entries: found.entries };
    const journal = new JournalFile(files, path, found.generation, file, at);
    files.ftruncateSync(file, found.end);
    journal.#writeMark(0);
    return journal;
  }

  get size(): number {
    return this.#size;
  }

  get entries(): number {
    return this.#entries;
  }

  append(entry: JournalEntry): void {
    if (this.#isTorn) this.#takeBack();
    const before = { size: this.#size, entries: this.#entries };
    try {
      let first = true;
      this.#writer.write(entry, (chunk, last) => {
        writeFully(this.#files, this.#file, seal(chunk, first ? (last ? 'O' : 'F') : last ? 'L' : 'B'), this.#size);
        this.#size += chunk.length;
        first = false;
      });
      this.#entries++;
      this.#writeMark(0);
    } catch (error) {
      this.#size = before.size;
      this.#entries = before.entries;
      this.#isTorn = true;
      throw error;
    }
  }

  #writeMark(next: number): void {
    writeFully(this.#files, this.#file, this.#mark(next), this.#markAt);
  }

  #mark(next: number): Buffer {
    const frame = this.#markFrame;
    frame.writeDoubleLE(this.#size, FRAME_HEADER);
    frame.writeDoubleLE(this.#entries, FRAME_HEADER + 8);
    frame.writeUInt32LE(next, FRAME_HEADER + 16);
    return seal(frame, 'M');
  }

  /** What follows half an entry would never be read: the half has to go before anything else is written. */
  #takeBack(): void {
    this.#files.ftruncateSync(this.#file, this.#size);
    this.#writeMark(0);
    this.#isTorn = false;
  }

  /** Says that the journal of another generation goes on from here, and closes. */
  end(next: number): void {
    this.#writeMark(next);
    this.#files.closeSync(this.#file);
  }

  close(): void {
    this.#files.fsyncSync(this.#file);
    this.#files.closeSync(this.#file);
  }
}
