import {
  CreateTopicCommand,
  DeleteTopicCommand,
  type MessageAttributeValue,
  PublishCommand,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { onlyFromTopic, policyOf } from '../shop/stack/access-policies.ts';
import { type Behaviour, differs, type Trial, type Verdict } from './behaviour.ts';
import { all, refused, same, until } from './expectations.ts';
import { firstMessage, receive, type TrialQueue, withQueue } from './queue-trials.ts';

const GUIDE = 'SNS Developer Guide';
const API = 'SNS API Reference';
const FILTERS = `${GUIDE}, Subscription filter policies`;

interface TrialTopic {
  sns: SNSClient;
  TopicArn: string;
  queue: TrialQueue;
  subscribe(attributes?: Record<string, string>): Promise<string | undefined>;
  publish(message: string, attributes?: Record<string, string | number>): Promise<unknown>;
}

/** A topic and a queue for the time of `use`. */
async function withTopic<T>(trial: Trial, use: (topic: TrialTopic) => Promise<T>): Promise<T> {
  const sns = await trial.clients.sns();
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: trial.name }));
  try {
    return await withQueue(trial, {}, async (queue) => {
      // Without it AWS delivers nothing (SNS Developer Guide, Subscribing an SQS queue).
      const Policy = JSON.stringify(policyOf([onlyFromTopic(queue.arn, TopicArn)]));
      await queue.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
      return use({
        ...{ sns, TopicArn, queue },
        async subscribe(Attributes = {}) {
          const to = { TopicArn, Protocol: 'sqs', Endpoint: queue.arn, ReturnSubscriptionArn: true };
          return (await sns.send(new SubscribeCommand({ ...to, Attributes }))).SubscriptionArn;
        },
        publish: (Message, attributes = {}) =>
          sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes: attributesOf(attributes) })),
      });
    });
  } finally {
    await sns.send(new DeleteTopicCommand({ TopicArn }));
  }
}

const attributesOf = (values: Record<string, string | number>): Record<string, MessageAttributeValue> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) },
    ]),
  );

/** Publishes each and compares what passes. */
async function passing(
  trial: Trial,
  policy: object,
  messages: readonly [body: string, attributes: Record<string, string | number>, passes: boolean][],
  scope = 'MessageAttributes',
): Promise<Verdict> {
  return withTopic(trial, async ({ queue, subscribe, publish }) => {
    await subscribe({
      RawMessageDelivery: 'true',
      FilterPolicyScope: scope,
      FilterPolicy: JSON.stringify(policy),
    });
    for (const [body, attributes] of messages) await publish(body, attributes);
    const wanted = messages.flatMap(([body, , passes]) => (passes ? [body] : [])).sort();
    const got = new Set<string>();
    const take = async () => {
      for (const { Body } of await receive(queue)) got.add(Body ?? '');
      return got.size >= wanted.length || undefined;
    };
    await until(trial, take);
    // What should not come may still be on its way.
    await trial.clock.sleep(200);
    await take();
    return same('what passes', [...got].sort(), wanted);
  });
}

