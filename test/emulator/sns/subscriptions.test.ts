import { describe, expect, it } from 'vitest';
import { pendingConfirmations, type SnsState } from '../../../src/emulator/sns/index.ts';
import { ACCOUNT, NOON, REGION, refusalOf, world } from './world.ts';

const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:q`;

describe('Subscribe', () => {
  it('returns the ARN of the subscription, and the same one again', async () => {
    const { call, createTopic, subscribe } = world();
    const topic = await createTopic('orders');
    const arn = await subscribe(topic, QUEUE, { RawMessageDelivery: 'true' });
    expect(arn).toMatch(new RegExp(`^${topic}:[0-9a-f-]{36}$`));
    const again: Record<string, string>[] = [{ RawMessageDelivery: 'true' }, {}];
    for (const attributes of again) expect(await subscribe(topic, QUEUE, attributes)).toBe(arn);
    expect((await call('ListSubscriptionsByTopic', { TopicArn: topic })).Subscriptions).toEqual([
      { SubscriptionArn: arn, Owner: ACCOUNT, Protocol: 'sqs', Endpoint: QUEUE, TopicArn: topic },
    ]);
  });

  it.each<Record<string, string>>([
    { RawMessageDelivery: 'false' },
    { FilterPolicy: '{"a":["x"]}' },
    { FilterPolicyScope: 'MessageBody' },
    { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUE}-dlq` }) },
  ])('again with %j is an error', async (attributes) => {
    const { createTopic, subscribe } = world();
    const topic = await createTopic('orders');
    await subscribe(topic, QUEUE, { RawMessageDelivery: 'true' });
    expect(await refusalOf(subscribe(topic, QUEUE, attributes))).toBe(
      'InvalidParameter: Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
  });

  it.each<[string, string, string]>([
    ['test-protocol', 'x', 'Invalid parameter: Amazon SNS does not support this protocol string: test-protocol'],
    ['sqs', 'http://127.0.0.1:4566/000000000000/q', 'Invalid parameter: SQS endpoint ARN'],
    ['sqs', 'arn:aws:sqs:us-east-1:000000000000', 'Invalid parameter: SQS endpoint ARN'],
    ['sqs', 'arn:aws:sqs:us-east-1:0:q', 'Invalid parameter: SQS endpoint ARN'],
    [
      'sqs',
      `${QUEUE}.fifo`,
      'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    ],
    ['sms', 'invalid-number', 'Invalid SMS endpoint: invalid-number'],
    ['http', 'https://example.com', 'Invalid parameter: Endpoint must match the specified protocol'],
    ['email', 'ada', 'Invalid parameter: Email address'],
    ['lambda', 'f', 'Invalid parameter: Lambda endpoint ARN'],
  ])('%s %s is refused', async (Protocol, Endpoint, message) => {
    const { call, createTopic } = world();
    const input = { TopicArn: await createTopic('orders'), Protocol, Endpoint };
    expect(await refusalOf(call('Subscribe', input))).toBe(`InvalidParameter: ${message}`);
  });

  it.each<[string, string]>([
    ['sms', '+123123123'],
    ['lambda', 'arn:aws:lambda:us-east-1:000000000000:function:f'],
    ['application', 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app/1'],
  ])('%s is confirmed at once', async (Protocol, Endpoint) => {
    const { call, createTopic } = world();
    const { SubscriptionArn } = await call('Subscribe', { TopicArn: await createTopic('orders'), Protocol, Endpoint });
    expect((await call('GetSubscriptionAttributes', { SubscriptionArn })).Attributes.get('PendingConfirmation')).toBe(
      'false',
    );
  });

  it('to a FIFO topic is for queues only, standard ones included', async () => {
    const { call, createTopic, subscribe } = world();
    const topic = await createTopic('orders.fifo');
    await subscribe(topic, QUEUE);
    await subscribe(topic, `${QUEUE}.fifo`);
    const input = { TopicArn: topic, Protocol: 'email', Endpoint: 'ada@example.com' };
    expect(await refusalOf(call('Subscribe', input))).toMatch(/Please use FIFO SQS queue/);
  });

  it('leaves nothing behind when refused', async () => {
    const { engine, createTopic, subscribe } = world();
    const topic = await createTopic('orders');
    const before = structuredClone(engine.state.services);
    const wrong: Record<string, string>[] = [{ FilterPolicy: '{' }, { Unknown: 'x' }, { RawMessageDelivery: 'maybe' }];
    for (const attributes of wrong) {
      expect(await refusalOf(subscribe(topic, QUEUE, attributes))).toMatch(
        /^InvalidParameter: Invalid parameter: Attributes Reason: /,
      );
    }
    expect(engine.state.services).toEqual(before);
  });
});

describe('confirmation', () => {
  const email = { Protocol: 'email', Endpoint: 'ada@example.com' };

  function tokenOf({ engine }: ReturnType<typeof world>): string {
    const state = engine.stateOf('sns', { account: ACCOUNT, region: REGION }) as SnsState;
    return pendingConfirmations(state)[0]!.token;
  }

  it('is pending until the token is given', async () => {
    const here = world();
    const { call, createTopic } = here;
    const TopicArn = await createTopic('orders');
    expect(await call('Subscribe', { TopicArn, ...email })).toEqual({ SubscriptionArn: 'pending confirmation' });
    const { SubscriptionArn } = await call('Subscribe', { TopicArn, ...email, ReturnSubscriptionArn: true });
    expect((await call('ListSubscriptions')).Subscriptions[0].SubscriptionArn).toBe('PendingConfirmation');
    const Token = tokenOf(here);
    expect(await call('ConfirmSubscription', { TopicArn, Token })).toEqual({ SubscriptionArn });
    expect(await call('ConfirmSubscription', { TopicArn, Token })).toEqual({ SubscriptionArn });
    expect((await call('ListSubscriptions')).Subscriptions[0].SubscriptionArn).toBe(SubscriptionArn);
    const { Attributes } = await call('GetSubscriptionAttributes', { SubscriptionArn });
    expect(Attributes.get('ConfirmationWasAuthenticated')).toBe('false');
  });

  // LocalStack's AWS-validated test_sns_confirm_subscription_wrong_token.
  it.each<[string, string, string]>([
    ['nonsense', 'abc', 'InvalidParameter: Invalid parameter: Topic'],
    [`arn:aws:sns:eu-west-1:${ACCOUNT}:orders`, 'abc', 'InvalidParameter: Invalid parameter: Topic'],
    [`arn:aws:sns:${REGION}:${ACCOUNT}:orders`, 'randomtoken', 'InvalidParameter: Invalid token'],
    [`arn:aws:sns:${REGION}:${ACCOUNT}:orders`, 'a'.repeat(288), 'InvalidParameter: Invalid parameter: Token'],
  ])('of %s with %s is refused', async (TopicArn, Token, expected) => {
    const { call, createTopic } = world();
    await createTopic('orders');
    expect(await refusalOf(call('ConfirmSubscription', { TopicArn, Token }))).toBe(expected);
  });

  it('ends after two days, and the subscription with it', async () => {
    const here = world();
    const TopicArn = await here.createTopic('orders');
    await here.call('Subscribe', { TopicArn, ...email });
    expect(here.engine.advanceTo(NOON + 48 * 3_600_000 - 1)).toEqual([]);
    const [fired] = here.engine.advanceToNext();
    expect(fired!.what).toBe(`subscription of ada@example.com to ${TopicArn} was not confirmed in time and is gone`);
    expect((await here.call('ListSubscriptions')).Subscriptions).toEqual([]);
  });

  it('of a queue of another account is asked of its owner', async () => {
    const { call, at, createTopic } = world();
    const TopicArn = await createTopic('orders');
    const theirs = at('sqs', { account: '111111111111' });
    const Endpoint = `arn:aws:sqs:${REGION}:111111111111:q`;
    const Policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: Endpoint }],
    });
    const { QueueUrl } = await theirs('CreateQueue', { QueueName: 'q', Attributes: { Policy } });
    await call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint });
    await call('Publish', { TopicArn, Message: 'too early' });
    const { Messages } = await theirs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    expect(Messages).toHaveLength(1);
    const confirmation = JSON.parse(Messages[0].Body);
    expect(confirmation).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn });
    await call('ConfirmSubscription', { TopicArn, Token: confirmation.Token });
    await call('Publish', { TopicArn, Message: 'now' });
    const later = await theirs('ReceiveMessage', { QueueUrl });
    expect(JSON.parse(later.Messages[0].Body).Message).toBe('now');
  });
});

