import { systemLoop, systemTime } from '../emulator/core/host.ts';
import type { Emulator } from '../emulator/index.ts';
import type { httpCall } from '../engines/http.ts';
import type { check as checkWorld } from '../lab/check/check.ts';
import type { CheckedConsumers } from '../lab/check/consumers.ts';
import type { Ends } from '../lab/check/ends.ts';
import type { Invariant } from '../lab/check/invariants.ts';
import type { Experiment } from '../lab/check/plan.ts';
import type { Verdict } from '../lab/check/verdict.ts';
import type { Included, LabWorld } from '../lab/check/world.ts';
import type { RunningConsumer } from './consume.ts';
import { NOWHERE } from './engine.ts';
import { LabError } from './error.ts';
import { publish, send } from './sending.ts';
import { settlePresent, type Workshop } from './settle.ts';
import { milliseconds } from './time.ts';
import type { LabCheckOptions, LabVerdict } from './types/check.ts';

export interface CheckedLab {
  workshop: Workshop;
  ends: Ends;
  running: Iterable<RunningConsumer>;
  /** Told when the world was put back: what is at work belongs to the one before. */
  putBack(): void;
}

const REAL_TIME = {
  now: systemTime.now,
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const cancel = systemLoop.after(ms, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    }),
};

const LONGEST_MS = 2 ** 31 - 1;
const MOST_RUNS = 1_000;
const PATIENCE_MS = 5_000;

/**
 * Runs the experiments of `cliffracer check` on the consumers of a lab, with the messages that `scenario` sends. Rejects with
 * the counterexamples, or when nothing was tried.
 */
export async function checkLab(
  checked: CheckedLab,
  scenario: () => unknown,
  options: LabCheckOptions,
): Promise<LabVerdict> {
  const { budget, maxRuns = MOST_RUNS, ignore = [], patience = PATIENCE_MS, only, include, ...rest } = options;
  const [{ check }, { EXPERIMENTS }, { embeddedLabWorld }] = await Promise.all([
    import('../lab/check/check.ts'),
    import('../lab/check/plan.ts'),
    import('../engines/embedded/lab-world.ts'),
  ]);
  const odd = only?.find((name) => !(EXPERIMENTS as readonly string[]).includes(name));
  if (odd !== undefined) throw new LabError(`there is no experiment ${odd}; there are ${EXPERIMENTS.join(', ')}`);
  const { lab } = checked.workshop;
  const until = budget === undefined ? Number.POSITIVE_INFINITY : systemTime.now() + milliseconds(budget, 'budget');
  const world = embeddedLabWorld({
    ...{ endpoint: NOWHERE, region: lab.region, clock: REAL_TIME, answer: answerOf(lab.emulator) },
  });
  const verdict = await verdictOf(check, inProcess(world, checked), {
    ...{ maxRuns, ignore, patienceMs: milliseconds(patience, 'patience'), signal: new AbortController().signal },
    ...(rest as { invariants?: Record<string, Invariant> }),
    ...(only !== undefined && { only: only as Experiment[] }),
    ...(include !== undefined && { include: include as Included[] }),
    consumers: handlersOf(checked),
    watches: false,
    scenario: async () => void (await scenario()),
    isOver: () => systemTime.now() >= until,
  });
  const runs = verdict.tallies.reduce((sum, tally) => sum + tally.runs, 0);
  if (verdict.failures.length > 0 || runs === 0) throw new LabError(await described(verdict));
  const { deliveries, masked, tallies, not_tried, unattributed, outputs } = verdict;
  return { deliveries, masked, tallies, not_tried, unattributed, outputs };
}

async function verdictOf(check: typeof checkWorld, world: LabWorld, options: Parameters<typeof check>[1]) {
  // The engine's own waits keep no process alive.
  const release = systemLoop.after(LONGEST_MS, () => {});
  try {
    return await check(world, options, () => {});
  } catch (error) {
    throw new LabError((error as Error).message, { cause: error });
  } finally {
    release();
  }
}

/** The engine's control interface, without a socket. */
function answerOf(emulator: Emulator): typeof httpCall {
  return async (address, { method = 'GET', body = '', signal }) => {
    const request = { method, url: address.slice(NOWHERE.length), headers: {}, body: Buffer.from(body), signal };
    const { status, headers, body: text } = await emulator.handle(request);
    return { status, headers, body: String(text), latencyMs: 0 };
  };
}

/** The engine's world, where handlers of this process need not be watched to know when they are done. */
function inProcess(world: LabWorld, { workshop, putBack }: CheckedLab): LabWorld {
  const { lab, time } = workshop;
  return {
    ...world,
    async send({ queue = '', topic, body, ...options }) {
      const sent = topic === undefined ? send(lab, queue, body, options) : publish(lab, topic, body, options);
      return (await sent).messageId;
    },
    async loadSnapshot(name) {
      await world.loadSnapshot(name);
      putBack();
    },
    async receivers(queue, atLeast, waitMs) {
      // One that pauses, or collects a batch, goes on by the clock.
      while (time.nextWake !== undefined && (await world.receivers(queue, atLeast, 1)) < atLeast) {
        if (!(await settlePresent(workshop, waitMs))) return 0;
        if (time.nextWake !== undefined) lab.engine.advanceTo(time.nextWake);
      }
      return world.receivers(queue, atLeast, waitMs);
    },
    async contents(include) {
      // What a handler began without waiting for it.
      await settlePresent(workshop);
      return world.contents(include);
    },
  };
}

/** The handlers of this process, which tell when they are done. What they have in memory stays there. */
function handlersOf({ workshop, ends, running }: CheckedLab): CheckedConsumers {
  const { lab, time, consumers } = workshop;
  const named = (caller: string) => [...running].find(({ name }) => name === caller);
  const nextTurn = () => new Promise<void>((resolve) => systemLoop.nextTurn(resolve));
  async function untilHandled(messageId: string, above: number): Promise<void> {
    const isDone = () => ends.count(messageId) > above;
    await nextTurn();
    while (!isDone() && time.nextWake !== undefined && (await settlePresent(workshop))) {
      if (!isDone() && time.nextWake !== undefined) lab.engine.advanceTo(time.nextWake);
    }
    await ends.until(messageId, above);
    await nextTurn();
  }
  return {
    forget: false,
    failed: new Promise<never>(() => {}),
    start: async () => {},
    stop: async () => {},
    kill: async () => false,
    async double(caller) {
      named(caller)?.double();
      return named(caller) !== undefined;
    },
    async single() {
      for (const consumer of running) consumer.single();
    },
    progressed: () => {},
    handled: (messageId) => ends.count(messageId),
    untilHandled: (caller, messageId, above) => (consumers.has(caller) ? untilHandled(messageId, above) : undefined),
  };
}

/** As `cliffracer check` shows it. */
async function described(verdict: Verdict): Promise<string> {
  const [{ verdictView }, { verdictDocument }, { PLAIN }] = await Promise.all([
    import('../views/check.ts'),
    import('../lab/check/document.ts'),
    import('../views/context.ts'),
  ]);
  const document = verdictDocument(verdict, (id) => `lab.check(…, { case: '${id}' })`);
  return verdictView(document, { paint: PLAIN, width: Number.POSITIVE_INFINITY, now: 0, terminal: false });
}
