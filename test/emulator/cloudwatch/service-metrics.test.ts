import { describe, expect, it } from 'vitest';
import { lab, NOON } from '../control/lab.ts';

const MINUTE = 60_000;
const T = NOON / 1000;

/** A lab with the queue `q`, and ways to read its metrics. */
async function world() {
  const here = lab();
  const QueueUrl = await here.queueWith();
  const { engine, call } = here;
  const at = (minutes: number) => engine.advanceTo(NOON + minutes * MINUTE);
  const send = (MessageBody = 'x') => call('sqs', 'SendMessage', { QueueUrl, MessageBody });
  const receive = async (input: object = {}) =>
    (await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...input })).Messages ?? [];
  /** [minutes after noon, value] of each point. */
  async function read(MetricName: string, Stat = 'Sum', minutes = 30, of: { Namespace?: string; Value?: string } = {}) {
    const { Namespace = 'AWS/SQS', Value = 'q' } = of;
    const Dimensions = [{ Name: Namespace === 'AWS/SQS' ? 'QueueName' : 'TopicName', Value }];
    const { MetricDataResults } = await call('cloudwatch', 'GetMetricData', {
      ...{ StartTime: T, EndTime: T + minutes * 60, ScanBy: 'TimestampAscending' },
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat } }],
    });
    const [{ Timestamps, Values }] = MetricDataResults;
    return Timestamps.map((timestamp: number, index: number) => [(timestamp - T) / 60, Values[index]]);
  }
  return { ...here, QueueUrl, at, send, receive, read };
}

// Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS".
describe('AWS/SQS', () => {
  it('counts what was sent, received and deleted in each minute that has ended', async () => {
    const { call, at, send, receive, read, QueueUrl } = await world();
    await send('abc');
    await send('abcdefg');
    expect(await read('NumberOfMessagesSent')).toEqual([]);
    at(1);
    const [{ ReceiptHandle }] = await receive();
    await receive();
    await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    at(2);
    expect(await read('NumberOfMessagesSent')).toEqual([
      [0, 2],
      [1, 0],
    ]);
    expect(await read('NumberOfMessagesReceived')).toEqual([
      [0, 0],
      [1, 2],
    ]);
    expect(await read('NumberOfEmptyReceives')).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(await read('NumberOfMessagesDeleted')).toEqual([
      [0, 0],
      [1, 1],
    ]);
    for (const [stat, value] of Object.entries({ SampleCount: 2, Sum: 10, Average: 5, Minimum: 3, Maximum: 7 })) {
      expect(await read('SentMessageSize', stat)).toEqual([[0, value]]);
    }
  });

  it('says how the queue stood at the end of each minute, timers and quiet minutes included', async () => {
    const { call, at, send, receive, read, QueueUrl } = await world();
    await send();
    await call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'later', DelaySeconds: 90 });
    at(1);
    await receive({ VisibilityTimeout: 120 });
    at(5);
    const depth = (name: string) => read(`ApproximateNumberOfMessages${name}`, 'Maximum');
    expect(await depth('Visible')).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ]);
    expect(await depth('NotVisible')).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
      [3, 0],
      [4, 0],
    ]);
    expect(await depth('Delayed')).toEqual([
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ]);
    expect(await read('ApproximateAgeOfOldestMessage', 'Maximum')).toEqual([
      [0, 60],
      [1, 120],
      [2, 180],
      [3, 240],
      [4, 300],
    ]);
  });

  it('goes on for six hours after the last activity of an empty queue', async () => {
    const { call, at, send, receive, read, QueueUrl } = await world();
    await send();
    const [{ ReceiptHandle }] = await receive();
    await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    at(24 * 60);
    const minutes = (await read('ApproximateNumberOfMessagesVisible', 'Maximum', 24 * 60)).map(
      ([minute]: number[]) => minute,
    );
    expect([minutes.length, minutes.at(-1)]).toEqual([361, 360]);
    const names = async (input: object) =>
      (await call('cloudwatch', 'ListMetrics', input)).Metrics.map((metric: any) => metric.MetricName);
    expect(await names({ Namespace: 'AWS/SQS' })).toHaveLength(9);
    expect(await names({ Namespace: 'AWS/SQS', RecentlyActive: 'PT3H' })).toEqual([]);
    expect(await names({ MetricName: 'SentMessageSize' })).toEqual(['SentMessageSize']);
  });

  it('has nothing of queues without activity, of other queues and other dimensions', async () => {
    const { call, at, read } = await world();
    at(2);
    expect(await read('NumberOfMessagesSent')).toEqual([]);
    expect(await read('NumberOfMessagesSent', 'Sum', 30, { Value: 'none' })).toEqual([]);
    expect((await call('cloudwatch', 'ListMetrics', {})).Metrics).toEqual([]);
  });

  it('keeps a snapshot, and at most 15 days', async () => {
    const { control, engine, at, send, read } = await world();
    await send();
    at(3);
    await control('POST /snapshots/then');
    const before = await read('NumberOfMessagesSent');
    await send();
    at(60);
    await control('POST /snapshots/then/load');
    expect(await read('NumberOfMessagesSent')).toEqual(before);
    for (let day = 1; day <= 20; day++) {
      at(day * 1440);
      await send();
    }
    const [queue] = (engine.state.services.get('sqs')!.values().next().value as any).queues.values();
    expect(queue.traffic.flat().length).toBe(16);
  });

  it('an alarm on the depth of a dead-letter queue fires on the clock of the engine', async () => {
    const { call, engine, send, at } = await world();
    await call('cloudwatch', 'PutMetricAlarm', {
      ...{ AlarmName: 'letters', Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' },
      Dimensions: [{ Name: 'QueueName', Value: 'q' }],
      ...{ Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1, Threshold: 0 },
      ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
    });
    const state = async () => (await call('cloudwatch', 'DescribeAlarms', {})).MetricAlarms[0].StateValue;
    at(10);
    expect(await state()).toBe('OK');
    await send();
    const fired = engine.advanceTo(NOON + 12 * MINUTE);
    expect(fired.map(({ at: when, what }) => [(when - NOON) / MINUTE, what.split(',')[0]])).toEqual([
      [11, 'alarm letters: OK -> ALARM'],
    ]);
    await call('sqs', 'PurgeQueue', { QueueUrl: 'q' });
    at(14);
    expect(await state()).toBe('OK');
  });

  it('clients cannot put metrics there', async () => {
    const { call } = await world();
    const input = { Namespace: 'AWS/SQS', MetricData: [{ MetricName: 'm', Value: 1 }] };
    await expect(call('cloudwatch', 'PutMetricData', input)).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
  });
});

