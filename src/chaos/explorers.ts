import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { App } from '../app.ts';
import { MergedStream } from '../shop/runtime/merged-stream.ts';
import type { ExploreSettings, FailedFact, PassedFact } from '../shop/storms/explore.ts';
import type { HandlersName } from './handlers.ts';
import { openTestBed } from './test-bed.ts';

/** The share of one thread: every `step`-th seed, starting at `from`. */
export interface ThreadTask {
  from: number;
  step: number;
  /** Seeds in this thread. */
  seeds: number;
  settings: Omit<ExploreSettings, 'seeds'>;
  handlers: HandlersName;
}

export type ExploredFact = PassedFact | FailedFact;

/** Below this many seeds for each thread, starting another thread takes longer than it saves. */
const WORTH_A_THREAD = 8;

/**
 * Explores on all cores, each thread with its own engine. Results are ordered by seed whatever the number of threads, and
 * end early when the program is interrupted.
 */
export async function* exploreSeeds(
  app: App,
  task: Omit<ThreadTask, 'step'>,
  threads?: number,
): AsyncGenerator<ExploredFact> {
  const entry = join(dirname(app.system.engineEntry), 'explorer.js');
  const wanted = threads ?? Math.min(availableParallelism(), Math.ceil(task.seeds / WORTH_A_THREAD));
  if (wanted <= 1 || !existsSync(entry)) {
    for await (const fact of exploreHere({ ...task, step: 1 })) {
      yield fact;
      // Storms never yield to the event loop, which draws the progress.
      await new Promise((resolve) => setImmediate(resolve));
      if (app.signal.aborted) return;
    }
    return;
  }
  const facts = new MergedStream<ExploredFact>();
  const workers: Worker[] = [];
  let running = wanted;
  for (let thread = 0; thread < wanted; thread++) {
    const seeds = Math.ceil((task.seeds - thread) / wanted);
    const workerData: ThreadTask = { ...task, from: task.from + thread, step: wanted, seeds };
    const worker = new Worker(entry, { workerData });
    worker.on('message', (fact: ExploredFact) => facts.push(fact));
    worker.on('error', (error) => facts.fail(error));
    worker.on('exit', () => --running === 0 && facts.close());
    workers.push(worker);
  }
  const stop = () => facts.close();
  if (app.signal.aborted) stop();
  app.signal.addEventListener('abort', stop);
  try {
    yield* bySeed(facts, task.from);
  } finally {
    app.signal.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Reorders facts by seed, so that the output does not depend on the threads. */
async function* bySeed(facts: AsyncIterable<ExploredFact>, from: number): AsyncGenerator<ExploredFact> {
  const early = new Map<number, ExploredFact>();
  let next = from;
  for await (const fact of facts) {
    early.set(fact.seed, fact);
    for (let due = early.get(next); due !== undefined; due = early.get(next)) {
      early.delete(next++);
      yield due;
    }
  }
}

/** Explores in this thread. */
export async function* exploreHere({
  from,
  step,
  seeds,
  settings,
  handlers,
}: ThreadTask): AsyncGenerator<ExploredFact> {
  const [{ explore }, { handlersOf }] = await Promise.all([
    import('../shop/storms/explore.ts'),
    import('./handlers.ts'),
  ]);
  const makeHandlers = handlersOf(handlers);
  const testBed = await openTestBed('direct')(makeHandlers(from).stack);
  try {
    const list = Array.from({ length: seeds }, (_, index) => from + index * step);
    yield* explore(testBed, { ...settings, seeds: list }, { handlers: makeHandlers });
  } finally {
    testBed.close();
  }
}
