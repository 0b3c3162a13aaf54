import type { Baseline } from './baseline.ts';
import type { Lost } from './conserve.ts';
import { traceIn } from './follow.ts';
import { isHandledInFull } from './in-full.ts';
import { holds, type Judgement, judge } from './judge.ts';
import { type Mask, widened } from './mask.ts';
import type { RunResult } from './model.ts';
import type { CheckOptions } from './options.ts';
import type { Case, Experiment } from './plan.ts';
import type { CheckFact, Counterexample, NotTriedReason, Tally, Verdict } from './verdict.ts';
import type { Habits } from './watch.ts';

interface Steps {
  from(each: Case & { unhurried?: boolean }): Promise<RunResult>;
  /** With as many consumers as the case had. */
  undisturbed(each: Case): Promise<RunResult>;
  told(fact: CheckFact): void;
}

/** Tries cases one after the other, and keeps count. */
export class Experiments {
  readonly #habits: Habits;
  readonly #baseline: Baseline;
  readonly #options: CheckOptions;
  readonly #steps: Steps;
  readonly #tallies = new Map<Experiment, Tally>();
  readonly #failures: Counterexample[] = [];
  readonly #notTried: Verdict['not_tried'] = [];
  #mask: Mask;
  #gone = false;

  constructor(baseline: Baseline, options: CheckOptions, habits: Habits, steps: Steps) {
    this.#habits = habits;
    this.#baseline = baseline;
    this.#options = options;
    this.#steps = steps;
    this.#mask = baseline.mask;
  }

