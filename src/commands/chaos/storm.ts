import { Command, InvalidArgumentError } from 'commander';
import type { App } from '../../app.ts';
import { type HandlersName, handlersOf } from '../../chaos/handlers.ts';
import { openTestBed } from '../../chaos/test-bed.ts';
import { count, wholeNumber } from '../../cli/arguments.ts';
import { refuseAws } from '../../engines/aws.ts';
import { FAULT_KINDS, type FaultKind } from '../../shop/storms/faults.ts';
import { FLAW_NAMES } from '../../shop/storms/flawed/flaws.ts';
import { replayCommand } from '../../shop/storms/replay.ts';
import { passed, runStormAndAudit, type StormSettings } from '../../shop/storms/storm.ts';
import type { TraceFact } from '../../shop/storms/trace.ts';
import { type StormFact, stormView, traceView } from '../../views/chaos.ts';

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
The same seed repeats the same storm on any machine. --handlers flawed runs it over services with common mistakes, and names
them.

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
    .option('--only-faults <numbers>', 'only the faults with these numbers in the whole storm', faultNumbers)
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

/** `all`, `none`, or some of the kinds. */
export function faultKinds(text: string): FaultKind[] {
  if (text === 'all') return [...FAULT_KINDS];
  if (text === 'none') return [];
  const named = text.split(',').map((part) => part.trim());
  for (const name of named) {
    if (!(FAULT_KINDS as readonly string[]).includes(name)) {
      throw new InvalidArgumentError(`"${name}" is no fault; there are all, none, and ${FAULT_KINDS.join(', ')}.`);
    }
  }
  return FAULT_KINDS.filter((kind) => named.includes(kind));
}

/** `3,7,9`: the numbers that faults bear in a storm. */
export function faultNumbers(text: string): number[] {
  const numbers = text.split(',').map((part) => part.trim());
  if (!numbers.every((number) => /^[1-9]\d{0,8}$/.test(number))) {
    throw new InvalidArgumentError('It must be numbers of faults, as 3,7,9.');
  }
  return numbers.map(Number);
}

/** `right`, `flawed`, or `flawed:` and some of the flaws. */
export function handlersName(text: string): HandlersName {
  if (text === 'right' || text === 'flawed') return text;
  const flaws = text.startsWith('flawed:') ? text.slice('flawed:'.length).split(',') : [];
  const unknown = flaws.find((flaw) => !(FLAW_NAMES as readonly string[]).includes(flaw));
  if (flaws.length > 0 && unknown === undefined) return `flawed:${flaws.join(',')}`;
  throw new InvalidArgumentError(`It must be right, flawed, or flawed: and some of ${FLAW_NAMES.join(', ')}.`);
}

/** The calls of the storm, with `trace`; then its report. */
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
  const testBed = await openTestBed('sdk')(makeHandlers(settings.seed).stack);
  try {
    const listening = options.trace ? { trace: (fact: TraceFact) => void trace.push(fact) } : {};
    const report = await runStormAndAudit(testBed, settings, { handlers: makeHandlers, ...listening });
    progress.stop();
    yield* trace;
    const command = replayCommand(settings, handlers);
    yield { kind: 'storm', ok: passed(report), handlers, command, ...report };
  } finally {
    progress.stop();
    testBed.close();
  }
}

const drawnSeed = (app: App): number => Buffer.from(app.system.bytes(4)).readUInt32BE(0);
