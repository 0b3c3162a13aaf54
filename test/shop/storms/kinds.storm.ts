import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind } from '../../../src/shop/storms/faults.ts';
import { isRight, storm } from '../../../src/shop/storms/storm.ts';
import { seedsFrom, settings, stageFor } from './stages.ts';

const SEEDS = seedsFrom(21, 20);

describe('the shop', () => {
  // Each kind by itself: without the others, which take processes out of the way, some reach further.
  it.each(FAULT_KINDS)('bears %s alone', async (kind: FaultKind) => {
    const stage = await stageFor();
    let struck = 0;
    for (const seed of SEEDS) {
      const report = await storm(stage, settings(seed, { kinds: [kind] }));
      expect(isRight(report), JSON.stringify(report.audit.checks.filter(({ ok }) => !ok))).toBe(true);
      expect(report.faults.every((fault) => fault.kind === kind)).toBe(true);
      struck += report.faults.length;
    }
    expect(struck).toBeGreaterThan(0);
  });

  it('mends what a program left undone that died between a write and its publication', async () => {
    const stage = await stageFor();
    const reports = [];
    for (const seed of seedsFrom(1, 12))
      reports.push(await storm(stage, settings(seed, { kinds: ['crash', 'partial'] })));
    expect(reports.every(isRight)).toBe(true);
    expect(reports.reduce((sum, { mended }) => sum + mended, 0)).toBeGreaterThan(0);
  });
});
