import type { Context } from '../core/types.ts';
import { findTopic } from './arns.ts';
import { findPublished, rememberPublished } from './deduplication.ts';
import { deliver } from './delivery.ts';
import { PHONE_NUMBER } from './endpoints.ts';
import { invalidParameter } from './errors.ts';
import { checkMessage, type Draft, type MessageInput } from './message.ts';
import { checkPublisher } from './publisher.ts';
import type { SnsState, Topic } from './state.ts';
import { maximumMessageSize } from './topic-attributes.ts';
import { countPublished } from './traffic.ts';

export interface PublishInput extends MessageInput {
  TopicArn?: string;
  TargetArn?: string;
  PhoneNumber?: string;
}

/** Publishes to a topic; a text message to a phone is accepted and goes nowhere. */
export function publish(context: Context<SnsState>, input: PublishInput) {
  if (input.PhoneNumber !== undefined) return publishToPhone(context, input);
  const topic = targetTopic(context, input);
  checkPublisher(context, topic);
  const draft = checkMessage(input, topic);
  if (draft.size > maximumMessageSize(topic)) throw invalidParameter('Message too long');
  return publishDraft(context, topic, draft);
}

function targetTopic(context: Context<SnsState>, { TopicArn, TargetArn }: PublishInput): Topic {
  if (TopicArn !== undefined && TargetArn !== undefined) {
    throw invalidParameter('TopicArn or TargetArn Reason: only one of them can be given');
  }
  if (TopicArn !== undefined) return findTopic(context, TopicArn, 'Publish');
  if (TargetArn === undefined) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  if (TargetArn.includes(':endpoint/')) {
    throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
  }
  return findTopic(context, TargetArn, 'Publish', 'TargetArn');
}

function publishToPhone(context: Context<SnsState>, input: PublishInput) {
  if (input.TopicArn !== undefined || input.TargetArn !== undefined) {
    throw invalidParameter('PhoneNumber Reason: cannot be combined with TopicArn or TargetArn');
  }
  if (!PHONE_NUMBER.test(input.PhoneNumber!)) {
    throw invalidParameter(`PhoneNumber Reason: ${input.PhoneNumber} is not valid to publish to`);
  }
  checkMessage(input, undefined);
  return { MessageId: context.uuid() };
}

/** Publishes what has been checked. A duplicate on a FIFO topic gets the answer of the first, and is not delivered. */
export function publishDraft(context: Context<SnsState>, topic: Topic, draft: Draft) {
  const messageId = context.uuid();
  let sequenceNumber: string | undefined;
  if (topic.fifo) {
    const ids = { groupId: draft.groupId!, deduplicationId: draft.deduplicationId! };
    const first = findPublished(topic, ids.groupId, ids.deduplicationId);
    if (first !== undefined) return { MessageId: first.messageId, SequenceNumber: first.sequenceNumber };
    sequenceNumber = `1${String(++topic.sequence).padStart(16, '0')}000`;
    rememberPublished(context, topic, ids, { messageId, sequenceNumber });
  }
  countPublished(context, topic, draft.size);
  const { now: publishedAt, endpoint } = context;
  deliver(context, { draft, topic, messageId, sequenceNumber, publishedAt, endpoint });
  return sequenceNumber === undefined
    ? { MessageId: messageId }
    : { MessageId: messageId, SequenceNumber: sequenceNumber };
}
