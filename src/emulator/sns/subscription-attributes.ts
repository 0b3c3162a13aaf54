import type { Context } from '../core/types.ts';
import { findSubscription, topicOf } from './arns.ts';
import { effectiveSubscriptionPolicy, readSubscriptionDeliveryPolicy } from './delivery-policy.ts';
import { queueAddress } from './endpoints.ts';
import { invalidParameter } from './errors.ts';
import { checkScope, compileFilterPolicy } from './filter/compile.ts';
import { checkJson, PolicyError } from './filter/reader.ts';
import type { SnsState, Subscription, Topic } from './state.ts';
import { checkBoolean } from './topic-attributes.ts';

type Refuse = (reason: string) => Error;

// The scope comes first, since the policy is checked against it.
const ATTRIBUTES = [
  'FilterPolicyScope',
  'FilterPolicy',
  'RawMessageDelivery',
  'RedrivePolicy',
  'DeliveryPolicy',
  'SubscriptionRoleArn',
];

/** Sets the attributes given with Subscribe. */
export function setInitialAttributes(
  subscription: Subscription,
  topic: Topic,
  attributes: Readonly<Record<string, string>>,
): void {
  const refuse: Refuse = (reason) => invalidParameter(`Attributes Reason: ${reason}`);
  for (const name of Object.keys(attributes)) {
    if (!ATTRIBUTES.includes(name)) throw refuse(`Unknown attribute ${name}`);
  }
  for (const name of ATTRIBUTES) {
    if (Object.hasOwn(attributes, name)) setAttribute(subscription, topic, name, attributes[name]!, refuse);
  }
  if (subscription.protocol === 'firehose' && subscription.roleArn === undefined) {
    throw refuse('SubscriptionRoleArn: required for subscriptions of the firehose protocol');
  }
}

export function setSubscriptionAttributes(
  context: Context<SnsState>,
  input: { SubscriptionArn: string; AttributeName: string; AttributeValue?: string },
) {
  const subscription = findSubscription(context, input.SubscriptionArn);
  const topic = topicOf(context.state, subscription);
  if (!ATTRIBUTES.includes(input.AttributeName)) throw invalidParameter('AttributeName');
  setAttribute(subscription, topic, input.AttributeName, input.AttributeValue ?? '', invalidParameter);
  return {};
}

function setAttribute(subscription: Subscription, topic: Topic, name: string, value: string, refuse: Refuse): void {
  switch (name) {
    case 'FilterPolicyScope':
      setScope(subscription, value, refuse);
      break;
    case 'FilterPolicy':
      setFilterPolicy(subscription, value, refuse);
      break;
    case 'RawMessageDelivery':
      setRaw(subscription, value, refuse);
      break;
    case 'RedrivePolicy':
      setRedrivePolicy(subscription, topic, value, refuse);
      break;
    case 'DeliveryPolicy':
      subscription.deliveryPolicy = value === '' ? undefined : readSubscriptionDeliveryPolicy(value, refuse);
      break;
    default:
      subscription.roleArn = value === '' ? undefined : value;
  }
}

const RAW_PROTOCOLS = new Set(['sqs', 'http', 'https', 'firehose']);

function setRaw(subscription: Subscription, value: string, refuse: Refuse): void {
  const raw = checkBoolean('RawMessageDelivery', value, refuse) === 'true';
  if (raw && !RAW_PROTOCOLS.has(subscription.protocol)) {
    throw refuse('Delivery protocol does not support raw message delivery.');
  }
  subscription.raw = raw;
}

function setScope(subscription: Subscription, value: string, refuse: Refuse): void {
  if (value !== 'MessageAttributes' && value !== 'MessageBody') {
    throw refuse(`FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`);
  }
  if (subscription.filter !== undefined) {
    const { filter } = subscription;
    checked(() => checkScope(filter, value), refuse);
  }
  subscription.filterScope = value;
}

