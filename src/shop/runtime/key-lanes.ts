/**
 * Runs tasks at the same time, except those that share a key: they run in the order in which they came. A process has one
 * for all its queues; on AWS two transactions on one item would conflict, and each conflict costs a retry.
 */
export class KeyLanes {
  /** The last task of each key, as a promise that never rejects. */
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves or rejects as `task`, which starts when every earlier task with one of these keys has ended. */
  run<T>(keys: Iterable<string>, task: () => Promise<T>): Promise<T> {
    const own = new Set(keys);
    const earlier = new Set<Promise<void>>();
    for (const key of own) {
      const last = this.#last.get(key);
      if (last !== undefined) earlier.add(last);
    }
    const running = earlier.size === 0 ? task() : Promise.all(earlier).then(task);
    const ended: Promise<void> = running.then(
      () => this.#forget(own, ended),
      () => this.#forget(own, ended),
    );
    for (const key of own) this.#last.set(key, ended);
    return running;
  }

  #forget(keys: ReadonlySet<string>, ended: Promise<void>): void {
    for (const key of keys) if (this.#last.get(key) === ended) this.#last.delete(key);
  }
}
