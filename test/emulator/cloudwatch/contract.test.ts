import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  paginateListMetrics,
  SetAlarmStateCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.ts';
import { requestHandler } from '../../../src/emulator/request-handler.ts';
import { NOW } from './world.ts';

const started = new Date(NOW);
const later = (seconds: number) => new Date(NOW + seconds * 1000);

function open() {
  const emulator = createEmulator({ seed: 1, frozenAt: NOW });
  const options = {
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler(emulator),
  };
  return { emulator, metrics: new CloudWatchClient(options), sns: new SNSClient(options), sqs: new SQSClient(options) };
}

let made: ReturnType<typeof open>;
beforeEach(() => {
  made = open();
});
afterEach(() => made.emulator.engine.stop());

test('metrics through the SDK: gzipped CBOR in, statistics with percentiles out', async () => {
  const { metrics } = made;
  const Dimensions = [{ Name: 'Service', Value: 'order' }];
  const datum = { MetricName: 'ProcessingTime', Dimensions, Unit: 'Milliseconds' as const };
  await metrics.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      // Large enough for the client to compress it.
      MetricData: Array.from({ length: 500 }, (_, index) => ({ ...datum, Value: index + 1, Timestamp: started })),
    }),
  );
  const query = { Namespace: 'Shop', MetricName: 'ProcessingTime', Dimensions, StartTime: started, EndTime: later(60) };
  const basic = await metrics.send(
    new GetMetricStatisticsCommand({ ...query, Period: 60, Statistics: ['Average', 'SampleCount'] }),
  );
  expect(basic.Datapoints).toEqual([{ Timestamp: started, Average: 250.5, SampleCount: 500, Unit: 'Milliseconds' }]);
  const extended = await metrics.send(
    new GetMetricStatisticsCommand({ ...query, Period: 60, ExtendedStatistics: ['p50', 'p99.9'] }),
  );
  expect(extended.Datapoints?.[0]?.ExtendedStatistics).toEqual({ p50: 250, 'p99.9': 500 });
  const { MetricDataResults } = await metrics.send(
    new GetMetricDataCommand({
      StartTime: started,
      EndTime: later(60),
      MetricDataQueries: [{ Id: 'm1', MetricStat: { Metric: { ...query }, Period: 60, Stat: 'Maximum' } }],
    }),
  );
  expect(MetricDataResults).toMatchObject([{ Id: 'm1', Timestamps: [started], Values: [500], StatusCode: 'Complete' }]);
  const { Metrics } = await metrics.send(new ListMetricsCommand({ Namespace: 'Shop' }));
  expect(Metrics).toEqual([{ Namespace: 'Shop', MetricName: 'ProcessingTime', Dimensions }]);
});

test('listings page through the SDK paginators', async () => {
  const { metrics } = made;
  for (const batch of [0, 1]) {
    const MetricData = Array.from({ length: 400 }, (_, index) => ({ MetricName: `m${batch}-${index}`, Value: 1 }));
    await metrics.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
  }
  let count = 0;
  for await (const page of paginateListMetrics({ client: metrics }, {})) count += page.Metrics?.length ?? 0;
  expect(count).toBe(800);
});

test.each([
  [
    'GetMetricStatistics without statistics',
    'InvalidParameterCombinationException',
    'At least one of',
    () =>
      new GetMetricStatisticsCommand({
        Namespace: 'n',
        MetricName: 'm',
        StartTime: started,
        EndTime: later(60),
        Period: 60,
      }),
  ],
  [
    'NaN',
    'InvalidParameterValueException',
    'The value NaN for parameter MetricData.member.1.Value',
    () => new PutMetricDataCommand({ Namespace: 'n', MetricData: [{ MetricName: 'm', Value: Number.NaN }] }),
  ],
  ['a foreign token', 'InvalidNextToken', 'NextToken', () => new ListMetricsCommand({ NextToken: 'x' })],
  [
    'an unknown alarm',
    'ResourceNotFound',
    'does not exist',
    () => new SetAlarmStateCommand({ AlarmName: 'x', StateValue: 'OK', StateReason: '' }),
  ],
  [
    'an unknown resource',
    'ResourceNotFoundException',
    '',
    () =>
      new UntagResourceCommand({ ResourceARN: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:x', TagKeys: ['a'] }),
  ],
])('errors arrive as the SDK knows them: %s', async (_, name, message, command) => {
  await expect(made.metrics.send(command() as ListMetricsCommand)).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
  });
});

test('an alarm notifies a queue through a topic at its own time', async () => {
  const { emulator, metrics, sns, sqs } = made;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:alarms';
  const Policy = JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' },
    ],
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'alarms', Attributes: { Policy } }));
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }),
  );
  await metrics.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'Shop',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [TopicArn!],
      Tags: [{ Key: 'env', Value: 'test' }],
    }),
  );
  await metrics.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName: 'Errors', Value: 1 }] }));
  emulator.engine.advanceTo(NOW + 3_600_000);
  const { MetricAlarms } = await metrics.send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'errors', StateValue: 'INSUFFICIENT_DATA', Threshold: 0 }]);
  const { AlarmHistoryItems } = await metrics.send(new DescribeAlarmHistoryCommand({ HistoryItemType: 'StateUpdate' }));
  expect(AlarmHistoryItems?.map(({ Timestamp, HistorySummary }) => [Timestamp, HistorySummary])).toEqual([
    [later(240), 'Alarm updated from ALARM to INSUFFICIENT_DATA'],
    [later(60), 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
  ]);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] }));
  expect(JSON.parse(Messages![0]!.Body!)).toMatchObject({ AlarmName: 'errors', NewStateValue: 'ALARM' });
  expect(Messages![0]!.Attributes).toMatchObject({ SentTimestamp: String(NOW + 60_000) });
});
