import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extendedStatistic } from '../../../src/emulator/cloudwatch/statistic.ts';
import { T, world } from './world.ts';

// CloudWatch User Guide, "CloudWatch statistics definitions".

const window = { Namespace: 'Shop', MetricName: 'm', StartTime: T, EndTime: T + 3600, Period: 3600 };

async function statistic(stat: string, ...data: object[]): Promise<number | undefined> {
  const { call, put } = world();
  for (const datum of data) await put({ MetricName: 'm', ...datum });
  const { Datapoints } = await call('GetMetricStatistics', { ...window, ExtendedStatistics: [stat] });
  return Datapoints[0]?.ExtendedStatistics.get(stat);
}

const oneToTen = { Values: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1] };
const to = (last: number) => Array.from({ length: last }, (_, index) => ({ Value: index + 1, Timestamp: T + index }));

describe('extended statistics', () => {
  test.each([
    ['p0', 1],
    ['p10', 1],
    ['p10.1', 2],
    ['p50', 5],
    ['p95', 10],
    ['p99.9', 10],
    ['p100', 10],
    // "tm90 calculates the average after removing the 10% of data points with the highest values"
    ['tm90', 5],
    ['TM(:90%)', 5],
    ['TM(10%:90%)', 5.5],
    ['TM(2%:98%)', 5.5],
    ['TM(10%:)', 6],
    // "removing all data points that are lower than or equal to 150, or higher than 1000"
    ['TM(2:4)', 3.5],
    ['TM(20:30)', undefined],
    ['IQM', 5.5],
    ['tc90', 9],
    ['TC(2:4)', 2],
    ['TC(:0.5)', 0],
    ['ts90', 45],
    // "the sum of the data point values, not including any data points with values in the lowest 80%"
    ['TS(80%:)', 19],
    ['TS(2:4)', 7],
    // "treating the highest values to be equal to the value at the percentile"
    ['wm90', 5.4],
    ['WM(10%:90%)', 5.5],
    ['WM(3:5)', 4.3],
    // "the percentage of data points that have a value of 300 or less"
    ['PR(:3)', 30],
    ['PR(3:)', 70],
    ['PR(2:5)', 30],
  ])('%s of 1 to 10 is %s', async (stat, expected) => {
    const value = await statistic(stat, oneToTen);
    if (expected === undefined) expect(value).toBeUndefined();
    else expect(value).toBeCloseTo(expected, 12);
  });

  test.each([
    'p',
    'p-1',
    'p100.1',
    'P50',
    'p50.12345678901',
    'tm',
    'tm101',
    'TM90',
    'TM()',
    'TM(:)',
    'TM(10%:90)',
    'TM(90%:10%)',
    'tm(10%:90%)',
    'PR(10%:20%)',
    'PR90',
    'iqm',
    'avg',
    '__proto__',
    'TM(101%:)',
  ])('%s is none', (stat) => {
    expect(extendedStatistic(stat)).toBeUndefined();
  });

  test('weigh values by their counts, over all buckets of a period', async () => {
    expect(await statistic('p50', { Values: [1, 2], Counts: [1, 3] })).toBe(2);
    expect(await statistic('p25', { Values: [1, 2], Counts: [1, 3] })).toBe(1);
    expect(await statistic('p90', ...to(100))).toBe(90);
    expect(await statistic('p99', ...to(200))).toBe(198);
    expect(
      await statistic('p50', { Value: 5 }, { Value: 5, Timestamp: T + 60 }, { Value: 7, Timestamp: T + 120 }),
    ).toBe(5);
  });

  test('need raw values: statistic sets have them only when all values are the same', async () => {
    const spread = { StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 } };
    const single = { StatisticValues: { SampleCount: 1, Sum: 4, Minimum: 4, Maximum: 4 } };
    const same = { StatisticValues: { SampleCount: 3, Sum: 6, Minimum: 2, Maximum: 2 } };
    expect(await statistic('p50', spread)).toBeUndefined();
    expect(await statistic('p50', { Value: 1 }, spread)).toBeUndefined();
    expect(await statistic('p50', { ...spread, Timestamp: T + 60 }, { Value: 1 })).toBeUndefined();
    expect(await statistic('p50', single)).toBe(4);
    expect(await statistic('p75', same, single)).toBe(2);
    expect(await statistic('p76', same, single)).toBe(4);
  });

  test('are not available when any value is negative', async () => {
    expect(await statistic('p50', { Value: -1 }, { Value: 3 })).toBeUndefined();
  });

  test('come as the map of a datapoint', async () => {
    const { call, put } = world();
    await put({ MetricName: 'm', ...oneToTen, Unit: 'Count' });
    expect((await call('GetMetricStatistics', { ...window, ExtendedStatistics: ['p50', 'p99'] })).Datapoints).toEqual([
      {
        Timestamp: T,
        Unit: 'Count',
        ExtendedStatistics: new Map([
          ['p50', 5],
          ['p99', 10],
        ]),
      },
    ]);
  });

  test('of very many distinct values are close, and cost bounded memory', async () => {
    const { engine, call, put } = world();
    for (let batch = 0; batch < 100; batch++) {
      await put({ MetricName: 'm', Values: Array.from({ length: 150 }, (_, index) => batch * 150 + index + 0.5) });
    }
    const { Datapoints } = await call('GetMetricStatistics', { ...window, ExtendedStatistics: ['p50'] });
    const median = Datapoints[0].ExtendedStatistics.get('p50');
    expect(Math.abs(median - 7500) / 7500).toBeLessThan(0.01);
    const state = engine.stateOf('cloudwatch', { account: '123456789012', region: 'us-east-1' });
    const [metric] = [
      ...(
        state as { metrics: Map<string, { series: Map<string, { values: Map<number, number> }[][]> }> }
      ).metrics.values(),
    ];
    expect(metric!.series.get('None')![0]![0]!.values.size).toBeLessThan(6000);
  });

  test('agree with a plain computation on sorted values', async () => {
    const values = fc.array(fc.nat(20), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 0, max: 100 }), async (samples, percent) => {
        const sorted = [...samples].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil((percent * samples.length) / 100));
        const data = samples.map((Value, index) => ({ Value, Timestamp: T + (index % 7) * 60 }));
        expect(await statistic(`p${percent}`, ...data)).toBe(sorted[rank - 1]);
        const kept = sorted.slice(0, Math.ceil((percent * samples.length) / 100));
        expect((await statistic(`ts${percent}`, ...data)) ?? 0).toBeCloseTo(
          kept.reduce((sum, value) => sum + value, 0),
        );
      }),
      { numRuns: 60 },
    );
  });
});
