import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/shop/storms/explore.ts';
import { passed, runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import { MUTANTS } from './mutants.ts';
import { seedsFrom, settings, testBedFor } from './test-beds.ts';

/** Within so many storms each mutant is found. */
const SEEDS = 60;

describe('what keeps the shop right', () => {
  it.each(Object.keys(MUTANTS))('is missed when it is switched off: %s', async (name) => {
    const mutant = MUTANTS[name]!;
    const handlers = () => mutant;
    const stage = await testBedFor(mutant.stack);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const report = await runStormAndAudit(stage, settings(seed), { handlers });
      if (passed(report)) continue;
      expect(report.audit.ok, 'the audit says so').toBe(false);
      return;
    }
    expect.fail(`none of ${SEEDS} storms failed`);
  });

  it('does so on its own when nothing is switched off', async () => {
    for await (const fact of explore(await testBedFor(), { seeds: seedsFrom(1, SEEDS), orders: 20 })) {
      expect(fact.kind).toBe('passed');
    }
  });
});
