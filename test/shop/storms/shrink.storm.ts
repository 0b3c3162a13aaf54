import { describe, expect, it } from 'vitest';
import { expectSmallest, firstFailure } from './smallest.ts';

describe('a storm that failed', () => {
  it.each([
    ['lost_errors', 3],
    ['read_then_write', 12],
  ] as const)('because of %s shrinks to a few faults, without which it passes', async (flaw, most) => {
    const failure = await firstFailure(flaw);
    expect(failure.smallest.faults.length).toBeLessThanOrEqual(most);
    await expectSmallest(flaw, failure);
  });
});
