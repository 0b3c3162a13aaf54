import type { ClockState } from '../core/clock.ts';
import type { Engine } from '../core/engine.ts';
import { type Loss, type LossCause, lostCalls } from './data-loss.ts';
import type { DirectoryFiles } from './directory-files.ts';
import type { FileHeader, JournalEnd, JournalHeader } from './file-header.ts';
import type { FileFunctions } from './files.ts';
import type { JournalEntry } from './journal-file.ts';
import { type JournalReading, readJournal } from './journal-reading.ts';
import type { OnProgress } from './progress.ts';
import { readSnapshotFile } from './snapshot-file.ts';

/** What a data directory held, after it has been read into an engine. */
export interface Recovery {
  /** The generation of the snapshot that was read; undefined when none could be. */
  base: number | undefined;
  snapshotSize: number;
  /** Bytes of the journals since. */
  journalBytes: number;
  /** The journal to go on with. */
  last: { generation: number; path: string; reading: JournalReading } | undefined;
  lineage: string;
  at: number;
  clock: ClockState;
  losses: Loss[];
  notices: string[];
  /** Something is damaged though nothing is lost by that. */
  mended: boolean;
  /** Repeating a journal led to another state than the one that it was written beside. */
  differs: boolean;
}

export interface RecoveryOptions {
  files: FileFunctions;
  names: DirectoryFiles;
  /** The last journal to read; all of them unless told. */
  upTo?: number;
  onProgress?: OnProgress;
}

/** Reads a data directory into an engine, and changes nothing in it. */
export function recover(engine: Engine, options: RecoveryOptions): Recovery {
  return new Recoverer(engine, options).run();
}

class Recoverer {
  readonly #engine: Engine;
  readonly #files: FileFunctions;
  readonly #names: DirectoryFiles;
  readonly #upTo: number;
  readonly #onProgress: OnProgress;
  readonly #found: Recovery;
  #expected: number | undefined;

