import { Dice } from './dice.ts';
import { FAULT_KINDS, type FaultKind } from './faults.ts';
import { harmOf, shrink } from './shrink.ts';
import type { Stage } from './stage.ts';
import { isRight, type StormOptions, type StormReport, type StormSettings, storm } from './storm.ts';

export interface ExploreSettings {
  /** The seeds, one storm each. */
  seeds: Iterable<number>;
  orders: number;
  /** 1 to 4, another number for each seed, when not given. */
  workers?: number | undefined;
  /** All, or some of them for each seed, when not given. */
  kinds?: readonly FaultKind[] | undefined;
}

/** One storm that did no harm. */
export interface CalmFact {
  kind: 'calm';
  seed: number;
  calls: number;
  faults: Partial<Record<FaultKind, number>>;
}

/** One that did, and the smallest that was found to do the same. */
export interface HarmFact {
  kind: 'harm';
  seed: number;
  calls: number;
  faults: Partial<Record<FaultKind, number>>;
  /** Ids of the invariants that broke, and of the flaws that show. */
  harm: string[];
  smallest: StormReport;
  /** Storms run to find it. */
  tries: number;
}

const MOST_WORKERS = 4;
/** Without some kinds of faults others reach further (Groce et al., Swarm Testing). */
const KEPT = 0.6;

/** The storm of a seed: how many workers and which faults follow from it, unless they are given. */
export function settingsFor(seed: number, { orders, workers, kinds }: Omit<ExploreSettings, 'seeds'>): StormSettings {
  const dice = new Dice(seed);
  const whole = dice.draw('whole') < 0.5;
  const some = FAULT_KINDS.filter((kind) => whole || dice.draw('kept', kind) < KEPT);
  return { seed, orders, workers: workers ?? dice.between(1, MOST_WORKERS, 'workers'), kinds: kinds ?? some };
}

/** Runs one storm after the other, and makes those that did harm as small as they get. */
export async function* explore(
  stage: Stage,
  settings: ExploreSettings,
  options: StormOptions = {},
): AsyncGenerator<CalmFact | HarmFact> {
  for (const seed of settings.seeds) {
    const report = await storm(stage, settingsFor(seed, settings), options);
    const seen = { seed, calls: report.calls, faults: faultCounts(report) };
    if (isRight(report)) yield { kind: 'calm', ...seen };
    else {
      const { report: smallest, tries } = await shrink(stage, report, options);
      yield { kind: 'harm', ...seen, harm: [...harmOf(report)], smallest, tries };
    }
  }
}

export function faultCounts({ faults }: Pick<StormReport, 'faults'>): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
