import { describe, expect, it } from 'vitest';
import { expectSmallest, firstHarm } from './harm.ts';

describe('a storm that did harm', () => {
  it.each([
    ['lost_errors', 3],
    ['read_then_write', 12],
  ] as const)('because of %s shrinks to a few faults, without which there is no harm', async (flaw, most) => {
    const harm = await firstHarm(flaw);
    expect(harm.smallest.faults.length).toBeLessThanOrEqual(most);
    await expectSmallest(flaw, harm);
  });
});
