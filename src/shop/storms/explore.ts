import { FAULT_KINDS, type FaultKind } from './faults.ts';
import { SeededRandom } from './seeded-random.ts';
import { failureSignature, shrink } from './shrink.ts';
import { passed, runStormAndAudit, type StormOptions, type StormReport, type StormSettings } from './storm.ts';
import type { TestBed } from './test-bed.ts';

export interface ExploreSettings {
  /** The seeds, one storm each. */
  seeds: Iterable<number>;
  orders: number;
  /** 1 to 4, another number for each seed, when not given. */
  workers?: number | undefined;
  /** All, or some of them for each seed, when not given. */
  kinds?: readonly FaultKind[] | undefined;
}

/** One storm in which every check held. */
export interface PassedFact {
  kind: 'passed';
  seed: number;
  calls: number;
  faults: Partial<Record<FaultKind, number>>;
}

/** One that failed, and the smallest storm found that fails in the same way. */
export interface FailedFact {
  kind: 'failed';
  seed: number;
  calls: number;
  faults: Partial<Record<FaultKind, number>>;
  /** Ids of the broken invariants and the named flaws. */
  failures: string[];
  smallest: StormReport;
  /** Storms run to find it. */
  tries: number;
}

const MOST_WORKERS = 4;
/** Leaving out some kinds of faults lets others have more effect (Groce et al., Swarm Testing). */
const KEPT = 0.6;

/** The storm of a seed: how many workers and which faults follow from it, unless they are given. */
export function settingsFor(seed: number, { orders, workers, kinds }: Omit<ExploreSettings, 'seeds'>): StormSettings {
  const random = new SeededRandom(seed);
  const whole = random.draw('whole') < 0.5;
  const some = FAULT_KINDS.filter((kind) => whole || random.draw('kept', kind) < KEPT);
  return { seed, orders, workers: workers ?? random.between(1, MOST_WORKERS, 'workers'), kinds: kinds ?? some };
}

/** Runs one storm after the other, and shrinks those that failed. */
export async function* explore(
  testBed: TestBed,
  settings: ExploreSettings,
  options: StormOptions = {},
): AsyncGenerator<PassedFact | FailedFact> {
  for (const seed of settings.seeds) {
    const report = await runStormAndAudit(testBed, settingsFor(seed, settings), options);
    const seen = { seed, calls: report.calls, faults: faultCounts(report) };
    if (passed(report)) yield { kind: 'passed', ...seen };
    else {
      const { report: smallest, tries } = await shrink(testBed, report, options);
      yield { kind: 'failed', ...seen, failures: [...failureSignature(report)], smallest, tries };
    }
  }
}

export function faultCounts({ faults }: Pick<StormReport, 'faults'>): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
