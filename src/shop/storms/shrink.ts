import { type Fault, type FaultKind, faultId } from './faults.ts';
import {
  passed,
  runStorm,
  runStormAndAudit,
  type StormOptions,
  type StormReport,
  type StormSettings,
} from './storm.ts';
import type { TestBed } from './test-bed.ts';

/** The smallest storm found that still fails in the same way. */
export interface Shrunk {
  report: StormReport;
  /** Storms run to find it. */
  tries: number;
}

const FLAW = 'flaw ';

/** The ids of all that failed in a storm, to compare it with a smaller one. */
export function failureSignature(report: StormReport): Set<string> {
  if (passed(report)) return new Set();
  const broken = report.audit.checks.filter(({ ok }) => !ok).map(({ id }): string => id);
  const named = report.findings.map(({ flaw }) => FLAW + flaw);
  const limit = report.settled ? [] : ['unsettled'];
  const error = report.worker_error === undefined ? [] : ['worker_error'];
  return new Set([...broken, ...named, ...limit, ...error]);
}

/** Failures that follow from almost any flaw, so they identify none. */
const SYMPTOMS = new Set(['messages_done', 'orders_finished', 'unsettled']);

/** What a smaller storm must have in common with the original: named flaws, else broken invariants, else symptoms. */
export function essentialSignature(signature: ReadonlySet<string>): Set<string> {
  const flaws = [...signature].filter((each) => each.startsWith(FLAW));
  const effects = [...signature].filter((each) => !SYMPTOMS.has(each));
  return new Set(flaws.length > 0 ? flaws : effects.length > 0 ? effects : signature);
}

/**
 * Makes a storm that failed smaller: fewer workers, fewer orders, fewer kinds of faults, and then, by delta debugging
 * (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input), fewer faults. Delayed calls are faults too,
 * so this shrinks the schedule as well.
 */
export async function shrink(
  testBed: TestBed,
  failed: StormReport,
  options: StormOptions = {},
  mostTries = 800,
): Promise<Shrunk> {
  return new Shrinking(testBed, failed, options, mostTries).run();
}

class Shrinking {
  readonly #testBed: TestBed;
  readonly #options: StormOptions;
  readonly #signature: ReadonlySet<string>;
  readonly #mostTries: number;
  #best: StormReport;
  #tries = 0;

  constructor(testBed: TestBed, failed: StormReport, options: StormOptions, mostTries: number) {
    this.#testBed = testBed;
    const { trace: _, ...silent } = options;
    this.#options = silent;
    this.#signature = essentialSignature(failureSignature(failed));
    this.#mostTries = mostTries;
    this.#best = failed;
  }

  async run(): Promise<Shrunk> {
    await this.#fewerWorkers();
    await this.#fewerOrders();
    await this.#fewerKinds();
    await this.#fewestFaults();
    await this.#shrinkSettingsAgain();
    return { report: this.#best, tries: this.#tries };
  }

  /** Whether the storm still fails in the same way; if so it is the smallest one so far. */
  async #fails(settings: StormSettings, only?: ReadonlyMap<string, number>): Promise<boolean> {
    if (this.#tries >= this.#mostTries) return false;
    this.#tries++;
    const report = only
      ? await runStorm(this.#testBed, settings, only, this.#options)
      : await runStormAndAudit(this.#testBed, settings, this.#options);
    const fails = [...failureSignature(report)].some((each) => this.#signature.has(each));
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

  /** What is left depends on where leaving out begins: both ends are tried, and the smaller result counts. */
  async #fewestFaults(): Promise<void> {
    const whole = this.#best;
    await this.#fewerFaults([...whole.faults]);
    const fromTheStart = this.#best;
    this.#best = whole;
    await this.#fewerFaults([...whole.faults].reverse());
    if (this.#best.faults.length >= fromTheStart.faults.length) this.#best = fromTheStart;
  }

  /** ddmin: leaves out ever smaller parts of the faults, as long as the rest still fails. */
  async #fewerFaults(left: Fault[]): Promise<void> {
    const { settings } = this.#best;
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

  /** With few faults left, tries fewer orders and workers, and only the kinds of these faults, which renumbers them. */
  async #shrinkSettingsAgain(): Promise<void> {
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
    const whole = await runStormAndAudit(this.#testBed, settings, this.#options);
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
