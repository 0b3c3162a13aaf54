/** The middle of the samples: one that a busy moment of the machine delayed does not move it. */
export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures several things in turn, round after round, so that each meets the same moments of the machine; resolves with
 * the samples of each. A first round warms caches and is not counted.
 */
export async function inTurn(rounds, cases) {
  const samples = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, measure] of Object.entries(cases)) {
      const sample = await measure();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}
