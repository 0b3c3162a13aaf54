import { Command } from 'commander';
import type { App } from '../app.ts';
import { collect, count, duration, identifier, listOf, seconds } from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import type { CheckFact, Verdict } from '../lab/check/check.ts';
import { EXPERIMENTS, type Experiment } from '../lab/check/plan.ts';
import { checkProgress, verdictView } from '../views/check.ts';

export interface CheckCommandOptions {
  only?: Experiment[];
  case?: string;
  ignore?: string[];
  maxRuns?: number;
  /** Milliseconds. */
  budget?: number;
  as?: string;
  /** Seconds. */
  timeout?: number;
}

const DEFAULT_RUNS = 1_000;
const DEFAULT_TIMEOUT_S = 15;

const HELP = `
Consumers: what polls already, or the command behind --. Messages: what waits in the queues; hold a queue before you send,
lest a consumer that polls already takes them (cliffracer queue hold QUEUE).
Everything starts from the same snapshot on a frozen clock, one message at a time, and has to end as the undisturbed run did.

  duplicate  each message once more, after it was handled
  error      each call of each delivery fails once, before it acts, and after it was done
  crash      the consumer is cut off before each call, and after it; the message comes again
  order      each message after the next one of its queue
  partial    one entry of each batch is refused
  poison     garbage in each queue

Examples:
  $ cliffracer check
  $ cliffracer check --only duplicate,crash -- python consumer.py
  $ cliffracer check --case crash-after:0.1 --json

Exit codes: 0 all held · 1 a counterexample was found · 6 nothing was tried, or a consumer did not come to its end.`;

export function checkCommand(app: App): Command {
  return new Command('check')
    .argument('[command...]', 'a consumer to run meanwhile, behind --')
    .option('--only <list>', `some of ${EXPERIMENTS.join(', ')}`, listOf(EXPERIMENTS))
    .option('--case <id>', 'one case, as a counterexample names it', identifier)
    .option(
      '--ignore <place>',
      'leave this out of the comparison: "table orders" or "table orders: updated_at"',
      collect,
    )
    .option('--max-runs <n>', `at most so many disturbed runs (default ${DEFAULT_RUNS})`, count)
    .option('--budget <time>', 'begin no run after this time, as 60s', duration)
    .option('--as <name>', 'name of the command among the callers (default: its own)', identifier)
    .option(
      '--timeout <s>',
      `seconds that a consumer may take over one message (default ${DEFAULT_TIMEOUT_S})`,
      seconds,
    )
    .addHelpText('after', HELP)
    .action(async (command: string[] | undefined, options: CheckCommandOptions) => {
      const verdict = await checkConsumers(app, command ?? [], options);
      await app.print.result(verdict, verdictView, KEYS_AS_THEY_ARE);
      const tried = verdict.tallies.reduce((sum, { runs }) => sum + runs, 0);
      if (verdict.failures.length > 0) app.fail('check_failed');
      else if (tried === 0) app.fail('not_settled');
    });
}

/** Runs all experiments; rejects with `not_settled` when already the undisturbed run does not come to its end. */
export async function checkConsumers(
  app: App,
  command: readonly string[],
  options: CheckCommandOptions,
): Promise<Verdict> {
  const [{ check }, { embeddedLabWorld }, { resolveRegion }] = await Promise.all([
    import('../lab/check/check.ts'),
    import('../engines/embedded/lab-world.ts'),
    import('../engines/endpoint.ts'),
  ]);
  const { maxRuns = DEFAULT_RUNS, budget, timeout = DEFAULT_TIMEOUT_S, ignore = [] } = options;
  const endpoint = (await app.endpoint()).value;
  const region = resolveRegion(app.globals.region, app.env).value;
  const world = embeddedLabWorld({ endpoint, region, now: app.clock.now });
  const ends = new AbortController();
  const signal = AbortSignal.any([app.signal, ends.signal]);
  const until = budget === undefined ? Number.POSITIVE_INFINITY : app.clock.now() + budget;
  app.endsOnSignal();
  const progress = await app.progress('Checking');
  const consumer =
    command.length === 0 ? undefined : await start(app, command, { endpoint, region }, options.as, world.clearFaults);
  consumer?.failed.catch((error: unknown) => ends.abort(error));
  let total = 0;
  let tried = 0;
  const told = (fact: CheckFact) => {
    if (fact.kind === 'planned') total = Math.min(fact.cases, maxRuns);
    if (fact.kind === 'case') tried++;
    consumer?.progressed();
    progress.update(checkProgress(fact, tried, total));
  };
  try {
    return await check(
      world,
      {
        ...{ maxRuns, ignore, signal },
        ...(options.only !== undefined && { only: options.only }),
        ...(options.case !== undefined && { case: options.case }),
        patienceMs: timeout * 1000,
        isOver: () => app.clock.now() >= until,
        ...(consumer !== undefined && { stopConsumers: consumer.stop }),
      },
      told,
    );
  } finally {
    progress.stop();
  }
}

async function start(
  app: App,
  command: readonly string[],
  place: { endpoint: string; region: string },
  as: string | undefined,
  beforeRestart: () => Promise<void>,
) {
  const [{ superviseCommand }, { consumerEnvironment }, { basename }] = await Promise.all([
    import('../lab/check/supervised.ts'),
    import('../lab/consumers/environment.ts'),
    import('node:path'),
  ]);
  const { system, clock, env } = app;
  const name = as ?? basename(command[0]!);
  return superviseCommand(command, {
    ...{ name, clock, beforeRestart, kill: system.kill, directory: system.cwd() },
    env: consumerEnvironment(env, place, name),
  });
}
