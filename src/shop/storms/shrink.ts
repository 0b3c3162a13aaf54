import { type Fault, type FaultKind, faultId } from './faults.ts';
import type { Stage } from './stage.ts';
import { isRight, rage, type StormOptions, type StormReport, type StormSettings, storm } from './storm.ts';

/** The smallest storm found that still does the harm. */
export interface Shrunk {
  report: StormReport;
  /** Storms run to find it. */
  tries: number;
}

const FLAW = 'flaw ';

/** What went wrong in a storm, so that a smaller one can be told to go wrong in the same way. */
export function harmOf(report: StormReport): Set<string> {
  if (isRight(report)) return new Set();
  const broken = report.audit.checks.filter(({ ok }) => !ok).map(({ id }): string => id);
  const named = report.findings.map(({ flaw }) => FLAW + flaw);
  const rest = report.came_to_rest ? [] : ['restless'];
  const breakdown = report.breakdown === undefined ? [] : ['breakdown'];
  return new Set([...broken, ...named, ...rest, ...breakdown]);
}

/** Signs that something is wrong, without a word about what. */
const VAGUE = new Set(['messages_done', 'orders_finished', 'restless']);

/** What a smaller storm has to have in common with the one that it comes from: causes before effects before mere signs. */
export function essenceOf(harm: ReadonlySet<string>): Set<string> {
  const flaws = [...harm].filter((each) => each.startsWith(FLAW));
  const effects = [...harm].filter((each) => !VAGUE.has(each));
  return new Set(flaws.length > 0 ? flaws : effects.length > 0 ? effects : harm);
}

/**
 * Makes a storm that did harm smaller: fewer workers, fewer orders, fewer kinds of faults, and then, by delta debugging
 * (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input), fewer faults. Overtakings are faults too,
 * so this shrinks the schedule as well.
 */
export async function shrink(
  stage: Stage,
  failed: StormReport,
  options: StormOptions = {},
  mostTries = 400,
): Promise<Shrunk> {
  return new Shrinking(stage, failed, options, mostTries).run();
}

class Shrinking {
  readonly #stage: Stage;
  readonly #options: StormOptions;
  readonly #harm: ReadonlySet<string>;
  readonly #mostTries: number;
  #best: StormReport;
  #tries = 0;

  constructor(stage: Stage, failed: StormReport, options: StormOptions, mostTries: number) {
    this.#stage = stage;
    const { trace: _, ...silent } = options;
    this.#options = silent;
    this.#harm = essenceOf(harmOf(failed));
    this.#mostTries = mostTries;
    this.#best = failed;
  }

  async run(): Promise<Shrunk> {
    await this.#fewerWorkers();
    await this.#fewerOrders();
    await this.#fewerKinds();
    await this.#fewerFaults();
    await this.#againWithSoFewFaults();
    return { report: this.#best, tries: this.#tries };
  }

  /** Whether the storm still does some of the same harm; if so it is the best one so far. */
  async #fails(settings: StormSettings, only?: ReadonlyMap<string, number>): Promise<boolean> {
    if (this.#tries >= this.#mostTries) return false;
    this.#tries++;
    const report = only
      ? await rage(this.#stage, settings, only, this.#options)
      : await storm(this.#stage, settings, this.#options);
    const fails = [...harmOf(report)].some((harm) => this.#harm.has(harm));
    if (fails) this.#best = report;
    return fails;
  }

  async #fewerWorkers(): Promise<void> {
    const { settings } = this.#best;
    for (let workers = 1; workers < settings.workers; workers++)
      if (await this.#fails({ ...settings, workers })) return;
  }

  async #fewerOrders(): Promise<void> {
    const { settings } = this.#best;
    for (const orders of fewerThan(settings.orders)) if (await this.#fails({ ...settings, orders })) return;
  }

  async #fewerKinds(): Promise<void> {
    const { settings, faults } = this.#best;
    const seen = new Set(faults.map(({ kind }) => kind));
    const without = (kinds: readonly FaultKind[], kind: FaultKind) => kinds.filter((other) => other !== kind);
    let kinds = settings.kinds.filter((kind) => seen.has(kind));
    if (kinds.length < settings.kinds.length && !(await this.#fails({ ...settings, kinds })))
      kinds = [...settings.kinds];
    for (const kind of kinds) {
      const fewer = without(kinds, kind);
      if (await this.#fails({ ...settings, kinds: fewer })) kinds = fewer;
    }
  }

  /** ddmin: leaves out ever smaller parts of the faults, as long as what is left still does harm. */
  async #fewerFaults(): Promise<void> {
    const { settings } = this.#best;
    let left = [...this.#best.faults];
    let parts = 2;
    while (left.length > 0 && this.#tries < this.#mostTries) {
      const size = Math.ceil(left.length / parts);
      const smaller = await this.#leaveOut(settings, left, size);
      if (smaller !== undefined) {
        left = smaller;
        parts = Math.max(2, parts - 1);
      } else if (size === 1) return;
      else parts = Math.min(left.length, parts * 2);
    }
  }

  /** What few faults are left may need fewer orders and workers, and no kinds but their own; then they bear other numbers. */
  async #againWithSoFewFaults(): Promise<void> {
    const before = this.#best;
    const ids = idsOf(before.faults);
    const kinds = before.settings.kinds.filter((kind) => before.faults.some((fault) => fault.kind === kind));
    for (const workers of fewerThan(before.settings.workers)) {
      if (await this.#fails({ ...before.settings, workers }, ids)) break;
    }
    for (const orders of fewerThan(before.settings.orders)) {
      if (await this.#fails({ ...this.#best.settings, orders }, ids)) break;
    }
    const settings = { ...this.#best.settings, kinds, only: undefined };
    const whole = await storm(this.#stage, settings, this.#options);
    const only = whole.faults.filter(({ kind, key }) => ids.has(faultId(kind, key))).map(({ number }) => number);
    const smaller = this.#best;
    this.#best = before;
    if (only.length >= smaller.faults.length) await this.#fails({ ...settings, only });
  }

  async #leaveOut(settings: StormSettings, faults: readonly Fault[], size: number): Promise<Fault[] | undefined> {
    for (let start = 0; start < faults.length; start += size) {
      const rest = faults.filter((_, index) => index < start || index >= start + size);
      const only = rest.map(({ number }) => number);
      if (await this.#fails({ ...settings, only }, idsOf(rest))) return rest;
    }
    return undefined;
  }
}

const idsOf = (faults: readonly Fault[]) =>
  new Map(faults.map(({ kind, key, number }) => [faultId(kind, key), number]));

/** Each of the small numbers below `most`, and ever fewer of the large ones. */
function* fewerThan(most: number): Generator<number> {
  for (let few = 1; few < most; few += 1 + (few >> 2)) yield few;
}
