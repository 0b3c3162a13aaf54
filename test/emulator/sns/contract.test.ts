import {
  AddPermissionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.ts';
import { requestHandler } from '../../../src/emulator/request-handler.ts';
import { ACCOUNT, NOON, REGION } from './world.ts';

/** The AWS SDK over the wire protocols, in-process. */
function clients() {
  const emulator = createEmulator({ seed: 1, frozenAt: NOON });
  const options = {
    region: REGION,
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler(emulator),
    maxAttempts: 1,
  };
  return { sns: new SNSClient(options), sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }), emulator };
}

const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:q`;

async function topicWithQueue() {
  const made = clients();
  const { TopicArn } = await made.sns.send(
    new CreateTopicCommand({ Name: 'orders', Tags: [{ Key: 'stack', Value: 'ü' }] }),
  );
  const Policy = JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QUEUE,
        Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
      },
    ],
  });
  const { QueueUrl } = await made.sqs.send(new CreateQueueCommand({ QueueName: 'q', Attributes: { Policy } }));
  const receive = async () => {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] });
    return (await made.sqs.send(command)).Messages ?? [];
  };
  return { ...made, TopicArn: TopicArn!, receive };
}

describe('the AWS SDK', () => {
  it('publishes with attributes of every type to a filtered raw subscription', async () => {
    const { sns, TopicArn, receive } = await topicWithQueue();
    const Attributes = { RawMessageDelivery: 'true', FilterPolicy: '{"kind":["a"],"n":[{"numeric":[">",1]}]}' };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE, Attributes }));
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'a' },
      n: { DataType: 'Number', StringValue: '2.5' },
      list: { DataType: 'String.Array', StringValue: '["x", 1, true]' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 254, 255]) },
    };
    await sns.send(new PublishCommand({ TopicArn, Message: 'größe 😀 <&>', MessageAttributes }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'filtered out' }));
    const [message, ...others] = await receive();
    expect(others).toEqual([]);
    expect(message!.Body).toBe('größe 😀 <&>');
    expect(message!.MessageAttributes?.kind).toEqual(MessageAttributes.kind);
    expect(Buffer.from(message!.MessageAttributes!.bytes!.BinaryValue!)).toEqual(Buffer.from([0, 1, 254, 255]));
  });

  it('publishes batches, and reads the envelope', async () => {
    const { sns, TopicArn, receive } = await topicWithQueue();
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE }));
    const { Successful, Failed } = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'one', Subject: 'S' },
          { Id: 'b', Message: 'two', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
    expect(Failed ?? []).toEqual([]);
    const envelopes = (await receive()).map(({ Body }) => JSON.parse(Body!));
    expect(envelopes).toMatchObject([
      { Type: 'Notification', Message: 'one', Subject: 'S', MessageId: Successful![0]!.MessageId },
      { Message: 'two', MessageAttributes: { k: { Type: 'String', Value: 'v' } } },
    ]);
  });

  it('reads and changes attributes, tags and lists', async () => {
    const { sns, TopicArn } = await topicWithQueue();
    const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE }));
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: 'FilterPolicy',
        AttributeValue: '{"a":["<&>"]}',
      }),
    );
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(Attributes).toMatchObject({
      FilterPolicy: '{"a":["<&>"]}',
      RawMessageDelivery: 'false',
      PendingConfirmation: 'false',
    });
    const topic = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(topic.Attributes).toMatchObject({ TopicArn, Owner: ACCOUNT, SubscriptionsConfirmed: '1' });
    await sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'k', Value: '' }] }));
    await sns.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['stack'] }));
    expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual([
      { Key: 'k', Value: '' },
    ]);
    await sns.send(
      new AddPermissionCommand({ TopicArn, Label: 'l', AWSAccountId: ['111111111111'], ActionName: ['Publish'] }),
    );
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    const subscription = { SubscriptionArn, Owner: ACCOUNT, Protocol: 'sqs', Endpoint: QUEUE, TopicArn };
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([subscription]);
    expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toEqual([subscription]);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    expect((await sns.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
  });

  it('is not needed to follow the link that ends a subscription', async () => {
    const { sns, emulator, TopicArn, receive } = await topicWithQueue();
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QUEUE }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'x' }));
    const url = JSON.parse((await receive())[0]!.Body!).UnsubscribeURL.slice('http://127.0.0.1:4566'.length);
    const headers = { host: '127.0.0.1:4566' };
    const response = await emulator.handle({ method: 'GET', url, headers, body: Buffer.alloc(0) });
    expect([response.status, String(response.body)]).toEqual([200, expect.stringContaining('<UnsubscribeResponse')]);
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).toEqual([]);
  });

  it.each<[string, (here: Awaited<ReturnType<typeof topicWithQueue>>) => Promise<unknown>, object]>([
    [
      'a missing topic',
      ({ sns, TopicArn }) => sns.send(new PublishCommand({ TopicArn: `${TopicArn}2`, Message: 'x' })),
      { name: 'NotFoundException', $metadata: { httpStatusCode: 404 }, message: 'Topic does not exist' },
    ],
    [
      'a wrong parameter',
      ({ sns, TopicArn }) => sns.send(new PublishCommand({ TopicArn, Message: '' })),
      { name: 'InvalidParameterException', $metadata: { httpStatusCode: 400 } },
    ],
    [
      'a wrong attribute',
      ({ sns, TopicArn }) => {
        const MessageAttributes = { a: { DataType: 'Number', StringValue: 'x' } };
        return sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageAttributes }));
      },
      { name: 'InvalidParameterValueException', $metadata: { httpStatusCode: 400 } },
    ],
    [
      'an empty batch',
      ({ sns, TopicArn }) => sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [] })),
      { name: expect.stringMatching(/EmptyBatchRequest|Validation/), $metadata: { httpStatusCode: 400 } },
    ],
    [
      'a fault rule',
      async ({ sns, emulator, TopicArn }) => {
        const body = Buffer.from(JSON.stringify({ rule: 'sns:Publish error InternalError' }));
        await emulator.handle({ method: 'POST', url: '/_cliffracer/faults', headers: {}, body });
        return sns.send(new PublishCommand({ TopicArn, Message: 'x' }));
      },
      { name: 'InternalErrorException', $metadata: { httpStatusCode: 500 } },
    ],
  ])('hears of %s', async (_name, act, expected) => {
    await expect(act(await topicWithQueue())).rejects.toMatchObject(expected);
  });
});
