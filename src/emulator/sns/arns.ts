import { AwsError } from '../core/errors.ts';
import { remembering } from '../core/remembering.ts';
import type { Context } from '../core/types.ts';
import { invalidParameter, subscriptionNotFound, topicNotFound } from './errors.ts';
import type { SnsState, Subscription, Topic } from './state.ts';

export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** `arn:partition:service:region:account:resource`; undefined for anything else. */
export const parseArn = remembering((text): Arn | undefined => {
  const [prefix, partition, service, region, account, ...resource] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || resource.length === 0 || resource[0] === '') return undefined;
  return { service, region: region!, account: account!, resource: resource.join(':') };
});

export const topicArnOf = (context: Context<SnsState>, name: string) =>
  `arn:aws:sns:${context.region}:${context.account}:${name}`;

function snsArn(text: string, parameter: string): Arn {
  const arn = parseArn(text);
  if (arn?.service === 'sns') return arn;
  if (text === '' && parameter === 'SubscriptionArn') {
    throw invalidParameter('SubscriptionArn Reason: no value for required parameter');
  }
  const elements = text.split(':').length;
  if (elements < 6) {
    throw invalidParameter(`${parameter} Reason: An ARN must have at least 6 elements, not ${elements}`);
  }
  throw invalidParameter(parameter);
}

/**
 * The topic's name within this region and account. Another region's topic is an invalid parameter; of another account's
 * topics no policy can be seen from here (accounts are separate worlds), so access is denied as without one.
 */
export function topicName(context: Context<SnsState>, text: string, action: string, parameter = 'TopicArn'): string {
  const arn = snsArn(text, parameter);
  if (arn.region !== context.region || arn.resource.includes(':')) throw invalidParameter(parameter);
  if (arn.account !== context.account) {
    throw new AwsError(
      'AuthorizationErrorException',
      `User: arn:aws:iam::${context.account}:root is not authorized to perform: SNS:${action} on resource: ${text} ` +
        `because no resource-based policy allows the SNS:${action} action`,
    );
  }
  return arn.resource;
}

export function findTopic(context: Context<SnsState>, text: string, action: string, parameter = 'TopicArn'): Topic {
  const topic = context.state.topics.get(topicName(context, text, action, parameter));
  if (topic === undefined) throw topicNotFound();
  return topic;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Checks the form of a subscription's ARN. */
export function checkSubscriptionArn(context: Context<SnsState>, text: string): void {
  const arn = snsArn(text, 'SubscriptionArn');
  const [, id, ...rest] = arn.resource.split(':');
  if (id === undefined || rest.length > 0 || !UUID.test(id)) throw invalidParameter('SubscriptionId');
  if (arn.region !== context.region) throw invalidParameter('SubscriptionArn');
}

export function findSubscription(context: Context<SnsState>, text: string): Subscription {
  checkSubscriptionArn(context, text);
  const subscription = context.state.subscriptions.get(text);
  if (subscription === undefined) throw subscriptionNotFound();
  return subscription;
}

export function topicOf(state: SnsState, subscription: Subscription): Topic {
  return state.topics.get(subscription.topicArn.slice(subscription.topicArn.lastIndexOf(':') + 1))!;
}
