import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { placeOrders } from '../../../src/shop/runtime/create-order.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import { reset } from '../../../src/shop/stack/reset.ts';
import { seed } from '../../../src/shop/stack/seed.ts';
import { apply } from '../../../src/topology/apply.ts';
import { type Cost, type LatentStack, openLatentStack } from '../../support/latency.ts';
import { testIds } from './memory-ports.ts';
import { collect } from './shop.ts';

const CALL_MS = 10;

describe(`at ${CALL_MS} ms a call`, () => {
  const costs: Record<string, Cost> = {};
  let stack: LatentStack;
  beforeAll(async () => {
    stack = await openLatentStack(CALL_MS);
    const { connection, clock, measure } = stack;
    const { ports, names } = connection;
    const ids = testIds();
    const place = (sku: string, count: number) => {
      const wanted = { customer: { id: 'ada' }, items: [{ sku, quantity: 1 }], payment: 'approve' } as const;
      return collect(placeOrders(validateOrder(wanted, CATALOGUE), count, { ports, clock, ids }));
    };
    costs.provision = await measure(async () => {
      const { admin, desired } = await connection.administration();
      await collect(apply(admin, desired, { adopt: true }));
      await collect(seed(ports, names));
    });
    await measure(async () => {
      for (const { sku } of CATALOGUE) await place(sku, 20);
    });
    costs.drain = await measure(() => collect(drain({ ports, clock })));
    costs.audit = await measure(() => audit(ports));
    costs['one order'] = await measure(async () => {
      await place('keyboard', 1);
      await collect(drain({ ports, clock }));
    });
    costs.create = await measure(() => place('keyboard', 1_000));
    costs.reset = await measure(async () => {
      const { admin } = await connection.administration();
      await collect(reset(ports, admin, names));
    });
  }, 120_000);
  afterAll(() => stack.close());

  // The calls of each, and the milliseconds by the virtual clock, which no other load of the machine changes.
  it.each([
    ['provision', 90, 130],
    ['drain', 470, 800],
    ['one order', 65, 400],
    ['audit', 30, 60],
    ['create', 150, 200],
    ['reset', 115, 200],
  ])('%s takes at most %i calls and %i ms', (name, calls, ms) => {
    const cost = costs[name]!;
    expect(cost.calls, JSON.stringify(costs)).toBeLessThanOrEqual(calls);
    expect(cost.ms, JSON.stringify(costs)).toBeLessThanOrEqual(ms);
  });

  it('100 orders over five products are drained in a quarter of the time that their calls take', () => {
    const { calls, ms } = costs.drain!;
    expect(ms).toBeLessThanOrEqual((calls * CALL_MS) / 4);
  });
});
