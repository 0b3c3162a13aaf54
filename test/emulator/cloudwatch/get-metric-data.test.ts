import { describe, expect, test } from 'vitest';
import { T, world } from './world.ts';

const query = (Id: string, MetricName: string, more: object = {}, stat: object = {}) => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat: 'Sum', ...stat },
  ...more,
});
const range = { StartTime: T, EndTime: T + 600 };

async function twoMetrics() {
  const made = world();
  for (let minute = 0; minute < 3; minute++) {
    await made.put(
      { MetricName: 'a', Value: minute, Timestamp: T + 60 * minute },
      { MetricName: 'b', Value: 10 + minute, Timestamp: T + 60 * minute },
    );
  }
  return made;
}

describe('GetMetricData', () => {
  test('answers several queries, newest first unless asked otherwise', async () => {
    const { call } = await twoMetrics();
    const MetricDataQueries = [
      query('q1', 'a'),
      query('q2', 'b', { ReturnData: false }),
      query('q3', 'b', { Label: 'mine' }, { Stat: 'p99', Period: 300 }),
      query('q4', 'none'),
    ];
    expect(await call('GetMetricData', { ...range, MetricDataQueries })).toEqual({
      MetricDataResults: [
        { Id: 'q1', Label: 'a', Timestamps: [T + 120, T + 60, T], Values: [2, 1, 0], StatusCode: 'Complete' },
        { Id: 'q3', Label: 'mine', Timestamps: [T], Values: [12], StatusCode: 'Complete' },
        { Id: 'q4', Label: 'none', Timestamps: [], Values: [], StatusCode: 'Complete' },
      ],
      Messages: [],
    });
    const ascending = await call('GetMetricData', {
      ...range,
      MetricDataQueries: [query('q1', 'a')],
      ScanBy: 'TimestampAscending',
    });
    expect(ascending.MetricDataResults[0].Values).toEqual([0, 1, 2]);
  });

  test.each(['TimestampAscending', 'TimestampDescending'])('pages by MaxDatapoints (%s)', async (ScanBy) => {
    const { call } = await twoMetrics();
    const MetricDataQueries = [query('q1', 'a'), query('q2', 'b')];
    for (const MaxDatapoints of [1, 2, 3, 4, 5, 6]) {
      const values: Record<string, number[]> = { q1: [], q2: [] };
      let NextToken: string | undefined;
      let statuses: string[] = [];
      do {
        const page = await call('GetMetricData', { ...range, MetricDataQueries, ScanBy, MaxDatapoints, NextToken });
        for (const { Id, Values } of page.MetricDataResults) values[Id]!.push(...Values);
        statuses = page.MetricDataResults.map(({ StatusCode }: { StatusCode: string }) => StatusCode);
        NextToken = page.NextToken;
        expect(statuses.includes('PartialData')).toBe(NextToken !== undefined);
      } while (NextToken !== undefined);
      const up = { q1: [0, 1, 2], q2: [10, 11, 12] };
      const down = { q1: [2, 1, 0], q2: [12, 11, 10] };
      expect(values).toEqual(ScanBy === 'TimestampAscending' ? up : down);
    }
  });

  // Labels and unit messages as recorded from AWS.
  test.each([
    [
      'statistics',
      [query('r1', 'metric1'), query('r2', 'metric1', {}, { Stat: 'Minimum' })],
      ['metric1 Sum', 'metric1 Minimum'],
    ],
    [
      'statistics and periods',
      [query('r1', 'metric1'), query('r2', 'metric1', {}, { Stat: 'Minimum', Period: 30 })],
      ['metric1 Sum 60', 'metric1 Minimum 30'],
    ],
    ['periods', [query('r1', 'metric1'), query('r2', 'metric1', {}, { Period: 30 })], ['metric1 60', 'metric1 30']],
    ['units only', [query('r1', 'metric1'), query('r2', 'metric1', {}, { Unit: 'Bytes' })], ['metric1', 'metric1']],
    ['metrics', [query('r1', 'a'), query('r2', 'b')], ['a', 'b']],
  ])('labels tell queries apart that differ in %s', async (_, MetricDataQueries, labels) => {
    const { call } = world();
    const { MetricDataResults } = await call('GetMetricData', { ...range, MetricDataQueries });
    expect(MetricDataResults.map(({ Label }: { Label: string }) => Label)).toEqual(labels);
  });

  test('tells of several units and takes one', async () => {
    const { call, put } = world();
    for (const [Unit, Value] of [
      ['Seconds', 1],
      ['Count', 5],
      ['Milliseconds', 60_000],
    ] as const) {
      await put({ MetricName: 'm', Unit, Value });
    }
    const results = async (unit: object) =>
      (await call('GetMetricData', { ...range, MetricDataQueries: [query('m1', 'm', {}, unit)] })).MetricDataResults;
    expect(await results({})).toEqual([
      {
        Id: 'm1',
        Label: 'm',
        Timestamps: [T],
        Values: [5],
        StatusCode: 'Complete',
        Messages: [{ Code: 'MultipleUnits', Value: "Multiple units returned: '[Count, Milliseconds, Seconds]'" }],
      },
    ]);
    expect(await results({ Unit: 'Seconds' })).toMatchObject([{ Values: [1] }]);
  });

  test('has nothing of other accounts', async () => {
    const { call } = await twoMetrics();
    const MetricDataQueries = [query('q1', 'a', { AccountId: '999999999999' })];
    const { MetricDataResults } = await call('GetMetricData', { ...range, MetricDataQueries });
    expect(MetricDataResults).toMatchObject([{ Values: [], StatusCode: 'Forbidden' }]);
  });

  test.each([
    [
      'metric math',
      { MetricDataQueries: [query('q1', 'a'), { Id: 'e', Expression: 'q1 * 2' }] },
      'Expression is not supported',
    ],
    ['an id that is no variable', { MetricDataQueries: [query('Q1', 'a')] }, 'member.1.Id'],
    ['an id twice', { MetricDataQueries: [query('q1', 'a'), query('q1', 'b')] }, 'not unique'],
    ['neither metric nor expression', { MetricDataQueries: [{ Id: 'q1' }] }, 'Exactly one'],
    ['both', { MetricDataQueries: [query('q1', 'a', { Expression: '1' })] }, 'Expression is not supported'],
    [
      'no namespace',
      { MetricDataQueries: [query('q1', 'a', {}, { Metric: { MetricName: 'a' } })] },
      'Namespace is required',
    ],
    ['an odd period', { MetricDataQueries: [query('q1', 'a', {}, { Period: 7 })] }, 'MetricStat.Period'],
    ['an unknown statistic', { MetricDataQueries: [query('q1', 'a', {}, { Stat: 'Median' })] }, 'MetricStat.Stat'],
    ['no queries', { MetricDataQueries: [] }, 'MetricDataQueries'],
    ['501 queries', { MetricDataQueries: Array.from({ length: 501 }, (_, i) => query(`q${i}`, 'a')) }, '500'],
    ['an empty range', { EndTime: T }, 'StartTime'],
    ['no datapoints', { MaxDatapoints: 0 }, 'MaxDatapoints'],
  ])('refuses %s', async (_, input, message) => {
    const { call } = await twoMetrics();
    await expect(
      call('GetMetricData', { ...range, MetricDataQueries: [query('q1', 'a')], ...input }),
    ).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
  });

  test('refuses a token that it did not give', async () => {
    const { call } = await twoMetrics();
    const input = { ...range, MetricDataQueries: [query('q1', 'a')], NextToken: 'nonsense' };
    await expect(call('GetMetricData', input)).rejects.toMatchObject({ code: 'InvalidNextToken' });
  });
});
