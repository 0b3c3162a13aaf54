import type { Context } from '../core/types.ts';
import { checkSubscriptionArn, findTopic } from './arns.ts';
import { removeSubscription } from './confirmation.ts';
import { page } from './pages.ts';
import type { SnsState, Subscription } from './state.ts';

/** Ends a subscription; one that is not there is no error. */
export function unsubscribe(context: Context<SnsState>, input: { SubscriptionArn: string }) {
  checkSubscriptionArn(context, input.SubscriptionArn);
  const subscription = context.state.subscriptions.get(input.SubscriptionArn);
  if (subscription !== undefined) removeSubscription(context.state, subscription);
  return {};
}

export function listSubscriptions(context: Context<SnsState>, input: { NextToken?: string }) {
  return listed(context.state.subscriptions.values(), input.NextToken);
}

export function listSubscriptionsByTopic(context: Context<SnsState>, input: { TopicArn: string; NextToken?: string }) {
  const topic = findTopic(context, input.TopicArn, 'ListSubscriptionsByTopic');
  const subscriptions = [...topic.subscriptions.values()].map((arn) => context.state.subscriptions.get(arn)!);
  return listed(subscriptions, input.NextToken);
}

function listed(subscriptions: Iterable<Subscription>, token: string | undefined) {
  const { entries, nextToken } = page(subscriptions, token);
  return {
    Subscriptions: entries.map((subscription) => ({
      SubscriptionArn: subscription.pending ? 'PendingConfirmation' : subscription.arn,
      Owner: subscription.owner,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      TopicArn: subscription.topicArn,
    })),
    NextToken: nextToken,
  };
}
