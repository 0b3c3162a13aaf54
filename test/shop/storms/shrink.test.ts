import { describe, expect, it } from 'vitest';
import { replayCommand } from '../../../src/shop/storms/replay.ts';
import { passed, runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import { expectSmallest, firstFailure } from './smallest.ts';
import { settings, testBedFor } from './test-beds.ts';

describe('a storm that failed', () => {
  let found: ReturnType<typeof firstFailure> | undefined;
  const firstDuplicate = () => (found ??= firstFailure('no_deduplication'));

  // A bug planted on purpose, which a single fault can bring out.
  it('shrinks to a few faults, without which it passes', async () => {
    const failure = await firstDuplicate();
    expect(failure.smallest.faults.length).toBeLessThanOrEqual(3);
    expect(failure.smallest.settings.orders).toBeLessThan(20);
    await expectSmallest('no_deduplication', failure);
  });

  it('that needs no fault at all shrinks to none', async () => {
    const { smallest } = await firstFailure('ships_unpaid');
    expect(smallest).toMatchObject({ faults: [], settings: { workers: 1 } });
    expect(smallest.settings.orders).toBeLessThanOrEqual(3);
    expect(replayCommand(smallest.settings, 'flawed:ships_unpaid')).toMatch(/--faults none --handlers/);
  });

  it('is no longer one with the right handlers', async () => {
    const { smallest } = await firstDuplicate();
    expect(passed(await runStormAndAudit(await testBedFor(), smallest.settings))).toBe(true);
  });
});

describe('the command that repeats a storm', () => {
  it.each([
    [settings(7), 'right', 'cliffracer chaos --seed 7 --orders 20 --workers 3'],
    [settings(7, { kinds: [] }), 'right', 'cliffracer chaos --seed 7 --orders 20 --workers 3 --faults none'],
    [
      settings(1, { kinds: ['crash', 'delay'], only: [3, 7], workers: 1, orders: 2 }),
      'flawed:lost_errors',
      'cliffracer chaos --seed 1 --orders 2 --workers 1 --faults crash,delay --only-faults 3,7 --handlers flawed:lost_errors',
    ],
  ] as const)('names what differs', (wanted, handlers, command) => {
    expect(replayCommand(wanted, handlers)).toBe(command);
  });
});
