import { describe, expect, test } from 'vitest';
import { NOW, T, world } from './world.ts';

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
const minute = (count: number) => NOW + count * 60_000;

function shop() {
  const made = world();
  const errors = (Value: number, Timestamp?: number) => made.put({ MetricName: 'Errors', Value, Timestamp });
  const state = async (AlarmName = 'errors') =>
    (await made.call('DescribeAlarms', { AlarmNames: [AlarmName] })).MetricAlarms[0];
  return { ...made, errors, state };
}

describe('on the engine clock', () => {
  test('an alarm goes to ALARM when the period with the data ends, and back; each time it notifies', async () => {
    const { engine, call, errors, state, published } = shop();
    await call('PutMetricAlarm', {
      ...alarm,
      AlarmDescription: 'too many',
      AlarmActions: [TOPIC],
      OKActions: [TOPIC],
      TreatMissingData: 'notBreaching',
      Unit: 'None',
      Dimensions: [],
    });
    expect(await state()).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
    });
    await errors(3);
    await errors(18.5);
    const fired = engine.advanceTo(minute(5));
    expect(fired.map(({ at, what }) => [at, what.split(',')[0]])).toEqual([
      [minute(1), 'alarm errors: INSUFFICIENT_DATA -> ALARM'],
      [minute(4), 'alarm errors: ALARM -> OK'],
    ]);
    expect(published.map(({ at, input, from }) => [at, input.Subject, from])).toEqual([
      [
        minute(1),
        'ALARM: "errors" in US East (N. Virginia)',
        expect.objectContaining({ sourceArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors' }),
      ],
      [minute(4), 'OK: "errors" in US East (N. Virginia)', expect.anything()],
    ]);
    expect(JSON.parse(published[0]!.input.Message)).toEqual({
      AlarmName: 'errors',
      AlarmDescription: 'too many',
      AWSAccountId: '123456789012',
      AlarmConfigurationUpdatedTimestamp: '2026-01-15T00:00:00.000+0000',
      NewStateValue: 'ALARM',
      NewStateReason: 'Threshold Crossed: 1 datapoint [21.5 (15/01/26 00:00:00)] was greater than the threshold (2.0).',
      StateChangeTime: '2026-01-15T00:01:00.000+0000',
      Region: 'US East (N. Virginia)',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors',
      OldStateValue: 'INSUFFICIENT_DATA',
      OKActions: [TOPIC],
      AlarmActions: [TOPIC],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'Errors',
        Namespace: 'Shop',
        StatisticType: 'Statistic',
        Statistic: 'SUM',
        Unit: 'None',
        Dimensions: [],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 2,
        TreatMissingData: 'notBreaching',
        EvaluateLowSampleCountPercentile: '',
      },
    });
    expect(await state()).toMatchObject({
      StateValue: 'OK',
      StateUpdatedTimestamp: T + 240,
      StateReason:
        'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
    });
    // Nothing can change any more without data, so the clock has nothing to stop at.
    expect(engine.state.timers).toEqual([]);
    await errors(100);
    expect(engine.advanceToNext().map(({ at }) => at)).toEqual([minute(6)]);
  });

  test('2 of 3 datapoints', async () => {
    const { engine, call, errors, state } = shop();
    await call('PutMetricAlarm', { ...alarm, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    for (const value of [5, 0, 7, 0, 0]) {
      await errors(value);
      engine.advanceTo(engine.clock.now() + 60_000);
    }
    const { AlarmHistoryItems } = await call('DescribeAlarmHistory', { HistoryItemType: 'StateUpdate' });
    expect(
      AlarmHistoryItems.map((item: { Timestamp: number; HistorySummary: string }) => [
        item.Timestamp - T,
        item.HistorySummary,
      ]),
    ).toEqual([
      [240, 'Alarm updated from ALARM to OK'],
      [180, 'Alarm updated from OK to ALARM'],
      [120, 'Alarm updated from INSUFFICIENT_DATA to OK'],
    ]);
    expect((await state()).StateReason).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [0.0 (15/01/26 00:03:00), 0.0 (15/01/26 00:01:00)] ' +
        'were not greater than the threshold (2.0) (minimum 2 datapoints for ALARM -> OK transition).',
    );
  });

  test.each([
    [
      'breaching',
      'ALARM',
      'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].',
    ],
    [
      'notBreaching',
      'OK',
      'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [NonBreaching].',
    ],
    ['ignore', 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation'],
    [undefined, 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation'],
  ])('without data, %s leads to %s', async (TreatMissingData, value, reason) => {
    const { engine, call, state } = shop();
    await call('PutMetricAlarm', { ...alarm, EvaluationPeriods: 2, TreatMissingData });
    engine.advanceTo(minute(10));
    expect(await state()).toMatchObject({ StateValue: value, StateReason: reason });
  });

  test('data that stop flowing lead to INSUFFICIENT_DATA when they are out of reach', async () => {
    const { engine, call, errors, state } = shop();
    await call('PutMetricAlarm', { ...alarm, InsufficientDataActions: [TOPIC] });
    await errors(0);
    engine.advanceTo(minute(3));
    expect(await state()).toMatchObject({ StateValue: 'OK' });
    engine.advanceTo(minute(4));
    expect(await state()).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Insufficient Data: 1 datapoint was unknown.',
    });
    const data = JSON.parse((await state()).StateReasonData);
    expect(data).toEqual({
      version: '1.0',
      queryDate: '2026-01-15T00:04:00.000+0000',
      statistic: 'Sum',
      period: 60,
      recentDatapoints: [],
      threshold: 2,
      evaluatedDatapoints: [{ timestamp: '2026-01-15T00:03:00.000+0000' }],
    });
  });

  test('a high-resolution alarm is evaluated every period', async () => {
    const { engine, call, put } = shop();
    await call('PutMetricAlarm', { ...alarm, Period: 10 });
    await put({ MetricName: 'Errors', Value: 3, Timestamp: T + 4, StorageResolution: 1 });
    expect(engine.advanceToNext()).toMatchObject([{ at: NOW + 10_000, what: expect.stringContaining('-> ALARM') }]);
  });

  test('data for the future count when their time comes', async () => {
    const { engine, call, errors } = shop();
    await call('PutMetricAlarm', alarm);
    await errors(9, T + 3600);
    expect(engine.advanceToNext()).toMatchObject([{ at: minute(61), what: expect.stringContaining('-> ALARM') }]);
  });

  test('a percentile of too few samples changes nothing if told so', async () => {
    const { engine, call, put, state } = shop();
    const { Statistic: _, ...other } = alarm;
    const percentile = { ...other, ExtendedStatistic: 'p90' };
    await call('PutMetricAlarm', { ...percentile, EvaluateLowSampleCountPercentile: 'ignore' });
    await call('PutMetricAlarm', { ...percentile, AlarmName: 'eager' });
    await put({ MetricName: 'Errors', Values: [5], Counts: [99] });
    engine.advanceTo(minute(1));
    expect(await state()).toMatchObject({ StateValue: 'INSUFFICIENT_DATA' });
    expect(await state('eager')).toMatchObject({ StateValue: 'ALARM' });
    await put({ MetricName: 'Errors', Values: [5], Counts: [100] });
    engine.advanceTo(minute(2));
    expect(await state()).toMatchObject({ StateValue: 'ALARM' });
  });
});

