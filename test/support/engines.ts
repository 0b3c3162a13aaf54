import { createStackAdmin } from '../../src/aws/admin/index.ts';
import { type Clients, createClients } from '../../src/aws/clients.ts';
import { createPorts } from '../../src/aws/ports.ts';
import type { Target } from '../../src/aws/target.ts';
import { serve } from '../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { requestHandler } from '../../src/emulator/request-handler.ts';
import type { Ports } from '../../src/ports.ts';
import type { StackAdmin } from '../../src/shop/stack/admin.ts';
import { desiredStack } from '../../src/shop/stack/desired.ts';
import { type StackNames, stackNames } from '../../src/shop/stack/names.ts';
import { apply, type Fact } from '../../src/topology/apply.ts';
import { destroy } from '../../src/topology/destroy.ts';
import type { Desired } from '../../src/topology/resources.ts';

/** An engine that contract tests run against. */
export interface RunningEngine {
  target: Target;
  requestHandler?: unknown;
  /** The embedded engine's inside; undefined for every other. */
  emulator?: Emulator;
  /** The time by the engine's clock. */
  now(): number;
  stop(): Promise<void>;
}

export interface EngineFixture {
  name: string;
  /** Behaviours that AWS has and this engine is known not to have; their tests are skipped with this reason. */
  lacks?: readonly string[];
  start(): Promise<RunningEngine>;
}

const START = Date.UTC(2026, 0, 1, 12);
const REGION = 'us-east-1';

/** Every request ends in the emulator of this process, without a socket. */
export const inProcess: EngineFixture = {
  name: 'embedded, in-process',
  async start() {
    const emulator = createEmulator({ seed: 1, frozenAt: START });
    return {
      target: { kind: 'local', engine: 'embedded', endpoint: 'http://127.0.0.1:4566', region: REGION },
      requestHandler: requestHandler(emulator),
      emulator,
      now: () => emulator.engine.clock.now(),
      async stop() {
        emulator.engine.stop();
      },
    };
  },
};

export const overHttp: EngineFixture = {
  name: 'embedded, over HTTP',
  async start() {
    const emulator = createEmulator({ seed: 1, frozenAt: START });
    const server = await serve(emulator, { port: 0 });
    return {
      target: { kind: 'local', engine: 'embedded', endpoint: `http://127.0.0.1:${server.port}`, region: REGION },
      emulator,
      now: () => emulator.engine.clock.now(),
      async stop() {
        emulator.engine.stop();
        await server.close();
      },
    };
  },
};

const LACKING: Readonly<Record<string, readonly string[]>> = { moto: ['percentiles', 'trace headers'] };

/** Engines that already run elsewhere: `CLIFFRACER_TEST_ENGINES=moto=http://127.0.0.1:5000,ministack=http://127.0.0.1:4567`. */
function external(setting: string | undefined): EngineFixture[] {
  return (setting ?? '')
    .split(',')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', endpoint = ''] = pair.split('=');
      return {
        name,
        lacks: LACKING[name] ?? [],
        start: async () => ({
          target: { kind: 'local', engine: name, endpoint, region: REGION },
          now: () => Date.now(),
          stop: async () => {},
        }),
      };
    });
}

export const ENGINES: EngineFixture[] = [inProcess, overHttp, ...external(process.env.CLIFFRACER_TEST_ENGINES)];

/** One stack on an engine, with everything that works on it. */
export interface TestStack {
  engine: RunningEngine;
  clients: Clients;
  names: StackNames;
  ports: Ports;
  admin: StackAdmin;
  desired: Desired[];
  close(): Promise<void>;
}

export async function openStack(engine: RunningEngine, name: string): Promise<TestStack> {
  const names = stackNames(name);
  // Pauses are cut to a turn of the event loop on the embedded engine; others need their time.
  const pauses = engine.emulator === undefined ? {} : { pauses: { sleep: async () => {} } };
  const handler = engine.requestHandler === undefined ? {} : { requestHandler: engine.requestHandler };
  const clients = createClients({ ...engine.target, stack: name }, { ...handler, ...pauses });
  return {
    engine,
    clients,
    names,
    ports: createPorts(clients, names),
    admin: createStackAdmin(clients, names),
    desired: desiredStack(names, await clients.identity()),
    async close() {
      clients.close();
    },
  };
}

/** A provisioned stack on an engine of its own; `close` removes both. */
export async function startStack(fixture: EngineFixture, name: string): Promise<TestStack> {
  const engine = await fixture.start();
  const stack = await openStack(engine, name);
  await collect(apply(stack.admin, stack.desired, { adopt: true }));
  return {
    ...stack,
    async close() {
      if (engine.emulator === undefined) await collect(destroy(stack.admin, stack.desired));
      await stack.close();
      await engine.stop();
    },
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export const actionsOf = (facts: readonly Fact[]): string[] => [...new Set(facts.map(({ action }) => action))].sort();
