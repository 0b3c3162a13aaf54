import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { parseArn, topicOf } from './arns.ts';
import { actionUrl } from './envelope.ts';
import { invalidParameter, topicNotFound } from './errors.ts';
import { endpointKey, type SnsState, type Subscription, type Topic } from './state.ts';

// Subscribe: "Confirmation tokens are valid for two days".
const VALID_MS = 48 * 3600 * 1000;

/** Makes a token that confirms the subscription within two days. */
export function newToken(context: Context<SnsState>, subscription: Subscription): string {
  const token = [1, 2, 3, 4].map(() => context.uuid().replaceAll('-', '')).join('');
  subscription.token = token;
  context.state.tokens.set(token, subscription.arn);
  context.schedule(context.now + VALID_MS, 'confirmation', token);
  return token;
}

/** What SNS sends to the owner of an endpoint who has to confirm. */
export function confirmationMessage(context: Context<SnsState>, topic: Topic, token: string): string {
  const url = actionUrl(context.endpoint, `Action=ConfirmSubscription&TopicArn=${topic.arn}&Token=${token}`);
  return JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: context.uuid(),
    Token: token,
    TopicArn: topic.arn,
    Message:
      `You have chosen to subscribe to the topic ${topic.arn}.\n` +
      'To confirm the subscription, visit the SubscribeURL included in this message.',
    SubscribeURL: url,
    Timestamp: new Date(context.now).toISOString(),
  });
}

export interface ConfirmSubscriptionInput {
  TopicArn: string;
  Token: string;
  AuthenticateOnUnsubscribe?: string;
}

export function confirmSubscription(context: Context<SnsState>, input: ConfirmSubscriptionInput) {
  const { state } = context;
  const arn = parseArn(input.TopicArn);
  if (arn?.service !== 'sns' || arn.region !== context.region) throw invalidParameter('Topic');
  if (!/^[0-9a-f]{128,}$/.test(input.Token)) throw new AwsError('InvalidParameterException', 'Invalid token');
  const subscription = state.subscriptions.get(state.tokens.get(input.Token) ?? '');
  if (subscription === undefined) throw invalidParameter('Token');
  if (subscription.topicArn !== input.TopicArn) throw topicNotFound();
  if (subscription.pending) {
    subscription.pending = false;
    subscription.authenticated = input.AuthenticateOnUnsubscribe === 'true';
    topicOf(state, subscription).pending--;
  }
  return { SubscriptionArn: subscription.arn };
}

/** A token ends, and with it a subscription that nobody has confirmed. */
export function endConfirmation(context: Context<SnsState>, token: string): string | undefined {
  const { state } = context;
  const subscription = state.subscriptions.get(state.tokens.get(token) ?? '');
  state.tokens.delete(token);
  if (subscription?.token !== token) return undefined;
  subscription.token = undefined;
  if (!subscription.pending) return undefined;
  removeSubscription(state, subscription);
  return `subscription of ${subscription.endpoint} to ${subscription.topicArn} was not confirmed in time and is gone`;
}

export function removeSubscription(state: SnsState, subscription: Subscription): void {
  const topic = topicOf(state, subscription);
  state.subscriptions.delete(subscription.arn);
  if (subscription.token !== undefined) state.tokens.delete(subscription.token);
  topic.subscriptions.delete(endpointKey(subscription.protocol, subscription.endpoint));
  topic.deleted++;
  if (subscription.pending) topic.pending--;
}
