import { expect } from 'vitest';
import { type Case, contract, REGION, type World } from './contract.ts';

const METRIC = { Namespace: 'Shop', MetricName: 'Time', Dimensions: [{ Name: 'Service', Value: 'order' }] };
const ALARM = {
  ...METRIC,
  AlarmName: 'slow',
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 100,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};

async function put(world: World, datum: object): Promise<void> {
  const { Namespace, ...metric } = METRIC;
  await world.call('cloudwatch', 'PutMetricData', {
    Namespace,
    MetricData: [{ ...metric, Timestamp: new Date(world.now), Unit: 'Milliseconds', ...datum }],
  });
}

const window = (world: World) => ({ StartTime: new Date(world.now - 600_000), EndTime: new Date(world.now + 60_000) });
const alarms = async (world: World) => (await world.call('cloudwatch', 'DescribeAlarms', {})).MetricAlarms;

const CASES: readonly Case[] = [
  {
    what: 'values, value lists and statistic sets become statistics and percentiles',
    doc: 'CloudWatch API Reference, PutMetricData, GetMetricStatistics',
    covers: ['PutMetricData', 'GetMetricStatistics', 'ListMetrics'],
    async run(world) {
      await put(world, { Value: 10 });
      await put(world, { Values: [20, 30], Counts: [2, 1] });
      const get = (more: object) =>
        world.call('cloudwatch', 'GetMetricStatistics', { ...METRIC, ...window(world), Period: 60, ...more });
      const Statistics = ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'];
      expect((await get({ Statistics })).Datapoints).toMatchObject([
        { SampleCount: 4, Sum: 80, Minimum: 10, Maximum: 30, Average: 20, Unit: 'Milliseconds' },
      ]);
      const [{ ExtendedStatistics }] = (await get({ ExtendedStatistics: ['p100'] })).Datapoints;
      expect(ExtendedStatistics.p100).toBeCloseTo(30);
      expect((await get({ Statistics: ['Sum'], Dimensions: [] })).Datapoints).toEqual([]);
      const listed = await world.call('cloudwatch', 'ListMetrics', { Namespace: 'Shop' });
      expect(listed.Metrics).toEqual([METRIC]);
      expect((await world.refused('cloudwatch', 'PutMetricData', { Namespace: 'Shop' })).name).toMatch(/Missing/);
    },
  },
  {
    what: 'several metrics are read at once',
    doc: 'CloudWatch API Reference, GetMetricData',
    covers: ['GetMetricData'],
    async run(world) {
      await put(world, { StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 1, Maximum: 5 } });
      const query = (Id: string, Stat: string) => ({ Id, MetricStat: { Metric: METRIC, Period: 60, Stat } });
      const MetricDataQueries = [query('sum', 'Sum'), query('most', 'Maximum')];
      const { MetricDataResults } = await world.call('cloudwatch', 'GetMetricData', {
        ...window(world),
        MetricDataQueries,
      });
      expect(MetricDataResults).toMatchObject([
        { Id: 'sum', Values: [6], StatusCode: 'Complete' },
        { Id: 'most', Values: [5] },
      ]);
    },
  },
  {
    what: 'an alarm evaluates on the clock of the engine, and keeps its history',
    doc: 'CloudWatch User Guide, Using alarms',
    covers: ['PutMetricAlarm', 'DescribeAlarms', 'DescribeAlarmHistory', 'DescribeAlarmsForMetric', 'DeleteAlarms'],
    async run(world) {
      await world.call('cloudwatch', 'PutMetricAlarm', ALARM);
      expect(await alarms(world)).toMatchObject([{ AlarmName: 'slow', StateValue: 'INSUFFICIENT_DATA' }]);
      world.advance(120);
      expect(await alarms(world)).toMatchObject([{ StateValue: 'OK' }]);
      await put(world, { Value: 101 });
      world.advance(90);
      expect(await alarms(world)).toMatchObject([{ StateValue: 'ALARM' }]);
      const history = await world.call('cloudwatch', 'DescribeAlarmHistory', { HistoryItemType: 'StateUpdate' });
      expect(history.AlarmHistoryItems.map(({ HistorySummary }: any) => HistorySummary)).toContain(
        'Alarm updated from OK to ALARM',
      );
      expect((await world.call('cloudwatch', 'DescribeAlarmsForMetric', METRIC)).MetricAlarms).toHaveLength(1);
      await world.call('cloudwatch', 'DeleteAlarms', { AlarmNames: ['slow'] });
      expect(await alarms(world)).toEqual([]);
    },
  },
  {
    what: 'a state can be set by hand; actions be turned off; alarms have tags',
    doc: 'CloudWatch API Reference, SetAlarmState, DisableAlarmActions, TagResource',
    covers: [
      ...['SetAlarmState', 'DisableAlarmActions', 'EnableAlarmActions'],
      ...['TagResource', 'UntagResource', 'ListTagsForResource'],
    ],
    async run(world) {
      await world.call('cloudwatch', 'PutMetricAlarm', ALARM);
      const AlarmNames = ['slow'];
      await world.call('cloudwatch', 'DisableAlarmActions', { AlarmNames });
      const state = { AlarmName: 'slow', StateValue: 'ALARM', StateReason: 'by hand' };
      await world.call('cloudwatch', 'SetAlarmState', state);
      const expected = { StateValue: 'ALARM', StateReason: 'by hand', ActionsEnabled: false };
      expect(await alarms(world)).toMatchObject([expected]);
      await world.call('cloudwatch', 'EnableAlarmActions', { AlarmNames });
      expect(await alarms(world)).toMatchObject([{ ActionsEnabled: true }]);
      const ResourceARN = `arn:aws:cloudwatch:${REGION}:${world.account}:alarm:slow`;
      const Tags = [{ Key: 'a', Value: '1' }];
      await world.call('cloudwatch', 'TagResource', { ResourceARN, Tags });
      expect((await world.call('cloudwatch', 'ListTagsForResource', { ResourceARN })).Tags).toEqual(Tags);
      await world.call('cloudwatch', 'UntagResource', { ResourceARN, TagKeys: ['a'] });
      expect((await world.call('cloudwatch', 'ListTagsForResource', { ResourceARN })).Tags).toEqual([]);
    },
  },
  {
    what: 'doubles about an alarm are written as Java writes them, in StateReasonData and in the history',
    doc: 'CloudWatch User Guide, Sample events for alarms: "recentDatapoints":[3.0],"threshold":1.0,"sampleCount":1.0',
    covers: ['PutMetricAlarm', 'PutMetricData', 'DescribeAlarms', 'DescribeAlarmHistory'],
    async run(world) {
      await world.call('cloudwatch', 'PutMetricAlarm', { ...ALARM, Threshold: 1e9 });
      const minute = `${new Date(world.now).toISOString().slice(0, 16)}:00.000+0000`;
      await put(world, { Value: 134217728 });
      await put(world, { Value: 2147483648 });
      world.advance(90);
      const [{ StateReasonData, StateReason }] = await alarms(world);
      expect(StateReason).toContain('was greater than the threshold (1.0E9)');
      const data =
        '"statistic":"Maximum","period":60,"recentDatapoints":[2.147483648E9],"threshold":1.0E9,' +
        `"evaluatedDatapoints":[{"timestamp":"${minute}","sampleCount":2.0,"value":2.147483648E9}]}`;
      expect(StateReasonData).toContain(data);
      const { AlarmHistoryItems } = await world.call('cloudwatch', 'DescribeAlarmHistory', { AlarmName: 'slow' });
      expect(AlarmHistoryItems[0].HistoryData).toContain(data);
      expect(AlarmHistoryItems[1].HistoryData).toContain('"EvaluationPeriods":1,"Threshold":1.0E9');
    },
  },
  {
    what: 'alarms that are not there are deleted without an error, and have no tags',
    doc: 'cloudformation-cli issue 456: CloudWatch throws nothing for an alarm that does not exist',
    covers: ['DeleteAlarms', 'ListTagsForResource'],
    async run(world) {
      await world.call('cloudwatch', 'PutMetricAlarm', { ...ALARM, Tags: [{ Key: 'a', Value: '1' }] });
      await world.call('cloudwatch', 'DeleteAlarms', { AlarmNames: ['none', 'slow'] });
      await world.call('cloudwatch', 'DeleteAlarms', { AlarmNames: ['slow'] });
      const ResourceARN = `arn:aws:cloudwatch:${REGION}:${world.account}:alarm:slow`;
      expect((await world.call('cloudwatch', 'ListTagsForResource', { ResourceARN })).Tags).toEqual([]);
    },
  },
  {
    what: "an enum's values are listed in AWS's order",
    doc: "a DescribeAlarms event of CloudTrail: Value '...' at 'stateValue' failed to satisfy constraint",
    covers: [],
    async run(world) {
      const error = await world.refused('cloudwatch', 'DescribeAlarms', { StateValue: 'UP' });
      expect(error.message).toBe(
        "1 validation error detected: Value 'UP' at 'stateValue' failed to satisfy constraint: " +
          'Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]',
      );
    },
  },
];

contract('cloudwatch', CASES);
