import { Command } from 'commander';
import type { App } from '../../app.ts';
import { exploreSeeds } from '../../chaos/explorers.ts';
import type { HandlersName } from '../../chaos/handlers.ts';
import { count, wholeNumber } from '../../cli/arguments.ts';
import { refuseAws } from '../../engines/aws.ts';
import { FAULT_KINDS, type FaultKind } from '../../shop/storms/faults.ts';
import { type ExplorationEnd, type ExplorationFact, explorationView } from '../../views/exploration.ts';
import { DEFAULT_ORDERS, faultKinds, handlersName, workerCount } from './storm.ts';

export interface ExploreOptions {
  seeds?: number;
  from?: number;
  orders?: number;
  faults?: FaultKind[];
  workers?: number;
  handlers?: HandlersName;
  keepGoing?: boolean;
  threads?: number;
}

const DEFAULT_SEEDS = 100;

const HELP = `
Each seed is a storm of its own: 1 to 4 workers, and all or some of the faults. A storm that fails is shrunk while it still
fails in the same way: fewer workers, orders, kinds of faults, and then faults and delayed calls. The smallest one is
printed with the command that replays it.

Examples:
  $ cliffracer chaos explore --seeds 500
  $ cliffracer chaos explore --seeds 50 --handlers flawed:no_deduplication

Exit codes: 0 no storm failed · 1 one did.`;

export function chaosExploreCommand(app: App): Command {
  return new Command('explore')
    .option('--seeds <n>', `how many storms (default ${DEFAULT_SEEDS})`, count)
    .option('--from <s>', 'the first seed (default 1)', wholeNumber)
    .option('--orders <n>', `orders in each (default ${DEFAULT_ORDERS})`, count)
    .option('--faults <list>', `all, none, or some of ${FAULT_KINDS.join(', ')}`, faultKinds)
    .option('--workers <n>', 'processes in each (default: 1 to 4)', workerCount)
    .option('--handlers <which>', 'right, flawed, or flawed:FLAW,... (default right)', handlersName)
    .option('--keep-going', 'do not stop at the first storm that fails')
    .option('--threads <n>', 'threads to use (default: as many as there are cores)', count)
    .addHelpText('after', HELP)
    .action(async (options: ExploreOptions) => {
      for await (const fact of chaosExplore(app, options)) {
        await app.print.fact(fact, explorationView);
        if (fact.kind !== 'explored') continue;
        if (fact.ended === 'interrupted') app.fail('interrupted');
        else if (fact.failed > 0) app.fail('check_failed');
      }
    });
}

/** Storms that failed, shrunk; then a summary, also when it is interrupted. */
export async function* chaosExplore(app: App, options: ExploreOptions): AsyncGenerator<ExplorationFact> {
  refuseAws(app.globals, app.env);
  const { seeds = DEFAULT_SEEDS, from = 1, orders = DEFAULT_ORDERS, handlers = 'right', keepGoing = false } = options;
  const settings = { orders, workers: options.workers, kinds: options.faults };
  const progress = await app.progress(`0 of ${seeds} storms`);
  const started = app.clock.now();
  let ended: ExplorationEnd = 'done';
  app.endsOnSignal();
  const summary = { seeds: 0, failed: 0, orders: 0, calls: 0, faults: {} as Partial<Record<FaultKind, number>> };
  try {
    for await (const fact of exploreSeeds(app, { from, seeds, settings, handlers }, options.threads)) {
      summary.seeds++;
      summary.orders += orders;
      summary.calls += fact.calls;
      for (const kind of FAULT_KINDS) {
        const times = fact.faults[kind] ?? 0;
        if (times > 0) summary.faults[kind] = (summary.faults[kind] ?? 0) + times;
      }
      progress.update(`${summary.seeds} of ${seeds} storms, ${summary.failed} failed`);
      if (fact.kind === 'passed') continue;
      summary.failed++;
      yield { ...fact, handlers };
      if (keepGoing) continue;
      ended = 'failed';
      break;
    }
  } finally {
    progress.stop();
  }
  if (ended === 'done' && summary.seeds < seeds) ended = 'interrupted';
  yield { kind: 'explored', from, ended, ...summary, duration_ms: app.clock.now() - started };
}
