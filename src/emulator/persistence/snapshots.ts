import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, EngineState } from '../core/engine.ts';
import { FORMAT, isOurFile, type SnapshotHeader } from './file-header.ts';
import { type FileFunctions, systemFiles } from './files.ts';
import { readSnapshotFile, readSnapshotHeader, writeSnapshotFile } from './snapshot-file.ts';
import { ValueReader } from './value-reader.ts';
import { ValueWriter } from './value-writer.ts';

export interface SnapshotInfo {
  name: string;
  /** Engine time at which it was taken. */
  at: number;
  bytes: number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const isSnapshotName = (name: string) => NAME.test(name) && !name.endsWith('.draft');

/** Named states of one engine: in memory, or as files where the engine keeps its data. */
export class Snapshots {
  readonly #engine: Engine;
  readonly #directory: string | undefined;
  readonly #files: FileFunctions;
  readonly #memory = new Map<string, { header: SnapshotHeader; chunks: readonly Buffer[] }>();

  constructor(engine: Engine, directory?: string, files: FileFunctions = systemFiles) {
    this.#engine = engine;
    this.#files = files;
    this.#directory = directory;
    if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Takes a snapshot, in place of one of the same name; undefined when a file that is no snapshot has the name. */
  save(name: string): SnapshotInfo | undefined {
    const { clock, state } = this.#engine;
    const now = clock.now();
    this.#engine.settle(now);
    const about = { version: '', lineage: '', generation: 0 };
    const header: SnapshotHeader = { file: 'snapshot', format: FORMAT, ...about, at: now, clock: { ...clock.state } };
    const kept: EngineState = { ...state, faults: undefined };
    if (this.#directory === undefined) {
      const chunks: Buffer[] = [];
      new ValueWriter(0).write(kept, (chunk) => chunks.push(Buffer.from(chunk)));
      this.#memory.set(name, { header, chunks });
    } else {
      const taken = [this.#path(name), `${this.#path(name)}.draft`].some((path) => this.#isForeign(path));
      if (taken) return undefined;
      writeSnapshotFile(this.#files, this.#path(name), header, kept);
    }
    this.#engine.calls?.saved(name);
    return this.#info(name);
  }

  list(): SnapshotInfo[] {
    const names = this.#directory === undefined ? [...this.#memory.keys()] : this.#files.readdirSync(this.#directory);
    return names
      .filter(isSnapshotName)
      .flatMap((name) => this.#info(name) ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.#info(name) !== undefined;
  }

  /** The state as it was saved, in a copy of its own; undefined when there is no such snapshot, or it is damaged. */
  state(name: string): EngineState | undefined {
    return this.#read(name)?.state;
  }

  /**
   * Goes back to a snapshot. The rules of fault injection stay as they are. A frozen clock goes back with the state; one
   * that runs does not, so what has become due since happens at once. With a seed, ids and what else is random from here on
   * are others than those that followed the snapshot.
   */
  load(name: string, seed?: number): boolean {
    const found = this.#read(name);
    if (found === undefined) return false;
    const engine = this.#engine;
    if (engine.clock.frozen) engine.clock.freeze(found.header.at);
    const random = seed ?? found.state.random;
    engine.restore({ ...found.state, random, faults: engine.state.faults });
    engine.calls?.replaced(engine.clock.now(), 'snapshot_loaded', name);
    engine.settle();
    return true;
  }

  delete(name: string): boolean {
    if (!this.has(name)) return false;
    this.#engine.calls?.undone.deleted(name);
    if (this.#directory !== undefined) this.#files.rmSync(this.#path(name), { force: true });
    return this.#memory.delete(name) || this.#directory !== undefined;
  }

  /** Empties the world: no resources, no timers, ids from the seed again. Clock and fault rules stay. */
  reset(): void {
    const { faults } = this.#engine.state;
    this.#engine.restore({ random: this.#engine.seed, sequence: 0, timers: [], services: new Map(), faults });
    this.#engine.calls?.replaced(this.#engine.clock.now(), 'reset', 'everything');
  }

  #path(name: string): string {
    return join(this.#directory!, name);
  }

  #isForeign(path: string): boolean {
    return this.#files.existsSync(path) && !isOurFile(this.#files, path);
  }

  #read(name: string): { header: SnapshotHeader; state: EngineState } | undefined {
    if (!isSnapshotName(name)) return undefined;
    if (this.#directory !== undefined) {
      const read = readSnapshotFile(this.#files, this.#path(name));
      return read.is === 'sound' ? read : undefined;
    }
    const kept = this.#memory.get(name);
    if (kept === undefined) return undefined;
    const chunks = kept.chunks.values();
    const state = new ValueReader(() => chunks.next().value).read() as EngineState;
    return { header: kept.header, state };
  }

  #info(name: string): SnapshotInfo | undefined {
    if (!isSnapshotName(name)) return undefined;
    if (this.#directory === undefined) {
      const kept = this.#memory.get(name);
      const bytes = kept?.chunks.reduce((total, { length }) => total + length, 0);
      return kept && { name, at: kept.header.at, bytes: bytes! };
    }
    const header = readSnapshotHeader(this.#files, this.#path(name));
    return header && { name, at: header.at, bytes: statSync(this.#path(name)).size };
  }
}
