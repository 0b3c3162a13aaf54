import { describe, expect, it } from 'vitest';
import type { Dice } from '../../../src/shop/storms/dice.ts';
import { FLAW_NAMES, type Flaw } from '../../../src/shop/storms/flawed/flaws.ts';
import { isRight, storm } from '../../../src/shop/storms/storm.ts';
import { wishOf } from '../../../src/shop/storms/wishes.ts';
import { flawed, settings, stageFor } from './stages.ts';

/** The first storms in which each flaw does harm, and so many are tried. */
const SEEDS = 12;

describe('flawed handlers', () => {
  it('do harm, and all six flaws are named', async () => {
    const handlers = flawed(...FLAW_NAMES);
    const report = await storm(await stageFor(handlers(0).setup), settings(7), { handlers });
    expect(isRight(report)).toBe(false);
    expect(report.audit.ok).toBe(false);
    expect(report.findings.map(({ flaw }) => flaw)).toEqual(FLAW_NAMES);
    for (const { evidence, instead } of report.findings) expect(evidence.length * instead.length).toBeGreaterThan(0);
  });

  it.each(FLAW_NAMES)('with %s alone break an invariant, and that flaw is named', async (flaw: Flaw) => {
    const handlers = flawed(flaw);
    const stage = await stageFor(handlers(0).setup);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const report = await storm(stage, settings(seed), { handlers });
      if (report.findings.length === 0) continue;
      expect(report.audit.ok).toBe(false);
      expect(report.findings.map((finding) => finding.flaw)).toEqual([flaw]);
      return;
    }
    expect.fail(`no storm of ${SEEDS} found ${flaw}`);
  });

  it('are right as long as nothing goes wrong but what they do by themselves', async () => {
    const quiet = settings(3, { kinds: [], workers: 1, orders: 5 });
    const wishes = (number: number, dice: Dice) => {
      const order = {
        ...wishOf(number, dice).order,
        payment: number === 1 ? ('decline' as const) : ('approve' as const),
      };
      return { order };
    };
    for (const flaw of ['lost_errors', 'no_deduplication', 'no_dead_letters'] as const) {
      const handlers = flawed(flaw);
      expect(isRight(await storm(await stageFor(handlers(0).setup), quiet, { handlers, wishes }))).toBe(true);
    }
    for (const flaw of ['ships_unpaid', 'random_payments'] as const) {
      const handlers = flawed(flaw);
      expect(isRight(await storm(await stageFor(handlers(0).setup), quiet, { handlers, wishes }))).toBe(false);
    }
  });
});
