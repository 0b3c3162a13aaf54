import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, type EventType } from '../../../src/domain/events.ts';
import { SERVICES, type ServiceName } from '../../../src/domain/names.ts';
import { CliffracerError } from '../../../src/errors.ts';
import type { Ports } from '../../../src/ports.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { type AuditOptions, audit, examine } from '../../../src/shop/audit/audit.ts';
import { type RepairFact, repair } from '../../../src/shop/audit/repair.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { World } from './memory-ports.ts';
import {
  broken,
  collect,
  DECLINED_WISH,
  drainAll,
  ERROR_WISH,
  HUGE_WISH,
  LAPTOP_WISH,
  place,
  statuses,
} from './shop.ts';

/** A world in which every type of event comes up, and the first message of one type to one service vanishes. */
async function losing(service: ServiceName, type: EventType): Promise<{ world: World; lost: number }> {
  const world = new World();
  const { enqueue } = world;
  let lost = 0;
  world.enqueue = (queue, body, attributes) => {
    const chosen = queue === `${service}-queue` && body.includes(`"event_type":"${type}"`) && lost === 0;
    if (chosen) lost++;
    else enqueue.call(world, queue, body, attributes);
  };
  const orders = await place(world, [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH, LAPTOP_WISH]);
  const { order_id } = orders[3]!;
  // The fourth is cancelled once it is paid.
  while (world.messages('order-queue').length + world.messages('inventory-queue').length > 0) {
    if ((await world.tables.get('payments', { order_id })) !== undefined) break;
    await drainSome(world);
  }
  await cancelOrder(order_id, { ports: world, clock: world.clock }).catch(() => undefined);
  await drainAll(world);
  return { world, lost };
}

async function drainSome(world: World): Promise<void> {
  const { drain } = await import('../../../src/shop/runtime/drain.ts');
  await collect(drain({ ports: world, clock: world.clock }, { services: ['inventory', 'payment'] }));
  await collect(drain({ ports: world, clock: world.clock }, { services: ['order'] }));
}

const PAIRS = SERVICES.flatMap((service) =>
  EVENT_TYPES.filter((type) => SERVICE_MODULES[service].consumes.includes(type)).map(
    (type) => [service, type] as const,
  ),
);

/** Losing these may change nothing that the records could miss: the parcel came first, or there was nothing to refund. */
const MAY_BE_NEEDLESS = new Set(['inventory cancel_requested', 'payment inventory_released']);

async function mend(world: World, options: AuditOptions = {}): Promise<RepairFact[]> {
  const deps = { ports: world, clock: world.clock };
  return collect(repair(await examine(world, options), deps, options));
}

