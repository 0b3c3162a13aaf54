import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TABLES } from '../../../src/domain/names.ts';
import { reset } from '../../../src/shop/stack/reset.ts';
import { seed } from '../../../src/shop/stack/seed.ts';
import { apply } from '../../../src/topology/apply.ts';
import { destroy } from '../../../src/topology/destroy.ts';
import { observe } from '../../../src/topology/observe.ts';
import { plan } from '../../../src/topology/plan.ts';
import { actionsOf, collect, ENGINES, openStack, type RunningEngine, type TestStack } from '../../support/engines.ts';

describe.each(ENGINES)('a stack on $name', (fixture) => {
  let engine: RunningEngine;
  let stack: TestStack;

  beforeEach(async () => {
    engine = await fixture.start();
    stack = await openStack(engine, 'provision-test');
  });

  afterEach(async () => {
    await collect(destroy(stack.admin, stack.desired));
    await stack.close();
    await engine.stop();
  });

  const provision = () => collect(apply(stack.admin, stack.desired, { adopt: true }));
  const planned = async () => plan(stack.desired, await observe(stack.admin, stack.desired));

  test('is made, then found unchanged by the plan and by a second run', async () => {
    expect(new Set((await planned()).map(({ action }) => action))).toEqual(new Set(['create']));
    const made = await provision();
    expect(actionsOf(made)).toEqual(['created']);
    expect(made.map(({ resource }) => resource)).toEqual(stack.desired.map(({ name }) => name));

    expect((await planned()).filter(({ action }) => action !== 'unchanged')).toEqual([]);
    expect(actionsOf(await provision())).toEqual(['unchanged']);
  });

  test('delivers an event once, also when provisioned twice', async () => {
    await provision();
    await provision();
    const attributes = { event_type: 'inventory_reserved', order_id: 'ord_1', correlation_id: 'c1' };
    expect(await stack.ports.topic.publish([{ body: '{"a":1}', attributes }])).toEqual([]);

    const received = await Promise.all(
      ['order', 'inventory', 'payment', 'fulfillment', 'analytics'].map(async (service) => {
        const messages = await stack.ports.queues.receive(`${service}-queue`, { max: 10, waitSeconds: 0 });
        return [service, messages.map(({ body, attributes }) => ({ body, attributes }))];
      }),
    );
    const once = [{ body: '{"a":1}', attributes }];
    expect(Object.fromEntries(received)).toEqual({
      order: once,
      inventory: [],
      payment: once,
      fulfillment: [],
      analytics: once,
    });
  });

  test('seeds what is missing and never sets stock back', async () => {
    await provision();
    expect(actionsOf(await collect(seed(stack.ports)))).toEqual(['created']);
    const sold = { sku: 'keyboard', stock: 97, reserved: 1, available: 96, received: 100 };
    await stack.ports.tables.putMany('inventory', [sold]);
    await stack.ports.tables.deleteMany('inventory', [{ sku: 'laptop-pro' }]);

    const facts = await collect(seed(stack.ports));
    expect(facts.map(({ resource, action, detail }) => [resource, action, detail])).toEqual([
      ['products', 'unchanged', '5 products'],
      ['inventory', 'created', '1 product'],
      ['customers', 'unchanged', '4 customers'],
    ]);
    expect(await stack.ports.tables.get('inventory', { sku: 'keyboard' })).toEqual(sold);
  });

  test('is emptied and seeded by a reset', async () => {
    const { ports, admin, names } = stack;
    await provision();
    await collect(seed(ports));
    await ports.tables.putMany(
      'orders',
      Array.from({ length: 60 }, (_, n) => ({ order_id: `o${n}`, status: 'created', created_at: 't' })),
    );
    await ports.bucket.put('receipts/o1.json', '{}', { contentType: 'application/json' });
    await ports.queues.send('order-queue', [{ body: 'left over' }]);
    await ports.queues.receive('order-queue', { max: 1, waitSeconds: 0 });
    await ports.queues.send('order-queue-dlq', [{ body: 'dead' }]);
    await ports.logs.put('order-service', [{ at: engine.now(), message: 'hello' }]);

    await collect(reset(ports, admin, names));
    for (const table of TABLES) {
      const left = (await collect(ports.tables.scan(table))).length;
      expect([table, left]).toEqual([table, { products: 5, inventory: 5, customers: 4 }[table as 'products'] ?? 0]);
    }
    expect(await collect(ports.bucket.list(''))).toEqual([]);
    expect(await ports.queues.depth('order-queue')).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    expect(await ports.queues.depth('order-queue-dlq')).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    expect(await collect(ports.logs.filter({}))).toEqual([]);
    expect((await planned()).filter(({ action }) => action !== 'unchanged')).toEqual([]);
  });

  test('can be emptied again at once, although SQS purges a queue once a minute only', async () => {
    await provision();
    await collect(reset(stack.ports, stack.admin, stack.names));
    await stack.ports.queues.send(
      'order-queue',
      Array.from({ length: 25 }, (_, n) => ({ body: `message ${n}` })),
    );
    await collect(reset(stack.ports, stack.admin, stack.names));
    expect(await stack.ports.queues.depth('order-queue')).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  test('is removed with what is in it, and nothing is left to remove', async () => {
    await provision();
    await stack.ports.bucket.put('receipts/o1.json', '{}', { contentType: 'application/json' });
    const removed = await collect(destroy(stack.admin, stack.desired));
    expect(actionsOf(removed)).toEqual(['deleted']);
    expect(removed).toHaveLength(stack.desired.length);
    expect(await observe(stack.admin, stack.desired)).toEqual([]);
    expect(await collect(destroy(stack.admin, stack.desired))).toEqual([]);
  });
});
