import { diffStates } from '../emulator/control/diff.ts';
import { clearFaults, listFaults } from '../emulator/faults/source.ts';
import { Snapshots } from '../emulator/persistence/snapshots.ts';
import type { LabEngine } from './engine.ts';
import { LabError } from './error.ts';
import type { LabDifference, LabSnapshot } from './types/lab.ts';

const MOST_DIFFERENCES = 10_000;

/** The states of a lab that a test goes back to, and compares. */
export class Worlds {
  readonly #lab: LabEngine;
  readonly #snapshots: Snapshots;
  /** Fault rules that were there. */
  readonly #faults = new WeakMap<LabSnapshot, ReadonlySet<number>>();
  #taken = 0;

  constructor(lab: LabEngine) {
    this.#lab = lab;
    this.#snapshots = new Snapshots(lab.engine);
  }

  take(): LabSnapshot {
    const snapshot = { name: `lab-${++this.#taken}` };
    this.#snapshots.save(snapshot.name);
    this.#faults.set(snapshot, new Set(listFaults(this.#lab.engine).map(({ id }) => id)));
    return snapshot;
  }

  restore(snapshot: LabSnapshot): void {
    const faults = this.#faults.get(this.#known(snapshot))!;
    for (const { id } of listFaults(this.#lab.engine)) if (!faults.has(id)) clearFaults(this.#lab.engine, id);
    this.#snapshots.load(snapshot.name);
    this.#lab.since = this.#lab.log.next;
  }

  diff(from: LabSnapshot, to: LabSnapshot | undefined): LabDifference[] {
    const { engine } = this.#lab;
    engine.settle();
    const stateOf = (snapshot: LabSnapshot) => this.#snapshots.state(this.#known(snapshot).name)!;
    const { differences } = diffStates(stateOf(from), to === undefined ? engine.state : stateOf(to), MOST_DIFFERENCES);
    return differences.map(({ service, path, change, before = null, after = null }) => {
      return { service, path, change, before, after };
    });
  }

  #known(snapshot: LabSnapshot): LabSnapshot {
    if (this.#faults.has(snapshot)) return snapshot;
    throw new LabError('this is no snapshot of this lab');
  }
}
