import { describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, refusalOf, world } from './world.ts';

const arn = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;

describe('CreateTopic', () => {
  it('returns the ARN, and the same one again', async () => {
    const { call } = world();
    expect(await call('CreateTopic', { Name: 'orders' })).toEqual({ TopicArn: arn('orders') });
    expect(await call('CreateTopic', { Name: 'orders' })).toEqual({ TopicArn: arn('orders') });
    expect(await call('ListTopics')).toEqual({ Topics: [{ TopicArn: arn('orders') }], NextToken: undefined });
  });

  it.each(['', 'a'.repeat(257), 'a:b', 'a;b', 'a b', 'a%', 'a.fifo', '__proto__ '])(
    'refuses the name %j',
    async (name) => {
      const { call } = world();
      expect(await refusalOf(call('CreateTopic', { Name: name }))).toBe(
        'InvalidParameter: Invalid parameter: Topic Name',
      );
    },
  );

  it.each(['plain', '.fifo', 'a.b.fifo', `${'a'.repeat(252)}.fifo`])('refuses the FIFO name %j', async (name) => {
    const { call } = world();
    const refusal = await refusalOf(call('CreateTopic', { Name: name, Attributes: { FifoTopic: 'true' } }));
    expect(refusal).toBe('InvalidParameter: Invalid parameter: Topic Name');
  });

  it('takes names of the prototype', async () => {
    const { call } = world();
    for (const name of ['__proto__', 'constructor', 'a'.repeat(256)]) await call('CreateTopic', { Name: name });
    expect((await call('ListTopics')).Topics).toHaveLength(3);
    expect(await call('GetTopicAttributes', { TopicArn: arn('__proto__') })).toBeTruthy();
  });

  it.each<[string, object, string]>([
    ['the same attributes', { Attributes: { DisplayName: 'Orders' } }, 'accepted'],
    ['no attributes', {}, 'accepted'],
    [
      'another value',
      { Attributes: { DisplayName: 'Other' } },
      'Attributes Reason: Topic already exists with different attributes',
    ],
    [
      'one attribute more',
      { Attributes: { SignatureVersion: '2' } },
      'Attributes Reason: Topic already exists with different attributes',
    ],
    ['one of the tags', { Tags: [{ Key: 'a', Value: '1' }] }, 'accepted'],
    ['a tag more', { Tags: [{ Key: 'c', Value: '1' }] }, 'Tags Reason: Topic already exists with different tags'],
    [
      'another value of a tag',
      { Tags: [{ Key: 'a', Value: '2' }] },
      'Tags Reason: Topic already exists with different tags',
    ],
  ])('again with %s', async (_name, again, expected) => {
    const { call } = world();
    const tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    await call('CreateTopic', { Name: 'orders', Attributes: { DisplayName: 'Orders' }, Tags: tags });
    const refusal = await refusalOf(call('CreateTopic', { Name: 'orders', ...again }));
    expect(refusal).toBe(expected === 'accepted' ? expected : `InvalidParameter: Invalid parameter: ${expected}`);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ Unknown: 'x' }, /Attributes Reason: Unknown attribute Unknown/],
    [{ FifoTopic: 'yes' }, /FifoTopic: Invalid value \[yes\]/],
    [{ ContentBasedDeduplication: 'true' }, /Unknown attribute ContentBasedDeduplication/],
    [{ SignatureVersion: '3' }, /SignatureVersion: Invalid value \[3\]/],
    [{ DisplayName: 'x'.repeat(101) }, /DisplayName/],
    [{ Policy: 'none' }, /Policy Error: failed to parse JSON/],
    [{ Policy: '' }, /Policy Error/],
    [{ DeliveryPolicy: '{"http":{"defaultHealthyRetryPolicy":{"numRetries":-1}}}' }, /numRetries is invalid/],
    [{ MaximumMessageSize: '1023' }, /MaximumMessageSize: Invalid value \[1023\]/],
    [{ MaximumMessageSize: '1048577' }, /MaximumMessageSize: Invalid value/],
    [{ SQSSuccessFeedbackSampleRate: '101' }, /between 0 and 100/],
  ])('refuses the attributes %j', async (attributes, expected) => {
    const { call } = world();
    expect(await refusalOf(call('CreateTopic', { Name: 'orders', Attributes: attributes }))).toMatch(expected);
    expect((await call('ListTopics')).Topics).toEqual([]);
  });
});

