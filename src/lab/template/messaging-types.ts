import { queueArn, topicArn } from '../../topology/arns.ts';
import type { Attributes, Value } from '../../topology/resources.ts';
import { TemplateFault } from './fault.ts';
import type { Built, Outcome } from './made.ts';
import { type ResourceType, TAGS } from './resource-type.ts';
import { at, isObject, type Json } from './value.ts';

/** SQS API Reference, CreateQueue: what a queue has when nothing is said. A property that is taken out goes back to it. */
export const QUEUE_DEFAULTS = {
  VisibilityTimeout: 30,
  MessageRetentionPeriod: 345_600,
  DelaySeconds: 0,
  ReceiveMessageWaitTimeSeconds: 0,
};

const queue: ResourceType = {
  about: 'a queue',
  properties: {
    ...{ QueueName: 'text', FifoQueue: 'flag', ContentBasedDeduplication: 'flag', DeduplicationScope: 'text' },
    ...{ FifoThroughputLimit: 'text', DelaySeconds: 'number', MaximumMessageSize: 'number' },
    ...{ MessageRetentionPeriod: 'number', ReceiveMessageWaitTimeSeconds: 'number', VisibilityTimeout: 'number' },
    ...{ KmsMasterKeyId: 'text', KmsDataKeyReusePeriodSeconds: 'number', SqsManagedSseEnabled: 'flag' },
    ...{ RedrivePolicy: 'json', RedriveAllowPolicy: 'json', Tags: TAGS },
  },
  build({ name, path, properties, tags }) {
    const { QueueName: _, Tags: __, RedrivePolicy: redrive, ...given } = properties;
    const attributes: Record<string, Value> = { ...QUEUE_DEFAULTS, ...(given as Attributes) };
    // CloudFormation takes FifoQueue: false, SQS does not.
    if (attributes.FifoQueue === false) delete attributes.FifoQueue;
    if (redrive !== undefined) attributes.RedrivePolicy = redriveOf(redrive, at(path, 'RedrivePolicy'));
    const protections = ['SqsManagedSseEnabled', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'];
    return { desired: { kind: 'queue', name, attributes: { ...attributes, tags }, protections } };
  },
};

function redriveOf(policy: Json, path: string): Value {
  if (!isObject(policy)) throw new TemplateFault(path, 'takes members');
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count)) {
    throw new TemplateFault(path, 'takes deadLetterTargetArn and maxReceiveCount');
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

const topic: ResourceType = {
  about: 'a topic, with the subscriptions listed in it',
  properties: {
    ...{ TopicName: 'text', DisplayName: 'text', FifoTopic: 'flag', ContentBasedDeduplication: 'flag' },
    ...{ KmsMasterKeyId: 'text', FifoThroughputScope: 'text', SignatureVersion: 'text', TracingConfig: 'text' },
    ...{ ArchivePolicy: 'json', DeliveryStatusLogging: 'ignored', Tags: TAGS },
    Subscription: [{ Protocol: 'text', Endpoint: 'text' }],
  },
  build({ id, name, path, properties, place, tags, metadata }) {
    const { TopicName: _, Tags: __, Subscription: inline = [], ...given } = properties;
    const attributes: Record<string, Value> = { ...(given as Attributes) };
    if (attributes.FifoTopic === false) delete attributes.FifoTopic;
    const more = (inline as { [name: string]: Json }[]).map((each, index) => {
      const where = at(at(path, 'Subscription'), index);
      const own = { ...each, TopicArn: topicArn(place, name) };
      return subscription.build({ ...{ id, name, place, tags, metadata }, path: where, properties: own }).desired!;
    });
    const protections = ['KmsMasterKeyId', 'SignatureVersion', 'TracingConfig'];
    return { desired: { kind: 'topic', name, attributes: { ...attributes, tags }, protections }, more };
  },
};

const subscription: ResourceType = {
  about: 'a subscription of a queue (`Protocol: sqs`)',
  required: ['TopicArn', 'Protocol', 'Endpoint'],
  properties: {
    ...{ TopicArn: 'text', Protocol: 'text', Endpoint: 'text', FilterPolicy: 'json', FilterPolicyScope: 'text' },
    ...{ RawMessageDelivery: 'flag', RedrivePolicy: 'json', DeliveryPolicy: 'ignored', Region: 'ignored' },
    SubscriptionRoleArn: 'ignored',
  },
  build({ path, properties }) {
    const { TopicArn, Protocol, Endpoint } = properties as Record<string, string>;
    if (Protocol !== 'sqs') {
      const message = `Protocol ${Protocol}: only queues get messages from topics here`;
      throw new TemplateFault(at(path, 'Protocol'), message, { unknown: true });
    }
    const { FilterPolicy = {}, RedrivePolicy: redrive } = properties;
    const attributes = {
      RawMessageDelivery: (properties.RawMessageDelivery ?? false) as boolean,
      FilterPolicyScope: (properties.FilterPolicyScope ?? 'MessageAttributes') as string,
      FilterPolicy: FilterPolicy as Value,
      ...(redrive !== undefined && { RedrivePolicy: redrive as Value }),
      subscriptions: 1,
    };
    const name = `${lastPart(TopicArn!)} to ${lastPart(Endpoint!)}`;
    return { desired: { kind: 'subscription', name, attributes, joins: { topic: TopicArn!, endpoint: Endpoint! } } };
  },
};

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);

const policyOf = (kind: 'queue' | 'topic', holders: string, many: boolean): ResourceType => ({
  about: `the policy of its ${kind}s`,
  required: [holders, 'PolicyDocument'],
  properties: { [holders]: many ? ['text'] : 'text', PolicyDocument: 'json' },
  build: (built) => withPolicy(kind, holders, built),
});

function withPolicy(kind: 'queue' | 'topic', holders: string, { path, properties, place }: Built): Outcome {
  const own = (name: string) =>
    kind === 'queue' ? [place.queueUrl(name), queueArn(place, name)] : [topicArn(place, name)];
  const adds = ([properties[holders]!].flat() as string[]).map((holder) => {
    const name = holder.slice(Math.max(holder.lastIndexOf('/'), holder.lastIndexOf(':')) + 1);
    if (!own(name).includes(holder)) {
      throw new TemplateFault(at(path, holders), `${holder} is no ${kind} of this account and region`);
    }
    return { kind, name, attributes: { Policy: withIds(properties.PolicyDocument!) as Value } };
  });
  return { adds };
}

/** IAM fills in what is left out: the version. */
function withIds(document: Json): Json {
  return isObject(document) ? { Version: '2008-10-17', ...document } : document;
}

export const MESSAGING_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': policyOf('queue', 'Queues', true),
  'AWS::SQS::QueueInlinePolicy': policyOf('queue', 'Queue', false),
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': policyOf('topic', 'Topics', true),
  'AWS::SNS::TopicInlinePolicy': policyOf('topic', 'TopicArn', false),
  'AWS::SNS::Subscription': subscription,
};
