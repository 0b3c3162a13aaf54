import { refusing } from '../core/gaps.ts';
import type { ServiceDefinition } from '../core/types.ts';
import { confirmSubscription, endConfirmation } from './confirmation.ts';
import { endDeduplication } from './deduplication.ts';
import { GAPS } from './gaps.ts';
import { addPermission, removePermission } from './permissions.ts';
import { publish } from './publish.ts';
import { publishBatch } from './publish-batch.ts';
import { createState, type SnsState } from './state.ts';
import { subscribe } from './subscribe.ts';
import { getSubscriptionAttributes, setSubscriptionAttributes } from './subscription-attributes.ts';
import { listSubscriptions, listSubscriptionsByTopic, unsubscribe } from './subscriptions.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { getTopicAttributes, setTopicAttributes } from './topic-attributes.ts';
import { createTopic, deleteTopic, listTopics } from './topics.ts';

export { pendingConfirmations, type SnsState, type Subscription } from './state.ts';

import { listMetrics, metricPoints } from './traffic.ts';

/**
 * Amazon SNS: topics, subscriptions, filter policies and fan-out to SQS queues. Endpoints of other protocols can be
 * subscribed as on AWS, but nothing is sent to them: no message leaves the machine.
 */
export const sns: ServiceDefinition<SnsState> = {
  id: 'sns',
  scope: 'regional',
  createState,
  gaps: GAPS,
  operations: refusing(GAPS, {
    AddPermission: addPermission,
    ConfirmSubscription: confirmSubscription,
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    GetSubscriptionAttributes: getSubscriptionAttributes,
    GetTopicAttributes: getTopicAttributes,
    ListSubscriptions: listSubscriptions,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    ListTagsForResource: listTagsForResource,
    ListTopics: listTopics,
    Publish: publish,
    PublishBatch: publishBatch,
    RemovePermission: removePermission,
    SetSubscriptionAttributes: setSubscriptionAttributes,
    SetTopicAttributes: setTopicAttributes,
    Subscribe: subscribe,
    TagResource: tagResource,
    Unsubscribe: unsubscribe,
    UntagResource: untagResource,
  }),
  internal: { metrics: listMetrics, points: metricPoints },
  timers: { confirmation: endConfirmation, deduplication: endDeduplication },
};
