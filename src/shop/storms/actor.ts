/** A simulated process: it can be killed, suspended, and told to stop. */
export class Actor {
  readonly name: string;
  readonly stop = new AbortController();
  alive = true;
  /** Suspended until then (milliseconds of the engine's clock). */
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