describe('a message that is lost', () => {
  it.each(PAIRS)('to %s about %s is found, and mended by publishing again', async (service, type) => {
    const { world, lost } = await losing(service, type);
    expect(lost).toBe(1);
    const report = await audit(world);
    const balance = report.deliveries.find((each) => each.service === service)!;
    if (MAY_BE_NEEDLESS.has(`${service} ${type}`) && balance.lost === 0) {
      expect(report.verdict).toBe('holds');
      return;
    }
    expect(report.verdict).toBe('violated');
    expect(balance).toMatchObject({ lost: 1, waiting: 0, dead_lettered: 0 });
    const conserved = report.checks.find(({ id }) => id === 'messages_conserved')!;
    expect(conserved).toMatchObject({ result: 'fail', violations: 1 });
    expect(conserved.offenders).toMatchObject([{ detail: expect.stringContaining(`${service} `) }]);
    expect(conserved.offenders[0]!.detail).toContain(type);
    expect(conserved.offenders[0]!.remedy).toMatchObject({ action: 'trace_order', id: expect.stringMatching(/^ord_/) });

    const facts = await mend(world);
    expect(facts).toMatchObject([
      { kind: 'repaired', published: [type], reason: expect.stringContaining(`${service} has not handled ${type}`) },
      { kind: 'repair', orders: 1, events: 1, not_repaired: 0, verdict: 'not_settled' },
    ]);
    await drainAll(world);
    expect(await broken(world)).toEqual([]);
    expect(await mend(world)).toMatchObject([{ kind: 'repair', orders: 0, events: 0, verdict: 'holds' }]);
  });

  it('is not missed while it waits, is in flight, or lies in the dead-letter queue', async () => {
    const world = new World();
    await place(world, [LAPTOP_WISH, ERROR_WISH]);
    const waiting = await audit(world);
    expect(waiting.deliveries.find(({ service }) => service === 'inventory')).toMatchObject({
      due: 2,
      waiting: 2,
      lost: 0,
    });
    await world.queues.receive('inventory-queue', { max: 1, waitSeconds: 0 });
    expect((await audit(world)).deliveries.every(({ lost }) => lost === 0)).toBe(true);
    world.clock.time += 31_000;
    await drainAll(world);
    const dead = await audit(world);
    expect(dead.deliveries.find(({ service }) => service === 'payment')).toMatchObject({
      due: 2,
      handled: 1,
      dead_lettered: 1,
      lost: 0,
    });
    expect(dead.checks.filter(({ ok }) => !ok).map(({ id }) => id)).toEqual(['orders_finished', 'messages_done']);
  });
});

describe('an order whose event was never published', () => {
  async function orphaned(): Promise<World> {
    const world = new World();
    const { queues, tables, bucket, metrics, logs } = world;
    const topic = { publish: async () => Promise.reject(new CliffracerError('internal', 'the process died')) };
    await place({ ...world, queues, tables, bucket, metrics, logs, topic } as unknown as World, [LAPTOP_WISH]).catch(
      () => undefined,
    );
    return world;
  }

  it('is found and mended; a second repair before the drain does no harm', async () => {
    const world = await orphaned();
    expect(await statuses(world)).toEqual(['created']);
    const { verdict, checks } = await audit(world);
    expect(verdict).toBe('violated');
    expect(checks.filter(({ ok }) => !ok).map(({ id }) => id)).toEqual(['orders_finished', 'messages_conserved']);
    expect(await mend(world)).toMatchObject([
      { kind: 'repaired', published: ['order_created'] },
      { kind: 'repair', orders: 1 },
    ]);
    // Now they wait: what is missing may be among them.
    expect(await mend(world)).toMatchObject([{ kind: 'repair', orders: 0, verdict: 'not_settled' }]);
    await drainAll(world);
    expect(await statuses(world)).toEqual(['fulfilled']);
    expect(await broken(world)).toEqual([]);
  });

  it('is mended while workers run, who may have come first', async () => {
    const world = await orphaned();
    const examination = await examine(world, {});
    // Somebody else mends it between finding and mending.
    await mend(world);
    await drainAll(world);
    const facts = await collect(repair(examination, { ports: world, clock: world.clock }, {}));
    expect(facts).toMatchObject([{ kind: 'repair', orders: 0 }]);
    expect(await broken(world)).toEqual([]);
  });

  it('is left alone while messages wait for the same service', async () => {
    const world = await orphaned();
    for (const queue of ['inventory-queue', 'analytics-queue']) world.enqueue(queue, 'not json');
    const facts = await mend(world);
    expect(facts).toMatchObject([{ kind: 'repair', orders: 0, verdict: 'not_settled' }]);
  });
});

