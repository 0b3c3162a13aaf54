import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../src/domain/events.ts';
import { queueOf, SERVICES, type ServiceName } from '../../../src/domain/names.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { handleMessages } from '../../../src/shop/runtime/step.ts';
import { retryDelay } from '../../../src/shop/runtime/worker.ts';
import { type CrashPoint, crashing } from './crashing.ts';
import { World } from './memory-ports.ts';
import { broken, DECLINED_WISH, drainAll, HUGE_WISH, LAPTOP_WISH, place, type Wish } from './shop.ts';

/** The fourth is cancelled before anybody has heard of it, the fifth when it has been paid. */
const WISHES: readonly Wish[] = [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH, LAPTOP_WISH, LAPTOP_WISH];

/** Runs orders until an event of the type waits for the service, and then lets a process handle it that dies. */
async function dieAt(
  service: ServiceName,
  type: string,
  point: CrashPoint | undefined,
): Promise<{ world: World; calls: number }> {
  const world = new World();
  const orders = await place(world, WISHES);
  const [early, late] = orders.slice(3).map(({ order_id }) => order_id) as [string, string];
  const customer = { ports: world, clock: world.clock };
  await cancelOrder(early, customer);
  let calls = 0;
  let asked = false;
  for (let turn = 0; turn < 200; turn++) {
    if (!asked && (await world.tables.get('payments', { order_id: late })) !== undefined) {
      asked = true;
      await cancelOrder(late, customer);
    }
    const next = SERVICES.map((name) => ({ name, messages: world.messages(queueOf(name)) })).find(
      ({ messages }) => messages.length > 0,
    );
    if (next === undefined) break;
    const chosen = next.messages.some(({ body }) => body.includes(`"event_type":"${type}"`)) && next.name === service;
    const process = crashing(world, chosen && calls === 0 ? point : undefined);
    const deps = { ports: process.ports, clock: world.clock, services: SERVICE_MODULES, retryDelay };
    const messages = await world.queues.receive(queueOf(next.name), { max: 10, waitSeconds: 0 });
    await handleMessages(next.name, messages, deps).catch(() => undefined);
    if (chosen && calls === 0) calls = process.calls();
    // What was in the dead process's hand comes back when its visibility timeout is over.
    if (chosen && point !== undefined) world.clock.time += 31_000;
  }
  await drainAll(world);
  return { world, calls };
}

/** Times differ between runs, since a crash costs 30 seconds; everything else must not. */
const timeless = (world: World) =>
  JSON.parse(JSON.stringify(world.state()).replaceAll(/2026-01-01T[0-9:.]+Z/g, 'TIME')) as unknown;

const PAIRS = SERVICES.flatMap((service) =>
  EVENT_TYPES.filter((type) => SERVICE_MODULES[service].consumes.includes(type)).map(
    (type) => [service, type] as const,
  ),
);

describe('a process that dies', () => {
  it.each(PAIRS)('in %s handling %s, at any await, loses and doubles nothing', async (service, type) => {
    const undisturbed = await dieAt(service, type, undefined);
    expect(undisturbed.calls).toBeGreaterThan(2);
    expect(await broken(undisturbed.world)).toEqual([]);
    for (let call = 1; call <= undisturbed.calls; call++) {
      for (const when of ['before', 'after'] as const) {
        const { world } = await dieAt(service, type, { call, when });
        expect(await broken(world), `${when} call ${call}`).toEqual([]);
        expect(timeless(world), `${when} call ${call}`).toEqual(timeless(undisturbed.world));
      }
    }
  });
});
