import { parseDuration } from '../duration.ts';
import type { Engine } from '../emulator/core/engine.ts';
import type { MappingClock } from '../lab/lambda/facts.ts';
import { LabError } from './error.ts';
import type { Duration } from './types/settle.ts';

/** The engine's time for what waits in this process: it goes on when the clock is turned, by whomever. */
export class LabTime implements MappingClock {
  readonly #engine: Engine;
  /** Times that the clock may be turned to, for what waits until then. */
  readonly #wakes: number[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.clock.onSet = () => {
      for (const look of [...this.#waiting]) look();
    };
  }

  now(): number {
    return this.#engine.clock.now();
  }

  get nextWake(): number | undefined {
    return this.#wakes.length === 0 ? undefined : Math.min(...this.#wakes);
  }

  /** A pause that `settled()` turns the clock over. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.now() + ms;
    await this.ending(until, this.pass(until, signal));
  }

  /** Work that the time ends, if nothing else does: `settled()` turns the clock so far. */
  async ending<T>(until: number, work: Promise<T>): Promise<T> {
    this.#wakes.push(until);
    try {
      return await work;
    } finally {
      this.#wakes.splice(this.#wakes.indexOf(until), 1);
    }
  }

  /** Waits for a time that only comes when a test turns the clock so far, or when the clock runs. */
  pass(until: number, signal?: AbortSignal): Promise<void> {
    const { clock } = this.#engine;
    return new Promise((resolve) => {
      let cancelTimer = () => {};
      const look = () => {
        cancelTimer();
        const left = until - this.now();
        if (left <= 0 || signal?.aborted) end();
        else if (!clock.frozen) cancelTimer = clock.host.after(left, look);
      };
      const end = () => {
        cancelTimer();
        this.#waiting.delete(look);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      this.#waiting.add(look);
      signal?.addEventListener('abort', end);
      look();
    });
  }
}

/** Milliseconds. */
export function milliseconds(duration: Duration, name: string): number {
  const ms = typeof duration === 'number' ? duration : parseDuration(duration);
  if (ms !== undefined && Number.isFinite(ms) && ms >= 0) return ms;
  throw new LabError(
    `${name} must be milliseconds, or a text such as 500ms, 30s or 2h30m, not ${JSON.stringify(duration)}`,
  );
}