describe('by hand', () => {
  test('SetAlarmState notifies, lasts until the next evaluation, and is told of in the history', async () => {
    const { engine, call, errors, state, published } = shop();
    await call('PutMetricAlarm', { ...alarm, AlarmActions: [TOPIC] });
    await errors(0);
    engine.advanceTo(minute(1));
    await call('SetAlarmState', {
      AlarmName: 'errors',
      StateValue: 'ALARM',
      StateReason: 'testing',
      StateReasonData: '{"a":1}',
    });
    expect(await state()).toMatchObject({ StateValue: 'ALARM', StateReason: 'testing', StateReasonData: '{"a":1}' });
    expect(published).toHaveLength(1);
    engine.advanceTo(minute(2));
    expect(await state()).toMatchObject({ StateValue: 'OK' });
    const history = await call('DescribeAlarmHistory', { AlarmName: 'errors', ScanBy: 'TimestampAscending' });
    expect(history.AlarmHistoryItems.map(({ HistorySummary }: { HistorySummary: string }) => HistorySummary)).toEqual([
      'Alarm "errors" created',
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm updated from OK to ALARM',
      `Successfully executed action ${TOPIC}`,
      'Alarm updated from ALARM to OK',
    ]);
    expect(JSON.parse(history.AlarmHistoryItems[2].HistoryData)).toMatchObject({
      oldState: { stateValue: 'OK', stateReasonData: { statistic: 'Sum' } },
      newState: { stateValue: 'ALARM', stateReason: 'testing', stateReasonData: { a: 1 } },
    });
  });

  test('disabled actions stay silent', async () => {
    const { call, state, published } = shop();
    await call('PutMetricAlarm', { ...alarm, AlarmActions: [TOPIC], OKActions: [TOPIC] });
    await call('DisableAlarmActions', { AlarmNames: ['errors', 'unknown'] });
    await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: '' });
    expect((await state()).ActionsEnabled).toBe(false);
    expect(published).toEqual([]);
    await call('EnableAlarmActions', { AlarmNames: ['errors'] });
    await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'OK', StateReason: '' });
    await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'OK', StateReason: 'again' });
    expect(published).toHaveLength(1);
  });

  test('an action that fails is told of in the history', async () => {
    const { call } = shop();
    const AlarmActions = [`${TOPIC}-gone`, 'arn:aws:automate:us-east-1:ec2:stop'];
    await call('PutMetricAlarm', { ...alarm, AlarmActions });
    await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: '' });
    const { AlarmHistoryItems } = await call('DescribeAlarmHistory', { HistoryItemType: 'Action' });
    expect(AlarmHistoryItems.map(({ HistorySummary }: { HistorySummary: string }) => HistorySummary)).toEqual([
      'Failed to execute action arn:aws:automate:us-east-1:ec2:stop',
      `Failed to execute action ${TOPIC}-gone`,
    ]);
  });
});

