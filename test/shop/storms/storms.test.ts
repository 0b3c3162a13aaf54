import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/shop/storms/explore.ts';
import { FAULT_KINDS } from '../../../src/shop/storms/faults.ts';
import { passed, runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import { seedsFrom, settings, testBedFor } from './test-beds.ts';

describe('the shop in a storm', () => {
  it('loses, doubles and oversells nothing (a quick sample of what npm run test:chaos does)', async () => {
    const seen = new Set<string>();
    for await (const fact of explore(await testBedFor(), { seeds: seedsFrom(1, 12), orders: 8 })) {
      expect(fact).toMatchObject({ kind: 'passed' });
      for (const kind of Object.keys(fact.faults)) seen.add(kind);
    }
    expect(seen.size).toBeGreaterThan(FAULT_KINDS.length / 2);
  });

  it('is as right over the SDK', async () => {
    const report = await runStormAndAudit(await testBedFor(undefined, 'sdk'), settings(7, { orders: 6 }));
    expect(passed(report)).toBe(true);
    expect(report.faults.length).toBeGreaterThan(20);
  });
});
