import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { EVENT_TYPES } from '../../../src/domain/events.ts';
import { queueOf, SERVICES, type ServiceName, TABLES } from '../../../src/domain/names.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { cancelOrder } from '../../../src/shop/runtime/cancel-order.ts';
import { placeOrders } from '../../../src/shop/runtime/create-order.ts';
import { handleMessages } from '../../../src/shop/runtime/step.ts';
import { retryDelay } from '../../../src/shop/runtime/worker.ts';
import type { TestBed } from '../../../src/shop/storms/test-bed.ts';
import { type CrashPoint, crashing } from '../runtime/crashing.ts';
import { testIds } from '../runtime/memory-ports.ts';
import { collect, DECLINED_WISH, HUGE_WISH, LAPTOP_WISH } from '../runtime/shop.ts';
import { testBedFor } from './test-beds.ts';

/** The fourth is cancelled before anybody has heard of it, the fifth when it has been paid. */
const WISHES = [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH, LAPTOP_WISH, LAPTOP_WISH];
const TIMEOUT_MS = 31_000;

/** Runs orders to their end; the first process that gets an event of the type in hand dies. Gives how many calls it made. */
async function dieAt(
  stage: TestBed,
  service: ServiceName,
  type: string,
  point: CrashPoint | undefined,
): Promise<number> {
  stage.reset(1);
  const { ports } = stage;
  const clock = { now: () => stage.now(), sleep: async () => {} };
  const ids = testIds();
  const placed: string[] = [];
  for (const { items, payment } of WISHES) {
    const input = validateOrder({ customer: { id: 'ada', name: 'Ada Lovelace' }, items, payment }, CATALOGUE);
    for await (const { order } of placeOrders(input, 1, { ports, clock, ids })) placed.push(order.order_id);
  }
  const [early, late] = placed.slice(3) as [string, string];
  await cancelOrder(early, { ports, clock });
  let [calls, asked] = [0, false];
  for (;;) {
    if (!asked && (await ports.tables.get('payments', { order_id: late })) !== undefined) {
      asked = true;
      await cancelOrder(late, { ports, clock });
    }
    const next = await nextMessages(stage);
    if (next === undefined) break;
    const { name, messages } = next;
    const chosen = calls === 0 && name === service && messages.some(({ attributes }) => attributes.event_type === type);
    const process = crashing(ports, chosen ? point : undefined);
    const deps = { ports: process.ports, clock, services: SERVICE_MODULES, retryDelay };
    await handleMessages(name, messages, deps).catch(() => undefined);
    if (chosen) calls = process.calls();
    // What was in the dead process's hand comes back when its visibility timeout is over.
    if (chosen && point !== undefined) stage.advance(TIMEOUT_MS);
  }
  return calls;
}

/** In an order that a crash does not change, so that it decides no race between a cancellation and a parcel. */
async function nextMessages({ ports }: TestBed) {
  for (const name of SERVICES) {
    const messages = await ports.queues.receive(queueOf(name), { max: 10, waitSeconds: 0 });
    if (messages.length > 0) return { name, messages };
  }
  return undefined;
}

/** Everything that is stored. Times differ between runs, since a crash costs time; nothing else may. */
async function stateOf({ ports }: TestBed): Promise<unknown> {
  const state: Record<string, unknown> = {};
  for (const table of TABLES) {
    const items = await collect(ports.tables.scan(table));
    state[table] = items.map((item) => JSON.stringify(item)).sort();
  }
  for await (const { key } of ports.bucket.list('')) state[key] = (await ports.bucket.get(key))!.body;
  return JSON.parse(JSON.stringify(state).replaceAll(/2026-01-01T[0-9:.]+Z/g, 'TIME'));
}

const brokenIn = async ({ ports }: TestBed) => (await audit(ports)).checks.filter(({ ok }) => !ok);

const PAIRS = SERVICES.flatMap((service) =>
  EVENT_TYPES.filter((type) => SERVICE_MODULES[service].consumes.includes(type)).map(
    (type) => [service, type] as const,
  ),
);

describe('a process on the engine that dies', () => {
  it.each(PAIRS)('in %s handling %s, at any await, loses and doubles nothing', async (service, type) => {
    const stage = await testBedFor();
    const calls = await dieAt(stage, service, type, undefined);
    expect(calls).toBeGreaterThan(2);
    expect(await brokenIn(stage)).toEqual([]);
    const undisturbed = await stateOf(stage);
    for (let call = 1; call <= calls; call++) {
      for (const when of ['before', 'after'] as const) {
        await dieAt(stage, service, type, { call, when });
        expect(await brokenIn(stage), `${when} call ${call}`).toEqual([]);
        expect(await stateOf(stage), `${when} call ${call}`).toEqual(undisturbed);
      }
    }
  });
});