export const TOPICS: readonly Omit<Behaviour, 'area'>[] = [
  {
    id: 'sns-raw-delivery',
    does: "raw delivery: the body is the message, its attributes are the queue message's",
    source: `${GUIDE}, Raw message delivery`,
    run: (trial) =>
      withTopic(trial, async ({ queue, subscribe, publish }) => {
        await subscribe({ RawMessageDelivery: 'true' });
        await publish('{"a":1}', { event_type: 'order_created' });
        const message = await firstMessage(trial, queue);
        return all(
          same('the body', message?.Body, '{"a":1}'),
          same('the attribute', message?.MessageAttributes?.event_type?.StringValue, 'order_created'),
        );
      }),
  },
  {
    id: 'sns-envelope',
    does: 'without raw delivery the body is an envelope with type, message and attributes',
    source: `${GUIDE}, Sending messages to SQS queues`,
    run: (trial) =>
      withTopic(trial, async ({ queue, subscribe, publish, TopicArn }) => {
        await subscribe();
        await publish('hello', { event_type: 'order_created' });
        const { Type, Message, MessageAttributes, ...rest } = JSON.parse(
          (await firstMessage(trial, queue))?.Body ?? '{}',
        );
        return all(
          same('the envelope', [Type, Message, rest.TopicArn], ['Notification', 'hello', TopicArn]),
          same('its attributes', MessageAttributes, { event_type: { Type: 'String', Value: 'order_created' } }),
        );
      }),
  },
  {
    id: 'sns-filter',
    does: 'a filter policy lets messages with the right attribute through, and none without it',
    source: FILTERS,
    run: (trial) =>
      passing(trial, { event_type: ['order_created', 'payment_failed'] }, [
        ['created', { event_type: 'order_created' }, true],
        ['failed', { event_type: 'payment_failed' }, true],
        ['other', { event_type: 'order_fulfilled' }, false],
        ['none', {}, false],
      ]),
  },
  {
    id: 'sns-filter-operators',
    does: 'prefix, anything-but, exists and numeric ranges work in filter policies',
    source: FILTERS,
    run: (trial) =>
      passing(
        trial,
        {
          type: [{ prefix: 'order_' }],
          state: [{ 'anything-but': ['gone'] }],
          total: [{ numeric: ['>', 9] }],
          id: [{ exists: true }],
        },
        [
          ['all', { type: 'order_x', state: 'new', total: 10, id: '1' }, true],
          ['prefix', { type: 'payment', state: 'new', total: 10, id: '1' }, false],
          ['but', { type: 'order_x', state: 'gone', total: 10, id: '1' }, false],
          ['numeric', { type: 'order_x', state: 'new', total: 9, id: '1' }, false],
          ['exists', { type: 'order_x', state: 'new', total: 10 }, false],
        ],
      ),
  },
  {
    id: 'sns-filter-body',
    does: 'a filter policy can look into the body instead of the attributes',
    source: `${FILTERS}, Filter policy scope`,
    run: (trial) =>
      passing(
        trial,
        { order: { status: ['paid'] } },
        [
          ['{"order":{"status":"paid"}}', {}, true],
          ['{"order":{"status":"new"}}', {}, false],
          ['no json', {}, false],
        ],
        'MessageBody',
      ),
  },
  {
    id: 'sns-filter-invalid',
    does: 'a filter policy that is not one is refused',
    source: `${FILTERS}, Constraints`,
    run: (trial) =>
      withTopic(trial, ({ subscribe }) =>
        refused(
          subscribe({ FilterPolicy: '{"event_type":"no list"}' }),
          'InvalidParameter',
          'InvalidParameterException',
        ),
      ),
  },
  {
    id: 'sns-subscribe-again',
    does: 'subscribing again in the same way gives the same subscription',
    source: `${API}, Subscribe`,
    run: (trial) =>
      withTopic(trial, async ({ subscribe }) => {
        const attributes = { RawMessageDelivery: 'true' };
        const first = await subscribe(attributes);
        return same('the second subscription', await subscribe(attributes), first);
      }),
  },
  {
    id: 'sns-subscribe-otherwise',
    does: 'subscribing again with other attributes is refused',
    source: `${API}, Subscribe`,
    run: (trial) =>
      withTopic(trial, async ({ subscribe }) => {
        await subscribe({ RawMessageDelivery: 'true' });
        return refused(subscribe({ RawMessageDelivery: 'false' }), 'InvalidParameter', 'InvalidParameterException');
      }),
  },
  {
    id: 'sns-create-again',
    does: 'making a topic again gives the same one; with other tags it is refused',
    source: `${API}, CreateTopic`,
    run: (trial) =>
      withTopic(trial, async ({ sns, TopicArn }) => {
        const again = await sns.send(new CreateTopicCommand({ Name: trial.name }));
        const Tags = [{ Key: 'other', Value: 'tag' }];
        const otherwise = await refused(
          sns.send(new CreateTopicCommand({ Name: trial.name, Tags })),
          'InvalidParameter',
          'InvalidParameterException',
        );
        if (again.TopicArn !== TopicArn) return differs('the second topic is another one');
        return otherwise === 'as AWS' ? otherwise : differs('other tags are accepted');
      }),
  },
  {
    id: 'sns-size',
    does: 'a message above 256 KiB, attributes included, is refused',
    source: `${API}, Publish`,
    run: (trial) =>
      withTopic(trial, async ({ publish }) => {
        await publish('x'.repeat(262_000), { a: 'b' });
        const tooLarge = publish('x'.repeat(262_130), { name: 'value' });
        return refused(tooLarge, 'InvalidParameter', 'InvalidParameterException');
      }),
  },
];