test('an update keeps the state and the tags, and is evaluated anew', async () => {
  const { engine, call, errors, state } = shop();
  await call('PutMetricAlarm', { ...alarm, Tags: [{ Key: 'a', Value: '1' }] });
  await errors(3);
  engine.advanceTo(minute(1));
  await call('PutMetricAlarm', { ...alarm, Threshold: 5, Tags: [{ Key: 'b', Value: '2' }] });
  expect(await state()).toMatchObject({ StateValue: 'ALARM', Threshold: 5 });
  const ResourceARN = (await state()).AlarmArn;
  expect((await call('ListTagsForResource', { ResourceARN })).Tags).toEqual([{ Key: 'a', Value: '1' }]);
  engine.advanceTo(minute(2));
  expect(await state()).toMatchObject({ StateValue: 'OK' });
  await call('PutMetricAlarm', { ...alarm, MetricName: 'Other' });
  expect((await call('DescribeAlarmsForMetric', { Namespace: 'Shop', MetricName: 'Errors' })).MetricAlarms).toEqual([]);
});

test('alarms survive a structured clone, and go on', async () => {
  const { engine, call, errors } = shop();
  await call('PutMetricAlarm', alarm);
  await errors(3);
  engine.restore(structuredClone(engine.state));
  expect(engine.advanceToNext()).toMatchObject([{ what: expect.stringContaining('-> ALARM') }]);
});
