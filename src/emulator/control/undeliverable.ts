import type { Engine } from '../core/engine.ts';
import type { SnsState } from '../sns/index.ts';
import { refusalOf } from '../sqs/index.ts';
import { badRequest, type ControlRoutes, scopeOf } from './routing.ts';

/** `/_cliffracer/sns/undeliverable`: subscriptions whose queue takes no message from the topic, in every account and region. */
export function undeliverableRoutes(engine: Engine): ControlRoutes {
  return { 'GET /': () => ({ undeliverable: [...undeliverable(engine)] }) };
}

function* undeliverable(engine: Engine) {
  for (const state of (engine.state.services.get('sns')?.values() ?? []) as Iterable<SnsState>) {
    for (const { arn, topicArn, endpoint, queue, pending } of state.subscriptions.values()) {
      if (queue === undefined || pending) continue;
      const { name, ...scope } = queue;
      const caller = { service: 'sns', sourceArn: topicArn };
      const refusal = refusalOf(engine.context({ service: 'sqs', ...scope, caller }), name);
      if (refusal === undefined) continue;
      const { code, message } = refusal;
      yield { subscription_arn: arn, topic_arn: topicArn, queue_arn: endpoint, error: { code, message } };
    }
  }
}

/** `/_cliffracer/sns/subscriptions?queue=NAME`: who subscribes a queue of this scope to what, from every account and region. */
export function subscriptionRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': ({ query }) => {
      const { account, region } = scopeOf(query);
      const queue = query.get('queue');
      if (!queue) throw badRequest('queue must be the name of a queue');
      const arn = `:sqs:${region}:${account}:${queue}`;
      return { subscriptions: [...subscriptionsOf(engine, arn)] };
    },
  };
}

function* subscriptionsOf(engine: Engine, endpointEnd: string) {
  for (const state of (engine.state.services.get('sns')?.values() ?? []) as Iterable<SnsState>) {
    for (const subscription of state.subscriptions.values()) {
      if (!subscription.endpoint.endsWith(endpointEnd)) continue;
      const { arn, topicArn, pending, raw, filterPolicy = null, filterScope } = subscription;
      yield {
        subscription: arn,
        topic: topicArn,
        pending,
        raw,
        filter_policy: filterPolicy,
        filter_scope: filterScope,
      };
    }
  }
}
