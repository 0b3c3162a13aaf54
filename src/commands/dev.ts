import { dirname } from 'node:path';
import { Command } from 'commander';
import { consumerWorld } from '../access/consumers.ts';
import { prepareTopology } from '../access/topology.ts';
import type { App } from '../app.ts';
import type { Config } from '../config/types.ts';
import { refuseAws } from '../engines/aws.ts';
import { PROJECT_FILE } from '../engines/project-file.ts';
import { CliffracerError } from '../errors.ts';
import { type Consumer, consumersOf } from '../lab/consumers/consumer.ts';
import type { ConsumerFact } from '../lab/consumers/facts.ts';
import { runConsumers } from '../lab/consumers/run.ts';
import { consumersView } from '../views/consumers.ts';

export interface DevOptions {
  watch?: true;
}

const EXAMPLES = `
Example:
  $ cliffracer dev --watch

Consumers stand in ${PROJECT_FILE} (docs/consumers.md). Ctrl-C once: they are asked to end, and killed after
five seconds. Twice: they are killed at once.`;

export function devCommand(app: App): Command {
  return new Command('dev')
    .option('--watch', 'restart a consumer when a source file in its folder changes')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DevOptions) => {
      const { consumers, topology, folder } = await configured(app);
      await prepareTopology(app, topology, folder);
      const names = consumers.map(({ name }) => name);
      await app.print.note({ names }, ({ names }, { paint }) =>
        paint.dim(`${names.join(', ')} at work; Ctrl-C ends it.`),
      );
      const view = consumersView(names);
      for await (const fact of dev(app, consumers, options)) await app.print.fact(fact, view);
    });
}

async function configured(app: App): Promise<{ consumers: Consumer[]; topology: Config['topology']; folder: string }> {
  refuseAws(app.globals, app.env);
  const project = await app.project();
  if (project !== undefined) {
    const folder = dirname(project.path);
    const consumers = consumersOf(project.members.consumers, folder, project.refuse);
    if (consumers.length > 0) return { consumers, topology: project.members.topology, folder };
  }
  const place = project === undefined ? `there is no ${PROJECT_FILE}` : `${project.path} names no consumers`;
  throw new CliffracerError('invalid_config', place, {
    hint: `write consumers into ${PROJECT_FILE}, as docs/consumers.md shows`,
  });
}

/** Runs all consumers until the first Ctrl-C, and tells what they say and what becomes of their messages. */
export async function* dev(
  app: App,
  consumers: readonly Consumer[],
  { watch = false }: { watch?: boolean },
): AsyncGenerator<ConsumerFact> {
  const { system, signal } = app;
  app.endsOnSignal();
  yield* runConsumers(consumers, { ...(await consumerWorld(app)), signal, watch, atExit: system.atExit });
}
