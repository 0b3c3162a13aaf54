import type { Engine } from '../core/engine.ts';
import type { SnsState } from '../sns/index.ts';
import { refusalOf } from '../sqs/index.ts';
import type { ControlRoutes } from './routing.ts';

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
