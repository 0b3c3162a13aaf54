import type { Clock } from '../../../src/clock.ts';

/** Time that stands still until `advance`; who sleeps wakes when it is due, or when the signal aborts. */
export class ManualClock implements Clock {
  time = Date.UTC(2026, 0, 1);
  readonly #sleepers = new Set<{ due: number; wake: () => void }>();

  now(): number {
    return this.time;
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = {
        due: this.time + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake);
    });
  }

  /** Moves ahead, and lets everything run that this wakes. */
  async advance(ms: number): Promise<void> {
    this.time += ms;
    for (const sleeper of [...this.#sleepers]) if (sleeper.due <= this.time) sleeper.wake();
    await settle();
  }
}

/** Lets every promise that can go on go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
