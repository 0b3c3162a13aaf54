import { mkdirSync } from 'node:fs';
import type { ClockState } from '../core/clock.ts';
import type { Engine, EngineState } from '../core/engine.ts';
import type { AwsError } from '../core/errors.ts';
import type { FaultState } from '../core/faults.ts';
import { type HostProcesses, systemProcesses } from '../core/host.ts';
import type { CallRecord, Journal } from '../core/journal.ts';
import type { EngineSettings } from '../core/settings.ts';
import { CompactionDiffers, type Compactor, inThisThread } from './compaction.ts';
import { DataLoss } from './data-loss.ts';
import { DirectoryFiles } from './directory-files.ts';
import { FORMAT, type JournalEnd } from './file-header.ts';
import { type FileFunctions, systemFiles } from './files.ts';
import { type JournalEntry, JournalFile } from './journal-file.ts';
import { lockDirectory } from './lock.ts';
import { openDirectory } from './opening.ts';
import type { OnProgress } from './progress.ts';
import { writeSnapshotFile } from './snapshot-file.ts';
import { faultNotice, refusalOf, type WriteFault, writeFaultOf } from './write-fault.ts';

export interface DataDirectoryOptions {
  processes?: HostProcesses;
  files?: FileFunctions;
  /** Who writes the next snapshot while the engine goes on; this thread unless told. */
  compactor?: Compactor;
  /** Journals longer than this many bytes, and than the last snapshot, are replaced by a new snapshot. */
  compactAt?: number;
  /** Goes on without what is lost, instead of throwing DataLoss. */
  acceptLoss?: boolean;
  /** Of the program, for the headers of files. */
  version?: string | undefined;
  /** Told of everything that was not as it should be, in a sentence. */
  onNotice?: (notice: string) => void;
  /** Told how much of a large state has been read. */
  onProgress?: OnProgress;
}

// Repeating this much takes a second or two.
const COMPACT_AT = 16 * 1024 * 1024;

/** Keeps an engine's state in a directory: snapshots, and journals of what happened since (docs/decisions/0002). */
export class DataDirectory implements Journal {
  readonly directory: string;
  readonly lineage: string;
  readonly #engine: Engine;
  readonly #files: FileFunctions;
  readonly #names: DirectoryFiles;
  readonly #compactor: Compactor;
  readonly #version: string;
  readonly #notice: (notice: string) => void;
  readonly #unlock: () => void;
  #compactAt: number;
  #base: number;
  #snapshotSize: number;
  /** Bytes of the ended journals since the snapshot. */
  #endedBytes: number;
  #journal: JournalFile | undefined;
  #compaction: { cancel(): void; done: Promise<void> } | undefined;
  #fault: WriteFault | undefined;

