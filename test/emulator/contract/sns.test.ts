import { expect } from 'vitest';
import { type Case, contract, REGION, type World } from './contract.ts';

async function topic(world: World, Name = 't', Attributes: Record<string, string> = {}): Promise<string> {
  return (await world.call('sns', 'CreateTopic', { Name, Attributes })).TopicArn;
}

/** A queue that any topic of the account may send to, and its ARN. */
async function queue(world: World, QueueName: string): Promise<{ QueueUrl: string; arn: string }> {
  const arn = `arn:aws:sqs:${REGION}:${world.account}:${QueueName}`;
  const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: arn };
  const Attributes = { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) };
  const { QueueUrl } = await world.call('sqs', 'CreateQueue', { QueueName, Attributes });
  return { QueueUrl, arn };
}

const bodies = async (world: World, QueueUrl: string) =>
  ((await world.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })).Messages ?? []).map(
    ({ Body }: { Body: string }) => Body,
  );

const CASES: readonly Case[] = [
  {
    what: 'creating a topic twice gives it once; its attributes can be set',
    doc: 'SNS API Reference, CreateTopic, SetTopicAttributes',
    covers: ['CreateTopic', 'ListTopics', 'GetTopicAttributes', 'SetTopicAttributes', 'DeleteTopic'],
    async run(world) {
      const TopicArn = await topic(world);
      expect(TopicArn).toBe(`arn:aws:sns:${REGION}:${world.account}:t`);
      expect(await topic(world)).toBe(TopicArn);
      const attribute = { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'Shop' };
      await world.call('sns', 'SetTopicAttributes', attribute);
      expect((await world.call('sns', 'GetTopicAttributes', { TopicArn })).Attributes).toMatchObject({
        DisplayName: 'Shop',
        SubscriptionsConfirmed: '0',
        Owner: world.account,
      });
      expect((await world.call('sns', 'ListTopics')).Topics).toEqual([{ TopicArn }]);
      await world.call('sns', 'DeleteTopic', { TopicArn });
      // Idempotent, as documented.
      await world.call('sns', 'DeleteTopic', { TopicArn });
      expect((await world.refused('sns', 'GetTopicAttributes', { TopicArn })).name).toBe('NotFoundException');
    },
  },
  {
    what: 'what is published reaches every queue that subscribed and whose filter accepts it',
    doc: 'SNS Developer Guide, Subscription filter policies',
    covers: [
      'Subscribe',
      'Publish',
      'SetSubscriptionAttributes',
      'GetSubscriptionAttributes',
      'ListSubscriptionsByTopic',
    ],
    async run(world) {
      const TopicArn = await topic(world);
      const [all, some] = [await queue(world, 'all'), await queue(world, 'some')];
      await world.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: all.arn });
      const input = { TopicArn, Protocol: 'sqs', Endpoint: some.arn, ReturnSubscriptionArn: true };
      const { SubscriptionArn } = await world.call('sns', 'Subscribe', input);
      const set = (AttributeName: string, AttributeValue: string) =>
        world.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
      await set('RawMessageDelivery', 'true');
      await set('FilterPolicy', '{"kind":["a"]}');
      const { Attributes } = await world.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn });
      expect(Attributes).toMatchObject({ RawMessageDelivery: 'true', FilterPolicyScope: 'MessageAttributes' });
      const publish = (Message: string, kind: string) => {
        const MessageAttributes = { kind: { DataType: 'String', StringValue: kind } };
        return world.call('sns', 'Publish', { TopicArn, Message, MessageAttributes });
      };
      await publish('one', 'a');
      await publish('two', 'b');
      expect(await bodies(world, some.QueueUrl)).toEqual(['one']);
      expect((await bodies(world, all.QueueUrl)).map((body: string) => JSON.parse(body).Message).sort()).toEqual([
        'one',
        'two',
      ]);
      expect((await world.call('sns', 'ListSubscriptionsByTopic', { TopicArn })).Subscriptions).toHaveLength(2);
    },
  },
  {
    what: 'a batch is published entry by entry; a FIFO topic keeps order and drops duplicates',
    doc: 'SNS API Reference, PublishBatch; SNS Developer Guide, FIFO topics',
    covers: ['PublishBatch', 'ListSubscriptions', 'Unsubscribe'],
    async run(world) {
      const TopicArn = await topic(world, 't.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
      const { arn, QueueUrl } = await queue(world, 'q');
      const input = { TopicArn, Protocol: 'sqs', Endpoint: arn, Attributes: { RawMessageDelivery: 'true' } };
      await world.call('sns', 'Subscribe', input);
      const PublishBatchRequestEntries = ['1', '2', '2', '3'].map((Message, n) => {
        return { Id: `${n}`, Message, MessageGroupId: 'g' };
      });
      const answer = await world.call('sns', 'PublishBatch', { TopicArn, PublishBatchRequestEntries });
      expect(answer).toMatchObject({ Failed: [], Successful: [{ Id: '0' }, { Id: '1' }, { Id: '2' }, { Id: '3' }] });
      expect((await bodies(world, QueueUrl)).sort()).toEqual(['1', '2', '3']);
      const [{ SubscriptionArn }] = (await world.call('sns', 'ListSubscriptions')).Subscriptions;
      await world.call('sns', 'Unsubscribe', { SubscriptionArn });
      expect((await world.call('sns', 'ListSubscriptions')).Subscriptions).toEqual([]);
    },
  },
  {
    what: 'a subscription that needs it is pending until it is confirmed with its token',
    doc: 'SNS API Reference, ConfirmSubscription',
    covers: ['ConfirmSubscription'],
    async run(world) {
      const TopicArn = await topic(world);
      const input = { TopicArn, Protocol: 'email', Endpoint: 'a@b.example' };
      expect((await world.call('sns', 'Subscribe', input)).SubscriptionArn).toBe('pending confirmation');
      const url = `/_cliffracer/sns/confirmations?account=${world.account}`;
      const headers = { host: '127.0.0.1' };
      const seen = await world.emulator.handle({ method: 'GET', url, headers, body: Buffer.alloc(0) });
      const Token = JSON.parse(seen.body.toString()).confirmations[0].token;
      const { SubscriptionArn } = await world.call('sns', 'ConfirmSubscription', { TopicArn, Token });
      expect(SubscriptionArn).toMatch(/^arn:aws:sns:.*:t:[0-9a-f-]{36}$/);
      const wrong = await world.refused('sns', 'ConfirmSubscription', { TopicArn, Token: 'x'.repeat(60) });
      expect(wrong.name).toBe('InvalidParameterException');
    },
  },
  {
    what: 'permissions are statements of the policy; tags are kept',
    doc: 'SNS API Reference, AddPermission, TagResource',
    covers: ['AddPermission', 'RemovePermission', 'TagResource', 'UntagResource', 'ListTagsForResource'],
    async run(world) {
      const TopicArn = await topic(world);
      const permission = { TopicArn, Label: 'them', AWSAccountId: ['111122223333'], ActionName: ['Publish'] };
      await world.call('sns', 'AddPermission', permission);
      const policy = async () => (await world.call('sns', 'GetTopicAttributes', { TopicArn })).Attributes.Policy;
      expect(JSON.parse(await policy()).Statement.map(({ Sid }: { Sid: string }) => Sid)).toContain('them');
      await world.call('sns', 'RemovePermission', { TopicArn, Label: 'them' });
      expect(await policy()).not.toContain('"them"');
      const ResourceArn = TopicArn;
      const Tags = [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '' },
      ];
      await world.call('sns', 'TagResource', { ResourceArn, Tags });
      await world.call('sns', 'UntagResource', { ResourceArn, TagKeys: ['a'] });
      expect((await world.call('sns', 'ListTagsForResource', { ResourceArn })).Tags).toEqual([Tags[1]]);
    },
  },
];

contract('sns', CASES);
