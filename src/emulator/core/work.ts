import { systemLoop } from './host.ts';

/**
 * Work that may be long: it yields where others may be answered. Only what changes nothing may be done so, from data
 * that does not change, for between two turns everything else may.
 */
export type Work<T> = Generator<void, T, void>;

/** Counts the steps of work, so that it yields before it has kept others waiting, and ends in the end. */
export class Meter {
  steps = 0;
  #turnEnds = STEPS_A_TURN;

  /** True when it is time to yield. */
  spend(steps: number): boolean {
    this.steps += steps;
    if (this.steps < this.#turnEnds) return false;
    this.#turnEnds = this.steps + STEPS_A_TURN;
    return true;
  }
}

/** A step takes some nanoseconds, a turn so many milliseconds that a hundred are not reached. */
export const STEPS_A_TURN = 8_000_000;

/** Work that takes no time. */
// biome-ignore lint/correctness/useYield: it never has to
export function* decided<T>(value: T): Work<T> {
  return value;
}

/** Does work at once, when it fits into one turn; else a promise, and others are answered between its turns. */
export function inTurns<T>(work: Work<T>): T | Promise<T> {
  const { done, value } = work.next();
  return done ? value : laterTurns(work);
}

async function laterTurns<T>(work: Work<T>): Promise<T> {
  for (;;) {
    await new Promise<void>((resolve) => systemLoop.nextTurn(resolve));
    const { done, value } = work.next();
    if (done) return value;
  }
}
