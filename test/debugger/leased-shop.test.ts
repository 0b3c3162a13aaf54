import { describe, expect, it } from 'vitest';
import type { Action, Stop } from '../../src/debugger/controller.ts';
import { debug } from '../../src/debugger/debug.ts';
import type { DebugFact } from '../../src/debugger/facts.ts';
import { LeasedShop } from '../../src/debugger/leased-shop.ts';
import { SERVICES } from '../../src/domain/names.ts';
import { stackNames } from '../../src/shop/stack/names.ts';
import { World } from '../shop/runtime/memory-ports.ts';
import { collect, drainAll, LAPTOP_WISH, place, statuses } from '../shop/runtime/shop.ts';

/** A session over the shop on an engine that holds no queues and has no snapshots. */
function stepping(world: World, decide: (stop: Stop) => Action, max?: number): AsyncGenerator<DebugFact> {
  const { signal } = new AbortController();
  const { clock } = world;
  const shop = new LeasedShop(
    { ports: world, portsOf: () => world, names: stackNames(), clock, services: SERVICES },
    signal,
  );
  const options = { breakpoints: [], asks: true, signal, elapsed: () => clock.now(), ...(max && { max }) };
  return debug(shop, { decide: async (stop) => decide(stop) }, options);
}

async function placed(): Promise<World> {
  const world = new World();
  await place(world, [LAPTOP_WISH]);
  return world;
}

const HANDLE: Action = { kind: 'deliver' };
const READY = { ready: 1, inFlight: 0, delayed: 0 };

describe('the shop, step by step, by receiving', () => {
  it('shows every message and what its service will do, and reads back what changed', async () => {
    const world = await placed();
    const shown: string[] = [];
    const facts = await collect(
      stepping(world, ({ message: { shop }, abilities }) => {
        expect([...abilities]).toEqual(['twice']);
        shown.push(`${shop!.service} ${shop!.plan.outcome} ${shop!.plan.effects[0]!.summary}`);
        return HANDLE;
      }),
    );
    expect(shown).toHaveLength(11);
    expect(shown[0]).toBe('inventory handled held laptop-pro x1');
    const [first] = facts.filter((fact) => fact.kind === 'step');
    expect(first!.deliveries).toMatchObject([
      {
        ...{ caller: 'inventory-service', outcome: 'acknowledged', handled: { outcome: 'handled' } },
        items: expect.arrayContaining([
          expect.objectContaining({
            ...{ table: 'inventory', key: 'laptop-pro' },
            changes: expect.arrayContaining([{ attribute: 'reserved', before: 0, after: 1 }]),
          }),
        ]),
      },
    ]);
    expect(await statuses(world)).toEqual(['fulfilled']);
    expect(facts.at(-1)).toMatchObject({ kind: 'summary', ended: 'empty', handled: 11, left: 0 });
  });

  it('delivers twice, dead-letters, edits, and runs an order to its end', async () => {
    const world = await placed();
    const actions: Action[] = [{ kind: 'deliver', twice: true }, { kind: 'dead_letter' }, { kind: 'run' }];
    const facts = await collect(stepping(world, () => actions.shift() ?? { kind: 'quit' }));
    const [twice] = facts.filter((fact) => fact.kind === 'step');
    expect(twice!.deliveries.map(({ handled }) => handled!.outcome)).toEqual(['handled', 'duplicate']);
    expect(facts).toContainEqual(
      expect.objectContaining({ kind: 'dead_lettered', dead_letter_queue: 'payment-queue-dlq' }),
    );
    expect(facts.some(({ kind }) => kind === 'conversation_ended')).toBe(true);
    expect(await world.queues.depth('payment-queue-dlq')).toEqual(READY);
  });

  it('leaves a message for a later run, ready as before', async () => {
    const world = await placed();
    const facts = await collect(
      stepping(world, ({ message }) => (message.shop!.service === 'inventory' ? { kind: 'leave' } : HANDLE)),
    );
    expect(facts.slice(1)).toMatchObject([
      { kind: 'left', queue: 'inventory-queue' },
      { kind: 'step', queue: 'analytics-queue' },
      { kind: 'summary', ended: 'empty', left: 1, handled: 1 },
    ]);
    expect(await world.queues.depth('inventory-queue')).toEqual(READY);
    await drainAll(world);
    expect(await statuses(world)).toEqual(['fulfilled']);
  });

  it.each(['quit', 'gone'])('%s: what was shown is put back', async (how) => {
    const world = await placed();
    const facts = stepping(world, () => (how === 'quit' ? { kind: 'quit' } : { kind: 'leave' }));
    for await (const fact of facts) if (how === 'gone' && fact.kind === 'left') break;
    expect(await world.queues.depth('inventory-queue')).toEqual(READY);
  });
});
