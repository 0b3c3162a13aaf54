import { describe, expect, it } from 'vitest';
import { ACCOUNT, NOON, REGION, world } from './world.ts';

const ATTRIBUTES = {
  text: { DataType: 'String', StringValue: 'a "quoted" text' },
  number: { DataType: 'Number', StringValue: '99.12' },
  list: { DataType: 'String.Array', StringValue: '["a"]' },
  bytes: { DataType: 'Binary', BinaryValue: Buffer.from([2, 3, 4]) },
};

async function topicWithQueue(attributes: Record<string, string> = {}) {
  const here = world();
  const TopicArn = await here.createTopic('orders');
  const queue = await here.createQueue('q');
  const SubscriptionArn = await here.subscribe(TopicArn, queue.arn, attributes);
  const publish = (input: object) => here.call('Publish', { TopicArn, Message: 'x', ...input });
  const bodies = async () => (await here.receive(queue.url)).map((message) => message.Body);
  return { ...here, TopicArn, SubscriptionArn, queue, publish, bodies };
}

describe('formats (Developer Guide, Message formats; Raw message delivery)', () => {
  it('the envelope holds everything about the message', async () => {
    const { publish, receive, queue, TopicArn, SubscriptionArn } = await topicWithQueue();
    const message = 'line\nöß 🙂 "quoted" \\ \u2028';
    const { MessageId } = await publish({ Message: message, Subject: 'A "subject"', MessageAttributes: ATTRIBUTES });
    const [received] = await receive(queue.url);
    const envelope = JSON.parse(received!.Body);
    expect(envelope).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'A "subject"',
      Message: message,
      Timestamp: '2026-01-01T12:00:00.000Z',
      SignatureVersion: '1',
      Signature: expect.any(String),
      SigningCertURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4566\/.*\.pem$/),
      UnsubscribeURL: `http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=${SubscriptionArn}`,
      MessageAttributes: {
        text: { Type: 'String', Value: 'a "quoted" text' },
        number: { Type: 'Number', Value: '99.12' },
        list: { Type: 'String.Array', Value: '["a"]' },
        bytes: { Type: 'Binary', Value: 'AgME' },
      },
    });
    expect(Object.keys(envelope).slice(0, 5)).toEqual(['Type', 'MessageId', 'TopicArn', 'Subject', 'Message']);
    expect(received!.MessageAttributes).toBeUndefined();
    expect(received!.MessageId).not.toBe(MessageId);
  });

  it('the envelope has neither subject nor attributes where there are none', async () => {
    const { publish, bodies } = await topicWithQueue();
    await publish({});
    const envelope = JSON.parse((await bodies())[0]!);
    expect(envelope).not.toHaveProperty('Subject');
    expect(envelope).not.toHaveProperty('MessageAttributes');
  });

  it('raw delivery sends the message as it is, with its attributes', async () => {
    const { publish, receive, queue } = await topicWithQueue({ RawMessageDelivery: 'true' });
    await publish({ Message: '{"a":1}', Subject: 'dropped', MessageAttributes: ATTRIBUTES });
    const [received] = await receive(queue.url);
    expect(received!.Body).toBe('{"a":1}');
    expect(received!.MessageAttributes).toEqual(ATTRIBUTES);
  });

  it('a structure gives each protocol its own text', async () => {
    const { publish, bodies } = await topicWithQueue({ RawMessageDelivery: 'true' });
    await publish({
      MessageStructure: 'json',
      Message: '{"default":"for all","sqs":"for queues","email":"for people"}',
    });
    await publish({ MessageStructure: 'json', Message: '{"default":"for all","sqs":5}' });
    expect(await bodies()).toEqual(['for queues', 'for all']);
  });

  it('a standard topic passes the group on for fair queues', async () => {
    const { publish, receive, queue } = await topicWithQueue();
    await publish({ MessageGroupId: 'tenant-1' });
    expect((await receive(queue.url))[0]!.Attributes?.MessageGroupId).toBe('tenant-1');
  });
});

describe('fan-out', () => {
  it('reaches every subscription whose filter lets it pass, in one call', async () => {
    const { call, createTopic, createQueue, subscribe, receive } = world();
    const TopicArn = await createTopic('orders');
    const filters = ['{"kind":["a"]}', '{"kind":["b"]}', '{"kind":[{"exists":false}]}', undefined];
    const queues = [];
    for (const [index, FilterPolicy] of filters.entries()) {
      const queue = await createQueue(`q${index}`);
      queues.push(queue);
      await subscribe(TopicArn, queue.arn, { RawMessageDelivery: 'true', ...(FilterPolicy && { FilterPolicy }) });
    }
    const kind = (StringValue: string) => ({ kind: { DataType: 'String', StringValue } });
    const { Successful, Failed } = await call('PublishBatch', {
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: '1', Message: 'one', MessageAttributes: kind('a') },
        { Id: '2', Message: 'two', MessageAttributes: kind('b') },
        { Id: '3', Message: 'three' },
      ],
    });
    expect(Failed).toEqual([]);
    expect(Successful.map((entry: { Id: string }) => entry.Id)).toEqual(['1', '2', '3']);
    const received = await Promise.all(queues.map(async ({ url }) => (await receive(url)).map(({ Body }) => Body)));
    expect(received).toEqual([['one'], ['two'], ['three'], ['one', 'two', 'three']]);
  });

  it('filters on the body', async () => {
    const { publish, bodies } = await topicWithQueue({
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: '{"order":{"total":[{"numeric":[">",10]}]}}',
      RawMessageDelivery: 'true',
    });
    const messages = ['{"order":{"total":11}}', '{"order":{"total":9}}', 'no JSON', '{"order":{"total":"11"}}'];
    for (const Message of messages) await publish({ Message });
    expect(await bodies()).toEqual(['{"order":{"total":11}}']);
  });

  it('answers a message to nobody, and to endpoints that nothing is sent to', async () => {
    const { call, createTopic } = world();
    const TopicArn = await createTopic('orders');
    await call('Subscribe', { TopicArn, Protocol: 'sms', Endpoint: '+15551234567' });
    await call('Subscribe', { TopicArn, Protocol: 'http', Endpoint: 'http://example.com' });
    expect(await call('Publish', { TopicArn, Message: 'x' })).toEqual({ MessageId: expect.any(String) });
  });

  it('reaches queues of other regions', async () => {
    const { call, at, createTopic } = world();
    const TopicArn = await createTopic('orders');
    const Endpoint = `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`;
    const Policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: Endpoint }],
    });
    const there = at('sqs', { region: 'eu-west-1' });
    const { QueueUrl } = await there('CreateQueue', { QueueName: 'q', Attributes: { Policy } });
    await call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint });
    await call('Publish', { TopicArn, Message: 'far' });
    expect(JSON.parse((await there('ReceiveMessage', { QueueUrl })).Messages[0].Body).Message).toBe('far');
  });

  it('delivers twice where a fault rule asks for it', async () => {
    const { engine, publish, bodies } = await topicWithQueue({ RawMessageDelivery: 'true' });
    engine.faults = (service, operation, point) =>
      service === 'sns' && operation === 'Publish' && point === 'duplicate' ? { action: 'duplicate' } : undefined;
    await publish({});
    expect(await bodies()).toEqual(['x', 'x']);
  });
});

