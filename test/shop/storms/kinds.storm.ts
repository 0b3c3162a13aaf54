import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind } from '../../../src/shop/storms/faults.ts';
import { passed, runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import { seedsFrom, settings, testBedFor } from './test-beds.ts';

const SEEDS = seedsFrom(21, 20);

describe('the shop', () => {
  // Each kind by itself: without the others, which take processes out of the way, some reach further.
  it.each(FAULT_KINDS)('bears %s alone', async (kind: FaultKind) => {
    const stage = await testBedFor();
    let struck = 0;
    for (const seed of SEEDS) {
      const report = await runStormAndAudit(stage, settings(seed, { kinds: [kind] }));
      expect(passed(report), JSON.stringify(report.audit.checks.filter(({ ok }) => !ok))).toBe(true);
      expect(report.faults.every((fault) => fault.kind === kind)).toBe(true);
      struck += report.faults.length;
    }
    expect(struck).toBeGreaterThan(0);
  });

  it('mends what a program left undone that died between a write and its publication', async () => {
    const stage = await testBedFor();
    const reports = [];
    for (const seed of seedsFrom(1, 12))
      reports.push(await runStormAndAudit(stage, settings(seed, { kinds: ['crash', 'partial'] })));
    expect(reports.every(passed)).toBe(true);
    expect(reports.reduce((sum, { republished }) => sum + republished, 0)).toBeGreaterThan(0);
  });
});