  outcome(): Pick<Verdict, 'tallies' | 'failures' | 'not_tried'> {
    return { tallies: [...this.#tallies.values()], failures: this.#failures, not_tried: this.#notTried };
  }

  /** What the undisturbed run has lost. */
  async conserve(lost: readonly Lost[]): Promise<void> {
    const { only, case: wanted } = this.#options;
    if (only?.includes('conserve') ?? wanted === undefined) {
      const queue = lost[0]?.place ?? '';
      this.#count('conserve', lost.length === 0);
      const about = { id: 'conserve', experiment: 'conserve', queue } as const;
      if (lost.length > 0) this.#failures.push({ ...about, ...NOTHING, lost: [...lost], like: [] });
    }
    const { first } = this.#baseline;
    const { violations } = await this.#judge({ id: '', experiment: 'invariants', queue: '' }, first);
    if (this.#hasInvariants) this.#count('invariants', violations.length === 0);
    if (violations.length > 0) {
      const about = { id: 'invariants', experiment: 'invariants', queue: '' } as const;
      this.#failures.push({ ...about, ...NOTHING, violations, lost: [], like: [] });
    }
  }

  async all(cases: readonly Case[]): Promise<void> {
    let runs = 0;
    for (const each of cases) {
      if (this.#gone) this.#leaveOut(each, 'consumer_gone');
      else if (runs >= this.#options.maxRuns || this.#options.isOver()) this.#leaveOut(each, 'over_budget');
      else await this.#try(each);
      runs++;
    }
  }

  get #hasInvariants(): boolean {
    return Object.keys(this.#options.invariants ?? {}).length > 0;
  }

  #judge(each: Case, result: RunResult, undisturbed = this.#baseline.first): Promise<Judgement> {
    const { invariants = {} } = this.#options;
    return judge(each, result, { undisturbed, mask: this.#mask, invariants });
  }

  async #try(each: Case): Promise<void> {
    if (each.disturbance?.hands !== undefined && this.#habits.alone.has(each.queue))
      return this.#leaveOut(each, 'one_hand');
    if (each.together === true && this.#failures.some(({ experiment, together }) => experiment === 'order' && together))
      return this.#leaveOut(each, 'batch_differs');
    const result = await this.#run(each);
    if (result.outcome !== 'done') return this.#leaveOut(each, result.outcome);
    const judgement = await this.#judge(each, result);
    if (holds(judgement)) return this.#end(each, true);
    if (result.interfered) return this.#leaveOut(each, 'interfered');
    if (this.#isLikeOther(each, failureOf(each, judgement, result))) return this.#end(each, false);
    await this.#confirm(each, result);
  }

  /** Where another program wrote something meanwhile, once more: its end tells nothing. */
  async #run(each: Case & { unhurried?: boolean }): Promise<RunResult> {
    const result = await this.#steps.from(each);
    return result.interfered ? this.#steps.from(each) : result;
  }

  /** Whether one that ends in the same way, every time, is known: it stands for this one as well. */
  #isLikeOther({ id }: Case, failure: Counterexample): boolean {
    const same = this.#failures.find((other) => !other.flaky && signature(other) === signature(failure));
    same?.like.push(id);
    return same !== undefined;
  }

  /** It has to fail again, and against an undisturbed run of now: what differs there as well differs by nature. */
  async #confirm(each: Case, result: RunResult): Promise<void> {
    const undisturbed = await this.#steps.undisturbed(each).catch((error: unknown) => {
      this.#options.signal.throwIfAborted();
      this.#gone = true;
      return error;
    });
    if (this.#gone) return this.#fail(each, result);
    const fresh = undisturbed as RunResult;
    this.#mask = widened(this.#mask, this.#baseline.first.end, fresh.end);
    if (holds(await this.#judge(each, result, fresh))) return this.#end(each, true);
    const unhurried = this.#options.watches && !isHandledInFull(result, this.#baseline.first);
    const again = await this.#run({ ...each, unhurried });
    if (again.outcome !== 'done') return this.#flaky(each, result, fresh);
    if (!holds(await this.#judge(each, again, fresh)))
      return again.interfered ? this.#leaveOut(each, 'interfered') : this.#fail(each, again, fresh);
    if (!unhurried) return this.#flaky(each, result, fresh);
    // The clock of the engine was ahead of the consumer's: what it holds back by its own clock was still held back.
    if (again.deliveries.length === result.deliveries.length && !(await this.#failsHurried(each, fresh)))
      return this.#flaky(each, result, fresh);
    this.#end(each, true);
  }

  /** Whether it fails whenever no time passes for the consumers. */
  async #failsHurried(each: Case, fresh: RunResult): Promise<boolean> {
    const hurried = await this.#run(each);
    return hurried.outcome === 'done' && !holds(await this.#judge(each, hurried, fresh));
  }

  async #fail(each: Case, result: RunResult, undisturbed?: RunResult): Promise<void> {
    const failure = await this.#failure(each, result, undisturbed);
    if (this.#isLikeOther(each, failure)) return this.#end(each, false);
    // One that fails every time stands for those that did not.
    const alike = this.#failures.findIndex((other) => other.flaky && signature(other) === signature(failure));
    const [flaky] = alike === -1 ? [] : this.#failures.splice(alike, 1);
    const like = flaky === undefined ? [] : [flaky.id, ...flaky.like];
    this.#failures.push({ ...failure, like });
    this.#end(each, false);
  }

  /** It failed, and held when it was tried again: a race, which is no less wrong for being seen once. */
  async #flaky(each: Case, result: RunResult, undisturbed: RunResult): Promise<void> {
    const failure = await this.#failure(each, result, undisturbed);
    const same = this.#failures.find((other) => other.flaky && signature(other) === signature(failure));
    if (same === undefined) this.#failures.push({ ...failure, flaky: true });
    else same.like.push(each.id);
    this.#end(each, false);
  }

  async #failure(each: Case, result: RunResult, undisturbed?: RunResult): Promise<Counterexample> {
    const failure = failureOf(each, await this.#judge(each, result, undisturbed), result);
    const messageId = each.messageId ?? result.poisonId;
    const trace = messageId === undefined ? undefined : traceIn(result, messageId);
    return { ...failure, ...(trace !== undefined && { trace }) };
  }

  #end(each: Case, held: boolean): void {
    this.#count(each.experiment, held);
    if (this.#hasInvariants) this.#count('invariants', held || (this.#failures.at(-1)?.violations.length ?? 0) === 0);
    this.#steps.told({ kind: 'case', id: each.id, held });
  }

  #count(experiment: Experiment, held: boolean): void {
    const tally = this.#tally(experiment);
    tally.runs++;
    tally[held ? 'held' : 'failed']++;
  }

  #tally(experiment: Experiment): Tally {
    const tally = this.#tallies.get(experiment) ?? { experiment, runs: 0, held: 0, failed: 0, not_tried: 0 };
    this.#tallies.set(experiment, tally);
    return tally;
  }

  #leaveOut({ id, experiment }: Case, reason: NotTriedReason): void {
    this.#tally(experiment).not_tried++;
    this.#notTried.push({ id, reason });
  }
}

const NOTHING = { differences: [], violations: [] };

/** Cases of one experiment that end alike are one fault; the first one stands for them. */
const signature = ({ experiment, queue, differences, stuck, violations, swallowed }: Counterexample) =>
  JSON.stringify([
    ...[experiment, queue, stuck?.reason, swallowed],
    differences.map(({ place, path }) => `${place}: ${path}`),
    violations.map(({ invariant }) => invariant),
  ]);

const failureOf = (each: Case, judgement: Judgement, { poisonId }: RunResult): Counterexample => ({
  ...each,
  ...(each.messageId === undefined && poisonId !== undefined && { messageId: poisonId }),
  ...judgement,
  lost: [],
  like: [],
});
