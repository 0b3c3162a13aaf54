import { Argument, Command } from 'commander';
import { type DebugFlags, debugFlags, hasAction } from '../access/debugging.ts';
import type { App } from '../app.ts';
import { count } from '../cli/arguments.ts';
import { KEYS_AS_THEY_ARE } from '../cli/print.ts';
import { SERVICES, type ServiceName } from '../domain/names.ts';
import { CliffracerError } from '../errors.ts';
import type { DrainEnd, DrainFact, DrainSummary } from '../shop/runtime/drain-facts.ts';
import { debugView } from '../views/debugger.ts';
import { drainSummaryView, releaseHint, stepView } from '../views/steps.ts';

export interface DrainOptions extends DebugFlags {
  step?: boolean;
}

export function drainCommand(app: App): Command {
  return debugFlags(
    new Command('drain')
      .addArgument(new Argument('[service...]', 'only these services').choices(SERVICES))
      .option('--step', 'stop before each message, with keys to handle, leave, repeat, break and undo it')
      .option('--max <n>', 'stop after so many messages', count),
  )
    .addHelpText(
      'after',
      "\nExamples:\n  $ cliffracer drain --step\n  $ cliffracer drain inventory payment --max 10\n  $ cliffracer drain --step --break 'event_type = payment_failed'\n\n" +
        'The flags for stops go with --step. EXPR is as in `debug`, with `service` and the fields of events.',
    )
    .action(async (services: ServiceName[], options: DrainOptions) => {
      checkStep(options);
      for await (const fact of options.step ? stepped(app, services, options) : drainQueues(app, services, options)) {
        if (fact.kind === 'summary') await endDrain(app, fact);
        // With --step a fact is a delivery; without, a step of a service.
        else if ('outcome' in fact) await app.print.fact(fact, stepView);
        else if (fact.kind !== 'opened') await app.print.fact(fact, debugView, KEYS_AS_THEY_ARE);
      }
    });
}

async function* stepped(app: App, services: readonly ServiceName[], options: DrainOptions) {
  const { stepThroughShop } = await import('../access/drain-step.ts');
  yield* stepThroughShop(app, services, options);
}

const UNSETTLED: ReadonlySet<DrainEnd> = new Set(['held', 'unsettled']);

/** Prints the summary and settles the exit code. */
async function endDrain(app: App, summary: DrainSummary): Promise<void> {
  await app.print.fact(summary, drainSummaryView);
  if (summary.held !== undefined) await app.print.note(summary.held, releaseHint);
  if (summary.ended === 'interrupted') app.fail('interrupted');
  else if (summary.dead_lettered > 0 || UNSETTLED.has(summary.ended)) app.fail('check_failed');
}

function checkStep(options: DrainOptions): void {
  if (options.step) return;
  if (!hasAction(options) && options.break === undefined && options.until === undefined) return;
  throw new CliffracerError('usage', 'flags for stops need --step', { hint: 'cliffracer drain --step --handle' });
}

/** Handles what waits and what follows from it; each fact is a message handled or left, the last one the summary. */
export async function* drainQueues(
  app: App,
  services: readonly ServiceName[],
  options: DrainOptions,
): AsyncGenerator<DrainFact> {
  const [{ ports, traced, names, clock }, { drain }, { servicePorts }] = await Promise.all([
    app.connect(),
    import('../shop/runtime/drain.ts'),
    import('../shop/runtime/service-ports.ts'),
  ]);
  app.endsOnSignal();
  yield* drain(
    {
      ...{ ports, clock },
      portsOf: servicePorts({ traced, callerOf: names.caller, clock, bytes: app.system.bytes }),
      heldOf: (queues) => heldAmong(app, queues.map(names.queue)),
    },
    {
      ...(services.length > 0 && { services }),
      max: options.max,
      signal: app.signal,
    },
  );
}

/** Those of the queues that give out nothing as they are held; none on engines that hold no queues. */
async function heldAmong(app: App, names: readonly string[]): Promise<string[]> {
  const { queueStates } = await import('../access/queues.ts');
  const states = await queueStates(app);
  return states
    .filter(({ queue, hold, held }) => hold !== null && held > 0 && names.includes(queue))
    .map(({ queue }) => queue);
}
