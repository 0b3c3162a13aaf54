import { resolve } from 'node:path';
import type { App } from '../app.ts';
import type { Config, TemplateTopology } from '../config/types.ts';
import { probe } from '../engines/probe.ts';

const PATIENCE_MS = 1_000;

/**
 * What a configuration says that consumers need: an engine (one that answers is used as it is, else the one that `up` would
 * start is started), and the shop's stack or templates on it.
 */
export async function prepareTopology(app: App, topology: Config['topology'], folder: string): Promise<void> {
  const isShop = topology === 'shop';
  const endpoint = await app.endpoint();
  const { answer } = await probe(endpoint.value, app.clock.now, PATIENCE_MS);
  if (answer !== 'engine') {
    const { up } = await import('../commands/up.ts');
    await up(app, { provision: isShop });
  } else if (isShop) {
    const { provision } = await import('../commands/provision.ts');
    await provision(app);
  }
  if (typeof topology === 'object') await makeTemplates(app, topology, folder);
}

/** The templates of the configuration, as `provision --template` makes them. */
async function makeTemplates(app: App, topology: TemplateTopology, folder: string): Promise<void> {
  const { makeTemplates } = await import('./templates.ts');
  const { parameters = {}, stackName, skipUnknown = false } = topology;
  await makeTemplates(app, {
    template: [topology.template].flat().map((file) => resolve(folder, file)),
    parameter: Object.entries(parameters).map(([name, value]) => `${name}=${value}`),
    ...(stackName !== undefined && { stackName: [stackName].flat() }),
    skipUnknown,
  });
}
