/** An entry of the log that put another state in the place of the whole one. */
export interface Replacement {
  seq: number;
  /** Engine time, milliseconds since the epoch. */
  at: number;
  change: 'snapshot_loaded' | 'reset';
  /** Of the snapshot. */
  name: string;
}

/** Calls that were undone, both ends included. */
interface Stretch {
  from: number;
  to: number;
  by: Replacement;
}

/** The past of a state: its last call, and what had been undone before. */
interface Past {
  seq: number;
  undone: readonly Stretch[];
}

/**
 * Which calls of a log the present state has no trace of, as a snapshot was loaded, or everything reset, after them. A load
 * brings back the past that the snapshot had when it was saved, so what was undone before may count again.
 */
export class UndoneCalls {
  /** Ascending, and without overlaps. */
  #undone: readonly Stretch[] = [];
  readonly #saved = new Map<string, Past>();

  /** A snapshot was saved behind the call `seq`. */
  saved(name: string, seq: number): void {
    this.#saved.set(name, { seq, undone: this.#undone });
  }

  deleted(name: string): void {
    this.#saved.delete(name);
  }

  /** The state was replaced; `first` is the oldest call that is kept. What an engine before saved knows no call of this log. */
  replaced(by: Replacement, first: number): void {
    const past = by.change === 'reset' ? undefined : this.#saved.get(by.name);
    const { seq, undone } = past ?? { seq: 0, undone: [] };
    const kept = undone.filter(({ to }) => to >= first);
    this.#undone = seq + 1 < by.seq ? [...kept, { from: seq + 1, to: by.seq - 1, by }] : kept;
  }

  /** What undid a call; undefined for one that counts. */
  by(seq: number): Replacement | undefined {
    let [low, high] = [0, this.#undone.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#undone[middle]!.to < seq) low = middle + 1;
      else high = middle;
    }
    const found = this.#undone[low];
    return found !== undefined && found.from <= seq ? found.by : undefined;
  }
}
