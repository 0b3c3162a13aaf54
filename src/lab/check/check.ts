import { CliffracerError } from '../../errors.ts';
import { type Baseline, findBaseline, stuckAlone, unattributedIn } from './baseline.ts';
import { lostIn } from './conserve.ts';
import { Experiments } from './experiments.ts';
import type { Mask } from './mask.ts';
import type { RunOptions, RunResult } from './model.ts';
import { olderItems } from './older.ts';
import type { CheckOptions } from './options.ts';
import { Outsiders } from './outsiders.ts';
import { casesFor, EXPERIMENTS, type Experiment } from './plan.ts';
import { findOutputs, nothingWaits, prepare, withoutWaiting } from './prepare.ts';
import { runExperiment } from './run.ts';
import { SendingOrder } from './sending-order.ts';
import { shuffled } from './shuffle.ts';
import type { CheckFact, Verdict } from './verdict.ts';
import { Habits } from './watch.ts';
import type { LabWorld, QueueState } from './world.ts';

const START = 'cliffracer-check-start';
const BEFORE = 'cliffracer-check-before';
/** Between undisturbed runs. */
const APART_MS = 1_100;
/** Of the engine's clock, so that its times show as such. */
const OTHER_TIME_MS = 2_345;

/**
 * Runs the consumers over some messages, undisturbed and then once for each case, always from the same start, and tells
 * which ends differ. All queues are held meanwhile and the clock stands still; afterwards the world is as it was found.
 * Rejects with `not_settled` when already an undisturbed run does not come to its end.
 */
export async function check(world: LabWorld, options: CheckOptions, told: (fact: CheckFact) => void): Promise<Verdict> {
  const frozen = await world.freeze();
  await world.saveSnapshot(BEFORE);
  try {
    const checked = options.scenario === undefined ? world : await withoutWaiting(world);
    const { next } = await world.calls.page({ last: true, limit: 1 });
    await prepare(checked, options);
    await checked.saveSnapshot(START);
    return await new Check(checked, options, told, next).run();
  } finally {
    await world.clearFaults();
    await options.consumers?.stop();
    await world.loadSnapshot(BEFORE);
    for (const name of [START, BEFORE]) await world.deleteSnapshot(name).catch(() => {});
    if (!frozen) await world.resume();
  }
}

class Check {
  readonly #world: LabWorld;
  readonly #options: CheckOptions;
  readonly #told: (fact: CheckFact) => void;
  readonly #habits = new Habits();
  readonly #outsiders = new Outsiders();
  /** Cursor of the call log before anything was sent, and any consumer started. */
  readonly #start: number;
  readonly #order: SendingOrder;
  #outputs: ReadonlySet<string> = new Set();
  #queues: readonly QueueState[] = [];
  #remembers = false;
  #mask: Mask | undefined;

  constructor(world: LabWorld, options: CheckOptions, told: (fact: CheckFact) => void, start: number) {
    this.#start = start;
    this.#order = new SendingOrder(start);
    this.#world = world;
    this.#options = options;
    this.#told = told;
  }

  async run(): Promise<Verdict> {
    const { consumers, ignore } = this.#options;
    this.#queues = await this.#world.queues();
    this.#outputs = await findOutputs(this.#world, this.#options, this.#start);
    const baseline = await findBaseline({
      undisturbed: (run, how) => this.#undisturbed(run, how),
      ...{ areOurs: consumers?.forget === true, ignore },
    });
    this.#remembers = baseline.remembers;
    this.#mask = baseline.mask;
    return this.#verdict(baseline);
  }

