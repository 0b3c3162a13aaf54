/** The same order for the same seed. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed | 0;
  const draw = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return list
    .map((value) => ({ value, rank: draw() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
