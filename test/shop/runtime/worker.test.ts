import { describe, expect, it } from 'vitest';
import { CliffracerError } from '../../../src/errors.ts';
import type { Ports, QueuePort } from '../../../src/ports.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import type { StepFact } from '../../../src/shop/runtime/facts.ts';
import { retryDelay, type WorkFact, type WorkOptions, work } from '../../../src/shop/runtime/worker.ts';
import { ManualClock, settle } from './manual-clock.ts';
import { World } from './memory-ports.ts';
import { broken, DECLINED_WISH, ERROR_WISH, HUGE_WISH, LAPTOP_WISH, place, statuses } from './shop.ts';

const unreachable = () => new CliffracerError('engine_unreachable', 'nothing answers');

/** Ports like the world's with some queue operations replaced, and the world's clock made one with the workers'. */
function setUp(queues: (world: World) => Partial<QueuePort> = () => ({}), stock = 100) {
  const world = new World(stock);
  const clock = new ManualClock();
  Object.assign(world, { clock });
  const { topic, tables, bucket, metrics, logs } = world;
  const ports: Ports = { queues: { ...world.queues, ...queues(world) }, topic, tables, bucket, metrics, logs };
  return { world, clock, ports };
}

/** Starts workers, gathers their facts in the background. */
function start(ports: Ports, clock: ManualClock, options: Omit<WorkOptions, 'stop'> = {}) {
  const [stop, abort] = [new AbortController(), new AbortController()];
  const facts: WorkFact[] = [];
  const state = { ended: false, error: undefined as unknown };
  const done = (async () => {
    for await (const fact of work({ ports, clock }, { stop: stop.signal, abort: abort.signal, ...options }))
      facts.push(fact);
  })()
    .catch((error: unknown) => {
      state.error = error;
    })
    .finally(() => {
      state.ended = true;
    });
  return { stop, abort, facts, state, done };
}

const idle = async (clock: ManualClock, world: World) => {
  for (let turn = 0; turn < 500; turn++) {
    await clock.advance(100);
    if ([...world.stored].every(([queue, messages]) => queue.endsWith('-dlq') || messages.length === 0)) return;
  }
  throw new Error('the queues are never empty');
};

