import type { Engine } from '../core/engine.ts';
import type { SnsState, Subscription } from '../sns/index.ts';
import { type ControlRoutes, scopeOf } from './routing.ts';

/** `/_cliffracer/sns/topics`: the topics of one account and region, with who subscribes to each. */
export function topicRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': ({ query }) => {
      const { topics, subscriptions } = engine.stateOf('sns', scopeOf(query)) as SnsState;
      return {
        topics: [...topics.values()].map(({ name, arn, fifo, subscriptions: arns }) => ({
          ...{ name, arn, fifo },
          subscriptions: [...arns.values()].flatMap((each) => described(subscriptions.get(each))),
        })),
      };
    },
  };
}

/** `queue` is the name where the endpoint is a queue. */
function described(subscription: Subscription | undefined) {
  if (subscription === undefined) return [];
  const { arn, protocol, endpoint, queue, pending, raw, filterPolicy, filterScope } = subscription;
  const filter = { filter_policy: filterPolicy ?? null, filter_scope: filterScope };
  return [{ subscription: arn, protocol, endpoint, queue: queue?.name ?? null, pending, raw, ...filter }];
}
