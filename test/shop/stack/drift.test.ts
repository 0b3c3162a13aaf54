import { DeleteLogStreamCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { SetSubscriptionAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apply } from '../../../src/topology/apply.ts';
import { queueArn, topicArn } from '../../../src/topology/arns.ts';
import { destroy } from '../../../src/topology/destroy.ts';
import { observe } from '../../../src/topology/observe.ts';
import { plan } from '../../../src/topology/plan.ts';
import { actionsOf, collect, inProcess, openStack, type RunningEngine, type TestStack } from '../../support/engines.ts';

describe('drift', () => {
  let engine: RunningEngine;
  let stack: TestStack;

  beforeEach(async () => {
    engine = await inProcess.start();
    stack = await openStack(engine, 'default');
  });
  afterEach(async () => {
    await stack.close();
    await engine.stop();
  });

  const provision = (adopt = true) => collect(apply(stack.admin, stack.desired, { adopt }));
  const updates = async () =>
    (await provision())
      .filter(({ action }) => action !== 'unchanged')
      .map(({ kind, resource, action, detail }) => `${action} ${kind} ${resource}: ${detail}`);
  const arns = async () => {
    const identity = await stack.clients.identity();
    return { topic: topicArn(identity, 'order-events'), queue: (name: string) => queueArn(identity, name) };
  };
  const subscriptionOf = async (queue: string) => {
    const sns = await stack.clients.sns();
    const { topic, queue: arn } = await arns();
    const attributes = { RawMessageDelivery: 'true', FilterPolicyScope: 'MessageAttributes' };
    const command = new SubscribeCommand({
      ...{ TopicArn: topic, Protocol: 'sqs', Endpoint: arn(queue), ReturnSubscriptionArn: true },
      ...(queue === 'analytics-queue' && { Attributes: attributes }),
    });
    return (await sns.send(command)).SubscriptionArn!;
  };

  test('attributes of queues and log groups are set back', async () => {
    await provision();
    const sqs = await stack.clients.sqs();
    const QueueUrl = `${engine.target.endpoint}/000000000000/order-queue`;
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl,
        Attributes: { VisibilityTimeout: '5', Policy: '', RedrivePolicy: '' },
      }),
    );
    const logs = await stack.clients.logs();
    const logGroupName = '/cliffracer/ecommerce';
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'order-service' }));

    const changed = await updates();
    expect(changed).toHaveLength(2);
    expect(changed[0]).toContain('updated queue order-queue: VisibilityTimeout: 5 -> 30');
    expect(changed[0]).toContain('RedrivePolicy: none -> {"deadLetterTargetArn"');
    expect(changed[1]).toContain('updated log_group /cliffracer/ecommerce: retention_days: 1 -> 14, streams: [');
    expect(await updates()).toEqual([]);
  });

  test("a subscription's filter is set back", async () => {
    await provision();
    const sns = await stack.clients.sns();
    const SubscriptionArn = await subscriptionOf('analytics-queue');
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: 'FilterPolicy',
        AttributeValue: '{"event_type":["none"]}',
      }),
    );
    expect(await updates()).toEqual([
      'updated subscription analytics-queue: FilterPolicy: {"event_type":["none"]} -> {}',
    ]);
    expect(await updates()).toEqual([]);
  });

  test("somebody else's subscription is shown as an orphan and left alone", async () => {
    await provision();
    const sqs = await stack.clients.sqs();
    const sns = await stack.clients.sns();
    await sqs.send(new CreateQueueCommand({ QueueName: 'mine' }));
    const { topic, queue } = await arns();
    await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: queue('mine') }));
    expect(await updates()).toEqual([]);
    const steps = plan(stack.desired, await observe(stack.admin, stack.desired));
    expect(steps.filter(({ action }) => action !== 'unchanged')).toMatchObject([
      { action: 'orphan', kind: 'subscription', resource: `sqs ${queue('mine')}` },
    ]);
  });

  test("an index that is missing is added; another key is another program's", async () => {
    const db = await stack.clients.dynamodb();
    const table = (TableName: string, key: string) =>
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      });
    await db.send(table('orders', 'order_id'));
    const changed = (await updates()).find((line) => line.includes('table orders'));
    expect(changed).toContain('indexes: {} -> {"by_status"');
    expect(changed).toContain('billing: PROVISIONED -> PAY_PER_REQUEST');
    expect(await updates()).toEqual([]);

    await collect(destroy(stack.admin, stack.desired));
    await db.send(table('payments', 'id'));
    await expect(provision()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('table payments has the key id, not order_id'),
    });
  });

  test('tags of others stay beside ours', async () => {
    const s3 = await stack.clients.s3();
    await s3.send(new CreateBucketCommand({ Bucket: 'ecommerce-receipts' }));
    const TagSet = [{ Key: 'team', Value: 'blue' }];
    await s3.send(new PutBucketTaggingCommand({ Bucket: 'ecommerce-receipts', Tagging: { TagSet } }));
    expect((await updates()).filter((line) => line.includes('bucket'))).toEqual([
      'updated bucket ecommerce-receipts: tags: {} -> {"cliffracer:stack":"default"}',
    ]);
    expect(await updates()).toEqual([]);
  });

  test('what has no tag of ours is not changed where that is forbidden, and never removed', async () => {
    const sqs = await stack.clients.sqs();
    await sqs.send(new CreateQueueCommand({ QueueName: 'order-queue' }));
    await expect(provision(false)).rejects.toMatchObject({
      code: 'refused',
      message: 'not made by this program, so not changed: queue order-queue',
    });
    expect(await collect(destroy(stack.admin, stack.desired))).toEqual([
      { resource: 'order-queue', kind: 'queue', action: 'kept', detail: 'does not carry the tag of this stack' },
    ]);
    expect(actionsOf(await provision(true))).toEqual(['created', 'updated']);
  });

  test('two that provision at the same time make one stack', async () => {
    const both = await Promise.all([provision(), provision()]);
    expect(both.map((facts) => facts.length)).toEqual([stack.desired.length, stack.desired.length]);
    expect(await updates()).toEqual([]);
  });

  test('stacks on one engine do not see each other', async () => {
    await provision();
    const other = await openStack(engine, 'other');
    expect(await observe(other.admin, other.desired)).toEqual([]);
    expect(actionsOf(await collect(apply(other.admin, other.desired, { adopt: true })))).toEqual(['created']);
    expect(actionsOf(await collect(destroy(other.admin, other.desired)))).toEqual(['deleted']);
    expect(await updates()).toEqual([]);
    await other.close();
  });
});
