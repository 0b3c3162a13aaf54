import type { Context } from '../core/types.ts';
import { findTopic, parseArn } from './arns.ts';
import { effectiveTopicPolicy, readTopicDeliveryPolicy } from './delivery-policy.ts';
import { invalidParameter } from './errors.ts';
import { checkJson, PolicyError } from './filter/reader.ts';
import type { SnsState, Topic } from './state.ts';

const FEEDBACK =
  /^(HTTP|Firehose|Lambda|Application|SQS)(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)$/;
const FIFO_ONLY = new Set(['ContentBasedDeduplication', 'FifoThroughputScope']);

export const DEFAULT_MAXIMUM_MESSAGE_SIZE = 262_144;
const LARGEST_MESSAGE_SIZE = 1_048_576;
const MAX_SUBSCRIPTIONS_OF_LARGE_MESSAGES = 100;

/** Sets one attribute after checking it. `prefix` is how SNS introduces the attribute that is wrong. */
export function setAttribute(topic: Topic, name: string, value: string, prefix = ''): void {
  const refuse = (reason: string) => invalidParameter(`${prefix}${reason}`);
  if (!isKnown(topic, name)) throw refuse(prefix === '' ? 'AttributeName' : `Unknown attribute ${name}`);
  const stored = checkedValue(topic, name, value, refuse);
  if (stored === '') topic.attributes.delete(name);
  else topic.attributes.set(name, stored);
}

function isKnown(topic: Topic, name: string): boolean {
  if (FIFO_ONLY.has(name)) return topic.fifo;
  return FEEDBACK.test(name) || VALIDATORS.has(name);
}

type Refuse = (reason: string) => Error;
const oneOf = (name: string, values: readonly string[]) => (value: string, refuse: Refuse) => {
  if (!values.includes(value)) throw refuse(`${name}: Invalid value [${value}]. Must be ${values.join(' or ')}.`);
  return value;
};

/** `true` or `false`, in any case as AWS takes it, in lower case as AWS tells it. */
export function checkBoolean(name: string, value: string, refuse: Refuse): 'true' | 'false' {
  const told = value.toLowerCase();
  if (told !== 'true' && told !== 'false') {
    throw refuse(`${name}: Invalid value [${value}]. Must be true or false.`);
  }
  return told;
}

const VALIDATORS = new Map<string, (value: string, refuse: Refuse, topic: Topic) => string>([
  ['ContentBasedDeduplication', (value, refuse) => checkBoolean('ContentBasedDeduplication', value, refuse)],
  ['FifoThroughputScope', oneOf('FifoThroughputScope', ['Topic', 'MessageGroup'])],
  ['SignatureVersion', oneOf('SignatureVersion', ['1', '2'])],
  ['TracingConfig', oneOf('TracingConfig', ['PassThrough', 'Active'])],
  ['KmsMasterKeyId', (value) => value],
  ['DisplayName', checkDisplayName],
  ['Policy', checkPolicy],
  ['DeliveryPolicy', (value, refuse) => (value === '' ? '' : readTopicDeliveryPolicy(value, refuse))],
  ['MaximumMessageSize', checkMaximumMessageSize],
]);

function checkedValue(topic: Topic, name: string, value: string, refuse: Refuse): string {
  if (FEEDBACK.test(name)) return checkFeedback(name, value, refuse);
  return VALIDATORS.get(name)!(value, refuse, topic);
}

function checkFeedback(name: string, value: string, refuse: Refuse): string {
  if (value === '') return '';
  if (name.endsWith('SampleRate')) {
    if (!/^\d{1,3}$/.test(value) || Number(value) > 100) throw refuse(`${name}: must be between 0 and 100`);
  } else if (parseArn(value)?.service !== 'iam') throw refuse(`${name}: must be the ARN of an IAM role`);
  return value;
}

function checkDisplayName(value: string, refuse: Refuse): string {
  if (value.length > 100 || /[\u0000-\u001f\u007f]/.test(value)) throw refuse('DisplayName');
  return value;
}

function checkPolicy(value: string, refuse: Refuse): string {
  try {
    checkJson(value);
  } catch (error) {
    if (error instanceof PolicyError) throw refuse(`Policy Error: ${error.message}`);
    throw error;
  }
  const policy = JSON.parse(value) as { Statement?: unknown } | null;
  if (typeof policy !== 'object' || policy === null || policy.Statement === undefined)
    throw refuse('Policy Error: null');
  return value;
}

/** Developer Guide, Large message payloads: above 256 KiB only for up to 100 SQS, Firehose or Lambda subscriptions. */
function checkMaximumMessageSize(value: string, refuse: Refuse, topic: Topic): string {
  const size = /^\d{1,7}$/.test(value) ? Number(value) : 0;
  if (size < 1024 || size > LARGEST_MESSAGE_SIZE) {
    throw refuse(
      `MaximumMessageSize: Invalid value [${value}]. Must be an integer between 1024 and ${LARGEST_MESSAGE_SIZE}.`,
    );
  }
  const fits =
    topic.subscriptions.size <= MAX_SUBSCRIPTIONS_OF_LARGE_MESSAGES &&
    [...topic.subscriptions.keys()].every((key) => /^(sqs|firehose|lambda) /.test(key));
  if (size > DEFAULT_MAXIMUM_MESSAGE_SIZE && !fits) {
    throw refuse(
      `MaximumMessageSize: a topic with a size above ${DEFAULT_MAXIMUM_MESSAGE_SIZE} must have 100 or fewer subscriptions, each of them sqs, firehose or lambda`,
    );
  }
  return value;
}

export const maximumMessageSize = (topic: Topic) =>
  Number(topic.attributes.get('MaximumMessageSize') ?? DEFAULT_MAXIMUM_MESSAGE_SIZE);

export function setTopicAttributes(
  context: Context<SnsState>,
  input: { TopicArn: string; AttributeName: string; AttributeValue?: string },
) {
  const topic = findTopic(context, input.TopicArn, 'SetTopicAttributes');
  setAttribute(topic, input.AttributeName, input.AttributeValue ?? '');
  return {};
}

export function getTopicAttributes(context: Context<SnsState>, input: { TopicArn: string }) {
  const topic = findTopic(context, input.TopicArn, 'GetTopicAttributes');
  const attributes = new Map([
    ['Policy', defaultPolicy(topic.arn, context.account)],
    ['Owner', context.account],
    ['SubscriptionsPending', String(topic.pending)],
    ['TopicArn', topic.arn],
    ['EffectiveDeliveryPolicy', effectiveTopicPolicy(topic.attributes.get('DeliveryPolicy'))],
    ['SubscriptionsConfirmed', String(topic.subscriptions.size - topic.pending)],
    ['SubscriptionsDeleted', String(topic.deleted)],
    ['DisplayName', ''],
  ]);
  if (topic.fifo) attributes.set('FifoTopic', 'true').set('ContentBasedDeduplication', 'false');
  for (const [name, value] of topic.attributes) attributes.set(name, value);
  return { Attributes: attributes };
}

export function policyOf(topic: Topic, account: string): string {
  return topic.attributes.get('Policy') ?? defaultPolicy(topic.arn, account);
}

function defaultPolicy(arn: string, account: string): string {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });
}
