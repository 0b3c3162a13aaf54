import { CliffracerError } from '../../errors.ts';
import { differencesOf, type EndDifference, type Mask, maskOf } from './compare.ts';
import { type Case, casesFor, EXPERIMENTS, type Experiment } from './plan.ts';
import { type RunResult, runExperiment, type Stuck } from './run.ts';
import type { WatchOptions } from './watch.ts';
import type { LabWorld } from './world.ts';

export interface CheckOptions extends WatchOptions {
  only?: readonly Experiment[];
  /** One case, by its id. */
  case?: string;
  maxRuns: number;
  /** `PLACE` or `PLACE: PATH`, beside what differs by nature. */
  ignore: readonly string[];
  /** True when no further run may begin. */
  isOver(): boolean;
  /** Stops consumers that were started for the check: they are not to handle what is brought back at its end. */
  stopConsumers?(): Promise<void>;
}

/** A case whose end is not that of the undisturbed run. */
export interface Counterexample extends Case {
  differences: EndDifference[];
  stuck?: Stuck;
  /** Other cases that end in the same way. */
  like: string[];
}

export interface Tally {
  experiment: Experiment;
  runs: number;
  held: number;
  failed: number;
  not_tried: number;
}

export interface Verdict {
  deliveries: number;
  /** `PLACE: PATH` of what differed between two undisturbed runs, and was not compared. */
  masked: string[];
  tallies: Tally[];
  failures: Counterexample[];
  /** Ids of cases that could not be tried, or not within the budget, with the reason. */
  not_tried: { id: string; reason: 'over_budget' | 'did_not_strike' }[];
}

export type CheckFact =
  | { kind: 'baseline'; run: 1 | 2; deliveries: number }
  | { kind: 'planned'; cases: number }
  | { kind: 'case'; id: string; held: boolean };

const START = 'cliffracer-check-start';

/**
 * Runs the consumers over the messages that wait, twice undisturbed and then once for each case, always from the same
 * start, and tells which ends differ. All queues are held meanwhile and the clock stands still; afterwards the world is as
 * it was found.
 */
export async function check(world: LabWorld, options: CheckOptions, told: (fact: CheckFact) => void): Promise<Verdict> {
  const frozen = await world.freeze();
  const queues = (await world.queues()).map(({ name }) => name);
  await world.saveSnapshot(`${START}-before`);
  try {
    for (const name of queues) await world.hold(name);
    await world.saveSnapshot(START);
    return await new Check(world, options, told).run();
  } finally {
    await options.stopConsumers?.();
    await world.loadSnapshot(`${START}-before`);
    for (const name of [START, `${START}-before`]) await world.deleteSnapshot(name).catch(() => {});
    if (!frozen) await world.resume();
  }
}

class Check {
  readonly #world: LabWorld;
  readonly #options: CheckOptions;
  readonly #told: (fact: CheckFact) => void;
  readonly #tallies = new Map<Experiment, Tally>();
  readonly #failures: Counterexample[] = [];
  readonly #notTried: Verdict['not_tried'] = [];

  constructor(world: LabWorld, options: CheckOptions, told: (fact: CheckFact) => void) {
    this.#world = world;
    this.#options = options;
    this.#told = told;
  }

