import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { envelope } from './envelope.ts';
import { recordDelivery } from './feedback.ts';
import { matchesAttributes, matchesBody } from './filter/match.ts';
import type { Scalar } from './filter/policy.ts';
import type { Draft } from './message.ts';
import { filterValues, type MessageAttributes } from './message-attributes.ts';
import type { QueueAddress, SnsState, Subscription, Topic } from './state.ts';

/** A published message on its way to the subscribers. */
export interface Notification {
  draft: Draft;
  topic: Topic;
  messageId: string;
  /** FIFO topics only. */
  sequenceNumber: string | undefined;
  /** Milliseconds since the epoch. */
  publishedAt: number;
  /** Under which URL the engine is reached. */
  endpoint: string;
}

interface QueueMessage {
  QueueUrl?: string;
  MessageBody: string;
  MessageAttributes?: MessageAttributes | undefined;
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
}

export type DeliveryResult = { messageId: string } | { error: AwsError };

/**
 * Delivers to every confirmed subscription whose filter policy lets the message pass, in the order of subscribing.
 * Publish returns after that: on AWS it is a matter of milliseconds, and here nothing is gained by waiting.
 */
export function deliver(context: Context<SnsState>, notification: Notification): void {
  const { topic, draft } = notification;
  const message = new FilteredMessage(draft);
  // A standard topic delivers at least once; the fault rules can ask for the second time.
  const times = !topic.fifo && context.fault('duplicate')?.action === 'duplicate' ? 2 : 1;
  for (const arn of topic.subscriptions.values()) {
    const subscription = context.state.subscriptions.get(arn)!;
    if (subscription.pending || subscription.protocol !== 'sqs') continue;
    const text = draft.texts.byProtocol.get('sqs') ?? draft.texts.default;
    if (!message.passes(subscription, text)) continue;
    for (let time = 0; time < times; time++) deliverToQueue(context, notification, subscription, text);
  }
}

/** A message with what the filters look at, derived once and only when a filter asks. */
class FilteredMessage {
  readonly #draft: Draft;
  #attributes: Map<string, Scalar[]> | undefined;
  #body: { parsed: unknown } | undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  passes({ filter, filterScope }: Subscription, text: string): boolean {
    if (filter === undefined) return true;
    if (filterScope === 'MessageAttributes') {
      this.#attributes ??= filterValues(this.#draft.attributes);
      return matchesAttributes(filter, this.#attributes);
    }
    this.#body ??= { parsed: parseBody(text) };
    return matchesBody(filter, this.#body.parsed);
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
  text: string,
): void {
  const { topic } = notification;
  const { raw, queue, deadLetters } = subscription;
  const body = raw ? text : envelope(notification, subscription, text);
  const attributes = raw ? notification.draft.attributes : undefined;
  const result = sendToQueue(context, topic.arn, queue!, queueMessage(notification, queue!, body, attributes));
  if (topic.attributes.size > 0) recordDelivery(context, notification, subscription, text, result);
  if (!('error' in result)) return;
  const rest =
    deadLetters &&
    sendToQueue(context, topic.arn, deadLetters, queueMessage(notification, deadLetters, body, attributes));
  // A message that cannot be delivered to the dead-letter queue either is lost, as on AWS.
  const fate = rest === undefined || 'error' in rest ? 'lost' : 'sent to the dead-letter queue';
  noticeRefusal(context, topic.arn, subscription, `messages are ${fate}`, result.error);
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