describe('topic attributes', () => {
  it('are those that AWS shows for a new topic', async () => {
    const { call, createTopic } = world();
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: await createTopic('orders') });
    expect(Object.fromEntries(Attributes)).toEqual({
      DisplayName: '',
      EffectiveDeliveryPolicy: expect.stringContaining('"numRetries":3'),
      Owner: ACCOUNT,
      Policy: expect.stringContaining('"__default_policy_ID"'),
      SubscriptionsConfirmed: '0',
      SubscriptionsDeleted: '0',
      SubscriptionsPending: '0',
      TopicArn: arn('orders'),
    });
  });

  it('say FIFO for a FIFO topic only', async () => {
    const { call, createTopic } = world();
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: await createTopic('orders.fifo') });
    expect(Attributes.get('FifoTopic')).toBe('true');
    expect(Attributes.get('ContentBasedDeduplication')).toBe('false');
  });

  it('count subscriptions', async () => {
    const { call, createTopic, createQueue, subscribe } = world();
    const topic = await createTopic('orders');
    const subscription = await subscribe(topic, (await createQueue('a')).arn);
    await subscribe(topic, (await createQueue('b')).arn);
    await call('Subscribe', { TopicArn: topic, Protocol: 'email', Endpoint: 'ada@example.com' });
    await call('Unsubscribe', { SubscriptionArn: subscription });
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: topic });
    expect(['Confirmed', 'Pending', 'Deleted'].map((kind) => Attributes.get(`Subscriptions${kind}`))).toEqual([
      '1',
      '1',
      '1',
    ]);
  });

  it('can be set and cleared', async () => {
    const { call, createTopic } = world();
    const TopicArn = await createTopic('orders');
    const policy = '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}}}';
    await call('SetTopicAttributes', { TopicArn, AttributeName: 'DeliveryPolicy', AttributeValue: policy });
    const set = (await call('GetTopicAttributes', { TopicArn })).Attributes;
    expect(JSON.parse(set.get('DeliveryPolicy')).http.disableSubscriptionOverrides).toBe(false);
    expect(JSON.parse(set.get('EffectiveDeliveryPolicy')).http.defaultHealthyRetryPolicy).toMatchObject({
      minDelayTarget: 5,
      numRetries: 1,
      backoffFunction: 'linear',
    });
    await call('SetTopicAttributes', { TopicArn, AttributeName: 'DeliveryPolicy', AttributeValue: '' });
    expect((await call('GetTopicAttributes', { TopicArn })).Attributes.has('DeliveryPolicy')).toBe(false);
  });

  it.each(['FifoTopic', 'Unknown', 'constructor', 'FifoThroughputScope'])('%s cannot be set', async (AttributeName) => {
    const { call, createTopic } = world();
    const input = { TopicArn: await createTopic('orders'), AttributeName, AttributeValue: 'false' };
    expect(await refusalOf(call('SetTopicAttributes', input))).toBe(
      'InvalidParameter: Invalid parameter: AttributeName',
    );
  });
});

describe('topic ARNs', () => {
  it.each<[string, string]>([
    ['orders', 'InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1'],
    ['', 'InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1'],
    [
      'arn:aws:sns:us-east-1:1',
      'InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 5',
    ],
    ['arn:aws:sqs:us-east-1:000000000000:orders', 'InvalidParameter: Invalid parameter: TopicArn'],
    ['arn:aws:sns:eu-west-1:000000000000:orders', 'InvalidParameter: Invalid parameter: TopicArn'],
    [arn('missing'), 'NotFound: Topic does not exist'],
  ])('%s', async (TopicArn, expected) => {
    const { call } = world();
    for (const operation of [
      'GetTopicAttributes',
      'ListSubscriptionsByTopic',
      'Subscribe',
      'Publish',
      'PublishBatch',
    ]) {
      const input = { TopicArn, Protocol: 'sqs', Endpoint: 'x', Message: 'x', PublishBatchRequestEntries: [] };
      expect(await refusalOf(call(operation, input)), operation).toBe(expected);
    }
  });

  it('of another account are not reachable', async () => {
    const { call } = world();
    const TopicArn = 'arn:aws:sns:us-east-1:111111111111:orders';
    expect(await refusalOf(call('Publish', { TopicArn, Message: 'x' }))).toMatch(
      /^AuthorizationError: .* not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:111111111111:orders/,
    );
  });
});

