import { describe, expect, it } from 'vitest';
import { replayCommand } from '../../../src/shop/storms/replay.ts';
import { isRight, storm } from '../../../src/shop/storms/storm.ts';
import { expectSmallest, firstHarm } from './harm.ts';
import { settings, stageFor } from './stages.ts';

describe('a storm that did harm', () => {
  // A bug planted on purpose, which a single fault can bring out.
  it('shrinks to a few faults, without which there is no harm', async () => {
    const flaw = 'no_deduplication';
    const harm = await firstHarm(flaw);
    expect(harm.smallest.faults.length).toBeLessThanOrEqual(3);
    expect(harm.smallest.settings.orders).toBeLessThan(20);
    await expectSmallest(flaw, harm);
  });

  it('that needs no fault at all shrinks to none', async () => {
    const { smallest } = await firstHarm('ships_unpaid');
    expect(smallest).toMatchObject({ faults: [], settings: { workers: 1 } });
    expect(smallest.settings.orders).toBeLessThanOrEqual(3);
    expect(replayCommand(smallest.settings, 'flawed:ships_unpaid')).toMatch(/--faults none --handlers/);
  });

  it('is no longer one with the right handlers', async () => {
    const { smallest } = await firstHarm('no_deduplication');
    expect(isRight(await storm(await stageFor(), smallest.settings))).toBe(true);
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
