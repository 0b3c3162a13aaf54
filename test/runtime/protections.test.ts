import { describe, expect, it } from 'vitest';
import { queueOf, SERVICES, type ServiceName } from '../../src/domain/names.ts';
import { audit } from '../../src/runtime/audit.ts';
import { drain } from '../../src/runtime/drain.ts';
import type { Ports, Write } from '../../src/runtime/ports.ts';
import { handleMessages } from '../../src/runtime/step.ts';
import type { Service } from '../../src/services/effects.ts';
import { SERVICE_MODULES, type Services } from '../../src/services/registry.ts';
import { crashing } from './crashing.ts';
import { World } from './memory-ports.ts';
import { collect, DECLINED_WISH, LAPTOP_WISH, place } from './shop.ts';

interface Shop {
  services: Services;
  /** Between the shop and the world, outside the process that dies. */
  around(world: World): Ports;
  /** Inside the process: what it makes of its ports. */
  within(ports: Ports): Ports;
}

const open = ({ queues, topic, tables, bucket, metrics, logs }: Ports): Ports => ({
  queues,
  topic,
  tables,
  bucket,
  metrics,
  logs,
});
const INTACT: Shop = { services: SERVICE_MODULES, around: open, within: (ports) => ports };

/** Every delivery comes twice, and the process dies at each call in turn; gives the invariants that broke in any run. */
async function storm(shop: Shop): Promise<Set<string>> {
  const broken = new Set<string>();
  for (const when of ['before', 'after'] as const) {
    for (let call = 1; call <= 16; call++) {
      const world = new World();
      await place(world, [LAPTOP_WISH, DECLINED_WISH]);
      for (let round = 0; round < 4; round++)
        for (const service of SERVICES) await deliver(shop, world, service, { call, when });
      const ports = shop.within(shop.around(world));
      await collect(drain({ ports, clock: world.clock, services: shop.services }));
      for (const { id, ok } of (await audit(world)).checks) if (!ok) broken.add(id);
    }
  }
  return broken;
}

async function deliver(
  shop: Shop,
  world: World,
  service: ServiceName,
  point: { call: number; when: 'before' | 'after' },
) {
  const queue = queueOf(service);
  // Twice, once: copies of copies would be more and more.
  for (const { body, attributes } of world.messages(queue).slice(0, 2)) world.enqueue(queue, body, attributes);
  const outside = shop.around(world);
  const messages = await outside.queues.receive(queue, { max: 10, waitSeconds: 0 });
  const ports = shop.within(crashing(outside, point).ports);
  const deps = { ports, clock: world.clock, services: shop.services, retryDelay: () => 0 };
  await handleMessages(service, messages, deps).catch(() => undefined);
  for (const message of world.messages(queue)) Object.assign(message, { visibleAt: 0, receives: 0 });
}

const mapServices = (change: (service: Service) => Service): Services =>
  Object.fromEntries(
    Object.entries(SERVICE_MODULES).map(([name, service]) => [name, change(service)]),
  ) as unknown as Services;

const without: Record<string, Partial<Shop>> = {
  'a duplicate performing again (it is skipped)': {
    services: mapServices((service) => ({
      ...service,
      decide: (...given) => {
        const decision = service.decide(...given);
        return decision.outcome === 'duplicate' ? { ...decision, effects: [] } : decision;
      },
    })),
  },
  'the marker record (what was done is not looked at)': {
    services: mapServices((service) => ({
      ...service,
      decide: (event, state, now) =>
        service.decide(
          event,
          (table, id) =>
            table === 'inventory' || service.name === 'order' || service.name === 'fulfillment'
              ? state(table, id)
              : undefined,
          now,
        ),
    })),
    around: (world) => ({
      ...open(world),
      tables: rewriting(world, (writes) => writes.map(({ condition: _, ...write }) => write)),
    }),
  },
  'conditions on writes': {
    around: (world) => {
      const stale = new World();
      const tables = rewriting(world, (writes) => writes.map(({ condition: _, ...write }) => write));
      // A read that is as stale as reads may be.
      return {
        ...open(world),
        tables: Object.assign(tables, {
          getMany: (keys: never) =>
            (keys as { table: string }[]).some(({ table }) => table === 'inventory')
              ? stale.tables.getMany(keys)
              : world.tables.getMany(keys),
        }),
      };
    },
  },
  'the transaction (its writes go one by one)': {
    within: (ports) => ({
      ...ports,
      tables: Object.assign(Object.create(ports.tables) as Ports['tables'], {
        write: async (writes: readonly Write[]) => {
          for (const write of writes) {
            const outcome = await ports.tables.write([write]);
            if (!outcome.written) return outcome;
          }
          return { written: true as const };
        },
      }),
    }),
  },
  'acknowledging last (a message is deleted when it is received)': {
    around: (world) => ({
      ...open(world),
      queues: {
        ...world.queues,
        receive: async (queue, options) => {
          const messages = await world.queues.receive(queue, options);
          await world.queues.delete(
            queue,
            messages.map(({ receiptHandle }) => receiptHandle),
          );
          return messages;
        },
      },
    }),
  },
};

function rewriting(world: World, change: (writes: readonly Write[]) => readonly Write[]): Ports['tables'] {
  return Object.assign(Object.create(world.tables) as World['tables'], {
    write: (writes: readonly Write[]) => world.tables.write(change(writes)),
  });
}

describe('what keeps the shop right', () => {
  it('holds when everything comes twice and the process dies everywhere', async () => {
    expect(await storm(INTACT)).toEqual(new Set());
  });

  it.each(Object.entries(without))('does not without %s, and the audit says so', async (_, flaw) => {
    expect((await storm({ ...INTACT, ...flaw })).size).toBeGreaterThan(0);
  });
});