  async run(): Promise<Verdict> {
    const first = await this.#baseline(1);
    const second = await this.#baseline(2);
    const mask = maskOf(first.end, second.end, this.#options.ignore);
    const cases = this.#chosen(casesFor(first.deliveries));
    this.#told({ kind: 'planned', cases: cases.length });
    let runs = 0;
    for (const each of cases) {
      if (runs >= this.#options.maxRuns || this.#options.isOver()) this.#leaveOut(each, 'over_budget');
      else await this.#try(each, first, mask);
      runs++;
    }
    return {
      deliveries: first.deliveries.length,
      masked: [...mask.paths].filter((path) => !this.#options.ignore.includes(path)).sort(),
      tallies: [...this.#tallies.values()],
      failures: this.#failures,
      not_tried: this.#notTried,
    };
  }

  /** An undisturbed run has to come to its end: what does not work alone cannot be disturbed. */
  async #baseline(run: 1 | 2): Promise<RunResult> {
    const result = await this.#from(START, {});
    if (result.stuck !== undefined) throw stuckAlone(result.stuck);
    if (result.deliveries.length === 0) {
      throw new CliffracerError('not_settled', 'no message waits in any queue, so there is nothing to check', {
        hint: 'hold the queue, so that consumers leave them, and send some: cliffracer queue hold QUEUE, cliffracer queue send QUEUE --body …',
      });
    }
    this.#told({ kind: 'baseline', run, deliveries: result.deliveries.length });
    return result;
  }

  async #from(snapshot: string, { disturbance, poison }: Partial<Case>): Promise<RunResult> {
    await this.#world.loadSnapshot(snapshot);
    const { patienceMs, signal } = this.#options;
    return runExperiment(this.#world, {
      ...{ patienceMs, signal },
      ...(disturbance !== undefined && { disturbance }),
      ...(poison !== undefined && { extra: [poison] }),
    });
  }

  #chosen(cases: readonly Case[]): Case[] {
    const { only = EXPERIMENTS, case: wanted } = this.#options;
    if (wanted === undefined) return cases.filter(({ experiment }) => only.includes(experiment));
    const found = cases.filter(({ id }) => id === wanted);
    if (found.length > 0) return found;
    throw new CliffracerError('invalid_input', `there is no case ${JSON.stringify(wanted)} with these messages`);
  }

  #tally(experiment: Experiment): Tally {
    const tally = this.#tallies.get(experiment) ?? { experiment, runs: 0, held: 0, failed: 0, not_tried: 0 };
    this.#tallies.set(experiment, tally);
    return tally;
  }

  #leaveOut({ id, experiment }: Case, reason: Verdict['not_tried'][number]['reason']): void {
    this.#tally(experiment).not_tried++;
    this.#notTried.push({ id, reason });
  }

  async #try(each: Case, baseline: RunResult, mask: Mask): Promise<void> {
    const result = await this.#from(START, each);
    if (!result.struck) return this.#leaveOut(each, 'did_not_strike');
    const { stuck } = result;
    const differences = differencesOf(
      baseline.end,
      result.end,
      each.poison === undefined ? mask : withoutDead(mask, await this.#world.queues()),
    );
    const held = stuck === undefined && differences.length === 0;
    const tally = this.#tally(each.experiment);
    tally.runs++;
    tally[held ? 'held' : 'failed']++;
    if (!held) this.#fail({ ...each, differences, like: [], ...(stuck !== undefined && { stuck }) });
    this.#told({ kind: 'case', id: each.id, held });
  }

  /** Cases of one experiment that end alike are one fault; the first one stands for them. */
  #fail(failure: Counterexample): void {
    const same = this.#failures.find((other) => signature(other) === signature(failure));
    if (same === undefined) this.#failures.push(failure);
    else same.like.push(failure.id);
  }
}

const signature = ({ experiment, queue, differences, stuck }: Counterexample) =>
  JSON.stringify([experiment, queue, stuck?.reason, differences.map(({ place, path }) => `${place}: ${path}`)]);

/** A poisoned message has to end among the dead letters, whose number then is another one. */
function withoutDead(mask: Mask, queues: readonly { name: string; dead_letters_of: string[] }[]): Mask {
  const dead = queues.filter(({ dead_letters_of }) => dead_letters_of.length > 0).map(({ name }) => `queue ${name}`);
  return { ...mask, paths: new Set([...mask.paths, ...dead]) };
}

function stuckAlone(stuck: Stuck): CliffracerError {
  const message = `message ${stuck.messageId} of ${stuck.queue}`;
  switch (stuck.reason) {
    case 'not_received':
      return new CliffracerError('not_settled', `nobody receives ${message}`, {
        hint: `start the consumer of ${stuck.queue}, or give its command: cliffracer check -- COMMAND`,
      });
    case 'not_finished':
      return new CliffracerError('not_settled', `${stuck.caller} does not come to an end with ${message}`);
    case 'never_ends':
      return new CliffracerError('not_settled', `${message} fails without any disturbance, ${stuck.attempts} times`, {
        hint: `see why: cliffracer why ${stuck.messageId}`,
      });
  }
}
