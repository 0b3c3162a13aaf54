import { Argument, Command } from 'commander';
import type { App } from '../app.ts';
import { count } from '../cli/arguments.ts';
import { SERVICES, type ServiceName } from '../domain/names.ts';
import { CliffracerError } from '../errors.ts';
import type { DrainFact, DrainSummary, ShownMessage, StepChoice } from '../shop/runtime/drain-facts.ts';
import { drainSummaryView, messageView, stepView } from '../views/steps.ts';

export interface DrainOptions {
  step?: boolean;
  max?: number;
}

export function drainCommand(app: App): Command {
  return new Command('drain')
    .addArgument(new Argument('[service...]', 'only these services').choices(SERVICES))
    .option('--step', 'stop before each message: handle it, leave it, or quit')
    .option('--max <n>', 'stop after so many messages', count)
    .addHelpText('after', '\nExamples:\n  $ cliffracer drain --step\n  $ cliffracer drain inventory payment --max 10')
    .action(async (services: ServiceName[], options: DrainOptions) => {
      let summary: DrainSummary | undefined;
      for await (const fact of drainQueues(app, services, options)) {
        if (fact.kind !== 'summary') await app.print.fact(fact, stepView);
        else {
          summary = fact;
          await app.print.fact(fact, drainSummaryView);
        }
      }
      if (summary?.ended === 'interrupted') app.fail('interrupted');
      else if (summary !== undefined && (summary.dead_lettered > 0 || summary.ended === 'unsettled'))
        app.fail('check_failed');
    });
}

/** Handles what waits and what follows from it; each fact is a message handled or left, the last one the summary. */
export async function* drainQueues(
  app: App,
  services: readonly ServiceName[],
  options: DrainOptions,
): AsyncGenerator<DrainFact> {
  if (options.step && !app.prompt.available) {
    throw new CliffracerError('needs_terminal', '--step asks at each message, and there is no terminal to ask on', {
      hint: 'leave --step out, or handle one message at a time with --max 1',
    });
  }
  const [{ ports, traced, clock }, { drain }, { servicePorts }] = await Promise.all([
    app.connect(),
    import('../shop/runtime/drain.ts'),
    import('../shop/runtime/service-ports.ts'),
  ]);
  app.endsOnSignal();
  yield* drain(
    { ports, portsOf: servicePorts({ traced, clock, bytes: app.system.bytes }), clock },
    {
      ...(services.length > 0 && { services }),
      max: options.max,
      ...(options.step && { decideStep: (shown) => ask(app, shown) }),
      signal: app.signal,
    },
  );
}

async function ask(app: App, shown: ShownMessage): Promise<StepChoice> {
  await app.print.note(shown, messageView);
  try {
    return await app.prompt.select<StepChoice>({
      message: 'What now?',
      flag: '--step',
      choices: [
        { value: 'handle', name: 'handle it' },
        { value: 'leave', name: 'leave it in the queue' },
        { value: 'quit', name: 'quit' },
      ],
    });
  } catch (error) {
    // Ctrl-C at the question ends the run as `quit` does: the message goes back to its queue.
    if (!(error instanceof CliffracerError) || error.code !== 'interrupted') throw error;
    app.fail('interrupted');
    return 'quit';
  }
}
