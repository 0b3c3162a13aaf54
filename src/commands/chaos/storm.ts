import { Command, InvalidArgumentError } from 'commander';
import type { App } from '../../app.ts';
import { count, wholeNumber } from '../../cli/arguments.ts';
import { refuseAws } from '../../engines/aws.ts';
import { FAULT_KINDS, type FaultKind } from '../../shop/storms/faults.ts';
import { replayCommand } from '../../shop/storms/replay.ts';
import { isRight, type StormSettings, storm } from '../../shop/storms/storm.ts';
import type { TraceFact } from '../../shop/storms/trace.ts';
import { type StormFact, stormView, traceView } from '../../views/chaos.ts';
import { faultKinds, faultNumbers, type HandlersName, handlersName, handlersOf } from './options.ts';
import { openStage } from './stage.ts';

export interface StormOptions {
  orders?: number;
  seed?: number;
  faults?: FaultKind[];
  workers?: number;
  onlyFaults?: number[];
  handlers?: HandlersName;
  trace?: boolean;
}

export const DEFAULT_ORDERS = 20;
const DEFAULT_WORKERS = 3;
const MOST_WORKERS = 16;

const HELP = `
Faults: ${FAULT_KINDS.join(', ')}.
The same seed repeats the same storm, whatever the machine does meanwhile. --handlers flawed runs it over services as they are
often written, and names what is wrong with them.

Examples:
  $ cliffracer chaos storm --seed 7       (storm may be left out: cliffracer chaos --seed 7)
  $ cliffracer chaos --orders 200 --workers 4 --faults crash,duplicate,lost_delete
  $ cliffracer chaos --seed 7 --handlers flawed

Exit codes: 0 nothing was lost, doubled, oversold or shipped unpaid · 1 something was.`;

export function chaosStormCommand(app: App): Command {
  return new Command('storm')
    .option('--orders <n>', `orders that compete for the last items (default ${DEFAULT_ORDERS})`, count)
    .option('--seed <s>', 'decides everything that happens (default: drawn, and told)', wholeNumber)
    .option('--faults <list>', 'all, none, or some of those below', faultKinds)
    .option('--workers <n>', `processes that run all services (default ${DEFAULT_WORKERS})`, workerCount)
    .option('--only-faults <numbers>', 'only the faults that bear these numbers in the whole storm', faultNumbers)
    .option('--handlers <which>', 'right, flawed, or flawed:FLAW,... (default right)', handlersName)
    .option('--trace', 'show each call and each fault as it happens')
    .addHelpText('after', HELP)
    .action(async (options: StormOptions) => {
      for await (const fact of chaosStorm(app, options)) {
        if (fact.kind === 'call') await app.print.fact(fact, traceView);
        else {
          await app.print.fact(fact, stormView);
          if (!fact.ok) app.fail('check_failed');
        }
      }
    });
}

export function workerCount(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_WORKERS) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_WORKERS}.`);
}

/** The calls of the storm, with `trace`; then what came of it. */
export async function* chaosStorm(app: App, options: StormOptions): AsyncGenerator<TraceFact | StormFact> {
  refuseAws(app.globals, app.env);
  const { handlers = 'right' } = options;
  const settings: StormSettings = {
    seed: options.seed ?? drawnSeed(app),
    orders: options.orders ?? DEFAULT_ORDERS,
    workers: options.workers ?? DEFAULT_WORKERS,
    kinds: options.faults ?? FAULT_KINDS,
    only: options.onlyFaults,
  };
  const progress = await app.progress(`A storm over ${settings.orders} orders, seed ${settings.seed}`);
  const trace: TraceFact[] = [];
  const makeHandlers = handlersOf(handlers);
  const stage = await openStage('sdk')(makeHandlers(settings.seed).setup);
  try {
    const listening = options.trace ? { trace: (fact: TraceFact) => void trace.push(fact) } : {};
    const report = await storm(stage, settings, { handlers: makeHandlers, ...listening });
    progress.stop();
    yield* trace;
    const command = replayCommand(settings, handlers);
    yield { kind: 'storm', ok: isRight(report), handlers, command, ...report };
  } finally {
    progress.stop();
    stage.close();
  }
}

const drawnSeed = (app: App): number => Buffer.from(app.system.bytes(4)).readUInt32BE(0);