  /**
   * Loads what the directory holds into the engine, and keeps from then on what happens to it. Throws DirectoryInUse, or
   * DataLoss when something acknowledged cannot be had, having changed nothing.
   */
  constructor(engine: Engine, directory: string, options: DataDirectoryOptions = {}) {
    const { processes = systemProcesses, files = systemFiles, onNotice = () => {} } = options;
    this.directory = directory;
    this.#engine = engine;
    this.#files = files;
    this.#names = new DirectoryFiles(files, directory);
    this.#compactor = options.compactor ?? inThisThread(files);
    this.#compactAt = options.compactAt ?? COMPACT_AT;
    this.#version = options.version ?? '0.0.0';
    this.#notice = onNotice;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#unlock = lockDirectory(directory, processes);
    try {
      const context = { engine, files, names: this.#names, onNotice, ...options };
      const { recovery, journal, setAside } = openDirectory(context);
      if (recovery.losses.length > 0 && !options.acceptLoss) throw new DataLoss(directory, recovery.losses);
      this.lineage = recovery.lineage || `${engine.clock.host.now()}-${processes.own}`;
      this.#base = journal === undefined ? 0 : recovery.base!;
      this.#snapshotSize = recovery.snapshotSize;
      this.#endedBytes = recovery.journalBytes - (journal?.size ?? 0);
      this.#journal = journal;
      if (journal === undefined) this.#startGeneration();
      setAside();
      this.#names.removeDrafts();
    } catch (error) {
      this.#journal?.close();
      this.#unlock();
      throw error;
    }
    engine.journal = this;
  }

  record(call: CallRecord): void {
    this.#append({ kind: 'call', call });
  }

  clockSet(at: number, clock: ClockState): void {
    this.#append({ kind: 'clock', at, clock });
  }

  faultsSet(at: number, faults: FaultState | undefined): void {
    this.#append({ kind: 'faults', at, faults });
  }

  settingsSet(at: number, settings: EngineSettings): void {
    this.#append({ kind: 'settings', at, settings });
  }

  replaced(at: number, clock: ClockState, state: EngineState): void {
    this.#append({ kind: 'state', at, clock, state });
  }

  /** Timers act whether or not that can be kept: after a restart they act again. */
  passed(at: number): void {
    try {
      this.#append({ kind: 'time', at });
    } catch {
      // The fault is remembered, and refuses the next call that changes something.
    }
  }

  /** Why the directory cannot be written; tries again whether it still cannot. */
  get fault(): WriteFault | undefined {
    if (this.#fault !== undefined) this.passed(this.#engine.clock.now());
    return this.#fault;
  }

  /** Resolves when no compaction runs. */
  async compacted(): Promise<void> {
    while (this.#compaction !== undefined) await this.#compaction.done;
  }

  /** Leaves a snapshot and an empty journal behind, and the directory to others. */
  close(onProgress?: OnProgress): void {
    if (this.#engine.journal === this) this.#engine.journal = undefined;
    this.#compaction?.cancel();
    this.#compaction = undefined;
    try {
      if (this.#journal !== undefined && this.#endedBytes + this.#journal.entries > 0)
        this.#startGeneration(onProgress);
    } catch (error) {
      this.#notice(
        `no snapshot could be written to ${this.directory} (${(error as Error).message}); its journals hold everything`,
      );
    } finally {
      this.#journal?.close();
      this.#journal = undefined;
      this.#unlock();
    }
  }

  #append(entry: JournalEntry): void {
    const journal = this.#journal;
    if (journal === undefined) return;
    try {
      // Before the entry and not after: what it stands for has not happened yet.
      const bytes = this.#endedBytes + journal.size;
      if (this.#compaction === undefined && bytes > Math.max(this.#compactAt, this.#snapshotSize)) this.#compact(bytes);
      this.#journal!.append(entry);
    } catch (error) {
      throw this.#refusal(error);
    }
    if (this.#fault === undefined) return;
    this.#fault = undefined;
    this.#notice(`${this.directory} can be written again`);
  }

  /** What could not be kept does not happen. */
  #refusal(error: unknown): AwsError {
    const fault = writeFaultOf(error);
    if (this.#fault === undefined) this.#notice(faultNotice(this.directory, fault));
    this.#fault = fault;
    return refusalOf(this.directory, fault);
  }

  /** Goes on in a new journal, and has the files before it turned into a snapshot elsewhere. */
  #compact(bytes: number): void {
    const old = this.#journal!;
    const { end, next } = this.#nextJournal();
    this.#endedBytes += old.size;
    const header = { ...this.#header(next), file: 'snapshot' } as const;
    const running = this.#compactor({ directory: this.directory, end, header, removeBelow: this.#base });
    const compaction = { cancel: running.cancel, done: Promise.resolve() };
    compaction.done = running.done.then(
      (size) => this.#compaction === compaction && this.#compactionEnded(next, size),
      (error: Error) => this.#compaction === compaction && this.#compactionFailed(error, bytes),
    ) as Promise<void>;
    this.#compaction = compaction;
  }

  #compactionEnded(generation: number, size: number): void {
    this.#compaction = undefined;
    this.#counts(generation, size);
  }

  #compactionFailed(error: Error, bytes: number): void {
    this.#compaction = undefined;
    this.#names.removeDrafts();
    // The journals go on where there is no room for a snapshot.
    this.#compactAt = 2 * bytes;
    this.#notice(`no new snapshot could be written to ${this.directory}: ${error.message}`);
    if (!(error instanceof CompactionDiffers)) return;
    // The files are not what they were, but the engine still has the state.
    try {
      this.#startGeneration();
    } catch (failure) {
      this.#notice(`nor from memory: ${(failure as Error).message}`);
    }
  }

  /** A snapshot counts now. The one before it stays, with the journals between them; all older ones have gone. */
  #counts(generation: number, size: number): void {
    this.#base = generation;
    this.#snapshotSize = size;
    this.#endedBytes = 0;
  }

  /** Starts a new generation from the engine's state as it is, in this thread. */
  #startGeneration(onProgress?: OnProgress): void {
    const { next } = this.#nextJournal();
    const { clock, state } = this.#engine;
    const header = { ...this.#header(next), file: 'snapshot', at: clock.now(), clock: { ...clock.state } } as const;
    const size = writeSnapshotFile(this.#files, this.#names.path('snapshot', next), header, state, onProgress);
    this.#names.removeBelow(this.#base);
    this.#counts(next, size);
  }

  /** Ends the journal, if there is one, and opens the next. */
  #nextJournal(): { end: JournalEnd; next: number } {
    const old = this.#journal;
    const next = this.#names.nextGeneration();
    const { clock, state } = this.#engine;
    const { sequence, timers } = state;
    const end = { generation: old?.generation ?? 0, entries: old?.entries ?? 0, sequence, timers: timers.length };
    const header = { ...this.#header(next), file: 'journal', at: clock.now(), clock: { ...clock.state } } as const;
    const previous = old === undefined ? undefined : end;
    this.#journal = JournalFile.create(this.#files, this.#names.path('journal', next), { ...header, previous });
    old?.end(next);
    return { end, next };
  }

  #header(generation: number) {
    return { format: FORMAT, version: this.#version, lineage: this.lineage, generation };
  }
}
