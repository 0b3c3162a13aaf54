import { expect } from 'vitest';
import { type Case, contract, REGION, type World } from './contract.ts';

const arnOf = ({ account }: World, name: string) => `arn:aws:sqs:${REGION}:${account}:${name}`;

async function queue(world: World, QueueName = 'q', Attributes: Record<string, string> = {}): Promise<string> {
  return (await world.call('sqs', 'CreateQueue', { QueueName, Attributes })).QueueUrl;
}

const depth = async (world: World, QueueUrl: string) =>
  (await world.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).Attributes;

const CASES: readonly Case[] = [
  {
    what: 'creating again with the same attributes gives the same queue, with others an error',
    doc: 'SQS API Reference, CreateQueue',
    covers: ['CreateQueue', 'GetQueueUrl', 'DeleteQueue', 'ListQueues'],
    async run(world) {
      const url = await queue(world, 'a', { DelaySeconds: '5' });
      expect(await queue(world, 'a', { DelaySeconds: '5' })).toBe(url);
      const other = { QueueName: 'a', Attributes: { DelaySeconds: '6' } };
      expect((await world.refused('sqs', 'CreateQueue', other)).name).toBe('QueueNameExists');
      expect((await world.call('sqs', 'GetQueueUrl', { QueueName: 'a' })).QueueUrl).toBe(url);
      await queue(world, 'b');
      expect((await world.call('sqs', 'ListQueues', { QueueNamePrefix: 'a' })).QueueUrls).toEqual([url]);
      await world.call('sqs', 'DeleteQueue', { QueueUrl: url });
      expect(await world.refused('sqs', 'GetQueueUrl', { QueueName: 'a' })).toMatchObject({
        name: 'QueueDoesNotExist',
        Code: 'AWS.SimpleQueueService.NonExistentQueue',
      });
    },
  },
  {
    what: 'a received message is invisible until its visibility ends, and gone once deleted',
    doc: 'SQS Developer Guide, Visibility timeout',
    covers: ['SendMessage', 'ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes'],
    async run(world) {
      const QueueUrl = await queue(world, 'q', { VisibilityTimeout: '30' });
      await world.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });
      const receive = () => world.call('sqs', 'ReceiveMessage', { QueueUrl, MessageSystemAttributeNames: ['All'] });
      const [first] = (await receive()).Messages;
      expect((await receive()).Messages).toBeUndefined();
      expect((await depth(world, QueueUrl)).ApproximateNumberOfMessagesNotVisible).toBe('1');
      const { ReceiptHandle } = first;
      await world.call('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 60 });
      world.advance(59);
      expect((await receive()).Messages).toBeUndefined();
      world.advance(1);
      const [second] = (await receive()).Messages;
      expect(second).toMatchObject({ MessageId: first.MessageId, Attributes: { ApproximateReceiveCount: '2' } });
      await world.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: second.ReceiptHandle });
      world.advance(60);
      expect((await receive()).Messages).toBeUndefined();
    },
  },
  {
    what: 'batches report each entry, and an id twice refuses all',
    doc: 'SQS API Reference, SendMessageBatch',
    covers: ['SendMessageBatch', 'ChangeMessageVisibilityBatch', 'DeleteMessageBatch', 'PurgeQueue'],
    async run(world) {
      const QueueUrl = await queue(world);
      const Entries = [1, 2, 3].map((n) => ({ Id: `e${n}`, MessageBody: `m${n}` }));
      expect((await world.call('sqs', 'SendMessageBatch', { QueueUrl, Entries })).Successful).toHaveLength(3);
      const twice = { QueueUrl, Entries: [Entries[0], Entries[0]] };
      expect((await world.refused('sqs', 'SendMessageBatch', twice)).name).toBe('BatchEntryIdsNotDistinct');
      const { Messages } = await world.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      const entries = Messages.map(({ ReceiptHandle }: { ReceiptHandle: string }, n: number) => ({
        Id: `${n}`,
        ReceiptHandle,
      }));
      const visibility = entries.map((entry: object) => ({ ...entry, VisibilityTimeout: 5 }));
      const changed = await world.call('sqs', 'ChangeMessageVisibilityBatch', { QueueUrl, Entries: visibility });
      expect(changed.Successful).toHaveLength(Messages.length);
      const mixed = [entries[0], { Id: 'bad', ReceiptHandle: 'x' }];
      expect(await world.call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries: mixed })).toMatchObject({
        Successful: [{ Id: '0' }],
        Failed: [{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
      });
      await world.call('sqs', 'PurgeQueue', { QueueUrl });
      world.advance(60);
      expect((await world.call('sqs', 'ReceiveMessage', { QueueUrl })).Messages).toBeUndefined();
    },
  },
  {
    what: 'a message goes to the dead-letter queue on the receive after maxReceiveCount, and can be moved back',
    doc: 'SQS Developer Guide, Dead-letter queues',
    covers: ['SetQueueAttributes', 'ListDeadLetterSourceQueues', 'StartMessageMoveTask', 'ListMessageMoveTasks'],
    async run(world) {
      const dead = await queue(world, 'dead');
      const QueueUrl = await queue(world, 'q', { VisibilityTimeout: '0' });
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(world, 'dead'), maxReceiveCount: 1 });
      await world.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy } });
      await world.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'poison' });
      expect((await world.call('sqs', 'ReceiveMessage', { QueueUrl })).Messages).toHaveLength(1);
      expect((await world.call('sqs', 'ReceiveMessage', { QueueUrl })).Messages).toBeUndefined();
      expect((await depth(world, dead)).ApproximateNumberOfMessages).toBe('1');
      const sources = await world.call('sqs', 'ListDeadLetterSourceQueues', { QueueUrl: dead });
      expect(sources.queueUrls).toEqual([QueueUrl]);
      const SourceArn = arnOf(world, 'dead');
      await world.call('sqs', 'StartMessageMoveTask', { SourceArn });
      world.advance(5);
      const { Results } = await world.call('sqs', 'ListMessageMoveTasks', { SourceArn });
      expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
      expect((await depth(world, QueueUrl)).ApproximateNumberOfMessages).toBe('1');
    },
  },
  {
    what: 'a slow move task can be cancelled',
    doc: 'SQS API Reference, CancelMessageMoveTask',
    covers: ['CancelMessageMoveTask'],
    async run(world) {
      const dead = await queue(world, 'dead');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(world, 'dead'), maxReceiveCount: 1 });
      await queue(world, 'q', { RedrivePolicy });
      // These have not come from another queue, so it must be said where they are to go.
      const DestinationArn = arnOf(world, 'q');
      const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' }));
      await world.call('sqs', 'SendMessageBatch', { QueueUrl: dead, Entries });
      const start = { SourceArn: arnOf(world, 'dead'), DestinationArn, MaxNumberOfMessagesPerSecond: 1 };
      const { TaskHandle } = await world.call('sqs', 'StartMessageMoveTask', start);
      world.advance(2);
      const moved = await world.call('sqs', 'CancelMessageMoveTask', { TaskHandle });
      expect(moved.ApproximateNumberOfMessagesMoved).toBeLessThan(10);
      const again = await world.refused('sqs', 'CancelMessageMoveTask', { TaskHandle });
      expect(again.message).toBe('Only active tasks can be cancelled.');
    },
  },
  {
    what: 'permissions are statements of the policy; tags are kept',
    doc: 'SQS API Reference, AddPermission, TagQueue',
    covers: ['AddPermission', 'RemovePermission', 'TagQueue', 'UntagQueue', 'ListQueueTags'],
    async run(world) {
      const QueueUrl = await queue(world);
      const permission = { QueueUrl, Label: 'them', AWSAccountIds: ['111122223333'], Actions: ['SendMessage'] };
      await world.call('sqs', 'AddPermission', permission);
      expect(JSON.parse((await depth(world, QueueUrl)).Policy).Statement).toMatchObject([{ Sid: 'them' }]);
      expect((await world.refused('sqs', 'AddPermission', permission)).name).toBe('InvalidParameterValue');
      await world.call('sqs', 'RemovePermission', { QueueUrl, Label: 'them' });
      expect((await depth(world, QueueUrl)).Policy ?? '').not.toContain('them');
      await world.call('sqs', 'TagQueue', { QueueUrl, Tags: { a: '1', b: 'ü' } });
      await world.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: ['a'] });
      expect((await world.call('sqs', 'ListQueueTags', { QueueUrl })).Tags).toEqual({ b: 'ü' });
    },
  },
];

contract('sqs', CASES);
