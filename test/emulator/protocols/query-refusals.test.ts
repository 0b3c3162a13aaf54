import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.ts';

const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t';
const QueueUrl = 'http://localhost:4566/000000000000/q';
const SQS = { Version: '2012-11-05' };
const SNS = { Version: '2010-03-31' };

async function world() {
  const emulator = createEmulator({ seed: 1 });
  const request = async (method: string, url: string, body = '') => {
    const headers = { host: 'localhost:4566', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await emulator.handle({ method, url, headers, body: Buffer.from(body) });
    return { status: answer.status, text: String(answer.body) };
  };
  const form = async (parameters: Record<string, string>) => {
    const { status, text } = await request('POST', '/', new URLSearchParams(parameters).toString());
    const part = (name: string) =>
      new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1]?.replaceAll('&apos;', "'");
    return { status, code: part('Code'), message: part('Message'), text };
  };
  await form({ ...SNS, Action: 'CreateTopic', Name: 't' });
  await form({ ...SQS, Action: 'CreateQueue', QueueName: 'q' });
  return { request, form };
}

// Codes and texts recorded from AWS in LocalStack's snapshots (tests/aws/services/sqs and sns), and in moto's tests.
describe('the Query protocol answers as AWS', () => {
  it.each([
    [
      'a batch without entries',
      { ...SQS, Action: 'SendMessageBatch', QueueUrl },
      'AWS.SimpleQueueService.EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    ],
    [
      'a queue that is not there',
      { ...SQS, Action: 'GetQueueUrl', QueueName: 'other' },
      'AWS.SimpleQueueService.NonExistentQueue',
      'The specified queue does not exist for this wsdl version.',
    ],
    [
      'an action that is not there',
      { ...SQS, Action: 'FooBar', QueueUrl },
      'InvalidAction',
      'The action FooBar is not valid for this endpoint.',
    ],
    [
      'Unsubscribe without an ARN',
      { ...SNS, Action: 'Unsubscribe' },
      'InvalidParameter',
      'Invalid parameter: SubscriptionArn Reason: no value for required parameter',
    ],
    [
      'an attribute without a type',
      {
        ...{ ...SNS, Action: 'Publish', TopicArn, Message: 'm', 'MessageAttributes.entry.1.Name': 'k' },
        'MessageAttributes.entry.1.Value.StringValue': 'v',
      },
      'ValidationError',
      "1 validation error detected: Value null at 'messageAttributes.k.member.dataType' failed to satisfy constraint: " +
        'Member must not be null',
    ],
    [
      'a CIDR that is no string',
      {
        ...{ ...SNS, Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:q' },
        ...{ 'Attributes.entry.1.key': 'FilterPolicy', 'Attributes.entry.1.value': '{"a": [{"cidr": 1}]}' },
      },
      'InvalidParameter',
      'Invalid parameter: Attributes Reason: FilterPolicy: prefix match pattern must be a string',
    ],
  ])('to %s', async (_what, parameters, code, message) => {
    const { form } = await world();
    const answer = await form(parameters);
    expect([answer.code, answer.message?.split('\n')[0]]).toEqual([code, message]);
  });

  it('takes the booleans of topics and subscriptions in any case', async () => {
    const { form } = await world();
    const topic = { ...SNS, Action: 'CreateTopic', Name: 't.fifo' };
    expect(
      await form({ ...topic, 'Attributes.entry.1.key': 'FifoTopic', 'Attributes.entry.1.value': 'True' }),
    ).toMatchObject({ status: 200 });
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:q';
    const subscription = { ...SNS, Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint };
    const raw = { 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': 'TrUe' };
    const { text } = await form({ ...subscription, ...raw });
    const SubscriptionArn = /<SubscriptionArn>(.*)<\/SubscriptionArn>/.exec(text)![1]!;
    const attributes = await form({ ...SNS, Action: 'GetSubscriptionAttributes', SubscriptionArn });
    expect(attributes.text).toMatch(/<key>RawMessageDelivery<\/key>\s*<value>true<\/value>/);
  });

  it('to a link of an envelope, which names no version', async () => {
    const { form, request } = await world();
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:q';
    const { text } = await form({ ...SNS, Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint });
    const arn = /<SubscriptionArn>(.*)<\/SubscriptionArn>/.exec(text)![1]!;
    expect((await request('GET', `/?Action=Unsubscribe&SubscriptionArn=${arn}`)).status).toBe(200);
    expect((await form({ ...SNS, Action: 'ListSubscriptions' })).text).not.toContain(arn);
  });
});