function setFilterPolicy(subscription: Subscription, value: string, refuse: Refuse): void {
  const compiled =
    value === '' ? undefined : checked(() => compileFilterPolicy(value, subscription.filterScope), refuse);
  subscription.filterPolicy = value === '' ? undefined : value;
  subscription.filter = compiled;
}

function setRedrivePolicy(subscription: Subscription, topic: Topic, value: string, refuse: Refuse): void {
  if (value === '') {
    subscription.redrivePolicy = undefined;
    subscription.deadLetters = undefined;
    return;
  }
  checked(
    () => checkJson(value),
    (reason) => refuse(`RedrivePolicy: ${reason}`),
  );
  const target = (JSON.parse(value) as { deadLetterTargetArn?: unknown } | null)?.deadLetterTargetArn;
  const queue = typeof target === 'string' ? queueAddress(target) : undefined;
  if (queue === undefined) throw refuse('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  const [, , , region, account] = topic.arn.split(':');
  if (queue.region !== region || queue.account !== account) {
    throw refuse('RedrivePolicy: deadLetterTargetArn must be in the same account and region as the subscription');
  }
  const fifoSubscription = topic.fifo && subscription.endpoint.endsWith('.fifo');
  if (fifoSubscription && !queue.name.endsWith('.fifo')) {
    throw refuse('RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.');
  }
  if (!fifoSubscription && queue.name.endsWith('.fifo')) {
    throw refuse('RedrivePolicy: must use a standard queue as DLQ for a standard subscription.');
  }
  subscription.redrivePolicy = value;
  subscription.deadLetters = queue;
}

function checked<T>(check: () => T, refuse: Refuse): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof PolicyError) throw refuse(error.message);
    throw error;
  }
}

export function getSubscriptionAttributes(context: Context<SnsState>, input: { SubscriptionArn: string }) {
  const subscription = findSubscription(context, input.SubscriptionArn);
  const topic = topicOf(context.state, subscription);
  return { Attributes: attributesOf(subscription, topic) };
}

function attributesOf(subscription: Subscription, topic: Topic): Map<string, string> {
  const attributes = new Map([
    ['SubscriptionPrincipal', `arn:aws:iam::${subscription.owner}:root`],
    ['RawMessageDelivery', String(subscription.raw)],
    ['TopicArn', subscription.topicArn],
    ['Endpoint', subscription.endpoint],
    ['Protocol', subscription.protocol],
    ['PendingConfirmation', String(subscription.pending)],
    ['ConfirmationWasAuthenticated', String(subscription.authenticated)],
    ['SubscriptionArn', subscription.arn],
    ['Owner', subscription.owner],
  ]);
  if (subscription.filterPolicy !== undefined) {
    attributes.set('FilterPolicy', subscription.filterPolicy).set('FilterPolicyScope', subscription.filterScope);
  }
  if (subscription.redrivePolicy !== undefined) attributes.set('RedrivePolicy', subscription.redrivePolicy);
  if (subscription.roleArn !== undefined) attributes.set('SubscriptionRoleArn', subscription.roleArn);
  const { deliveryPolicy, protocol } = subscription;
  if (deliveryPolicy !== undefined) attributes.set('DeliveryPolicy', deliveryPolicy);
  if (protocol === 'http' || protocol === 'https') {
    const effective = effectiveSubscriptionPolicy(deliveryPolicy, topic.attributes.get('DeliveryPolicy'));
    attributes.set('EffectiveDeliveryPolicy', effective);
  }
  return attributes;
}

/** The attributes of a subscription that Subscribe can set, by name, as they stand. */
export function settableAttributes(subscription: Subscription): Map<string, string | undefined> {
  return new Map([
    ['FilterPolicyScope', subscription.filterScope],
    ['FilterPolicy', subscription.filterPolicy],
    ['RawMessageDelivery', String(subscription.raw)],
    ['RedrivePolicy', subscription.redrivePolicy],
    ['DeliveryPolicy', subscription.deliveryPolicy],
    ['SubscriptionRoleArn', subscription.roleArn],
  ]);
}