describe('subscription attributes', () => {
  it('are those that AWS shows', async () => {
    const { call, createTopic, subscribe } = world();
    const topic = await createTopic('orders');
    const SubscriptionArn = await subscribe(topic, QUEUE);
    const shown = async () =>
      Object.fromEntries((await call('GetSubscriptionAttributes', { SubscriptionArn })).Attributes);
    const plain = {
      ConfirmationWasAuthenticated: 'true',
      Endpoint: QUEUE,
      Owner: ACCOUNT,
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'false',
      SubscriptionArn,
      SubscriptionPrincipal: `arn:aws:iam::${ACCOUNT}:root`,
      TopicArn: topic,
    };
    expect(await shown()).toEqual(plain);
    const set = (AttributeName: string, AttributeValue: string) =>
      call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
    await set('FilterPolicyScope', 'MessageBody');
    expect(await shown()).toEqual(plain);
    await set('FilterPolicy', '{"a":{"b":["x"]}}');
    expect(await shown()).toEqual({ ...plain, FilterPolicy: '{"a":{"b":["x"]}}', FilterPolicyScope: 'MessageBody' });
    expect(await refusalOf(set('FilterPolicyScope', 'MessageAttributes'))).toBe(
      'InvalidParameter: Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
    );
    await set('FilterPolicy', '');
    expect(await shown()).toEqual(plain);
  });

  it.each<[string, string, string]>([
    ['fake', 'x', 'AttributeName'],
    ['__proto__', 'x', 'AttributeName'],
    ['RawMessageDelivery', 'test-ValUe', 'RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false.'],
    ['RawMessageDelivery', '', 'RawMessageDelivery: Invalid value []. Must be true or false.'],
    [
      'FilterPolicyScope',
      'RandomValue',
      'FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes',
    ],
    [
      'FilterPolicy',
      '{invalid',
      "FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]",
    ],
    [
      'RedrivePolicy',
      '{invalid',
      "RedrivePolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]",
    ],
    ['RedrivePolicy', '{"deadLetterTargetArn":"fake"}', 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
    ['RedrivePolicy', 'null', 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
    [
      'FilterPolicy',
      '{"a":{"b":["x"]}}',
      'Filter policy scope MessageAttributes does not support nested filter policy',
    ],
  ])('%s = %j is refused', async (AttributeName, AttributeValue, message) => {
    const { call, createTopic, subscribe } = world();
    const SubscriptionArn = await subscribe(await createTopic('orders'), QUEUE);
    const input = { SubscriptionArn, AttributeName, AttributeValue };
    expect(await refusalOf(call('SetSubscriptionAttributes', input))).toBe(
      `InvalidParameter: Invalid parameter: ${message}`,
    );
  });

  it('a FIFO subscription needs a FIFO dead-letter queue', async () => {
    const { createTopic, subscribe } = world();
    const topic = await createTopic('orders.fifo');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${QUEUE}-dlq` });
    expect(await refusalOf(subscribe(topic, `${QUEUE}.fifo`, { RedrivePolicy }))).toBe(
      'InvalidParameter: Invalid parameter: Attributes Reason: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
    );
    expect(await refusalOf(subscribe(topic, QUEUE, { RedrivePolicy }))).toBe('accepted');
  });

  it('an HTTP subscription shows its effective delivery policy', async () => {
    const { call, createTopic } = world();
    const input = {
      TopicArn: await createTopic('orders'),
      Protocol: 'http',
      Endpoint: 'http://example.com/sns',
      ReturnSubscriptionArn: true,
      Attributes: { DeliveryPolicy: '{"requestPolicy":{"headerContentType":"text/csv"}}' },
    };
    const { SubscriptionArn } = await call('Subscribe', input);
    const { Attributes } = await call('GetSubscriptionAttributes', { SubscriptionArn });
    expect(JSON.parse(Attributes.get('DeliveryPolicy'))).toEqual({
      healthyRetryPolicy: null,
      sicklyRetryPolicy: null,
      throttlePolicy: null,
      requestPolicy: { headerContentType: 'text/csv' },
      guaranteed: false,
    });
    expect(JSON.parse(Attributes.get('EffectiveDeliveryPolicy'))).toMatchObject({
      healthyRetryPolicy: { numRetries: 3, backoffFunction: 'linear' },
      requestPolicy: { headerContentType: 'text/csv' },
    });
  });
});

describe('Unsubscribe', () => {
  it('ends deliveries, and may be repeated', async () => {
    const { call, createTopic, createQueue, subscribe, receive } = world();
    const topic = await createTopic('orders');
    const queue = await createQueue('q');
    const SubscriptionArn = await subscribe(topic, queue.arn);
    await call('Unsubscribe', { SubscriptionArn });
    await call('Unsubscribe', { SubscriptionArn });
    await call('Publish', { TopicArn: topic, Message: 'x' });
    expect(await receive(queue.url)).toEqual([]);
    expect((await call('ListSubscriptions')).Subscriptions).toEqual([]);
    expect(await subscribe(topic, queue.arn)).not.toBe(SubscriptionArn);
  });

  it.each<[string, string]>([
    ['', 'SubscriptionArn Reason: no value for required parameter'],
    ['x', 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1'],
    ['arn:aws:sns:us-east-1:1', 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 5'],
    ['arn:aws:sns:us-east-1:000000000000:orders:1', 'SubscriptionId'],
    ['arn:aws:sns:us-east-1:000000000000:orders', 'SubscriptionId'],
  ])('refuses %j', async (SubscriptionArn, message) => {
    const { call } = world();
    expect(await refusalOf(call('Unsubscribe', { SubscriptionArn }))).toBe(
      `InvalidParameter: Invalid parameter: ${message}`,
    );
  });

  it('ListSubscriptionsByTopic pages by 100', async () => {
    const { call, createTopic } = world();
    const TopicArn = await createTopic('orders');
    for (let index = 0; index < 101; index++) {
      await call('Subscribe', { TopicArn, Protocol: 'sms', Endpoint: `+49${1_000_000 + index}` });
    }
    const first = await call('ListSubscriptionsByTopic', { TopicArn });
    const second = await call('ListSubscriptionsByTopic', { TopicArn, NextToken: first.NextToken });
    expect([first.Subscriptions.length, second.Subscriptions.length, second.NextToken]).toEqual([100, 1, undefined]);
    expect(second.Subscriptions[0].Endpoint).toBe('+491000100');
  });
});
