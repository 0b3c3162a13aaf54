import type { App } from '../app.ts';
import type { Connection } from '../connection.ts';
import type { About, ConsoleDeps } from '../console/server/deps.ts';
import { deadLetterQueueOf, SERVICES } from '../domain/names.ts';
import { CliffracerError } from '../errors.ts';
import type { StackNames } from '../shop/stack/names.ts';
import type { Place } from './dead-letters.ts';

/** Everything that the console asks, of the engine in use or of AWS. Rejects with `engine_unreachable`. */
export async function consoleDeps(app: App, { write }: { write: boolean }): Promise<ConsoleDeps> {
  const connection = await app.connect();
  const { target, names } = connection;
  const [embedded, aws] = await Promise.all([loadEmbedded(), loadAws()]);
  // On AWS nothing of the embedded engine is asked.
  const place = { endpoint: target.endpoint ?? '', region: target.region, now: app.clock.now };
  const about = await aboutOf(app, connection, write);
  // What is shown is no call of anybody's.
  const clients = aws.createClients(
    { ...target, stack: names.stack },
    { appId: 'console', looks: true, pauses: app.clock },
  );
  const ports = aws.createPorts(clients, names);
  return {
    ...{ about, clock: app.clock, uuid: app.system.uuid },
    controls: embedded.embeddedControls(place),
    log: embedded.embeddedCallLog({ ...place, instead: 'cliffracer up --engine embedded --port 0' }),
    laboratory: embedded.embeddedLaboratory(place),
    world: embedded.embeddedLabWorld({ ...place, clock: app.clock }),
    queues: aws.createAnyQueues(clients),
    deadLetters: (queue) => placeNamed(app, names, queue),
    messaging: aws.createMessaging(clients),
    stores: aws.createStores(clients),
    shop: async (since) => (await aws.metrics(ports, { since }, await connection.now())).series,
  };
}

async function placeNamed(app: App, names: StackNames, queue: string): Promise<Place> {
  const [{ otherPlaces, servicePlace }, { queueStates }] = await Promise.all([
    import('./dead-letters.ts'),
    import('./queues.ts'),
  ]);
  const service = SERVICES.find((each) => names.queue(deadLetterQueueOf(each)) === queue);
  if (service !== undefined) return servicePlace(app, service);
  const found = (await otherPlaces(app, await queueStates(app))).find(({ fullName }) => fullName === queue);
  if (found !== undefined) return found;
  throw new CliffracerError('not_found', `${queue} is no dead-letter queue`, { hint: 'cliffracer dlq list' });
}

const loadEmbedded = async () => {
  const modules = await Promise.all([
    import('../engines/embedded/call-log.ts'),
    import('../engines/embedded/controls.ts'),
    import('../engines/embedded/lab-world.ts'),
    import('../engines/embedded/laboratory.ts'),
  ]);
  return { ...modules[0], ...modules[1], ...modules[2], ...modules[3] };
};

const loadAws = async () => {
  const modules = await Promise.all([
    import('../aws/clients.ts'),
    import('../aws/messaging.ts'),
    import('../aws/ports.ts'),
    import('../aws/stores/index.ts'),
    import('../shop/metrics.ts'),
  ]);
  return { ...modules[0], ...modules[1], ...modules[2], ...modules[3], ...modules[4] };
};

async function aboutOf(app: App, { target, names, clients }: Connection, write: boolean): Promise<About> {
  const common = { version: app.version, region: target.region, stack: names.stack };
  if (target.kind === 'aws') {
    const { account } = await clients.identity();
    return {
      ...common,
      account,
      engine: 'AWS',
      endpoint: null,
      write: mayWrite(app, write),
      laboratory: `AWS ${HAS_NONE}`,
    };
  }
  const endpoint = target.endpoint!;
  const [{ probe }, { unreachable }, { ENGINE_NAMES }] = await Promise.all([
    import('../engines/probe.ts'),
    import('../engines/ready.ts'),
    import('../engines/kinds.ts'),
  ]);
  const found = await probe(endpoint, app.clock.now);
  if (found.answer !== 'engine') throw unreachable(endpoint, found);
  const engine = ENGINE_NAMES[found.kind];
  const laboratory = found.kind === 'embedded' || `${engine} ${HAS_NONE}`;
  return { ...common, account: target.account ?? null, engine, endpoint, write: true, laboratory };
}

const HAS_NONE = 'has no call log, holds, clock, faults or snapshots; the embedded engine has';

/** On AWS things are only changed by somebody who said so, and whose account it is. */
function mayWrite({ globals }: App, write: boolean): true | string {
  if (!write) return 'AWS is only read: start the console with --write and --account to change things';
  if (globals.account === undefined) {
    throw new CliffracerError('usage', '--write on AWS needs the account that may be changed', {
      hint: 'give --account with its 12 digits',
    });
  }
  return true;
}
