import type { Context } from '../core/types.ts';
import { findTopic } from './arns.ts';
import { confirmationMessage, newToken } from './confirmation.ts';
import { noticeRefusal, sendToQueue } from './delivery.ts';
import { checkEndpoint, needsConfirmation, queueAddress } from './endpoints.ts';
import { invalidParameter } from './errors.ts';
import { endpointKey, type SnsState, type Subscription, type Topic } from './state.ts';
import { setInitialAttributes, settableAttributes } from './subscription-attributes.ts';

export interface SubscribeInput {
  TopicArn: string;
  Protocol: string;
  Endpoint?: string;
  Attributes?: Record<string, string>;
  ReturnSubscriptionArn?: boolean;
}

/**
 * Subscribes an endpoint. The same endpoint again is the same subscription, and an error when it asks for other
 * attributes than it has. Every protocol of AWS is accepted, but only SQS queues get messages: nothing leaves the machine.
 */
export function subscribe(context: Context<SnsState>, input: SubscribeInput) {
  const { Protocol: protocol, Endpoint: endpoint = '', Attributes: attributes = {} } = input;
  const topic = findTopic(context, input.TopicArn, 'Subscribe');
  checkEndpoint(topic, protocol, endpoint);
  const key = endpointKey(protocol, endpoint);
  const existing = context.state.subscriptions.get(topic.subscriptions.get(key) ?? '');
  const wanted = newSubscription(context, topic, protocol, endpoint);
  setInitialAttributes(wanted, topic, attributes);
  if (existing !== undefined) checkSame(existing, wanted, Object.keys(attributes));
  else add(context, topic, key, wanted);
  const { arn, pending } = existing ?? wanted;
  return { SubscriptionArn: pending && input.ReturnSubscriptionArn !== true ? 'pending confirmation' : arn };
}

function newSubscription(context: Context<SnsState>, topic: Topic, protocol: string, endpoint: string): Subscription {
  const pending = needsConfirmation(context, protocol, endpoint);
  return {
    order: context.state.created,
    arn: '',
    topicArn: topic.arn,
    protocol,
    endpoint,
    queue: protocol === 'sqs' ? queueAddress(endpoint) : undefined,
    owner: context.account,
    pending,
    token: undefined,
    authenticated: !pending,
    raw: false,
    filterPolicy: undefined,
    filterScope: 'MessageAttributes',
    filter: undefined,
    redrivePolicy: undefined,
    deadLetters: undefined,
    deliveryPolicy: undefined,
    roleArn: undefined,
  };
}

function add(context: Context<SnsState>, topic: Topic, key: string, subscription: Subscription): void {
  const { state } = context;
  subscription.arn = `${topic.arn}:${context.uuid()}`;
  state.created++;
  state.subscriptions.set(subscription.arn, subscription);
  topic.subscriptions.set(key, subscription.arn);
  if (!subscription.pending) return;
  topic.pending++;
  const token = newToken(context, subscription);
  if (subscription.queue !== undefined) {
    const message = { MessageBody: confirmationMessage(context, topic, token) };
    const result = sendToQueue(context, topic.arn, subscription.queue, message);
    if ('error' in result) noticeRefusal(context, topic.arn, subscription, 'its confirmation is lost', result.error);
  }
}

function checkSame(existing: Subscription, wanted: Subscription, names: readonly string[]): void {
  const current = settableAttributes(existing);
  const asked = settableAttributes(wanted);
  for (const name of names) {
    if (current.get(name) !== asked.get(name)) {
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    }
  }
}