describe('deliveries that fail (Developer Guide, Dead-letter queues)', () => {
  async function withDeadLetters(raw: boolean, options: { policy?: 'open' | 'none' } = {}) {
    const here = world();
    const TopicArn = await here.createTopic('orders');
    const queue = await here.createQueue('q', options);
    const dlq = await here.createQueue('dlq');
    await here.subscribe(TopicArn, queue.arn, {
      RawMessageDelivery: String(raw),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq.arn }),
    });
    return { ...here, TopicArn, queue, dlq };
  }

  it.each([true, false])('go to the dead-letter queue when the queue is gone (raw %s)', async (raw) => {
    const { call, queues, receive, TopicArn, queue, dlq } = await withDeadLetters(raw);
    await queues('DeleteQueue', { QueueUrl: queue.url });
    await call('Publish', { TopicArn, Message: 'lost?', MessageAttributes: ATTRIBUTES });
    const [dead] = await receive(dlq.url);
    if (raw) expect(dead).toMatchObject({ Body: 'lost?', MessageAttributes: ATTRIBUTES });
    else
      expect(JSON.parse(dead!.Body)).toMatchObject({
        Message: 'lost?',
        MessageAttributes: { bytes: { Value: 'AgME' } },
      });
  });

  it('go to the dead-letter queue when the policy of the queue refuses them', async () => {
    const { call, receive, TopicArn, queue, dlq } = await withDeadLetters(true, { policy: 'none' });
    await call('Publish', { TopicArn, Message: 'refused' });
    expect(await receive(queue.url)).toEqual([]);
    expect((await receive(dlq.url)).map(({ Body }) => Body)).toEqual(['refused']);
  });

  it('are discarded without a dead-letter queue, and the others still arrive', async () => {
    const { call, createTopic, createQueue, subscribe, receive } = world();
    const TopicArn = await createTopic('orders');
    await subscribe(TopicArn, `arn:aws:sqs:${REGION}:${ACCOUNT}:missing`);
    const queue = await createQueue('q');
    await subscribe(TopicArn, queue.arn);
    await call('Publish', { TopicArn, Message: 'x' });
    expect(await receive(queue.url)).toHaveLength(1);
  });

  it('happen to raw messages of more than ten attributes, not to enveloped ones', async () => {
    const { call, createTopic, createQueue, subscribe, receive } = world();
    const TopicArn = await createTopic('orders');
    const raw = await createQueue('raw');
    const enveloped = await createQueue('enveloped');
    await subscribe(TopicArn, raw.arn, { RawMessageDelivery: 'true' });
    await subscribe(TopicArn, enveloped.arn);
    const names = Array.from({ length: 11 }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]);
    await call('Publish', { TopicArn, Message: 'x', MessageAttributes: Object.fromEntries(names) });
    expect(await receive(raw.url)).toEqual([]);
    expect(Object.keys(JSON.parse((await receive(enveloped.url))[0]!.Body).MessageAttributes)).toHaveLength(11);
  });

  it('are logged where the topic asks for it (Developer Guide, Message delivery status)', async () => {
    const { call, at, TopicArn, queue, queues } = await withDeadLetters(true);
    for (const kind of ['Success', 'Failure']) {
      const input = {
        TopicArn,
        AttributeName: `SQS${kind}FeedbackRoleArn`,
        AttributeValue: `arn:aws:iam::${ACCOUNT}:role/r`,
      };
      await call('SetTopicAttributes', input);
    }
    await call('Publish', { TopicArn, Message: 'fine' });
    await queues('DeleteQueue', { QueueUrl: queue.url });
    await call('Publish', { TopicArn, Message: 'lost' });
    const group = `sns/${REGION}/${ACCOUNT}/orders`;
    for (const [logGroupName, status] of [
      [group, 'SUCCESS'],
      [`${group}/Failure`, 'FAILURE'],
    ]) {
      const { events } = await at('logs')('FilterLogEvents', { logGroupName });
      expect(events).toHaveLength(1);
      expect(JSON.parse(events[0].message)).toMatchObject({ status, notification: { topicArn: TopicArn } });
      expect(events[0].timestamp).toBe(NOON);
    }
  });
});
