import { describe, expect, it } from 'vitest';
import { isRight, storm } from '../../src/chaos/storm.ts';
import { settings, stageFor } from './stages.ts';

/** Storms that are worth repeating at every run: each once did harm, or found what the shop now does right. */
const STORMS = [
  { why: 'a dead customer, a cancellation and a lost delete meet', wanted: settings(7) },
  { why: 'one worker, for whom nothing but time brings messages back', wanted: settings(11, { workers: 1 }) },
  {
    why: 'pauses and clock jumps beyond every timeout',
    wanted: settings(13, { kinds: ['pause', 'clock_jump', 'crash'] }),
  },
];

describe('a storm that was', () => {
  it.each(STORMS)('$why', async ({ wanted }) => {
    const report = await storm(await stageFor(), wanted);
    expect(report.audit.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(isRight(report)).toBe(true);
  });
});
