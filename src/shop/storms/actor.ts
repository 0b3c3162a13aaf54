/** A process in the storm: it may be killed, put to sleep, and told to stop. */
export class Actor {
  readonly name: string;
  readonly stop = new AbortController();
  alive = true;
  /** Until then it does nothing, as a machine that swaps or sleeps. */
  asleepUntil = 0;
  /** Resolves when it is killed. */
  readonly killed: Promise<void>;
  #kill: () => void = () => {};

  constructor(name: string) {
    this.name = name;
    this.killed = new Promise((resolve) => {
      this.#kill = resolve;
    });
  }

  kill(): void {
    this.alive = false;
    this.#kill();
  }
}