describe('workers', () => {
  it('bring orders to their end, and stop when told', async () => {
    const { world, clock, ports } = setUp();
    await place(world, [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH]);
    const { stop, facts, state, done } = start(ports, clock);
    await idle(clock, world);
    stop.abort();
    await done;
    expect(state.error).toBeUndefined();
    expect(await statuses(world)).toEqual(['cancelled', 'fulfilled', 'rejected']);
    expect(await broken(world)).toEqual([]);
    expect(facts.filter(({ kind }) => kind === 'step')).toHaveLength(26);
    expect(facts.at(-1)).toEqual({ kind: 'stopping', in_flight: 0 });
    expect(clock.sleeping).toBe(0);
  });

  it('poll long, many messages at a time, and of the named services only', async () => {
    const asked: unknown[] = [];
    const { world, clock, ports } = setUp(({ queues }) => ({
      receive: (queue, options) => {
        asked.push([queue, options.max, options.waitSeconds]);
        return queues.receive(queue, options);
      },
    }));
    await place(world, [LAPTOP_WISH]);
    const { stop, done } = start(ports, clock, { services: ['inventory'] });
    await settle();
    stop.abort();
    await done;
    expect(asked[0]).toEqual(['inventory-queue', 10, 20]);
    expect(new Set(asked.map(String))).toEqual(new Set(['inventory-queue,10,20']));
  });

  it('finish what is in hand before they stop', async () => {
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { world, clock, ports } = setUp();
    ports.topic = {
      publish: async (events) => {
        await slow;
        return world.topic.publish(events);
      },
    };
    await place(world, [LAPTOP_WISH]);
    const { stop, facts, state, done } = start(ports, clock, { services: ['inventory'] });
    await settle();
    stop.abort();
    await settle();
    expect(state.ended).toBe(false);
    expect(facts).toEqual([{ kind: 'stopping', in_flight: 1 }]);
    finish();
    await done;
    expect(facts).toMatchObject([{ kind: 'stopping' }, { kind: 'step', outcome: 'handled', acknowledged: true }]);
    expect(world.messages('inventory-queue')).toEqual([]);
  });

  it('end at once when aborted; what was in hand comes again', async () => {
    const { world, clock, ports } = setUp();
    ports.topic = { publish: () => new Promise(() => {}) };
    await place(world, [LAPTOP_WISH]);
    const { stop, abort, state, done } = start(ports, clock, { services: ['inventory'] });
    await settle();
    stop.abort();
    abort.abort();
    await done;
    expect(state).toEqual({ ended: true, error: undefined });
    expect(await ports.queues.depth('inventory-queue')).toMatchObject({ inFlight: 1 });
  });

  it('keep messages to themselves while they work on them for long', async () => {
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { world, clock, ports } = setUp();
    ports.bucket = { ...world.bucket, put: async (...args) => slow.then(() => world.bucket.put(...args)) };
    await place(world, [LAPTOP_WISH]);
    const { stop, facts, done } = start(ports, clock);
    for (let second = 0; second < 100; second++) await clock.advance(1000);
    expect(await ports.queues.depth('fulfillment-queue')).toEqual({ ready: 0, inFlight: 1, delayed: 0 });
    finish();
    await idle(clock, world);
    stop.abort();
    await done;
    expect(facts.filter((fact) => fact.kind === 'step' && fact.attempt > 1)).toEqual([]);
    expect(await statuses(world)).toEqual(['fulfilled']);
  });

  it('wait longer and longer while the engine is out of reach, and go on when it is back', async () => {
    let down = true;
    const { world, clock, ports } = setUp(({ queues }) => ({
      receive: async (queue, options) => {
        if (down) throw unreachable();
        return queues.receive(queue, options);
      },
    }));
    await place(world, [LAPTOP_WISH]);
    const { stop, facts, done } = start(ports, clock, { services: ['inventory'] });
    for (const pause of [0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) await clock.advance(pause);
    expect(facts.map((fact) => fact.kind === 'trouble' && fact.retry_in_ms)).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
    ]);
    down = false;
    await clock.advance(30_000);
    expect(facts.at(-1)).toMatchObject({ kind: 'step', outcome: 'handled' });
    stop.abort();
    await done;
  });

  it('wait out an answer that is none of AWS', async () => {
    let torn = true;
    const { world, clock, ports } = setUp(({ queues }) => ({
      receive: async (queue, options) => {
        if (torn) throw new CliffracerError('not_an_engine', 'HTML, or half a document');
        return queues.receive(queue, options);
      },
    }));
    await place(world, [LAPTOP_WISH]);
    const { stop, facts, state, done } = start(ports, clock, { services: ['inventory'] });
    await settle();
    expect(facts).toMatchObject([{ kind: 'trouble', error: { code: 'not_an_engine' }, retry_in_ms: 500 }]);
    torn = false;
    await clock.advance(500);
    expect(facts.at(-1)).toMatchObject({ kind: 'step', outcome: 'handled' });
    stop.abort();
    await done;
    expect(state.error).toBeUndefined();
  });

  it('receive nothing more while nobody reads what they report', async () => {
    const batch = Array.from({ length: 10 }, (_, index) => ({
      ...{ messageId: String(index), receiptHandle: String(index), body: 'not json', attributes: {} },
      ...{ receiveCount: 1, sentAt: 0 },
    }));
    let received = 0;
    const { clock, ports } = setUp(() => ({
      receive: async (_queue, { signal }) => {
        received++;
        await settle();
        return signal?.aborted ? [] : batch;
      },
    }));
    const [stop, abort] = [new AbortController(), new AbortController()];
    const facts = work({ ports, clock }, { services: ['order'], stop: stop.signal, abort: abort.signal });
    await facts.next();
    for (let turn = 0; turn < 2_000; turn++) await settle();
    const bound = received;
    expect(bound).toBeLessThan(150);
    for (let turn = 0; turn < 100; turn++) await settle();
    expect(received).toBe(bound);
    for (let taken = 0; taken < 500; taken++) await facts.next();
    for (let turn = 0; turn < 200; turn++) await settle();
    expect(received).toBeGreaterThan(bound);
    abort.abort();
    stop.abort();
    for await (const _ of facts);
  });

  it('end with an error on a queue that is not there', async () => {
    const code = 'not_provisioned';
    const { clock, ports } = setUp(() => ({
      receive: async () => {
        throw new CliffracerError(code, 'no queue');
      },
    }));
    const { state, done } = start(ports, clock);
    await done;
    expect(state.error).toMatchObject({ code });
    expect(clock.sleeping).toBe(0);
  });

  it('give a failing message time, and never let it hold up others', async () => {
    const { world, clock, ports } = setUp();
    await place(world, [ERROR_WISH, LAPTOP_WISH]);
    world.enqueue('order-queue', 'not json');
    const { stop, facts, done } = start(ports, clock);
    await idle(clock, world);
    stop.abort();
    await done;
    expect(await statuses(world)).toEqual(['fulfilled', 'reserved']);
    expect(world.messages('order-queue-dlq').map(({ body }) => body)).toEqual(['not json']);
    const steps = facts.filter((fact): fact is StepFact => fact.kind === 'step');
    const failures = steps.filter(({ outcome }) => outcome === 'failed');
    expect(failures.map(({ attempt, error }) => [attempt, error!.code])).toEqual(
      [1, 2, 3].map((n) => [n, 'payment_error']),
    );
    expect(world.messages('payment-queue-dlq')).toHaveLength(1);
    expect(steps.filter(({ outcome }) => outcome === 'poison')).toHaveLength(1);
    expect([1, 2, 3, 7, 100].map(retryDelay)).toEqual([1, 2, 4, 60, 60]);
  });

  it('four of them sell the last 50 pieces to 200 orders exactly once', async () => {
    const { world, clock, ports } = setUp(undefined, 50);
    await place(
      world,
      Array.from({ length: 200 }, () => LAPTOP_WISH),
    );
    const crew = Array.from({ length: 4 }, () => start(ports, clock));
    await idle(clock, world);
    for (const { stop } of crew) stop.abort();
    await Promise.all(crew.map(({ done }) => done));
    const ends = await statuses(world);
    expect(ends.filter((status) => status === 'fulfilled')).toHaveLength(50);
    expect(ends.filter((status) => status === 'rejected')).toHaveLength(150);
    expect(await broken(world)).toEqual([]);
  });

  it('work with stand-ins for the services', async () => {
    const { world, clock, ports } = setUp();
    await place(world, [LAPTOP_WISH]);
    const stop = new AbortController();
    const services = {
      ...SERVICE_MODULES,
      inventory: { ...SERVICE_MODULES.inventory, decide: () => ({ outcome: 'ignored' as const, effects: [] }) },
    };
    for await (const fact of work({ ports, clock, services }, { services: ['inventory'], stop: stop.signal })) {
      if (fact.kind === 'step') stop.abort();
    }
    expect(world.messages('inventory-queue')).toEqual([]);
    expect(await statuses(world)).toEqual(['created']);
  });
});