describe('DeleteTopic', () => {
  it('removes the topic with its subscriptions, and may be repeated', async () => {
    const { call, createTopic, createQueue, subscribe } = world();
    const TopicArn = await createTopic('orders');
    const SubscriptionArn = await subscribe(TopicArn, (await createQueue('a')).arn);
    await call('DeleteTopic', { TopicArn });
    await call('DeleteTopic', { TopicArn });
    expect(await refusalOf(call('GetTopicAttributes', { TopicArn }))).toBe('NotFound: Topic does not exist');
    expect(await refusalOf(call('GetSubscriptionAttributes', { SubscriptionArn }))).toBe(
      'NotFound: Subscription does not exist',
    );
    expect((await call('ListSubscriptions')).Subscriptions).toEqual([]);
    await call('CreateTopic', { Name: 'orders', Tags: [{ Key: 'new', Value: 'tags' }] });
  });
});

describe('lists', () => {
  it('come in pages of 100, stable while topics come and go', async () => {
    const { call, createTopic } = world();
    for (let index = 0; index < 205; index++) await createTopic(`t${index}`);
    const first = await call('ListTopics');
    expect(first.Topics).toHaveLength(100);
    await call('DeleteTopic', { TopicArn: arn('t99') });
    await call('DeleteTopic', { TopicArn: arn('t5') });
    const second = await call('ListTopics', { NextToken: first.NextToken });
    expect(second.Topics[0]).toEqual({ TopicArn: arn('t100') });
    const third = await call('ListTopics', { NextToken: second.NextToken });
    expect(third).toEqual({
      Topics: [200, 201, 202, 203, 204].map((index) => ({ TopicArn: arn(`t${index}`) })),
      NextToken: undefined,
    });
    expect(await refusalOf(call('ListTopics', { NextToken: 'nonsense' }))).toBe(
      'InvalidParameter: Invalid parameter: NextToken',
    );
  });
});

describe('tags', () => {
  it('are added, replaced, listed and removed', async () => {
    const { call, createTopic } = world();
    const ResourceArn = await createTopic('orders');
    await call('TagResource', {
      ResourceArn,
      Tags: [
        { Key: 'k1', Value: 'v1' },
        { Key: '__proto__', Value: 'v2' },
      ],
    });
    await call('TagResource', { ResourceArn, Tags: [{ Key: 'k1', Value: 'v1b' }] });
    await call('UntagResource', { ResourceArn, TagKeys: ['__proto__', 'unknown'] });
    expect(await call('ListTagsForResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'k1', Value: 'v1b' }] });
  });

  it('are refused when wrong', async () => {
    const { call, createTopic } = world();
    const ResourceArn = await createTopic('orders');
    const tag = { Key: 'k', Value: 'v' };
    expect(await refusalOf(call('TagResource', { ResourceArn, Tags: [tag, tag] }))).toBe(
      'InvalidParameter: Invalid parameter: Duplicated keys are not allowed.',
    );
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    expect(await refusalOf(call('TagResource', { ResourceArn, Tags: many }))).toMatch(/^TagLimitExceeded: /);
    expect(await refusalOf(call('TagResource', { ResourceArn, Tags: [{ Key: 'aws:x', Value: '' }] }))).toMatch(/aws:/);
    expect(await refusalOf(call('ListTagsForResource', { ResourceArn: arn('missing') }))).toBe(
      'ResourceNotFound: Resource does not exist',
    );
    expect(await call('ListTagsForResource', { ResourceArn })).toEqual({ Tags: [] });
  });
});

describe('permissions', () => {
  it('edit the policy', async () => {
    const { call, createTopic } = world();
    const TopicArn = await createTopic('orders');
    const grant = { TopicArn, Label: 'partner', AWSAccountId: ['111111111111'], ActionName: ['Publish'] };
    await call('AddPermission', grant);
    const statements = async () => {
      const { Attributes } = await call('GetTopicAttributes', { TopicArn });
      return JSON.parse(Attributes.get('Policy')).Statement;
    };
    expect((await statements()).at(-1)).toEqual({
      Sid: 'partner',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'SNS:Publish',
      Resource: TopicArn,
    });
    expect(await refusalOf(call('AddPermission', grant))).toMatch(/Statement already exists/);
    expect(await refusalOf(call('AddPermission', { ...grant, Label: 'x', ActionName: ['Fly'] }))).toMatch(
      /out of service scope/,
    );
    expect(await refusalOf(call('AddPermission', { ...grant, Label: 'x', AWSAccountId: ['1'] }))).toMatch(
      /PrincipalNotFound/,
    );
    await call('RemovePermission', { TopicArn, Label: 'partner' });
    expect(await statements()).toHaveLength(1);
  });
});
