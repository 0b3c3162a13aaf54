import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { App } from '../app.ts';
import type { Config, TemplateTopology } from '../config/types.ts';
import { refuseAws } from '../engines/aws.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { probe } from '../engines/probe.ts';
import { PROJECT_FILE } from '../engines/project-file.ts';
import { CliffracerError } from '../errors.ts';
import { type Consumer, consumersOf } from '../lab/consumers/consumer.ts';
import type { ConsumerFact } from '../lab/consumers/facts.ts';
import { runConsumers } from '../lab/consumers/run.ts';
import { consumersView } from '../views/consumers.ts';
import { provision } from './provision.ts';
import { up } from './up.ts';

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
      await startEngine(app, topology === 'shop');
      if (typeof topology === 'object') await makeTopology(app, topology, folder);
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

const PATIENCE_MS = 1_000;

/** An engine that answers is used as it is; where none does, the one that `up` would start is started. */
async function startEngine(app: App, provisioned: boolean): Promise<void> {
  const endpoint = await app.endpoint();
  const { answer } = await probe(endpoint.value, app.clock.now, PATIENCE_MS);
  if (answer !== 'engine') await up(app, { provision: provisioned });
  else if (provisioned) await provision(app);
}

/** The templates of the configuration, as `provision --template` makes them. */
async function makeTopology(app: App, topology: TemplateTopology, folder: string): Promise<void> {
  const { makeTemplates } = await import('../access/templates.ts');
  const { parameters = {}, stackName, skipUnknown = false } = topology;
  await makeTemplates(app, {
    template: [topology.template].flat().map((file) => resolve(folder, file)),
    parameter: Object.entries(parameters).map(([name, value]) => `${name}=${value}`),
    ...(stackName !== undefined && { stackName: [stackName].flat() }),
    skipUnknown,
  });
}

/** Runs all consumers until the first Ctrl-C, and tells what they say and what becomes of their messages. */
export async function* dev(
  app: App,
  consumers: readonly Consumer[],
  { watch = false }: { watch?: boolean },
): AsyncGenerator<ConsumerFact> {
  const { env, clock, system, signal } = app;
  const endpoint = await app.endpoint();
  const region = resolveRegion(app.globals.region, env).value;
  app.endsOnSignal();
  yield* runConsumers(consumers, {
    ...{ env, clock, signal, watch, place: { endpoint: endpoint.value, region } },
    ...{ kill: system.kill, uuid: system.uuid, bytes: system.bytes, atExit: system.atExit },
    nodeRuntime: [system.execPath, '--enable-source-maps', join(dirname(system.engineEntry), 'lambda-runtime.mjs')],
    openQueue: async (name, consumer) => {
      const [{ target }, { polledQueue }] = await Promise.all([app.connect(), import('../aws/polled-queue.ts')]);
      return polledQueue({ target, name, consumer, pauses: clock });
    },
  });
}
