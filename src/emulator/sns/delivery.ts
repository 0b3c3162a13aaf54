import type { SubscriptionDelivery } from '../core/effects.ts';
import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { envelopes } from './envelope.ts';
import { recordDelivery } from './feedback.ts';
import { matchesAttributes, matchesBody } from './filter/match.ts';
import type { Scalar } from './filter/policy.ts';
import { unmatchedParts } from './filter/unmatched.ts';
import type { DeliveryResult, Draft, Notification } from './message.ts';
import { filterValues, type MessageAttributes } from './message-attributes.ts';
import type { QueueAddress, SnsState, Subscription } from './state.ts';
import { count } from './traffic.ts';

interface QueueMessage {
  QueueUrl?: string;
  MessageBody: string;
  MessageAttributes?: MessageAttributes | undefined;
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
}

/** What became of a message for one subscription, in the call log. */
const BYTES_IN_LOG = 150;

/**
 * Delivers to every confirmed subscription whose filter policy lets the message pass, in the order of subscribing.
 * Publish returns after that: on AWS it is a matter of milliseconds, and here nothing is gained by waiting.
 */
export function deliver(context: Context<SnsState>, notification: Notification): void {
  const { topic, draft } = notification;
  const message = new FilteredMessage(draft);
  const deliveries: SubscriptionDelivery[] = [];
  const { messageId: id } = notification;
  if (context.logged) {
    const published = { kind: 'published', topic: topic.arn, id, body: draft.texts.default, deliveries } as const;
    context.effect(published, topic.subscriptions.size * BYTES_IN_LOG);
  }
  // A standard topic delivers at least once; the fault rules can ask for the second time.
  const times = !topic.fifo && context.fault('duplicate')?.action === 'duplicate' ? 2 : 1;
  const text = draft.texts.byProtocol.get('sqs') ?? draft.texts.default;
  const enveloped = envelopes(notification, text);
  for (const arn of topic.subscriptions.values()) {
    const subscription = context.state.subscriptions.get(arn)!;
    const dropped = message.dropped(subscription, text);
    if (dropped?.filteredBy !== undefined) {
      count(context, topic, 'NumberOfNotificationsFilteredOut');
      count(context, topic, `NumberOfNotificationsFilteredOut-${dropped.filteredBy}`);
    }
    if (dropped !== undefined) {
      deliveries.push(dropped);
      continue;
    }
    for (let time = 0; time < times; time++) {
      const body = subscription.raw ? text : enveloped(subscription);
      deliveries.push(deliverToQueue(context, notification, subscription, { text, body }));
    }
  }
}

type FilteredBy = 'InvalidMessageBody' | 'MessageAttributes' | 'MessageBody' | 'NoMessageAttributes';

/** A message with what the filters look at, derived once and only when a filter asks. */
class FilteredMessage {
  readonly #draft: Draft;
  #attributes: Map<string, Scalar[]> | undefined;
  #body: { parsed: unknown } | undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** Why the message is not delivered to a subscription; undefined when it is. */
  dropped(subscription: Subscription, text: string): (SubscriptionDelivery & { filteredBy?: FilteredBy }) | undefined {
    const { arn, endpoint, pending, protocol } = subscription;
    if (pending) return { subscription: arn, endpoint, outcome: 'unconfirmed' };
    if (protocol !== 'sqs') return { subscription: arn, endpoint, outcome: 'not_emulated' };
    const filteredBy = this.#filteredBy(subscription, text);
    if (filteredBy === undefined) return undefined;
    const unmatched = () => this.#unmatched(subscription);
    return { subscription: arn, endpoint, outcome: 'filtered', filteredBy, unmatched };
  }

  #unmatched({ filter, filterPolicy, filterScope }: Subscription): string[] {
    const byAttributes = filterScope === 'MessageAttributes';
    const filtered = byAttributes ? { attributes: this.#attributes! } : { body: this.#body?.parsed };
    return unmatchedParts(filter!, filterPolicy!, filtered);
  }

