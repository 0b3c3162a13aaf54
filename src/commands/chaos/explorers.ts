import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { App } from '../../app.ts';
import { Channel } from '../../shop/runtime/channel.ts';
import type { CalmFact, ExploreSettings, HarmFact } from '../../shop/storms/explore.ts';
import type { HandlersName } from './options.ts';
import { openStage } from './stage.ts';

/** What each thread gets: every `threads`-th seed from its own first one. */
export interface ThreadTask {
  from: number;
  step: number;
  /** Seeds in this thread. */
  seeds: number;
  settings: Omit<ExploreSettings, 'seeds'>;
  handlers: HandlersName;
}

export type ExploredFact = CalmFact | HarmFact;

/** Storms of this many seeds are over before a second thread would have begun. */
const WORTH_A_THREAD = 8;

/**
 * Explores on all cores, each thread with an engine of its own; results come by seed, however many threads there are. Ends
 * with what there is when the program is interrupted.
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
      // Storms leave no pause of their own for what draws the progress.
      await new Promise((resolve) => setImmediate(resolve));
      if (app.signal.aborted) return;
    }
    return;
  }
  const facts = new Channel<ExploredFact>();
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

/** Holds back what comes before its turn, so that neither what is told nor where it ends depends on the threads. */
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
    import('../../shop/storms/explore.ts'),
    import('./options.ts'),
  ]);
  const makeHandlers = handlersOf(handlers);
  const stage = await openStage('direct')(makeHandlers(from).setup);
  try {
    const list = Array.from({ length: seeds }, (_, index) => from + index * step);
    yield* explore(stage, { ...settings, seeds: list }, { handlers: makeHandlers });
  } finally {
    stage.close();
  }
}
