import { describe, expect, it } from 'vitest';
import { FLAW_NAMES, type Flaw } from '../../../src/shop/storms/flawed/flaws.ts';
import { orderScenario } from '../../../src/shop/storms/order-scenarios.ts';
import type { SeededRandom } from '../../../src/shop/storms/seeded-random.ts';
import { passed, runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import { flawed, settings, testBedFor } from './test-beds.ts';

/** The first storms in which each flaw fails, and so many are tried. */
const SEEDS = 12;

describe('flawed handlers', () => {
  it('fail, and all six flaws are named', async () => {
    const handlers = flawed(...FLAW_NAMES);
    const report = await runStormAndAudit(await testBedFor(handlers(0).stack), settings(1), { handlers });
    expect(passed(report)).toBe(false);
    expect(report.audit.ok).toBe(false);
    expect(report.findings.map(({ flaw }) => flaw)).toEqual(FLAW_NAMES);
    for (const { evidence, instead } of report.findings) expect(evidence.length * instead.length).toBeGreaterThan(0);
  });

  it.each(FLAW_NAMES)('with %s alone break an invariant, and that flaw is named', async (flaw: Flaw) => {
    const handlers = flawed(flaw);
    const stage = await testBedFor(handlers(0).stack);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const report = await runStormAndAudit(stage, settings(seed), { handlers });
      if (report.findings.length === 0) continue;
      expect(report.audit.ok).toBe(false);
      expect(report.findings.map((finding) => finding.flaw)).toEqual([flaw]);
      return;
    }
    expect.fail(`no storm of ${SEEDS} found ${flaw}`);
  });

  it('are right as long as nothing goes wrong but what they do by themselves', async () => {
    const quiet = settings(3, { kinds: [], workers: 1, orders: 5 });
    const wishes = (number: number, dice: SeededRandom) => {
      const order = {
        ...orderScenario(number, dice).order,
        payment: number === 1 ? ('decline' as const) : ('approve' as const),
      };
      return { order };
    };
    for (const flaw of ['lost_errors', 'no_deduplication', 'no_dead_letters'] as const) {
      const handlers = flawed(flaw);
      expect(
        passed(await runStormAndAudit(await testBedFor(handlers(0).stack), quiet, { handlers, scenarios: wishes })),
      ).toBe(true);
    }
    for (const flaw of ['ships_unpaid', 'random_payments'] as const) {
      const handlers = flawed(flaw);
      expect(
        passed(await runStormAndAudit(await testBedFor(handlers(0).stack), quiet, { handlers, scenarios: wishes })),
      ).toBe(false);
    }
  });
});
