import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Engine, EngineState } from '../core/engine.ts';
import { readSnapshotFile, readSnapshotHeader, type SnapshotHeader, writeSnapshotFile } from './snapshot-file.ts';

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
  readonly #memory = new Map<string, { header: SnapshotHeader; bytes: Buffer }>();

  constructor(engine: Engine, directory?: string) {
    this.#engine = engine;
    this.#directory = directory;
    if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Takes a snapshot, in place of one of the same name. */
  save(name: string): SnapshotInfo {
    const { clock, state } = this.#engine;
    const now = clock.now();
    this.#engine.settle(now);
    const header: SnapshotHeader = { format: 1, at: now, clock: { ...clock.state } };
    const bytes = serialize({ ...state, faults: undefined });
    if (this.#directory === undefined) this.#memory.set(name, { header, bytes });
    else writeSnapshotFile(this.#path(name), header, bytes);
    return this.#info(name)!;
  }

  list(): SnapshotInfo[] {
    const names = this.#directory === undefined ? [...this.#memory.keys()] : readdirSync(this.#directory);
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
   * that runs does not, so what has become due since happens at once.
   */
  load(name: string): boolean {
    const found = this.#read(name);
    if (found === undefined) return false;
    const engine = this.#engine;
    if (engine.clock.frozen) engine.clock.freeze(found.header.at);
    engine.restore({ ...found.state, faults: engine.state.faults });
    engine.settle();
    return true;
  }

  delete(name: string): boolean {
    if (!this.has(name)) return false;
    if (this.#directory !== undefined) rmSync(this.#path(name), { force: true });
    return this.#memory.delete(name) || this.#directory !== undefined;
  }

  /** Empties the world: no resources, no timers, ids from the seed again. Clock and fault rules stay. */
  reset(): void {
    const { faults } = this.#engine.state;
    this.#engine.restore({ random: this.#engine.seed, sequence: 0, timers: [], services: new Map(), faults });
  }

  #path(name: string): string {
    return join(this.#directory!, name);
  }

  #read(name: string): { header: SnapshotHeader; state: EngineState } | undefined {
    if (!isSnapshotName(name)) return undefined;
    if (this.#directory !== undefined) return readSnapshotFile(this.#path(name));
    const kept = this.#memory.get(name);
    // A copy: binary values of the state point into what they were read from.
    return kept && { header: kept.header, state: deserialize(Buffer.from(kept.bytes)) as EngineState };
  }

  #info(name: string): SnapshotInfo | undefined {
    if (!isSnapshotName(name)) return undefined;
    if (this.#directory === undefined) {
      const kept = this.#memory.get(name);
      return kept && { name, at: kept.header.at, bytes: kept.bytes.length };
    }
    const header = readSnapshotHeader(this.#path(name));
    return header && { name, at: header.at, bytes: statSync(this.#path(name)).size };
  }
}
