import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { schemaFault } from '../config/check.ts';
import { MEMBERS } from '../config/schema.ts';
import type { Connection } from '../connection.ts';
import { CliffracerError } from '../errors.ts';
import type { Place } from '../lab/template/scope.ts';
import type { Json, JsonObject } from '../lab/template/value.ts';
import { ACCOUNT, NOWHERE } from './engine.ts';
import { LabError } from './error.ts';
import type { Lab, LabTopology } from './types/lab.ts';

export interface TopologyPlace extends Pick<Lab, 'region' | 'requestHandler' | 'clock'> {
  /** Where files are looked for. */
  folder: string;
}

/** Retries need not wait: nothing here fails but for good. */
const PAUSES = { sleep: async () => {} };

/** Makes the shop's stack, or what templates declare, as `dev` and `provision` do. */
export async function makeTopology(place: TopologyPlace, topology: 'shop' | 'none' | LabTopology): Promise<void> {
  if (topology === 'none') return;
  try {
    if (topology === 'shop') await makeShop(place);
    else await makeTemplates(place, checked(topology));
  } catch (error) {
    if (!(error instanceof CliffracerError)) throw error;
    throw new LabError([error.message, ...error.details].join('\n  '), { cause: error });
  }
}

async function connect(place: TopologyPlace): Promise<Connection> {
  const { connectTo } = await import('../connection.ts');
  const { region, requestHandler } = place;
  const target = { kind: 'local', engine: 'embedded', endpoint: NOWHERE, region, account: ACCOUNT } as const;
  return connectTo(target, undefined, {
    requestHandler,
    clock: { now: () => place.clock.now().getTime(), ...PAUSES },
  });
}

async function makeShop(place: TopologyPlace): Promise<void> {
  const [connection, { apply }, { seed }] = await Promise.all([
    connect(place),
    import('../topology/apply.ts'),
    import('../shop/stack/seed.ts'),
  ]);
  const { administration, clients, ports, names } = connection;
  const { admin, desired } = await administration();
  for await (const _ of apply(admin, desired, { adopt: true }));
  for await (const _ of seed(ports, names));
  clients.close();
}

interface Template {
  /** For messages. */
  file: string;
  template: JsonObject;
}

async function makeTemplates(place: TopologyPlace, topology: LabTopology): Promise<void> {
  const [{ clients }, { compileTemplate, exportsOf }, { stackNameOf }, { createAdmin }, { apply }] = await Promise.all([
    connect(place),
    import('../lab/template/compile.ts'),
    import('../lab/template/names.ts'),
    import('../aws/admin/index.ts'),
    import('../topology/apply.ts'),
  ]);
  const { region, folder } = place;
  const exports = new Map<string, Json>();
  const stacks = [topology.stackName ?? []].flat();
  for (const [index, { file, template }] of (await templatesOf(topology, folder)).entries()) {
    const stack = stacks[index] ?? stackNameOf(file);
    const queueUrl = (name: string) => `${NOWHERE}/${ACCOUNT}/${name}`;
    const deployed: Place = { account: ACCOUNT, region, partition: 'aws', stack, queueUrl, exports };
    const { skipUnknown = false } = topology;
    const parameters = new Map(Object.entries(topology.parameters ?? {}));
    const compiled = compileTemplate(template, { file, place: deployed, parameters, skipUnknown });
    for (const [name, value] of exportsOf(compiled)) exports.set(name, value);
    for await (const _ of apply(createAdmin(clients, stack), compiled.desired, { adopt: true }));
  }
  clients.close();
}

function templatesOf({ template }: LabTopology, folder: string): Promise<Template[]> {
  return Promise.all(
    [template].flat().map(async (each, index): Promise<Template> => {
      if (typeof each !== 'string')
        return { file: `stack${index === 0 ? '' : index + 1}.json`, template: each as JsonObject };
      const { parseTemplate } = await import('../lab/template/parse.ts');
      const file = resolve(folder, each);
      const text = await readFile(file, 'utf8').catch((cause: Error) => {
        throw new LabError(`the template ${file} cannot be read: ${cause.message}`, { cause });
      });
      return { file, template: await parseTemplate(text, each) };
    }),
  );
}

/** As the configuration's schema has it, but for templates in place. */
function checked(topology: LabTopology): LabTopology {
  const named = {
    ...topology,
    template: [topology.template].flat().map((each) => (typeof each === 'string' ? each : 'x')),
  };
  const fault = schemaFault(MEMBERS.topology!, named, ['topology']);
  if (fault !== undefined) throw new LabError(`config: ${fault.why}`);
  return topology;
}
