import { afterEach, describe, expect, it } from 'vitest';
import { CATALOGUE, inventoryRecord } from '../../../src/domain/catalogue.ts';
import { queueOf, SERVICES } from '../../../src/domain/names.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import { serve } from '../../../src/emulator/http/server.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import type { Ports } from '../../../src/ports.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { placeOrders } from '../../../src/shop/runtime/create-order.ts';
import { seed } from '../../../src/shop/stack/seed.ts';
import { FAULT_KINDS } from '../../../src/shop/storms/faults.ts';
import { passed, runStormAndAudit } from '../../../src/shop/storms/storm.ts';
import { apply } from '../../../src/topology/apply.ts';
import { Sandbox } from '../../binary/program.ts';
import { openStack, type RunningEngine } from '../../support/engines.ts';
import { testIds } from '../runtime/memory-ports.ts';
import { collect } from '../runtime/shop.ts';
import { settings, testBedFor } from './test-beds.ts';

const ORDERS = 200;
const PIECES = 50;
const WORKERS = 4;

const wish = () => ({
  order: validateOrder({ customer: { id: 'ada' }, items: [{ sku: 'laptop-pro', quantity: 1 }] }, CATALOGUE),
});

/** In a storm some customers' programs die before their order is written. */
async function soldIn({ tables }: Ports): Promise<{ fulfilled: number; others: unknown[]; stock: unknown }> {
  const statuses = (await collect(tables.scan('orders'))).map(({ status }) => status);
  const others = statuses.filter((status) => status !== 'fulfilled');
  return {
    fulfilled: statuses.length - others.length,
    others: [...new Set(others)],
    stock: await tables.get('inventory', { sku: 'laptop-pro' }),
  };
}

const SOLD_OUT = {
  fulfilled: PIECES,
  others: ['rejected'],
  stock: { sku: 'laptop-pro', stock: 0, reserved: 0, available: 0, received: PIECES },
};

describe(`${ORDERS} orders for the last ${PIECES} pieces and ${WORKERS} workers`, () => {
  it.each([
    ['in peace', []],
    ['in a storm', FAULT_KINDS],
  ] as const)(`sell exactly ${PIECES}, %s`, async (_, kinds) => {
    const stage = await testBedFor();
    const wanted = settings(7, { orders: ORDERS, workers: WORKERS, kinds });
    const report = await runStormAndAudit(stage, wanted, {
      scenarios: wish,
      stock: () => [inventoryRecord('laptop-pro', PIECES)],
    });
    expect(passed(report)).toBe(true);
    expect(await soldIn(stage.ports)).toEqual(SOLD_OUT);
  });

  let close: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of close.reverse()) await end();
    close = [];
  });

  it(`sell exactly ${PIECES} over HTTP, each worker a process of the built program`, async () => {
    const emulator = createEmulator({ seed: 1 });
    const server = await serve(emulator, { port: 0 });
    close.push(() => server.close());
    const endpoint = `http://127.0.0.1:${server.port}`;
    const target = { kind: 'local', engine: 'embedded', endpoint, region: 'us-east-1' } as const;
    const engine: RunningEngine = { target, emulator, now: () => emulator.engine.clock.now(), stop: async () => {} };
    const { admin, desired, ports, close: closeStack } = await openStack(engine, 'default');
    close.push(closeStack);
    await collect(apply(admin, desired, { adopt: true }));
    await collect(seed(ports));
    await ports.tables.putMany('inventory', [inventoryRecord('laptop-pro', PIECES)]);

    const sandbox = await new Sandbox().open();
    close.push(() => sandbox.close());
    const lines = Array.from({ length: WORKERS }, () => sandbox.start(['run', '--endpoint-url', endpoint]));
    await Promise.all(lines.map((line) => line.untilError('at work')));
    const clock = { now: engine.now, sleep: async () => {} };
    await collect(placeOrders(wish().order, ORDERS, { ports, clock, ids: testIds() }));
    await emptied(
      ports,
      lines.map(({ child }) => child.stdout!),
    );
    for (const line of lines) line.kill('SIGINT');
    await Promise.all(lines.map(({ ended }) => ended));

    expect(await soldIn(ports)).toEqual(SOLD_OUT);
    const report = await audit(ports);
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.settled).toBe(true);
  });
});

/** Resolves when nothing waits any more; looks again whenever a worker tells of a step. */
function emptied({ queues }: Ports, outputs: readonly NodeJS.ReadableStream[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let looking = false;
    let again = false;
    const look = async () => {
      again = true;
      if (looking) return;
      looking = true;
      while (again) {
        again = false;
        const depths = await Promise.all(SERVICES.map((service) => queues.depth(queueOf(service))));
        if (depths.every(({ ready, inFlight, delayed }) => ready + inFlight + delayed === 0)) {
          for (const output of outputs) output.off('data', look);
          return resolve();
        }
      }
      looking = false;
    };
    for (const output of outputs) output.on('data', () => look().catch(reject));
  });
}
