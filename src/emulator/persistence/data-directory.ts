import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import type { ClockState } from '../core/clock.ts';
import type { Engine } from '../core/engine.ts';
import type { FaultState } from '../core/faults.ts';
import { type HostProcesses, systemProcesses } from '../core/host.ts';
import type { CallRecord, Journal } from '../core/journal.ts';
import { type JournalEntry, JournalFile, readJournal } from './journal-file.ts';
import { lockDirectory } from './lock.ts';
import { readSnapshotFile, writeSnapshotFile } from './snapshot-file.ts';

export interface DataDirectoryOptions {
  processes?: HostProcesses;
  /** A journal longer than this many bytes, and than the last snapshot, is replaced by a new snapshot. */
  compactAt?: number;
  /** Told of everything that was not as it should be, in a sentence. */
  onNotice?: (notice: string) => void;
}

// Repeating this much takes a second or two.
const COMPACT_AT = 16 * 1024 * 1024;
const NAME = /^state-(\d{8})\.(snapshot|journal)$/;
const generationName = (generation: number) => `state-${String(generation).padStart(8, '0')}`;

/**
 * Keeps an engine's state in a directory: a snapshot, and a journal of what happened since. A generation is a pair of
 * them; a new one counts from the moment at which its snapshot gets its name, and only then does the old one go.
 */
export class DataDirectory implements Journal {
  readonly directory: string;
  readonly #engine: Engine;
  #compactAt: number;
  readonly #notice: (notice: string) => void;
  readonly #unlock: () => void;
  #generation = 0;
  #snapshotSize = 0;
  #journal: JournalFile | undefined;

  /** Loads what the directory holds into the engine, and keeps from then on what happens to it. */
  constructor(engine: Engine, directory: string, options: DataDirectoryOptions = {}) {
    this.directory = directory;
    this.#engine = engine;
    this.#compactAt = options.compactAt ?? COMPACT_AT;
    this.#notice = options.onNotice ?? (() => {});
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#unlock = lockDirectory(directory, options.processes ?? systemProcesses);
    try {
      if (!this.#load()) this.compact();
      this.#removeOthers();
    } catch (error) {
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

  replaced(): void {
    this.compact();
  }

  /** Starts a new generation from the engine's state as it is. */
  compact(): void {
    const next = this.#generation + 1;
    const name = join(this.directory, generationName(next));
    const { clock, state } = this.#engine;
    const header = { format: 1, at: clock.now(), clock: clock.state } as const;
    const journal = new JournalFile(`${name}.journal`, 0);
    try {
      this.#snapshotSize = writeSnapshotFile(`${name}.snapshot`, header, serialize(state));
    } catch (error) {
      journal.close();
      rmSync(`${name}.journal`, { force: true });
      throw error;
    }
    this.#journal?.close();
    this.#journal = journal;
    this.#generation = next;
    this.#removeOthers();
  }

  /** Leaves a snapshot and an empty journal behind, and the directory to others. */
  close(): void {
    if (this.#engine.journal === this) this.#engine.journal = undefined;
    try {
      if (this.#journal !== undefined && this.#journal.size > 0) this.compact();
    } finally {
      this.#journal?.close();
      this.#journal = undefined;
      this.#unlock();
    }
  }

  #append(entry: JournalEntry): void {
    const journal = this.#journal;
    if (journal === undefined) return;
    // Before the entry and not after: what it stands for has not happened yet.
    if (journal.size > Math.max(this.#compactAt, this.#snapshotSize)) this.#tryToCompact(journal.size);
    this.#journal!.append(entry);
  }

  /** The journal goes on where there is no room for a snapshot. */
  #tryToCompact(size: number): void {
    try {
      this.compact();
    } catch (error) {
      this.#compactAt = 2 * size;
      this.#notice(`no new snapshot could be written to ${this.directory}: ${(error as Error).message}`);
    }
  }

  #load(): boolean {
    const generations = this.#generations('snapshot').sort((a, b) => b - a);
    this.#generation = Math.max(0, ...generations, ...this.#generations('journal'));
    for (const generation of generations) {
      const name = join(this.directory, generationName(generation));
      const snapshot = readSnapshotFile(`${name}.snapshot`);
      if (snapshot !== undefined) {
        const { header, state, size } = snapshot;
        this.#engine.state = state;
        this.#snapshotSize = size;
        const last = this.#repeat(`${name}.journal`, header);
        this.#engine.setClock(last.clock, last.at);
        // An older generation than the last that was begun: what comes next must not take that one's place.
        if (generation === this.#generation) return true;
        this.compact();
        return true;
      }
      this.#notice(`${name}.snapshot is damaged and was set aside as ${setAside(`${name}.snapshot`)}`);
      setAside(`${name}.journal`);
    }
    return false;
  }

  #repeat(path: string, from: { at: number; clock: ClockState }): { at: number; clock: ClockState } {
    const engine = this.#engine;
    const last = { at: from.at, clock: from.clock };
    engine.clock.freeze(from.at);
    const repeat = (entry: JournalEntry) => {
      const at = entry.kind === 'call' ? entry.call.at : entry.at;
      last.at = Math.max(last.at, at);
      if (entry.kind === 'call') engine.replay(entry.call);
      else {
        engine.clock.freeze(at);
        engine.settle(at);
        if (entry.kind === 'clock') last.clock = entry.clock;
        else engine.state.faults = entry.faults;
      }
    };
    const { size, cut, keptAs } = existsSync(path) ? readJournal(path, repeat) : { size: 0, cut: 0, keptAs: '' };
    if (cut > 0) {
      this.#notice(`the last ${cut} bytes of ${path} were not whole and are cut off (kept as ${keptAs})`);
    }
    this.#journal = new JournalFile(path, size);
    return last;
  }

  #generations(kind: 'snapshot' | 'journal'): number[] {
    return readdirSync(this.directory).flatMap((name) => {
      const match = NAME.exec(name);
      return match?.[2] === kind ? [Number(match[1])] : [];
    });
  }

  #removeOthers(): void {
    for (const kind of ['snapshot', 'journal'] as const) {
      for (const generation of this.#generations(kind)) {
        if (generation === this.#generation) continue;
        rmSync(join(this.directory, `${generationName(generation)}.${kind}`), { force: true });
      }
    }
    for (const name of readdirSync(this.directory)) {
      if (name.endsWith('.draft')) rmSync(join(this.directory, name), { force: true });
    }
  }
}

function setAside(path: string): string {
  const aside = `${path}.damaged`;
  if (existsSync(path)) renameSync(path, aside);
  return aside;
}
