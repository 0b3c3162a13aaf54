import { describe, expect, test } from 'vitest';
import { world } from './world.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:topic';
const alarm = {
  AlarmName: 'errors',
  Namespace: 'Shop',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 2,
  ComparisonOperator: 'GreaterThanThreshold',
};

// CloudWatch API Reference, PutMetricAlarm.
describe('PutMetricAlarm refuses', () => {
  const { Statistic: _, ...withoutStatistic } = alarm;
  test.each([
    ['no metric', { ...alarm, MetricName: undefined }, 'MetricName'],
    ['no namespace', { ...alarm, Namespace: undefined }, 'Namespace'],
    ['no period', { ...alarm, Period: undefined }, 'Period'],
    ['no evaluation periods', { ...alarm, EvaluationPeriods: undefined }, 'EvaluationPeriods'],
    ['no threshold', { ...alarm, Threshold: undefined }, 'Threshold'],
    ['no comparison', { ...alarm, ComparisonOperator: undefined }, 'ComparisonOperator'],
    ['no statistic', withoutStatistic, 'Exactly one of Statistic and ExtendedStatistic'],
    ['two statistics', { ...alarm, ExtendedStatistic: 'p90' }, 'Exactly one of Statistic and ExtendedStatistic'],
    ['an unknown statistic', { ...withoutStatistic, ExtendedStatistic: 'p900' }, 'p900'],
    ['a period of 45', { ...alarm, Period: 45 }, 'Period must be 10, 20, 30 or a multiple of 60'],
    ['a period of 5', { ...alarm, Period: 5 }, 'Period must be 10, 20, 30 or a multiple of 60'],
    ['more than a day', { ...alarm, EvaluationPeriods: 1441 }, 'across more than a day'],
    ['more than a week', { ...alarm, Period: 3600, EvaluationPeriods: 169 }, 'across more than a week'],
    ['3 of 2', { ...alarm, EvaluationPeriods: 2, DatapointsToAlarm: 3 }, 'DatapointsToAlarm'],
    ['an unknown treatment', { ...alarm, TreatMissingData: 'NotBreaching' }, 'treatMissingData'],
    [
      'another low sample rule',
      { ...alarm, EvaluateLowSampleCountPercentile: 'x' },
      'evaluateLowSampleCountPercentile',
    ],
    ['a name as action', { ...alarm, OKActions: ['topic'] }, 'Invalid arn syntax: topic'],
    [
      'a topic of another region',
      { ...alarm, AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:t'] },
      'Invalid region eu-west-1 specified. Only us-east-1 is supported.',
    ],
    ['metric math', { ...alarm, Metrics: [] }, 'Metrics is not supported'],
    ['anomaly detection', { ...alarm, ComparisonOperator: 'GreaterThanUpperThreshold' }, 'anomaly detection'],
    [
      'a wall clock window',
      { ...alarm, EvaluationWindow: { WallClockWindow: {} } },
      'EvaluationWindow is not supported',
    ],
    ['a warm-up', { ...alarm, WarmUpConfiguration: {} }, 'WarmUpConfiguration is not supported'],
  ])('%s', async (_, input, message) => {
    const { call } = world();
    await expect(call('PutMetricAlarm', input)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
    expect((await call('DescribeAlarms', {})).MetricAlarms).toEqual([]);
  });

  test('reserved and too many tags', async () => {
    const { call } = world();
    const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    await expect(call('PutMetricAlarm', { ...alarm, Tags: [{ Key: 'aws:x', Value: '' }] })).rejects.toThrow('aws:x');
    await expect(call('PutMetricAlarm', { ...alarm, Tags: tags(51) })).rejects.toThrow('at most 50 tags');
  });
});

// CloudWatch API Reference, DescribeAlarms.
describe('DescribeAlarms', () => {
  async function alarms() {
    const made = world();
    for (const [name, more] of [
      ['shop-b', { AlarmActions: [TOPIC] }],
      ['shop-a', { OKActions: [`${TOPIC}-2`] }],
      ['other', { Statistic: undefined, ExtendedStatistic: 'p99', Period: 300 }],
    ] as const) {
      await made.call('PutMetricAlarm', { ...alarm, ...more, AlarmName: name });
    }
    await made.call('SetAlarmState', { AlarmName: 'other', StateValue: 'ALARM', StateReason: '' });
    return made;
  }
  const namesOf = ({ MetricAlarms }: { MetricAlarms: { AlarmName: string }[] }) =>
    MetricAlarms.map(({ AlarmName }) => AlarmName);

  test.each([
    [{}, ['other', 'shop-a', 'shop-b']],
    [{ AlarmNames: ['shop-b', 'unknown', 'other'] }, ['other', 'shop-b']],
    [{ AlarmNames: [] }, []],
    [{ AlarmNamePrefix: 'shop-' }, ['shop-a', 'shop-b']],
    [{ StateValue: 'ALARM' }, ['other']],
    [{ ActionPrefix: TOPIC }, ['shop-a', 'shop-b']],
    [{ ActionPrefix: `${TOPIC}-` }, ['shop-a']],
    [{ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }, ['other', 'shop-a', 'shop-b']],
    [{ AlarmTypes: ['CompositeAlarm'] }, []],
    [{ ParentsOfAlarmName: 'other' }, []],
  ])('%j gives %j, at once and in pages of one', async (input, expected) => {
    const { call } = await alarms();
    const all = await call('DescribeAlarms', input);
    expect(namesOf(all)).toEqual(expected);
    expect(all).toMatchObject({ CompositeAlarms: [] });
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await call('DescribeAlarms', { ...input, MaxRecords: 1, NextToken });
      found.push(...namesOf(page));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(found).toEqual(expected);
  });

  test('refuses names with a prefix, and foreign tokens', async () => {
    const { call } = await alarms();
    await expect(call('DescribeAlarms', { AlarmNames: ['a'], AlarmNamePrefix: 'a' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    await expect(call('DescribeAlarms', { NextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
    await expect(call('DescribeAlarmHistory', { NextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
  });

  test.each([
    [{}, ['other', 'shop-a', 'shop-b']],
    [{ Statistic: 'Sum' }, ['shop-a', 'shop-b']],
    [{ ExtendedStatistic: 'p99' }, ['other']],
    [{ Period: 300 }, ['other']],
    [{ Unit: 'Count' }, []],
    [{ Dimensions: [{ Name: 'A', Value: 'b' }] }, []],
  ])('DescribeAlarmsForMetric %j gives %j', async (input, expected) => {
    const { call } = await alarms();
    const metric = { Namespace: 'Shop', MetricName: 'Errors' };
    expect(namesOf(await call('DescribeAlarmsForMetric', { ...metric, ...input }))).toEqual(expected);
  });

  test('DescribeAlarmHistory pages, both ways, and outlives the alarms', async () => {
    const { call } = await alarms();
    await call('DeleteAlarms', { AlarmNames: ['shop-a', 'unknown', 'other', 'shop-b'] });
    expect(namesOf(await call('DescribeAlarms', {}))).toEqual([]);
    const read = async (input: object) => {
      const found: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await call('DescribeAlarmHistory', { ...input, MaxRecords: 2, NextToken });
        found.push(
          ...page.AlarmHistoryItems.map((item: { AlarmName: string; HistorySummary: string }) => item.HistorySummary),
        );
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found;
    };
    const up = [
      'Alarm "shop-b" created',
      'Alarm "shop-a" created',
      'Alarm "other" created',
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      'Alarm "shop-a" deleted',
      'Alarm "other" deleted',
      'Alarm "shop-b" deleted',
    ];
    expect(await read({ ScanBy: 'TimestampAscending' })).toEqual(up);
    expect(await read({})).toEqual(up.toReversed());
    expect(await read({ AlarmName: 'other', HistoryItemType: 'ConfigurationUpdate' })).toEqual([up[5], up[2]]);
    expect(await read({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
    expect(await read({ StartDate: 0, EndDate: 1 })).toEqual([]);
  });
});

test('unknown alarms', async () => {
  const { call } = world();
  const state = { AlarmName: 'unknown', StateValue: 'OK', StateReason: '' };
  await expect(call('SetAlarmState', state)).rejects.toMatchObject({ code: 'ResourceNotFound' });
  await call('PutMetricAlarm', alarm);
  await expect(call('SetAlarmState', { ...state, AlarmName: 'errors', StateReasonData: '{' })).rejects.toMatchObject({
    code: 'InvalidFormatFault',
  });
});

test('tags of alarms', async () => {
  const { call } = world();
  await call('PutMetricAlarm', { ...alarm, Tags: [{ Key: 'tag1', Value: 'foo' }] });
  const ResourceARN = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors';
  await call('TagResource', {
    ResourceARN,
    Tags: [
      { Key: 'tag2', Value: 'bar' },
      { Key: '__proto__', Value: 'p' },
    ],
  });
  await call('UntagResource', { ResourceARN, TagKeys: ['tag1'] });
  expect((await call('ListTagsForResource', { ResourceARN })).Tags).toEqual([
    { Key: 'tag2', Value: 'bar' },
    { Key: '__proto__', Value: 'p' },
  ]);
  await expect(call('UntagResource', { ResourceARN: `${ResourceARN}x`, TagKeys: ['tag2'] })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    fields: { ResourceType: 'alarm', ResourceId: `${ResourceARN}x` },
  });
});