  /** What the subscription's filter policy refuses the message for, in the words of the metrics; undefined when it passes. */
  #filteredBy({ filter, filterScope }: Subscription, text: string): FilteredBy | undefined {
    if (filter === undefined) return undefined;
    if (filterScope === 'MessageAttributes') {
      this.#attributes ??= filterValues(this.#draft.attributes);
      if (matchesAttributes(filter, this.#attributes)) return undefined;
      return this.#attributes.size === 0 ? 'NoMessageAttributes' : 'MessageAttributes';
    }
    this.#body ??= { parsed: parseBody(text) };
    if (matchesBody(filter, this.#body.parsed)) return undefined;
    return this.#body.parsed === undefined ? 'InvalidMessageBody' : 'MessageBody';
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function deliverToQueue(
  context: Context<SnsState>,
  notification: Notification,
  subscription: Subscription,
  { text, body }: { text: string; body: string },
): SubscriptionDelivery {
  const { topic } = notification;
  const { raw, queue, deadLetters } = subscription;
  const attributes = raw ? notification.draft.attributes : undefined;
  const result = sendToQueue(context, topic.arn, queue!, queueMessage(notification, queue!, body, attributes));
  if (topic.attributes.size > 0) recordDelivery(context, notification, subscription, text, result);
  count(context, topic, 'error' in result ? 'NumberOfNotificationsFailed' : 'NumberOfNotificationsDelivered');
  const { arn, endpoint } = subscription;
  if ('messageId' in result) return { subscription: arn, endpoint, outcome: 'delivered', messageId: result.messageId };
  const rest =
    deadLetters &&
    sendToQueue(context, topic.arn, deadLetters, queueMessage(notification, deadLetters, body, attributes));
  if (rest !== undefined) {
    const isLost = 'error' in rest;
    count(context, topic, isLost ? 'NumberOfNotificationsFailedToRedriveToDlq' : 'NumberOfNotificationsRedrivenToDlq');
  }
  // A message that cannot be delivered to the dead-letter queue either is lost, as on AWS.
  const saved = rest !== undefined && 'messageId' in rest ? rest.messageId : undefined;
  const fate = saved === undefined ? 'lost' : 'sent to the dead-letter queue';
  noticeRefusal(context, topic.arn, subscription, `messages are ${fate}`, result.error);
  const { code, message: reason } = result.error;
  const refused = { subscription: arn, endpoint, outcome: 'refused', code, reason } as const;
  return saved === undefined ? refused : { ...refused, messageId: saved, deadLetters: deadLetters!.name };
}

/** Nobody is told on AWS; here the engine's log is. */
export function noticeRefusal(
  context: Context<SnsState>,
  topicArn: string,
  { endpoint }: Subscription,
  outcome: string,
  { code, message }: AwsError,
): void {
  context.notice(`${topicArn} could not deliver to ${endpoint}, ${outcome}: ${code}: ${message}`);
}

/** A FIFO topic's ids go to FIFO queues only; a standard topic's group goes to standard queues, for fair sharing. */
function queueMessage(
  { topic, draft }: Notification,
  queue: QueueAddress,
  MessageBody: string,
  MessageAttributes: MessageAttributes | undefined,
): QueueMessage {
  const { groupId, deduplicationId } = draft;
  if (groupId === undefined || topic.fifo !== queue.name.endsWith('.fifo')) return { MessageBody, MessageAttributes };
  return { MessageBody, MessageAttributes, MessageGroupId: groupId, MessageDeduplicationId: deduplicationId };
}

/**
 * Sends to a queue in the name of a topic. A queue that is gone, refuses by its policy, or cannot take the message (more
 * than ten attributes with raw delivery) is a client-side error, which SNS does not retry.
 */
export function sendToQueue(
  context: Context<SnsState>,
  sourceArn: string,
  { region, account, name }: QueueAddress,
  message: QueueMessage,
): DeliveryResult {
  message.QueueUrl = name;
  try {
    const target = { service: 'sqs', operation: 'SendMessage', input: message, region, account } as const;
    return { messageId: (context.perform(target, sourceArn) as { MessageId: string }).MessageId };
  } catch (error) {
    if (error instanceof AwsError) return { error };
    throw error;
  }
}
