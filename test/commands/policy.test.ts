import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceId } from '../../src/emulator/core/types.ts';
import { iamPolicy } from '../../src/shop/stack/iam-policy.ts';
import { stackNames } from '../../src/shop/stack/names.ts';
import { PERMISSIONS } from '../../src/shop/stack/permissions.ts';
import { Session } from '../support/session.ts';

const ACCOUNT = '123456789012';
const FLAGS = `--target aws --region eu-west-1 --stack team-a --account ${ACCOUNT}`;
const identity = { account: ACCOUNT, region: 'eu-west-1', partition: 'aws' };
/** Called in what this session does not come by: TLS is asked for on AWS, Ctrl-C cancels a move, slow work is held on to. */
const ELSEWHERE = [
  'sns.SetTopicAttributes',
  's3.PutBucketPolicy',
  'sns.Unsubscribe',
  'sqs.CancelMessageMoveTask',
  'sqs.ChangeMessageVisibilityBatch',
];
const policy = iamPolicy(stackNames('team-a', identity), identity);

let session: Session;
beforeEach(async () => {
  session = await new Session().engine();
});
afterEach(() => session.close());

describe('--print-policy', () => {
  test('prints the document alone, and with --account calls nothing', async () => {
    const outcome = await session.run(`provision --print-policy ${FLAGS}`, { aws: true });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.json()).toEqual(policy);
    expect((await session.run(`provision --print-policy --json ${FLAGS}`, { aws: true })).json()).toEqual(policy);
    expect([...session.operations]).toEqual([]);
  });

  test('prints a part of it, for those who only work with the stack, or only make it', async () => {
    const actions = async (part: string): Promise<string[]> => {
      const { Statement } = (await session.run(`provision --print-policy ${part} ${FLAGS}`, { aws: true })).json();
      return Statement.flatMap(({ Action }: any) => Action);
    };
    const [run, make] = [await actions('run'), await actions('provision')];
    expect(run).toContain('sns:Publish');
    expect(run.filter((each) => /Create|DeleteQueue|DeleteTable|DeleteTopic|DeleteBucket|Set/.test(each))).toEqual([]);
    expect(make).toContain('dynamodb:CreateTable');
    expect(make).not.toContain('sns:Publish');
    expect((await session.run(`provision --print-policy most ${FLAGS}`, { aws: true })).code).toBe(2);
  });

  test('works for an engine too, with its account', async () => {
    const { Statement } = (await session.run('provision --print-policy')).json();
    expect(Statement[0]).toMatchObject({ Resource: 'arn:aws:sns:us-east-1:000000000000:order-events' });
  });
});

describe('the policy', () => {
  test('allows nothing by pattern, and `*` only where IAM knows no resource', () => {
    const anywhere = policy.Statement.filter(({ Resource }) => Resource === '*').map(({ Sid }) => Sid);
    expect(anywhere).toEqual(['Subscriptions', 'Namespace', 'Metrics']);
    for (const { Action, Resource } of policy.Statement) {
      expect(Action.filter((action) => /\*/.test(action))).toEqual([]);
      for (const arn of [Resource].flat()) if (arn !== '*') expect(arn).toMatch(/team-a-|log-group:\*$/);
    }
    expect(policy.Statement.find(({ Sid }) => Sid === 'Namespace')?.Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': 'Cliffracer/team-a-ECommerce' },
    });
  });

  test('fits into a managed policy (IAM and STS quotas: 6,144 characters, blanks not counted)', () => {
    const names = stackNames('a-longest-stack1', { account: ACCOUNT, region: 'ap-southeast-5' });
    const longest = iamPolicy(names, { ...identity, region: 'ap-southeast-5' });
    expect(JSON.stringify(longest).length).toBeLessThan(6_144);
  });

  test('names each operation once', () => {
    const names = PERMISSIONS.map(({ service, operation }) => `${service}.${operation}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** The other half, that nothing else is called, is looked at whenever a session of any test ends. */
test('every operation that is allowed is one that the program calls', { timeout: 60_000 }, async () => {
  const { endpoint, emulator } = session;
  const call = (service: ServiceId, operation: string, input: object) =>
    emulator!.engine.call({ service, operation, input, account: '000000000000', region: 'us-east-1' });
  const QueueUrl = (queue: string) => `${endpoint}/000000000000/${queue}`;
  await session.run('provision');
  // Drift of every kind, for the operations that mend it.
  await call('sqs', 'SetQueueAttributes', {
    QueueUrl: QueueUrl('order-queue'),
    Attributes: { VisibilityTimeout: '7' },
  });
  await call('sqs', 'UntagQueue', { QueueUrl: QueueUrl('payment-queue'), TagKeys: ['cliffracer:stack'] });
  const topic = 'arn:aws:sns:us-east-1:000000000000:order-events';
  await call('sns', 'UntagResource', { ResourceArn: topic, TagKeys: ['cliffracer:stack'] });
  await call('sns', 'Subscribe', {
    ...{ TopicArn: topic, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:order-queue' },
    Attributes: { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"a":["b"]}' },
  }).catch(() => undefined);
  const { Subscriptions } = await call('sns', 'ListSubscriptionsByTopic', { TopicArn: topic });
  for (const { SubscriptionArn } of Subscriptions.slice(0, 1)) {
    const input = { SubscriptionArn, AttributeName: 'RawMessageDelivery', AttributeValue: 'false' };
    await call('sns', 'SetSubscriptionAttributes', input);
  }
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
  await call('dynamodb', 'UntagResource', { ResourceArn: table, TagKeys: ['cliffracer:stack'] });
  await call('dynamodb', 'UpdateTable', {
    TableName: 'orders',
    GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by_status' } }],
  });
  await call('logs', 'PutRetentionPolicy', { logGroupName: '/cliffracer/ecommerce', retentionInDays: 1 });
  const group = 'arn:aws:logs:us-east-1:000000000000:log-group:/cliffracer/ecommerce';
  await call('logs', 'UntagResource', { resourceArn: group, tagKeys: ['cliffracer:stack'] });
  await call('s3', 'DeletePublicAccessBlock', { Bucket: 'ecommerce-receipts' });
  const lines = [
    ...['provision', 'diff', 'order create --customer ada --item keyboard:1', 'drain', 'order list'],
    ...['order list --status fulfilled', 'inspect receipts', 'inspect metrics', 'inspect logs', 'inspect queues'],
    ...[
      'dlq list',
      'dlq show payment',
      'dlq redrive payment',
      'dlq redrive payment --max 1',
      'reset --yes',
      'reset --yes',
      'destroy --yes',
    ],
  ];
  for (const line of lines) {
    const poisoned =
      line === 'drain' ? 'order-queue' : line.startsWith('dlq redrive') ? 'payment-queue-dlq' : undefined;
    if (poisoned) await call('sqs', 'SendMessage', { QueueUrl: QueueUrl(poisoned), MessageBody: 'poison' });
    await session.run(line);
  }
  const uncalled = PERMISSIONS.map(({ service, operation }) => `${service}.${operation}`).filter(
    (each) => !session.operations.has(each) && !ELSEWHERE.includes(each),
  );
  expect(uncalled).toEqual([]);
});
