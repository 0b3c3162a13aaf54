import { describe, expect, test } from 'vitest';
import { T, world } from './world.ts';

const DAY = 86_400;
const ALL = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'];
const window = { Namespace: 'Shop', MetricName: 'm', StartTime: T, EndTime: T + 3600, Period: 60 };

describe('PutMetricData', () => {
  test('takes single values, values with counts, and statistic sets', async () => {
    const { call, put } = world();
    await put(
      { MetricName: 'm', Value: 0 },
      { MetricName: 'm', Values: [1, 10], Counts: [4, 0.5] },
      { MetricName: 'm', Values: [2, 3] },
      { MetricName: 'm', StatisticValues: { SampleCount: 2, Sum: -6, Minimum: -5, Maximum: -1 } },
    );
    expect(await call('GetMetricStatistics', { ...window, Statistics: ALL })).toEqual({
      Label: 'm',
      Datapoints: [
        { Timestamp: T, SampleCount: 9.5, Sum: 8, Average: 8 / 9.5, Minimum: -5, Maximum: 10, Unit: 'None' },
      ],
    });
  });

  test('keeps metrics apart by their dimensions, in whatever order these come', async () => {
    const { call, put } = world();
    const a = { Name: 'A', Value: '1' };
    const b = { Name: 'B', Value: '2' };
    await put({ MetricName: 'm', Value: 1, Dimensions: [a, b] }, { MetricName: 'm', Value: 2, Dimensions: [b, a] });
    await put({ MetricName: 'm', Value: 4, Dimensions: [a] });
    const sum = async (Dimensions: object[]) =>
      (await call('GetMetricStatistics', { ...window, Dimensions, Statistics: ['Sum'] })).Datapoints[0]?.Sum;
    expect([await sum([b, a]), await sum([a]), await sum([b]), await sum([])]).toEqual([3, 4, undefined, undefined]);
  });

  test('takes data with entities too', async () => {
    const { call } = world();
    const entity = { KeyAttributes: { Type: 'Service', Name: 'order' } };
    await call('PutMetricData', {
      Namespace: 'Shop',
      EntityMetricData: [{ Entity: entity, MetricData: [{ MetricName: 'm', Value: 7 }] }],
      StrictEntityValidation: false,
    });
    expect((await call('ListMetrics', {})).Metrics).toEqual([{ Namespace: 'Shop', MetricName: 'm', Dimensions: [] }]);
  });

  const set = { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 };
  test.each([
    ['NaN', { Value: Number.NaN }, 'InvalidParameterValueException', 'MetricData.member.2.Value'],
    ['Infinity', { Value: Number.POSITIVE_INFINITY }, 'InvalidParameterValueException', 'MetricData.member.2.Value'],
    ['beyond 2^360', { Value: -(2 ** 361) }, 'InvalidParameterValueException', 'MetricData.member.2.Value'],
    ['NaN among values', { Values: [1, Number.NaN] }, 'InvalidParameterValueException', 'Values.member.2'],
    ['a negative count', { Values: [1], Counts: [-1] }, 'InvalidParameterValueException', 'Counts.member.1'],
    ['counts of another length', { Values: [1], Counts: [1, 2] }, 'InvalidParameterValueException', 'same size'],
    ['151 values', { Values: Array(151).fill(1) }, 'InvalidParameterValueException', 'size greater than 150'],
    ['no value', {}, 'MissingRequiredParameterException', 'MetricData.member.2.Value'],
    ['two kinds', { Value: 1, Values: [1] }, 'InvalidParameterCombinationException', 'mutually exclusive'],
    ['two kinds', { Value: 1, StatisticValues: set }, 'InvalidParameterCombinationException', 'mutually exclusive'],
    ['an empty set', { StatisticValues: { ...set, SampleCount: 0 } }, 'InvalidParameterValueException', 'SampleCount'],
    [
      'a set upside down',
      { StatisticValues: { ...set, Minimum: 2 } },
      'InvalidParameterCombinationException',
      'Maximum',
    ],
    ['two weeks ago', { Value: 1, Timestamp: T - 14 * DAY - 1 }, 'InvalidParameterValueException', 'two weeks'],
    ['in over two hours', { Value: 1, Timestamp: T + 7201 }, 'InvalidParameterValueException', 'two hours'],
    ['another resolution', { Value: 1, StorageResolution: 30 }, 'InvalidParameterValueException', 'StorageResolution'],
    [
      'a dimension twice',
      {
        Value: 1,
        Dimensions: [
          { Name: 'A', Value: '1' },
          { Name: 'A', Value: '2' },
        ],
      },
      'InvalidParameterValueException',
      'Dimensions',
    ],
  ])('refuses %s, and then stores nothing of the call', async (_, datum, code, message) => {
    const { call, put } = world();
    await expect(put({ MetricName: 'ok', Value: 1 }, { MetricName: 'm', ...datum })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect((await call('ListMetrics', {})).Metrics).toEqual([]);
  });

  test('takes the extremes', async () => {
    const { put } = world();
    await put(
      { MetricName: 'm', Value: 2 ** 360, Timestamp: T - 14 * DAY },
      { MetricName: 'm', Value: -(2 ** 360), Timestamp: T + 7200 },
    );
  });

  test.each([
    [{ Namespace: 'AWS/SQS', MetricData: [{ MetricName: 'm', Value: 1 }] }, 'InvalidParameterValueException'],
    [{ Namespace: 'Shop', MetricData: [] }, 'MissingRequiredParameterException'],
    [{ Namespace: 'Shop' }, 'MissingRequiredParameterException'],
    [
      { Namespace: 'Shop', MetricData: Array(1001).fill({ MetricName: 'm', Value: 1 }) },
      'InvalidParameterValueException',
    ],
    [{ Namespace: 'Shop', EntityMetricData: [{}, {}, {}] }, 'InvalidParameterValueException'],
  ])('refuses a call as a whole (%#)', async (input, code) => {
    await expect(world().call('PutMetricData', input)).rejects.toMatchObject({ code });
  });
});

describe('GetMetricStatistics', () => {
  async function minutes() {
    const made = world();
    // One sample a minute: 0, 1, 2 ...
    await made.put(
      ...Array.from({ length: 60 }, (_, index) => ({ MetricName: 'm', Value: index, Timestamp: T + index * 60 + 7 })),
    );
    return made;
  }

  test.each([
    [
      'a minute each',
      { StartTime: T, EndTime: T + 180, Period: 60 },
      [
        [0, 0],
        [60, 1],
        [120, 2],
      ],
    ],
    ['the end is exclusive', { StartTime: T, EndTime: T + 60, Period: 60 }, [[0, 0]]],
    [
      'the start is rounded down to the minute',
      { StartTime: T + 65, EndTime: T + 180, Period: 60 },
      [
        [60, 1],
        [120, 2],
      ],
    ],
    // "For example, 12:32:34 is rounded down to 12:32:00": periods count from there.
    [
      'periods count from the start',
      { StartTime: T + 60, EndTime: T + 660, Period: 300 },
      [
        [60, 15],
        [360, 40],
      ],
    ],
    [
      'the last period ends early',
      { StartTime: T, EndTime: T + 180, Period: 120 },
      [
        [0, 1],
        [120, 2],
      ],
    ],
    ['nothing there', { StartTime: T - 600, EndTime: T, Period: 60 }, []],
  ])('%s', async (_, range, expected) => {
    const { call } = await minutes();
    const { Datapoints } = await call('GetMetricStatistics', { ...window, ...range, Statistics: ['Sum'] });
    const found = Datapoints.map(({ Timestamp, Sum }: { Timestamp: number; Sum: number }) => [Timestamp - T, Sum]);
    expect(found).toEqual(expected);
  });

  test('sees seconds of high-resolution metrics', async () => {
    const { call, put } = world();
    await put(
      ...[0, 1, 9, 10, 59].map((offset) => ({
        MetricName: 'm',
        Value: 1,
        Timestamp: T + offset + 0.5,
        StorageResolution: 1,
      })),
    );
    const counts = async (Period: number) => {
      const input = { ...window, StartTime: T, EndTime: T + 60, Period, Statistics: ['SampleCount'] };
      const { Datapoints } = await call('GetMetricStatistics', input);
      return Datapoints.map((point: { Timestamp: number; SampleCount: number }) => [
        point.Timestamp - T,
        point.SampleCount,
      ]);
    };
    expect(await counts(1)).toEqual([
      [0, 1],
      [1, 1],
      [9, 1],
      [10, 1],
      [59, 1],
    ]);
    expect(await counts(10)).toEqual([
      [0, 3],
      [10, 1],
      [50, 1],
    ]);
    expect(await counts(60)).toEqual([[0, 5]]);
  });

  test('never mixes units', async () => {
    const { call, put } = world();
    await put(
      { MetricName: 'm', Value: 1, Unit: 'Seconds' },
      { MetricName: 'm', Value: 5, Unit: 'Count' },
      { MetricName: 'm', Value: 10 },
    );
    const get = (input: object) => call('GetMetricStatistics', { ...window, Statistics: ['Average'], ...input });
    expect((await get({})).Datapoints).toEqual([
      { Timestamp: T, Average: 5, Unit: 'Count' },
      { Timestamp: T, Average: 10, Unit: 'None' },
      { Timestamp: T, Average: 1, Unit: 'Seconds' },
    ]);
    expect((await get({ Unit: 'Seconds' })).Datapoints).toEqual([{ Timestamp: T, Average: 1, Unit: 'Seconds' }]);
    expect((await get({ Unit: 'Bytes' })).Datapoints).toEqual([]);
  });

  test.each([
    [{ Period: 45 }, 'InvalidParameterValueException', 'Period'],
    [{ Period: 90 }, 'InvalidParameterValueException', 'Period'],
    [{ EndTime: T }, 'InvalidParameterValueException', 'StartTime'],
    [
      { StartTime: T - 96_480 },
      'InvalidParameterCombinationException',
      '1,668 datapoints, which exceeds the limit of 1,440',
    ],
    [{ Statistics: undefined }, 'InvalidParameterCombinationException', 'At least one of'],
    [{ ExtendedStatistics: ['p50'] }, 'InvalidParameterCombinationException', 'mutually exclusive'],
    [{ Statistics: undefined, ExtendedStatistics: ['p101'] }, 'InvalidParameterValueException', 'p101'],
  ])('refuses %j', async (input, code, message) => {
    const { call } = await minutes();
    await expect(call('GetMetricStatistics', { ...window, Statistics: ['Sum'], ...input })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('answers for a whole day of minutes', async () => {
    const { call } = await minutes();
    const { Datapoints } = await call('GetMetricStatistics', {
      ...window,
      StartTime: T + 3600 - DAY + 30,
      EndTime: T + 3600 + 30,
      Statistics: ['Sum'],
    });
    expect(Datapoints).toHaveLength(60);
  });
});

describe('ListMetrics', () => {
  test('filters by namespace, name and dimensions, and forgets silent metrics', async () => {
    const { engine, call, put } = world();
    const service = { Name: 'Service', Value: 'order' };
    await put({ MetricName: 'Errors', Value: 1, Dimensions: [service, { Name: 'Host', Value: 'a' }] });
    await put({ MetricName: 'Errors', Value: 1 }, { MetricName: '__proto__', Value: 1 });
    await call('PutMetricData', { Namespace: 'Shop2', MetricData: [{ MetricName: 'Errors', Value: 1 }] });
    const list = async (input: object) =>
      (await call('ListMetrics', input)).Metrics.map(
        (metric: { Namespace: string; MetricName: string; Dimensions: object[] }) =>
          `${metric.Namespace} ${metric.MetricName} ${metric.Dimensions.length}`,
      );
    expect(await list({})).toEqual(['Shop Errors 2', 'Shop Errors 0', 'Shop __proto__ 0', 'Shop2 Errors 0']);
    expect(await list({ Namespace: 'Shop2' })).toEqual(['Shop2 Errors 0']);
    expect(await list({ Namespace: 'Shop', MetricName: 'Errors' })).toEqual(['Shop Errors 2', 'Shop Errors 0']);
    expect(await list({ MetricName: '__proto__' })).toEqual(['Shop __proto__ 0']);
    expect(await list({ Dimensions: [{ Name: 'Service' }] })).toEqual(['Shop Errors 2']);
    expect(await list({ Dimensions: [service, { Name: 'Host', Value: 'b' }] })).toEqual([]);
    engine.advanceTo((T + 3 * 3600 + 1) * 1000);
    await put({ MetricName: 'New', Value: 1 });
    expect(await list({ RecentlyActive: 'PT3H' })).toEqual(['Shop New 0']);
    engine.advanceTo((T + 14 * DAY + 1) * 1000);
    expect(await list({})).toEqual(['Shop New 0']);
  });

  test('pages by 500', async () => {
    const { call, put } = world();
    await put(...Array.from({ length: 1000 }, (_, index) => ({ MetricName: `m${index}`, Value: 1 })));
    await put({ MetricName: 'last', Value: 1 });
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await call('ListMetrics', { Namespace: 'Shop', NextToken });
      sizes.push(page.Metrics.length);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([500, 500, 1]);
    await expect(call('ListMetrics', { NextToken: 'nonsense' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
  });
});

test('data older than 15 months are let go of when new ones come', async () => {
  const { engine, put } = world();
  await put({ MetricName: 'm', Value: 1 });
  engine.advanceTo((T + 456 * DAY) * 1000);
  await put({ MetricName: 'm', Value: 1 });
  const state = engine.stateOf('cloudwatch', { account: '123456789012', region: 'us-east-1' });
  const [metric] = [...(state as { metrics: Map<string, { series: Map<string, unknown[][]> }> }).metrics.values()];
  expect(metric!.series.get('None')!.flat()).toHaveLength(1);
});
