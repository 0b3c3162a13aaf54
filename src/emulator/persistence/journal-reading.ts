import { type FileHeader, type JournalHeader, readHeader } from './file-header.ts';
import type { FileFunctions } from './files.ts';
import { type Frame, FrameReader } from './frames.ts';
import { type JournalEntry, MARK_BYTES, type Mark, readMark } from './journal-file.ts';
import { inSteps, type OnProgress } from './progress.ts';
import { UnreadableValue, ValueReader } from './value-reader.ts';

/** What one reading of a journal found. */
export interface JournalReading {
  header: JournalHeader | undefined;
  /** Set when another version wrote it; nothing was read then. */
  version: { is: 'newer' | 'older'; version: string } | undefined;
  /** Set when it is another file than its name says; nothing was read then. */
  misplaced: FileHeader | undefined;
  mark: Mark | undefined;
  markAt: number;
  /** Where the last sound entry ends. */
  end: number;
  /** How many entries were read. */
  entries: number;
  /** Stretches of bytes in which no entry could be read, though entries were acknowledged there or stand behind. */
  gaps: { from: number; to: number }[];
  /** Whole entries that this version does not know. */
  unknown: number;
  /** Bytes behind the last acknowledged entry: half of one that nobody was told is kept. */
  torn: number;
}

export interface ReadingOptions {
  /** Whether the journal with this header is the one that is meant; told before its first entry. */
  accept(header: JournalHeader): boolean;
  apply(entry: JournalEntry): void;
  onProgress: OnProgress;
}

/** Reads a journal and gives every sound entry to `apply`, also those behind a damaged stretch. */
export function readJournal(files: FileFunctions, path: string, options: ReadingOptions): JournalReading {
  const file = files.openSync(path, 'r');
  try {
    return new JournalReader(new FrameReader(files, file), options).read();
  } finally {
    files.closeSync(file);
  }
}

class JournalReader {
  readonly #reader: FrameReader;
  readonly #options: ReadingOptions;
  readonly #found: JournalReading = {
    ...{ header: undefined, version: undefined, misplaced: undefined, mark: undefined },
    ...{ markAt: 0, end: 0, entries: 0, gaps: [], unknown: 0, torn: 0 },
  };

  constructor(reader: FrameReader, options: ReadingOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  read(): JournalReading {
    const found = this.#found;
    const head = readHeader(this.#reader);
    if (head.is === 'damaged') this.#withoutHeader();
    else if (head.is !== 'header') found.version = head;
    else if (head.header.file !== 'journal' || !this.#options.accept(head.header)) found.misplaced = head.header;
    else {
      found.header = head.header;
      this.#from(head.end);
    }
    return found;
  }

  /** Where the header is damaged the mark tells where the entries begin. */
  #withoutHeader(): void {
    const mark = this.#reader.find(0);
    if (mark?.kind === 'M') this.#from(mark.start);
  }

  #from(markAt: number): void {
    const found = this.#found;
    found.markAt = markAt;
    const mark = this.#reader.at(markAt);
    if (mark?.kind === 'M') found.mark = readMark(mark.payload);
    this.#entries(markAt + MARK_BYTES);
  }

  #entries(start: number): void {
    const found = this.#found;
    found.end = start;
    const tell = inSteps(this.#options.onProgress);
    for (let at = start; at < this.#reader.size; ) {
      const end = this.#entry(at);
      if (end === undefined) {
        // Nothing was acknowledged there or behind.
        if (found.mark !== undefined && at >= found.mark.bytes) break;
        const next = this.#entryBehind(at + 1);
        if (next === undefined) break;
        found.gaps.push({ from: at, to: next });
        at = next;
        continue;
      }
      at = end;
      found.end = end;
      tell(at, this.#reader.size);
    }
    this.#ends(found.end);
  }

  #ends(at: number): void {
    const { mark, gaps } = this.#found;
    const { size } = this.#reader;
    if (at > size || at < (mark?.bytes ?? size))
      gaps.push({ from: Math.min(at, size), to: Math.max(size, mark?.bytes ?? at) });
    else this.#found.torn = size - at;
  }

  /** Reads the entry that starts there; returns where it ends, or undefined when it is not whole. */
  #entry(start: number): number | undefined {
    const first = this.#reader.at(start);
    if (first?.kind !== 'O' && first?.kind !== 'F') return undefined;
    const end = first.kind === 'O' ? first.end : this.#lastOf(first);
    if (end === undefined) return undefined;
    let entry: JournalEntry;
    try {
      const only = [first.payload];
      const source = first.kind === 'O' ? () => only.pop() : this.#chunks(start, end);
      entry = new ValueReader(source).read() as JournalEntry;
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      this.#found.unknown++;
      return end;
    }
    if (isKnown(entry)) {
      this.#found.entries++;
      this.#options.apply(entry);
    } else this.#found.unknown++;
    return end;
  }

  /** An entry of many frames counts when each of them is sound. */
  #lastOf(first: Frame): number | undefined {
    for (let at = first.end; ; ) {
      const frame = this.#reader.at(at);
      if (frame?.kind === 'L') return frame.end;
      if (frame?.kind !== 'B') return undefined;
      at = frame.end;
    }
  }

  #chunks(start: number, end: number): () => Buffer | undefined {
    let at = start;
    return () => {
      if (at >= end) return undefined;
      const frame = this.#reader.at(at)!;
      at = frame.end;
      return frame.payload;
    };
  }

  #entryBehind(from: number): number | undefined {
    for (let frame = this.#reader.find(from); frame !== undefined; frame = this.#reader.find(frame.end)) {
      if (frame.kind === 'O' || frame.kind === 'F') return frame.start;
    }
    return undefined;
  }
}

const KINDS: ReadonlySet<unknown> = new Set([
  'call',
  'clock',
  'faults',
  'settings',
  'time',
  'state',
] satisfies JournalEntry['kind'][]);

const isKnown = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && KINDS.has((entry as { kind?: unknown }).kind);