// Amazon SNS Developer Guide, "Available Amazon SNS metrics".
describe('AWS/SNS', () => {
  it('counts what was published, delivered, filtered out and failed', async () => {
    const { call, at, read } = await world();
    const { TopicArn } = await call('sns', 'CreateTopic', { Name: 't' });
    const subscribe = (queue: string, Attributes: object = {}) =>
      call('sns', 'Subscribe', {
        TopicArn,
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
        Attributes,
      });
    const Policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }] });
    for (const QueueName of ['open', 'picky']) {
      await call('sqs', 'CreateQueue', { QueueName, Attributes: { Policy } });
    }
    await subscribe('open');
    await subscribe('picky', { FilterPolicy: '{"kind":["a"]}' });
    await subscribe('gone');
    const kind = (StringValue: string) => ({ kind: { DataType: 'String', StringValue } });
    await call('sns', 'Publish', { TopicArn, Message: 'plain' });
    await call('sns', 'Publish', { TopicArn, Message: 'b', MessageAttributes: kind('b') });
    await call('sns', 'Publish', { TopicArn, Message: 'a', MessageAttributes: kind('a') });
    at(2);
    const sum = async (name: string) => await read(name, 'Sum', 5, { Namespace: 'AWS/SNS', Value: 't' });
    expect(await sum('NumberOfMessagesPublished')).toEqual([[0, 3]]);
    expect(await sum('NumberOfNotificationsDelivered')).toEqual([[0, 4]]);
    expect(await sum('NumberOfNotificationsFailed')).toEqual([[0, 3]]);
    expect(await sum('NumberOfNotificationsFilteredOut')).toEqual([[0, 2]]);
    expect(await sum('NumberOfNotificationsFilteredOut-NoMessageAttributes')).toEqual([[0, 1]]);
    expect(await sum('NumberOfNotificationsFilteredOut-MessageAttributes')).toEqual([[0, 1]]);
    expect(await sum('NumberOfNotificationsRedrivenToDlq')).toEqual([]);
    expect((await sum('PublishSize'))[0][1]).toBeGreaterThan(7);
    const { Metrics } = await call('cloudwatch', 'ListMetrics', { Namespace: 'AWS/SNS' });
    expect(Metrics.map((metric: any) => metric.MetricName)).toEqual([
      'NumberOfMessagesPublished',
      'NumberOfNotificationsDelivered',
      'NumberOfNotificationsFailed',
      'NumberOfNotificationsFilteredOut',
      'NumberOfNotificationsFilteredOut-MessageAttributes',
      'NumberOfNotificationsFilteredOut-NoMessageAttributes',
      'PublishSize',
    ]);
  });
});
