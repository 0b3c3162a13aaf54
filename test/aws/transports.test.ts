import { afterAll, describe, expect, test } from 'vitest';
import { openTestBed, type Transport } from '../../src/chaos/test-bed.ts';
import { connectTo } from '../../src/connection.ts';
import { createEmulator } from '../../src/emulator/index.ts';
import { requestHandler } from '../../src/emulator/request-handler.ts';
import type { Ports, Write } from '../../src/ports.ts';
import { STANDARD_STACK, type TestBed } from '../../src/shop/storms/test-bed.ts';
import { apply } from '../../src/topology/apply.ts';
import { destroy } from '../../src/topology/destroy.ts';
import { observe } from '../../src/topology/observe.ts';
import { type Desired, STACK_TAG } from '../../src/topology/resources.ts';

/** The ports have one adapter for each service; what storms prove holds for the SDK only if both transports agree. */
const open: TestBed[] = [];
afterAll(() => {
  for (const testBed of open) testBed.close();
});

async function portsOver(transport: Transport): Promise<Ports> {
  const testBed = await openTestBed(transport)(STANDARD_STACK);
  open.push(testBed);
  testBed.reset(1);
  return testBed.ports;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const AT = Date.UTC(2026, 0, 1);
const insert: Write = {
  ...{ kind: 'put', table: 'orders', label: 'order 1', item: { order_id: '1', list: [1, null, { a: true }] } },
  condition: { all: [{ attribute: 'order_id', comparison: 'missing' }] },
};

const SCRIPTS: Record<string, (ports: Ports) => Promise<unknown>> = {
  async 'an object with its ETag and metadata'({ bucket }) {
    await bucket.put('a.txt', 'text', { contentType: 'text/plain', metadata: { name: 'Zoë', id: '1' } });
    return [await bucket.get('a.txt'), await bucket.get('none'), await all(bucket.list(''))];
  },
  async 'a message with a trace header and typed attributes'({ queues }) {
    const traceHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    const typed = { count: { type: 'Number', value: '3' }, raw: { type: 'Binary', value: Buffer.from('ab') } };
    await queues.send('order-queue', [{ body: 'hello', attributes: { a: 'b' }, typed, traceHeader }]);
    const messages = await queues.receive('order-queue', { max: 10, waitSeconds: 0 });
    const received = messages.map(({ body, attributes, typed, traceHeader, receiveCount, sentAt }) => {
      return {
        body,
        attributes,
        raw: Buffer.from(typed!.raw!.value).toString(),
        count: typed!.count,
        traceHeader,
        receiveCount,
        sentAt,
      };
    });
    return [received, await queues.depth('order-queue'), await queues.delete('order-queue', ['nonsense'])];
  },
  async 'a write, its conflict with the stored item, and reads'({ tables }) {
    const twice = [await tables.write([insert]), await tables.write([insert])];
    const both = await tables.write([
      insert,
      { kind: 'delete', table: 'orders', label: 'order 2', key: { order_id: '2' } },
    ]);
    const many = await tables.getMany(['2', '1'].map((order_id) => ({ table: 'orders', key: { order_id } })));
    return [twice, both, many, await tables.get('orders', { order_id: '1' }), await all(tables.scan('orders'))];
  },
  async 'metrics and their statistics'({ metrics }) {
    await metrics.put([{ name: 'Count', value: 2, unit: 'Count', dimensions: { Service: 'order' }, at: AT }]);
    const query = { name: 'Count', dimensions: { Service: 'order' }, since: AT - 60_000, until: AT, periodSeconds: 60 };
    return [await metrics.statistics(query), await metrics.list()];
  },
  async 'log lines'({ logs }) {
    await logs.put('order-service', [{ at: AT, message: 'a line' }]);
    return (await all(logs.filter({ streams: ['order-service'] }))).map(({ at, message, stream }) => [
      at,
      message,
      stream,
    ]);
  },
  async 'what is not provisioned, as an error with its hint'({ queues, tables }) {
    const failures = await Promise.allSettled([
      queues.depth('no-queue'),
      tables.get('no-table', { id: '1' }),
      tables.get('orders', { other: '1' }),
    ]);
    return failures.map((each) => {
      const { code, message, hint } = (each as PromiseRejectedResult).reason;
      return { code, message, hint };
    });
  },
};

describe("the SDK, the engine's own messages and direct calls give the same", () => {
  test.each(Object.entries(SCRIPTS))('%s', async (_name, script) => {
    const [sdk, ...others] = await Promise.all((['sdk', 'wire', 'direct'] as const).map(portsOver));
    const expected = await script(sdk!);
    expect(expected).toBeDefined();
    for (const other of others) expect(await script(other)).toEqual(expected);
  });
});

/** Beside the shop's: one kind that it has not, and attributes of every type. */
const MORE: Desired[] = [
  {
    ...{ kind: 'alarm', name: 'many', needs: [] },
    attributes: {
      ...{ MetricName: 'm', Namespace: 'n', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1.5 },
      ...{ ComparisonOperator: 'GreaterThanThreshold', tags: { [STACK_TAG]: 'default' } },
    },
  },
];

async function resourcesOver(engine: { engine?: string }) {
  const emulator = createEmulator({ seed: 1, frozenAt: AT });
  const target = {
    kind: 'local',
    endpoint: 'http://127.0.0.1:4566',
    region: 'eu-west-1',
    account: '000000000000',
  } as const;
  const connection = await connectTo({ ...target, ...engine }, undefined, {
    requestHandler: requestHandler(emulator),
    clock: { now: () => AT, sleep: async () => {} },
  });
  const { admin, desired: ofShop } = await connection.administration();
  const desired = [...ofShop, ...MORE];
  const made = [];
  for await (const fact of apply(admin, desired, { adopt: true })) made.push(fact);
  const found = await observe(admin, desired);
  const again = [];
  for await (const fact of apply(admin, desired, { adopt: false })) again.push(fact);
  const removed = [];
  for await (const fact of destroy(admin, desired)) removed.push(fact);
  const left = await observe(admin, desired);
  connection.clients.close();
  emulator.close();
  return { made, found, again, removed, left };
}

test('resources are made, described and removed alike with the SDK and without', async () => {
  const [sdk, wire] = await Promise.all([resourcesOver({}), resourcesOver({ engine: 'embedded' })]);
  expect(sdk.found.length).toBe(sdk.made.length);
  expect(sdk.again.every(({ action }) => action === 'unchanged')).toBe(true);
  expect(sdk.left).toEqual([]);
  expect(wire).toEqual(sdk);
});
