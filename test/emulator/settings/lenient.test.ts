import { describe, expect, it } from 'vitest';
import { lab } from '../control/lab.ts';

const arn = (service: string, name: string, account = '000000000000') =>
  `arn:aws:${service}:us-east-1:${account}:${name}`;

/** A topic with a queue that has no policy, as programs written for LocalStack make them. */
async function withoutPolicy(options: { lenient?: boolean } = {}) {
  const notices: string[] = [];
  const world = lab({ ...options, onNotice: (notice) => notices.push(notice) });
  const QueueUrl = await world.queueWith();
  await world.call('sns', 'CreateTopic', { Name: 't' });
  const subscription = { TopicArn: arn('sns', 't'), Protocol: 'sqs', Endpoint: arn('sqs', 'q') };
  await world.call('sns', 'Subscribe', subscription);
  const publish = (Message: string) => world.call('sns', 'Publish', { TopicArn: arn('sns', 't'), Message });
  const received = async () => (await world.call('sqs', 'ReceiveMessage', { QueueUrl })).Messages ?? [];
  const undeliverable = async () => (await world.control('GET /sns/undeliverable')).body.undeliverable;
  return { ...world, QueueUrl, publish, received, undeliverable, notices };
}

// SNS Developer Guide, Subscribing an Amazon SQS queue: the queue's policy must let the topic send.
describe('a queue without a policy for its topic', () => {
  it('gets nothing, as on AWS, and the log says so once', async () => {
    const { publish, received, notices } = await withoutPolicy();
    for (const message of ['a', 'b', 'c']) await publish(message);
    expect(await received()).toEqual([]);
    expect(notices).toEqual([
      'arn:aws:sns:us-east-1:000000000000:t could not deliver to arn:aws:sqs:us-east-1:000000000000:q, messages are lost: ' +
        'AccessDenied: Access to the resource arn:aws:sqs:us-east-1:000000000000:q is denied.',
    ]);
  });

  it('is named by the control interface until it has one', async () => {
    const { call, QueueUrl, undeliverable } = await withoutPolicy();
    expect(await undeliverable()).toEqual([
      {
        subscription_arn: expect.stringMatching(/^arn:aws:sns:us-east-1:000000000000:t:/),
        topic_arn: arn('sns', 't'),
        queue_arn: arn('sqs', 'q'),
        error: { code: 'AccessDenied', message: expect.stringContaining('is denied') },
      },
    ]);
    const Statement = {
      ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
      ...{ Resource: arn('sqs', 'q'), Condition: { ArnEquals: { 'aws:SourceArn': arn('sns', 't') } } },
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    expect(await undeliverable()).toEqual([]);
    await call('sqs', 'DeleteQueue', { QueueUrl });
    expect(await undeliverable()).toMatchObject([{ error: { code: 'QueueDoesNotExist' } }]);
  });

  it('says so too when the messages go to a dead-letter queue of the subscription', async () => {
    const { call, publish, notices } = await withoutPolicy();
    const Policy = JSON.stringify({
      Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: arn('sqs', 'dead') },
    });
    await call('sqs', 'CreateQueue', { QueueName: 'dead', Attributes: { Policy } });
    const [{ SubscriptionArn }] = (await call('sns', 'ListSubscriptions', {})).Subscriptions;
    const AttributeValue = JSON.stringify({ deadLetterTargetArn: arn('sqs', 'dead') });
    const attribute = { AttributeName: 'RedrivePolicy', AttributeValue };
    await call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, ...attribute });
    await publish('a');
    expect(notices[0]).toContain('messages are sent to the dead-letter queue');
  });
});

// What LocalStack 4 does, by its source (localstack/services/sqs and sns, config SQS_DELAY_PURGE_RETRY).
describe('a lenient engine', () => {
  it('delivers to a queue without a policy', async () => {
    const { publish, received, undeliverable, notices } = await withoutPolicy({ lenient: true });
    await publish('a');
    expect(await received()).toHaveLength(1);
    expect([await undeliverable(), notices]).toEqual([[], []]);
  });

  it('purges as often as it is asked', async () => {
    const strict = await withoutPolicy();
    const lenient = await withoutPolicy({ lenient: true });
    for (const { call, QueueUrl } of [strict, lenient]) await call('sqs', 'PurgeQueue', { QueueUrl });
    const again = ({ call, QueueUrl }: typeof strict) => call('sqs', 'PurgeQueue', { QueueUrl });
    await expect(again(strict)).rejects.toThrow('Only one PurgeQueue operation');
    await again(lenient);
  });

  it("lets other accounts use a queue, and confirms another account's queue at once", async () => {
    const { engine, call } = await withoutPolicy({ lenient: true });
    const account = '111111111111';
    const foreign = { service: 'sqs', account, region: 'us-east-1' } as const;
    const input = { QueueUrl: 'http://127.0.0.1:4566/000000000000/q', MessageBody: 'x' };
    expect(await engine.call({ ...foreign, operation: 'SendMessage', input })).toMatchObject({
      MessageId: expect.any(String),
    });
    await engine.call({ ...foreign, operation: 'CreateQueue', input: { QueueName: 'other' } });
    const subscription = { TopicArn: arn('sns', 't'), Protocol: 'sqs', Endpoint: arn('sqs', 'other', account) };
    expect((await call('sns', 'Subscribe', subscription)).SubscriptionArn).toMatch(/^arn:/);
  });
});
