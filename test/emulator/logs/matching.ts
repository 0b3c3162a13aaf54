import { Meter, type Work } from '../../../src/emulator/core/work.ts';
import { compilePattern } from '../../../src/emulator/logs/pattern/pattern.ts';

/** The result of work, and in how many turns it was done. */
export function worked<T>(work: Work<T>): { value: T; turns: number } {
  for (let turns = 1; ; turns++) {
    const { done, value } = work.next();
    if (done) return { value, turns };
  }
}

export const isMatch = (pattern: string, message: string, meter = new Meter()): boolean =>
  worked(compilePattern(pattern, meter).matches(message)).value;
