import { dirname } from 'node:path';
import { Command } from 'commander';
import { checkInput } from '../access/check-input.ts';
import { reportCheck } from '../access/check-report.ts';
import { checkedProcesses, scenarioOf } from '../access/check-run.ts';
import { prepareTopology } from '../access/topology.ts';
import type { App } from '../app.ts';
import {
  collect,
  count,
  duration,
  filePath,
  identifier,
  listOf,
  queueName,
  seconds,
  wholeNumber,
} from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { CliffracerError } from '../errors.ts';
import { againWith, type VerdictView, verdictDocument } from '../lab/check/document.ts';
import { EXPERIMENTS, type Experiment, JUDGEMENTS } from '../lab/check/plan.ts';
import type { CheckFact } from '../lab/check/verdict.ts';
import { INCLUDABLE, type Included } from '../lab/check/world.ts';
import { checkProgress, verdictView } from '../views/check.ts';

export interface CheckCommandOptions {
  only?: Experiment[];
  case?: string;
  message?: string[];
  queue?: string;
  running?: true;
  kill?: true;
  ignore?: string[];
  include?: Included[];
  maxRuns?: number;
  /** Milliseconds. */
  budget?: number;
  seed?: number;
  junit?: string;
  allowFlaky?: true;
  as?: string;
  /** Seconds. */
  timeout?: number;
}

const DEFAULT_RUNS = 1_000;
const DEFAULT_TIMEOUT_S = 15;
const ALL = [...EXPERIMENTS, ...JUDGEMENTS];

const HELP = `
Consumers: those of the configuration, the command behind --, or else what polls already. Messages: the scenario of the
configuration, --message, or else what waits in the queues; hold a queue before you send to it, lest a consumer that polls
already takes them (cliffracer queue hold QUEUE).
Everything starts from the same snapshot on a frozen clock, one message at a time, and has to end as the undisturbed run did.

  duplicate   each message once more: handled already, still in hand, much later, sent again by its producer
  error       each call of each delivery fails once, before it acts, and after it was done
  crash       the consumer is cut off before each call, and after it; the message comes again. --kill ends the process
  order       each message after another that waits
  partial     one entry of each batch is refused
  poison      garbage in each queue
  slow        the visibility timeout ends at each call, and the message is in two hands
  conserve    nothing is lost in the undisturbed run
  invariants  the configuration's functions, of every end

Examples:
  $ cliffracer check
  $ cliffracer check --only duplicate,crash -- python consumer.py
  $ cliffracer check orders billing --kill --junit check.xml
  $ cliffracer check --case crash-after:0.1 --json

Exit codes: 0 all held · 1 a counterexample was found, flaky ones included · 6 nothing was tried, or a consumer did not
come to its end.`;

export function checkCommand(app: App): Command {
  return new Command('check')
    .argument('[consumer...]', 'consumers of the configuration; behind --, the command of one')
    .option('--only <list>', `some of ${ALL.join(', ')}`, listOf(ALL))
    .option('--case <id>', 'one case, as a counterexample names it', identifier)
    .option('--message <file>', 'a message, or a list of them, in place of the scenario; may be repeated', files)
    .option('--queue <name>', 'the queue that a body from --message goes to', queueName)
    .option('--running', 'check what polls already, and not the consumers of the configuration')
    .option('--kill', 'a crash ends the process at the call; it is started again')
    .option('--ignore <place>', 'do not compare this: "table orders" or "table orders: updated_at"', collect)
    .option('--include <list>', `compare also some of ${INCLUDABLE.join(', ')}`, listOf(INCLUDABLE))
    .option('--max-runs <n>', `at most so many disturbed runs (default ${DEFAULT_RUNS})`, count)
    .option('--budget <time>', 'begin no run after this time, as 60s', duration)
    .option('--seed <n>', 'try the cases in an order drawn from this number', wholeNumber)
    .option('--allow-flaky', 'exit 0 where cases failed once only, and held when they were tried again')
    .option('--junit <file>', 'also write the result as JUnit XML', filePath)
    .option('--as <name>', 'name of the command among the callers (default: its own)', identifier)
    .option(
      '--timeout <s>',
      `seconds that a consumer may take over one message (default ${DEFAULT_TIMEOUT_S})`,
      seconds,
    )
    .addHelpText('after', HELP)
    .action(async (words: string[] | undefined, options: CheckCommandOptions) => {
      const view = await check(app, words ?? [], options);
      await app.print.result(view, verdictView, KEYS_AS_THEY_ARE);
      await reportCheck(app, options, view);
      const tried = view.tallies.reduce((sum, { runs }) => sum + runs, 0);
      const { allowFlaky = false } = options;
      if (view.failures.some(({ flaky }) => !(flaky && allowFlaky))) app.fail('check_failed');
      else if (tried === 0) app.fail('not_settled');
    });
}

