import { Argument, Command } from 'commander';
import type { App } from '../app.ts';
import { count } from '../cli/arguments.ts';
import { queueOf, SERVICES, type ServiceName } from '../domain/names.ts';
import type { WorkFact } from '../shop/runtime/worker.ts';
import { workView } from '../views/steps.ts';

export interface RunOptions {
  loops?: number;
}

export function runCommand(app: App): Command {
  return new Command('run')
    .addArgument(new Argument('[service...]', 'only these services').choices(SERVICES))
    .option('--loops <n>', 'receivers for each service, each with up to 10 messages in flight (default 1)', count)
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer run inventory payment\n\nCtrl-C once: finish the messages in flight and end. Twice: end at once; messages in flight are delivered again.',
    )
    .action(async (services: ServiceName[], options: RunOptions) => {
      for await (const fact of runWorkers(app, services, options)) await app.print.fact(fact, workView);
    });
}

/** The services as workers that poll long, until the first Ctrl-C; then messages in flight are finished. */
export async function* runWorkers(
  app: App,
  services: readonly ServiceName[],
  options: RunOptions,
): AsyncGenerator<WorkFact> {
  const [{ ports, traced, target, clock, names: stack }, { work }, { servicePorts }] = await Promise.all([
    app.connect(),
    import('../shop/runtime/worker.ts'),
    import('../shop/runtime/service-ports.ts'),
  ]);
  const names = services.length > 0 ? services : SERVICES;
  // Workers wait for an engine that fails them; one that was never there, or has no stack, is told at once.
  await Promise.all(names.map((service) => ports.queues.depth(queueOf(service))));
  app.endsOnSignal();
  await app.print.note({ names, target }, ({ names, target }, { paint }) =>
    paint.dim(`${names.join(', ')} at work on ${target.endpoint ?? target.region}; Ctrl-C ends it.`),
  );
  const portsOf = servicePorts({ traced, clock, bytes: app.system.bytes, callerOf: stack.caller });
  yield* work({ ports, portsOf, clock }, { services: names, loops: options.loops, stop: app.signal });
}