describe('a repair', () => {
  it('has receipts written again that are missing or wrong, and leaves what should not be there', async () => {
    const world = new World();
    const [one, two] = await place(world, [LAPTOP_WISH, LAPTOP_WISH, DECLINED_WISH]);
    await drainAll(world);
    const before = structuredClone(world.objects);
    world.objects.delete(`receipts/${one!.order_id}.json`);
    world.objects.set(`receipts/${two!.order_id}.json`, { body: 'thanks', metadata: {} });
    world.objects.set('receipts/ord_none.json', { body: '{}', metadata: {} });
    const facts = await mend(world);
    expect(facts.map(({ kind }) => kind)).toEqual(['repaired', 'repaired', 'repair']);
    await drainAll(world);
    world.objects.delete('receipts/ord_none.json');
    expect(world.objects).toEqual(before);
    expect(await broken(world)).toEqual([]);
  });

  it('does not feed an order to a payment provider that fails, and names what helps', async () => {
    const world = new World();
    const [order] = await place(world, [ERROR_WISH]);
    await drainAll(world);
    world.messages('payment-queue-dlq').length = 0;
    expect(await mend(world)).toMatchObject([
      { kind: 'not_repaired', published: [], remedy: { action: 'retry_order', id: order!.order_id } },
      { kind: 'repair', orders: 0, not_repaired: 1, verdict: 'violated' },
    ]);
    expect(world.messages('payment-queue')).toEqual([]);
  });

  it('does not claim to have mended sums that are wrong', async () => {
    const world = new World();
    await place(world, [LAPTOP_WISH]);
    await drainAll(world);
    Object.assign(world.tables.tables.get('inventory')!.get('keyboard')!, { available: 1 });
    expect(await mend(world)).toMatchObject([{ kind: 'repair', orders: 0, verdict: 'violated' }]);
  });
});

describe('what analytics handled', () => {
  async function settled(): Promise<World> {
    const world = new World();
    await place(world, [LAPTOP_WISH]);
    await drainAll(world);
    return world;
  }
  const balanceOf = async (world: World, options: AuditOptions, ports: Ports = world) => {
    const report = await audit(ports, options);
    return { report, analytics: report.deliveries.find(({ service }) => service === 'analytics')! };
  };

  it('is told by its log; a message that was handled and not logged counts as lost', async () => {
    const world = await settled();
    world.logged.splice(
      world.logged.findIndex(({ message }) => message.includes('count_payment_succeeded')),
      1,
    );
    const { report, analytics } = await balanceOf(world, {});
    expect(analytics).toMatchObject({ due: 4, handled: 3, lost: 1 });
    expect(report.checks.find(({ id }) => id === 'messages_conserved')!.offenders).toMatchObject([
      { detail: 'analytics has no log line of payment_succeeded' },
    ]);
  });

  it('is not asked of lines that may be on their way, nor of those no longer kept', async () => {
    const world = await settled();
    world.logged.length = 0;
    const now = world.clock.now() + 60_000;
    const early = await balanceOf(world, { now, logDelayMs: 120_000 });
    expect(early.report).toMatchObject({ settled: false, verdict: 'not_settled' });
    const late = await balanceOf(world, { now: now + 120_000, logDelayMs: 120_000 });
    expect(late.report.verdict).toBe('violated');
    const old = await balanceOf(world, { now: now + 14 * 86_400_000, logDelayMs: 120_000 });
    expect(old.report.verdict).toBe('holds');
    expect(old.analytics.due).toBe(0);
  });

  it('is left open when the log cannot be read, with a note; an engine that is gone is an error', async () => {
    const world = await settled();
    const refusing = (code: 'aws_error' | 'engine_unreachable') => {
      const { queues, topic, tables, bucket, metrics, logs } = world;
      // biome-ignore lint/correctness/useYield: it fails before the first line
      const filter = async function* () {
        throw new CliffracerError(code, 'no');
      };
      return { queues, topic, tables, bucket, metrics, logs: { ...logs, filter } };
    };
    const { report } = await balanceOf(world, {}, refusing('aws_error'));
    expect(report).toMatchObject({ verdict: 'holds', notes: [expect.stringContaining('its log cannot be read (no)')] });
    await expect(audit(refusing('engine_unreachable'))).rejects.toMatchObject({ code: 'engine_unreachable' });
  });
});
