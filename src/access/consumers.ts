import { dirname, join } from 'node:path';
import type { App } from '../app.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { CliffracerError } from '../errors.ts';
import type { ConsumerWorld } from '../lab/consumers/running.ts';

/** What consumers need of this program, with the engine in use. */
export async function consumerWorld(app: App): Promise<Omit<ConsumerWorld, 'tell'>> {
  const { env, clock, system } = app;
  const region = resolveRegion(app.globals.region, env).value;
  return {
    ...{ env, clock, place: { endpoint: (await app.endpoint()).value, region } },
    ...{ kill: system.kill, uuid: system.uuid, bytes: system.bytes },
    nodeRuntime: [system.execPath, '--enable-source-maps', join(dirname(system.engineEntry), 'lambda-runtime.mjs')],
    openQueue: async (name, consumer) => {
      const [{ clients }, { polledQueue }] = await Promise.all([app.connect(), import('../aws/polled-queue.ts')]);
      return polledQueue(clients, name, consumer).catch((error: unknown) => {
        throw isMissing(error) ? noQueue(error, consumer) : error;
      });
    },
  };
}

const isMissing = (error: unknown): error is CliffracerError =>
  error instanceof CliffracerError && error.code === 'not_provisioned';

/** What the configuration declares is made before its consumers start: mostly the name is wrong. */
const noQueue = (error: CliffracerError, consumer: string) =>
  new CliffracerError('not_provisioned', `consumer ${consumer}: ${error.message}`, {
    hint: `name one of \`cliffracer queue list\` in consumers.${consumer}.queue, or make it: cliffracer provision`,
    cause: error,
  });