  constructor(engine: Engine, { files, names, upTo = Number.POSITIVE_INFINITY, onProgress }: RecoveryOptions) {
    this.#engine = engine;
    this.#files = files;
    this.#names = names;
    this.#upTo = upTo;
    this.#onProgress = onProgress ?? (() => {});
    this.#found = {
      ...{ base: undefined, snapshotSize: 0, journalBytes: 0, last: undefined, lineage: '' },
      ...{ at: engine.clock.now(), clock: { ...engine.clock.state } },
      ...{ losses: [], notices: [], mended: false, differs: false },
    };
  }

  run(): Recovery {
    const found = this.#found;
    this.#snapshot();
    const journals = this.#names
      .generations('journal')
      .filter((each) => each >= (found.base ?? 0) && each <= this.#upTo);
    this.#expected = found.base;
    for (const generation of journals) this.#journal(generation);
    const missing = this.#expected;
    if (missing !== undefined && missing <= this.#upTo && found.last?.generation !== missing) {
      this.#journalMissing(missing);
    }
    return found;
  }

  #lose(cause: LossCause, file: string, what: string): void {
    this.#found.losses.push({ cause, file, what });
  }

  /** The latest snapshot that can be read counts; journals say what came since. */
  #snapshot(): void {
    const found = this.#found;
    const generations = this.#names.generations('snapshot').reverse();
    const broken: Loss[] = [];
    for (const generation of generations) {
      if (generation > this.#upTo) continue;
      const path = this.#names.path('snapshot', generation);
      const read = readSnapshotFile(this.#files, path, this.#onProgress);
      if (read.is === 'sound' && read.header.generation === generation) {
        const { header, state, size } = read;
        this.#engine.state = state;
        Object.assign(found, { base: generation, snapshotSize: size, lineage: header.lineage });
        Object.assign(found, { at: header.at, clock: header.clock });
        this.#engine.clock.freeze(header.at);
        break;
      }
      if (read.is === 'newer' || read.is === 'older') this.#lose(`format_${read.is}`, path, formatText(read));
      else if (read.is === 'sound') this.#misplaced(path, read.header);
      else if (read.is === 'journal')
        this.#lose('file_misplaced', path, 'holds a journal: it was renamed or copied there');
      else broken.push({ cause: 'snapshot_damaged', file: path, what: 'is damaged, and what only it held is lost' });
    }
    if (found.base === undefined) {
      found.losses.push(...broken);
      this.#engine.clock.freeze(found.at);
      return;
    }
    for (const { file } of broken) {
      this.#mended(
        `${file} is damaged; nothing is lost: the snapshot before it and the journals since were read instead`,
      );
    }
  }

  #journal(generation: number): void {
    const found = this.#found;
    const path = this.#names.path('journal', generation);
    const reading = readJournal(this.#files, path, {
      accept: (header) => this.#accepts(generation, header),
      apply: (entry) => this.#repeat(entry),
      onProgress: this.#onProgress,
    });
    const { header, mark, version, misplaced } = reading;
    const isExpected = this.#expected === generation;
    if (version !== undefined) this.#lose(`format_${version.is}`, path, formatText(version));
    else if (misplaced !== undefined) this.#misplaced(path, misplaced);
    else if (header === undefined && mark === undefined) {
      // What has our name alone counts only where one of ours has to be.
      if (isExpected)
        this.#lose('journal_damaged', path, 'is damaged at its start, and the calls that it held are lost');
      else found.notices.push(`${path} is no journal of an engine, and was left alone`);
    } else {
      if (header === undefined) this.#mended(`the start of ${path} is damaged; nothing is lost by that`);
      if (header?.previous === undefined && header !== undefined && generation !== found.base) {
        // A start that was interrupted before its snapshot was there.
        if (mark?.entries === 0 && reading.gaps.length === 0) return;
        this.#snapshotMissing(generation);
      } else if (found.base === undefined && found.last === undefined) this.#snapshotMissing(generation);
      this.#check(path, reading);
      found.journalBytes += reading.end;
      found.last = { generation, path, reading };
      this.#expected = mark === undefined || mark.next === 0 ? undefined : mark.next;
      return;
    }
    if (isExpected) this.#expected = undefined;
  }

  /** Whether a journal belongs here; what is missing before it is said. */
  #accepts(generation: number, header: JournalHeader): boolean {
    const found = this.#found;
    if (found.lineage === '') found.lineage = header.lineage;
    if (header.generation !== generation || header.lineage !== found.lineage) return false;
    const { last } = found;
    const { previous } = header;
    if (this.#expected !== undefined && this.#expected !== generation) this.#journalMissing(this.#expected);
    else if (last !== undefined && previous !== undefined && previous.generation !== last.generation) {
      this.#journalMissing(previous.generation);
    } else if (last !== undefined && previous !== undefined) this.#checkEnd(last, previous);
    return true;
  }

  /** Whether the journal before ended as its successor remembers it. */
  #checkEnd({ path, reading }: NonNullable<Recovery['last']>, previous: JournalEnd): void {
    const found = this.#found;
    const { sequence, timers } = this.#engine.state;
    if (found.losses.length > 0) return;
    const missing = previous.entries - reading.entries - reading.unknown;
    if (missing > 0) this.#lose('journal_truncated', path, `has lost its end: ${lostCalls(missing)}`);
    else if (previous.sequence !== sequence || previous.timers !== timers.length) {
      found.notices.push(`repeating ${path} did not lead to the state that the engine had then: a fault of cliffracer`);
      found.differs = true;
    }
  }

  #check(path: string, { header, mark, entries, gaps, unknown, end }: JournalReading): void {
    const lost = lostCalls(Math.max(1, (mark?.entries ?? 0) - entries - unknown));
    const [first] = gaps;
    if (unknown > 0) this.#lose('entry_unknown', path, `holds ${unknown} whole entries that this version cannot read`);
    if (first !== undefined && first.to <= end) {
      const where = gaps.map(({ from, to }) => `${from} to ${to}`).join(', ');
      this.#lose('journal_damaged', path, `is damaged at bytes ${where}: ${lost}; what stands behind is sound`);
    } else if (first !== undefined) {
      this.#lose('journal_truncated', path, `ends early or is damaged from byte ${first.from} on: ${lost}`);
    } else if (mark === undefined && header !== undefined) {
      this.#mended(`the mark of ${path} is damaged; every entry was read, and nothing is known to be lost`);
    }
  }

  #snapshotMissing(generation: number): void {
    const { losses } = this.#found;
    // Whichever file should have been it has been named.
    if (losses.some(({ file }) => file.endsWith('.snapshot'))) return;
    this.#lose('snapshot_missing', this.#names.path('snapshot', generation), 'is missing, and what it held is lost');
  }

  #journalMissing(generation: number): void {
    this.#lose(
      'journal_missing',
      this.#names.path('journal', generation),
      'is missing: every call that it held is lost',
    );
  }

  #misplaced(path: string, header: FileHeader): void {
    const whose = header.lineage === this.#found.lineage || this.#found.lineage === '' ? 'this' : 'another';
    const what = `${header.file} ${header.generation} of ${whose} directory`;
    this.#lose('file_misplaced', path, `holds the ${what}: it was renamed or copied there`);
  }

  /** Damage that costs nothing: it is said, and its files are set aside. */
  #mended(notice: string): void {
    this.#found.notices.push(notice);
    this.#found.mended = true;
  }

  #repeat(entry: JournalEntry): void {
    const engine = this.#engine;
    const found = this.#found;
    const at = entry.kind === 'call' ? entry.call.at : entry.at;
    if (entry.kind === 'state') {
      // A loaded snapshot may lie in the past.
      Object.assign(found, { at, clock: entry.clock });
      engine.state = entry.state;
      engine.clock.freeze(at);
      return;
    }
    found.at = Math.max(found.at, at);
    if (entry.kind === 'call') {
      engine.replay(entry.call);
      return;
    }
    engine.clock.freeze(at);
    engine.settle(at);
    if (entry.kind === 'clock') found.clock = entry.clock;
    else if (entry.kind === 'faults') engine.state.faults = entry.faults;
    else if (entry.kind === 'settings') engine.state.settings = entry.settings;
  }
}

const formatText = ({ is, version }: { is: 'newer' | 'older'; version: string }): string =>
  is === 'newer'
    ? `was written by a newer version of cliffracer (${version}), which this one cannot read`
    : `was written by an older version of cliffracer (${version}), which this one cannot read`;