const files = Object.assign((text: string, before: readonly string[] | undefined) => collect(filePath(text), before), {
  completes: 'files' as const,
});

/** Runs all experiments; rejects with `not_settled` when already the undisturbed run does not come to its end. */
export async function check(app: App, words: readonly string[], options: CheckCommandOptions): Promise<VerdictView> {
  const at = words.indexOf('--');
  const [names, command] = at === -1 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  const { as, running, message, queue } = options;
  const input = await checkInput(app, {
    ...{ names, command },
    ...(as !== undefined && { as }),
    ...(running !== undefined && { running }),
    ...(message !== undefined && { message }),
    ...(queue !== undefined && { queue }),
  });
  const project = await app.project();
  const topology = project?.members.topology;
  if (topology !== undefined && topology !== 'none') await prepareTopology(app, topology, dirname(project!.path));
  const [lab, { embeddedLabWorld }] = await Promise.all([
    import('../lab/check/check.ts'),
    import('../engines/embedded/lab-world.ts'),
  ]);
  const place = {
    endpoint: (await app.endpoint()).value,
    region: resolveRegion(app.globals.region, app.env).value,
  };
  const world = embeddedLabWorld({ ...place, clock: app.clock });
  const consumers = await checkedProcesses(app, input, world.clearFaults);
  const scenario = scenarioOf(app, input, place);
  const ends = new AbortController();
  app.endsOnSignal();
  consumers?.failed.catch((error: unknown) => ends.abort(error));
  const { maxRuns = DEFAULT_RUNS, budget, timeout = DEFAULT_TIMEOUT_S, ignore = [], kill = false } = options;
  if (kill && consumers === undefined) throw notOurs();
  const until = budget === undefined ? Number.POSITIVE_INFINITY : app.clock.now() + budget;
  const progress = await app.progress('Checking');
  try {
    const verdict = await lab.check(
      world,
      {
        ...{ maxRuns, ignore, kill, watches: true, patienceMs: timeout * 1000 },
        ...{ invariants: input.invariants, correlate: input.correlate, include: options.include ?? [] },
        ...(consumers !== undefined && { consumers }),
        ...(scenario !== undefined && { scenario }),
        ...(options.only !== undefined && { only: options.only }),
        ...(options.case !== undefined && { case: options.case }),
        ...(options.seed !== undefined && { seed: options.seed }),
        signal: AbortSignal.any([app.signal, ends.signal]),
        isOver: () => app.clock.now() >= until,
      },
      teller((text) => progress.update(text)),
    );
    return verdictDocument(verdict, repeating(words, options));
  } finally {
    progress.stop();
  }
}

/** Everything that says what is checked, but not how much of it. */
function repeating(words: readonly string[], options: CheckCommandOptions) {
  const { message = [], ignore = [], include, queue, as, timeout } = options;
  const flags = [
    ...(options.kill ? ['--kill'] : []),
    ...(options.running ? ['--running'] : []),
    ...message.flatMap((file) => ['--message', file]),
    ...(queue === undefined ? [] : ['--queue', queue]),
    ...ignore.flatMap((place) => ['--ignore', place]),
    ...(include === undefined ? [] : ['--include', include.join(',')]),
    ...(as === undefined ? [] : ['--as', as]),
    ...(timeout === undefined ? [] : ['--timeout', String(timeout)]),
  ];
  return againWith(flags, words);
}

const notOurs = () =>
  new CliffracerError('usage', '--kill needs consumers that the check itself starts', {
    hint: 'cliffracer check --kill -- COMMAND',
  });

function teller(tell: (text: string) => void): (fact: CheckFact) => void {
  let total = 0;
  let tried = 0;
  return (fact) => {
    if (fact.kind === 'planned') total = fact.cases;
    if (fact.kind === 'case') tried++;
    tell(checkProgress(fact, tried, total));
  };
}
