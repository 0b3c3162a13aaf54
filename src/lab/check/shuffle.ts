import { nextRandom } from '../../hash.ts';

/** The same order for the same seed. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const state = { random: seed | 0 };
  return list
    .map((value) => ({ value, rank: nextRandom(state) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
