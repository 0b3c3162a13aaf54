import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect, ENGINES, startStack, type TestStack } from '../support/engines.ts';

describe.each(ENGINES)('receipts, metrics and logs on $name', (fixture) => {
  let stack: TestStack;
  /** Metrics cannot be deleted, so on an engine that goes on running each run has its own. */
  let run: { Run: string };

  beforeAll(async () => {
    stack = await startStack(fixture, 'observe-test');
    run = { Run: String(stack.engine.now()) };
  });
  afterAll(() => stack.close());

  test('an object comes back with its metadata; a missing one is no error', async () => {
    const { bucket } = stack.ports;
    const body = '{"customer":"Zoë 🛒"}';
    const metadata = { order_id: 'o1', customer: ' Zoë 🛒', lines: 'a\nb', empty: '', odd: '=?x?=' };
    await bucket.put('receipts/o1.json', body, { contentType: 'application/json', metadata });
    expect(await bucket.get('receipts/o1.json')).toEqual({ body, metadata });
    expect(await bucket.get('receipts/none.json')).toBeUndefined();
  });

  test('objects are listed by prefix and deleted in batches', async () => {
    const { bucket } = stack.ports;
    for (const key of ['list/a', 'list/b', 'other/c']) await bucket.put(key, key, { contentType: 'text/plain' });
    const listed = await collect(bucket.list('list/'));
    expect(listed.map(({ key, size }) => ({ key, size }))).toEqual([
      { key: 'list/a', size: 6 },
      { key: 'list/b', size: 6 },
    ]);
    expect(Math.abs(listed[0]!.modifiedAt - stack.engine.now())).toBeLessThan(60_000);
    await bucket.deleteMany(['list/a', 'list/b', 'list/never-there']);
    await bucket.deleteMany([]);
    expect(await collect(bucket.list('list/'))).toEqual([]);
    expect(await collect(bucket.list('other/'))).toHaveLength(1);
  });

  test('statistics come by period, with percentiles, up to the period that now is in', async () => {
    const { metrics } = stack.ports;
    const minute = 60_000;
    const start = Math.floor(stack.engine.now() / minute) * minute - 5 * minute;
    const dimensions = { ...run, Service: 'payment' };
    const at = (offset: number, value: number) => ({
      ...{ name: 'ProcessingTime', value, unit: 'Milliseconds' as const, dimensions },
      at: start + offset,
    });
    await metrics.put([at(0, 10), at(1_000, 20), at(2_000, 60), at(2 * minute, 5)]);
    await metrics.put([{ ...at(0, 999), dimensions: { ...run, Service: 'order' } }]);
    await metrics.put([]);
    const query = { name: 'ProcessingTime', dimensions, since: start, until: start + 2 * minute, periodSeconds: 60 };
    const points = await metrics.statistics({ ...query, percentiles: ['p50', 'p95'] });
    expect(points.map(({ percentiles, ...rest }) => rest)).toEqual([
      { at: start, sampleCount: 3, sum: 90, average: 30, minimum: 10, maximum: 60 },
      { at: start + 2 * minute, sampleCount: 1, sum: 5, average: 5, minimum: 5, maximum: 5 },
    ]);
    expect(await metrics.statistics({ ...query, until: start + minute })).toHaveLength(1);
    expect(await metrics.statistics({ ...query, name: 'NoSuchMetric' })).toEqual([]);
    // Far back: asked for in as many calls as it takes, and no more than CloudWatch keeps.
    expect(await metrics.statistics({ ...query, since: 0, periodSeconds: 3_600 })).toMatchObject([{ sum: 95 }]);
  });

  test('percentiles are those of the values', async ({ skip }) => {
    skip(fixture.lacks?.includes('percentiles') ?? false, `${fixture.name} has no percentiles`);
    const { metrics } = stack.ports;
    const at = Math.floor(stack.engine.now() / 60_000) * 60_000 - 60_000;
    const values = Array.from({ length: 100 }, (_, n) => n + 1);
    await metrics.put(values.map((value) => ({ name: 'Latency', value, unit: 'Milliseconds', dimensions: run, at })));
    const query = {
      name: 'Latency',
      dimensions: run,
      since: at,
      until: at + 30_000,
      periodSeconds: 60,
      percentiles: ['p50', 'p95'],
    };
    const [point] = await metrics.statistics(query);
    // CloudWatch interpolates, others take the next value: both lie within one.
    expect(point!.percentiles.p50).toBeGreaterThanOrEqual(49);
    expect(point!.percentiles.p50).toBeLessThanOrEqual(51);
    expect(point!.percentiles.p95).toBeGreaterThanOrEqual(94);
    expect(point!.percentiles.p95).toBeLessThanOrEqual(96);
  });

  test('a thousand measurements and more are recorded, also where a body of that size would be gzipped', async () => {
    const { metrics } = stack.ports;
    const at = Math.floor(stack.engine.now() / 60_000) * 60_000 - 120_000;
    const many = Array.from({ length: 1_200 }, () => ({
      name: 'Many',
      value: 1,
      unit: 'Count' as const,
      dimensions: run,
      at,
    }));
    await metrics.put(many);
    const [point] = await metrics.statistics({
      name: 'Many',
      dimensions: run,
      since: at,
      until: at,
      periodSeconds: 60,
    });
    expect(point).toMatchObject({ sum: 1_200, sampleCount: 1_200 });
  });

  test('metrics are listed with their dimensions', async () => {
    const { metrics } = stack.ports;
    const at = stack.engine.now();
    await metrics.put([
      { name: 'StockLevel', value: 99, unit: 'Count', dimensions: { Product: 'keyboard' }, at },
      { name: 'OrdersCreated', value: 1, unit: 'Count', at },
    ]);
    const listed = await metrics.list();
    expect(listed).toContainEqual({ name: 'StockLevel', dimensions: { Product: 'keyboard' } });
    expect(listed).toContainEqual({ name: 'OrdersCreated', dimensions: {} });
  });

  test('log entries of several streams come in order of time', async () => {
    const { logs } = stack.ports;
    const now = stack.engine.now();
    const line = (n: number) => JSON.stringify({ order_id: `o${n % 2}`, n });
    await logs.put('order-service', [
      { at: now - 1_000, message: line(3) },
      { at: now - 3_000, message: line(1) },
    ]);
    await logs.put('payment-service', [{ at: now - 2_000, message: line(2) }]);
    await logs.put('payment-service', []);

    const numbers = async (query: Parameters<typeof logs.filter>[0]) =>
      (await collect(logs.filter(query))).map(({ message }) => JSON.parse(message).n);
    expect(await numbers({})).toEqual([1, 2, 3]);
    expect(await numbers({ since: now - 2_000 })).toEqual([2, 3]);
    expect(await numbers({ until: now - 2_000 })).toEqual([1, 2]);
    expect(await numbers({ streams: ['payment-service'] })).toEqual([2]);
    expect(await numbers({ streams: [] })).toEqual([]);
    expect(await numbers({ pattern: '"o1"' })).toEqual([1, 3]);
    const [first] = await collect(logs.filter({ until: now - 3_000 }));
    expect(first).toMatchObject({ at: now - 3_000, stream: 'order-service' });
  });
});