  async #verdict(baseline: Baseline): Promise<Verdict> {
    const { first, mask, remembers } = baseline;
    const { maxRuns, correlate = [], kill = false, only = EXPERIMENTS, ignore, watches } = this.#options;
    const batches = only.some((each) => BATCHED.has(each)) ? await this.#batches(first) : [];
    const keepsTimes = watches && olderItems(first.end.tables, mask, 1).length > 0;
    const plan = casesFor(first.deliveries, batches, { kill, remembers, keepsTimes, correlate });
    const queues = this.#queues;
    const experiments = new Experiments(baseline, this.#options, this.#habits, {
      from: (each) => this.#from(each),
      undisturbed: ({ disturbance }) =>
        this.#undisturbed(0, { otherwise: true, anew: false, two: disturbance?.hands !== undefined }),
      told: this.#told,
    });
    const cases = this.#chosen(plan);
    this.#told({ kind: 'planned', cases: Math.min(cases.length, maxRuns) });
    const dead = new Set(queues.filter(({ dead_letters_of }) => dead_letters_of.length > 0).map(({ name }) => name));
    await experiments.conserve(lostIn(first, this.#outputs, dead));
    await experiments.all(cases);
    const received = new Set(first.deliveries.map(({ queue }) => queue));
    return {
      deliveries: first.deliveries.length,
      masked: [...mask.ignored].filter((path) => !ignore.includes(path)).sort(),
      shaped: [...mask.scrubbed, ...[...mask.keys.keys()].map((place) => `${place}: key`)].sort(),
      ...experiments.outcome(),
      unattributed: unattributedIn(first),
      outputs: [...this.#outputs].filter((name) => (first.end.queues[name]?.length ?? 0) > 0),
      without_dead_letters: queues
        .filter(({ name, dead_letter_queue }) => dead_letter_queue === null && received.has(name))
        .map(({ name }) => name),
      remembers,
      put_back: this.#outsiders.calls,
    };
  }

  /** What comes with several messages at once, where consumers receive so. */
  async #batches({ deliveries }: RunResult) {
    const messages = new Set(deliveries.map(({ messageId }) => messageId));
    const queues = new Set(deliveries.map(({ queue }) => queue));
    return messages.size > queues.size ? (await this.#from({ together: true })).deliveries : [];
  }

  async #undisturbed(run: number, how: { otherwise: boolean; anew: boolean; two?: boolean }): Promise<RunResult> {
    const { watches, signal } = this.#options;
    if (run > 1 && watches) await this.#world.pass(APART_MS, signal);
    this.#habits.learning = run === 1 && watches;
    const result = await this.#from({}, { ...how, seed: run + 1 });
    this.#habits.learning = false;
    if (run > 0) this.#outsiders.learn(result);
    if (result.stuck !== undefined) throw stuckAlone(result.stuck, this.#options.consumers?.lastLines?.() ?? []);
    if (result.deliveries.length === 0) throw nothingWaits();
    if (run > 0) this.#told({ kind: 'baseline', run, deliveries: result.deliveries.length });
    return result;
  }

  async #from(
    each: Pick<RunOptions, 'disturbance' | 'together' | 'poison' | 'unhurried'>,
    how: { otherwise?: boolean; anew?: boolean; two?: boolean; seed?: number } = {},
  ): Promise<RunResult> {
    const { patienceMs, signal, include = [], consumers } = this.#options;
    const two = how.two ?? each.disturbance?.hands !== undefined;
    if (!two) await consumers?.single();
    const anew = consumers !== undefined && (this.#remembers || how.anew === true);
    if (anew) await consumers.stop();
    if (!two || anew) this.#habits.single();
    await this.#world.loadSnapshot(START, how.otherwise === true ? how.seed : undefined);
    if (how.otherwise === true) await this.#world.advance(OTHER_TIME_MS);
    if (anew) await consumers.start();
    const { disturbance, together, poison, unhurried } = each;
    const result = await runExperiment(this.#world, {
      ...{
        patienceMs,
        signal,
        include,
        queues: this.#queues,
        outputs: this.#outputs,
        order: this.#order,
        habits: this.#habits,
      },
      ...(this.#mask !== undefined && { mask: this.#mask }),
      ...(consumers !== undefined && { consumers }),
      ...(disturbance !== undefined && { disturbance }),
      ...(together !== undefined && { together }),
      ...(unhurried !== undefined && { unhurried }),
      ...(poison !== undefined && { poison }),
    });
    await this.#world.clearFaults();
    // Whoever hangs would go on in the next run.
    if (result.stuck !== undefined && !anew && consumers !== undefined) {
      await consumers.stop();
      await consumers.start();
    }
    // Before, it is not known who takes part.
    return this.#mask === undefined ? result : { ...result, interfered: this.#outsiders.note(result) };
  }

  #chosen<C extends { id: string; experiment: Experiment }>(cases: readonly C[]): C[] {
    const { only, case: wanted, seed } = this.#options;
    if (wanted === undefined) {
      const chosen = cases.filter(({ experiment }) => only === undefined || only.includes(experiment));
      return seed === undefined ? chosen : shuffled(chosen, seed);
    }
    const found = cases.filter(({ id }) => id === wanted);
    if (found.length > 0) return found;
    throw new CliffracerError('invalid_input', `there is no case ${JSON.stringify(wanted)} with these messages`);
  }
}

const BATCHED: ReadonlySet<Experiment> = new Set<Experiment>(['error', 'crash', 'partial', 'poison']);
