import { describe, expect, it } from 'vitest';
import { queueOf, SERVICES, type ServiceName } from '../../../src/domain/names.ts';
import type { Ports, Write } from '../../../src/ports.ts';
import { ignored, type Service, type State } from '../../../src/services/effects.ts';
import { SERVICE_MODULES, type Services } from '../../../src/services/registry.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import type { InvariantId } from '../../../src/shop/audit/checks.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import { handleMessages } from '../../../src/shop/runtime/step.ts';
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

type Point = { call: number; when: 'before' | 'after' };

/** What can break: an invariant, or what no audit can know of, as a message that is no event leaves no record. */
type Damage = InvariantId | 'dead_letters_kept';

/**
 * Every delivery comes twice, the oldest or the newest first, and the process dies at each call in turn; gives what
 * broke in any run, or as soon as the damage that is looked for has come up.
 */
async function storm(shop: Shop, sought?: Damage): Promise<Set<Damage>> {
  const broken = new Set<Damage>();
  for (const when of ['before', 'after'] as const) {
    for (let call = 1; call <= 16; call++) {
      for (const pick of [() => 0, (visible: number) => visible - 1]) {
        const world = new World();
        world.pick = pick;
        await weather(shop, world, { call, when });
        const ports = shop.within(shop.around(world));
        await collect(drain({ ports, clock: world.clock, services: shop.services }));
        for (const damage of await damages(world)) broken.add(damage);
        if (sought !== undefined && broken.has(sought)) return broken;
      }
    }
  }
  return broken;
}

async function damages(world: World): Promise<Damage[]> {
  const failed = (await audit(world)).checks.filter(({ ok }) => !ok);
  const others = failed.filter(
    ({ id, offenders }) => id !== 'messages_done' || offenders.some((offender) => offender.id !== 'payment-queue'),
  );
  const kept = world.messages('payment-queue-dlq').some(({ body }) => body === POISON);
  return [...others.map(({ id }) => id), ...(kept ? [] : ['dead_letters_kept' as const])];
}

const POISON = 'not json';

/** One order is cancelled before anybody has heard of it, one when its goods are held, one when it has been paid. */
async function weather(shop: Shop, world: World, point: Point): Promise<void> {
  const orders = await place(world, [LAPTOP_WISH, DECLINED_WISH, LAPTOP_WISH, LAPTOP_WISH, LAPTOP_WISH]);
  const [early, held, paid] = orders.slice(2).map(({ order_id }) => order_id) as [string, string, string];
  world.enqueue('payment-queue', POISON);
  const request = (id: string) => cancelOrder(id, { ports: world, clock: world.clock }).catch(() => undefined);
  await request(early);
  const moments = new Map([
    ['reservations', held],
    ['payments', paid],
  ]);
  for (let round = 0; round < 4; round++) {
    for (const service of SERVICES) {
      for (const [table, order_id] of moments) {
        if ((await world.tables.get(table, { order_id })) === undefined) continue;
        moments.delete(table);
        await request(order_id);
        await deliver(shop, world, 'inventory', point);
      }
      await deliver(shop, world, service, point);
    }
  }
}

async function deliver(shop: Shop, world: World, service: ServiceName, point: Point) {
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

const withPayment = (payment: Service): Services => ({ ...SERVICE_MODULES, payment });
const { fulfillment, payment } = SERVICE_MODULES;

const without: Record<string, Partial<Shop> & { breaks: Damage }> = {
  'the record that an order will not be charged': {
    breaks: 'refunds_match',
    services: withPayment({
      ...payment,
      decide: (event, state, now) =>
        event.event_type === 'inventory_released' && state('payments', event.order_id) === undefined
          ? ignored()
          : payment.decide(event, state, now),
    }),
  },
  'the refund': {
    breaks: 'refunds_match',
    services: withPayment({
      ...payment,
      decide: (event, state, now) =>
        event.event_type === 'inventory_released' ? ignored() : payment.decide(event, state, now),
    }),
  },
  'the one condition by which parcel and cancellation exclude each other': {
    breaks: 'shipped_is_paid',
    services: {
      ...SERVICE_MODULES,
      fulfillment: {
        ...fulfillment,
        decide: (event, state, now) => {
          const asIfHeld: State = (table, id) => {
            const item = state(table, id);
            return table === 'reservations' && item?.status === 'released' ? { ...item, status: 'held' } : item;
          };
          return fulfillment.decide(event, asIfHeld, now);
        },
      },
    },
    around: (world) => ({
      ...open(world),
      tables: rewriting(world, (writes) =>
        writes
          .filter(({ kind }) => kind !== 'check')
          .map((write) =>
            write.kind === 'put' && write.item.status === 'shipped' ? { ...write, condition: undefined! } : write,
          ),
      ),
    }),
  },
  'deleting last what goes to the dead-letter queue (it is deleted first)': {
    breaks: 'dead_letters_kept',
    within: (ports) => {
      const late: (() => Promise<unknown>)[] = [];
      return {
        ...ports,
        queues: {
          ...ports.queues,
          send: async (queue, messages) => {
            late.push(() => ports.queues.send(queue, messages));
            return [];
          },
          delete: async (queue, handles) => {
            const failures = await ports.queues.delete(queue, handles);
            for (const send of late.splice(0)) await send();
            return failures;
          },
        },
      };
    },
  },
  'a duplicate performing again (it is skipped)': {
    breaks: 'messages_conserved',
    services: mapServices((service) => ({
      ...service,
      decide: (...given) => {
        const decision = service.decide(...given);
        return decision.outcome === 'duplicate' ? { ...decision, effects: [] } : decision;
      },
    })),
  },
  'the marker record (what was done is not looked at)': {
    breaks: 'reservations_add_up',
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
    breaks: 'reservations_add_up',
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
    breaks: 'reservations_add_up',
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
    breaks: 'messages_conserved',
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

  it.each(Object.entries(without).map(([name, flaw]) => [name, flaw.breaks, flaw] as const))(
    'does not without %s: %s',
    async (_, breaks, flaw) => {
      expect(await storm({ ...INTACT, ...flaw }, breaks)).toContain(breaks);
    },
  );
});
