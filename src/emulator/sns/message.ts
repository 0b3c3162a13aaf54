import { createHash } from 'node:crypto';
import type { AwsError } from '../core/errors.ts';
import { invalidParameter } from './errors.ts';
import { attributesSize, checkMessageAttributes, type MessageAttributes } from './message-attributes.ts';
import type { Topic } from './state.ts';

/** What Publish and an entry of PublishBatch have in common. */
export interface MessageInput {
  Message: string;
  Subject?: string;
  MessageStructure?: string;
  MessageAttributes?: MessageAttributes;
  MessageDeduplicationId?: string;
  MessageGroupId?: string;
}

/** A message that has passed every check. */
export interface Draft {
  /** One text for every protocol, or one for each that has its own. */
  texts: { default: string; byProtocol: ReadonlyMap<string, string> };
  subject: string | undefined;
  attributes: MessageAttributes;
  groupId: string | undefined;
  deduplicationId: string | undefined;
  /** Bytes of text and attributes. */
  size: number;
}

const NO_TEXTS: ReadonlyMap<string, string> = new Map();
const NO_IDS = { groupId: undefined, deduplicationId: undefined };
const NO_ATTRIBUTES: MessageAttributes = {};
// The line ends and control characters that a subject may not have.
const SUBJECT = /^[^\u0000-\u001f\u007f]{1,100}$/;
const ID = /^[\x21-\x7e]{1,128}$/;

export function checkMessage(input: MessageInput, topic: Topic | undefined): Draft {
  const { Message: text, Subject: subject, MessageAttributes: attributes = NO_ATTRIBUTES } = input;
  if (text === '') throw invalidParameter('Empty message');
  if (subject !== undefined && !SUBJECT.test(subject)) throw invalidParameter('Subject');
  checkMessageAttributes(attributes);
  const texts = readTexts(text, input.MessageStructure);
  const ids = topic === undefined ? NO_IDS : identify(input, topic);
  return {
    texts,
    subject,
    attributes,
    groupId: ids.groupId,
    deduplicationId: ids.deduplicationId,
    size: Buffer.byteLength(text) + attributesSize(attributes),
  };
}

function readTexts(text: string, structure: string | undefined): Draft['texts'] {
  if (structure === undefined || structure === '') return { default: text, byProtocol: NO_TEXTS };
  if (structure !== 'json') throw invalidParameter('MessageStructure');
  let texts: unknown;
  try {
    texts = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const byProtocol = new Map<string, string>();
  if (typeof texts === 'object' && texts !== null && !Array.isArray(texts)) {
    for (const [protocol, value] of Object.entries(texts)) {
      if (typeof value === 'string') byProtocol.set(protocol, value);
    }
  }
  const fallback = byProtocol.get('default');
  if (fallback === undefined) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return { default: fallback, byProtocol };
}

/** Group and deduplication ids. A standard topic only passes a group on, to queues that share fairly among groups. */
function identify(input: MessageInput, topic: Topic): Pick<Draft, 'groupId' | 'deduplicationId'> {
  const { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId } = input;
  if (topic.fifo && groupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  checkId(groupId, 'MessageGroupId');
  if (!topic.fifo) {
    if (deduplicationId === undefined) return { groupId, deduplicationId };
    throw invalidParameter(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  checkId(deduplicationId, 'MessageDeduplicationId');
  if (deduplicationId !== undefined) return { groupId, deduplicationId };
  if (topic.attributes.get('ContentBasedDeduplication') !== 'true') {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: createHash('sha256').update(input.Message).digest('hex') };
}

function checkId(id: string | undefined, parameter: string): void {
  if (id === undefined || ID.test(id)) return;
  throw invalidParameter(
    `${parameter} Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

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

export type DeliveryResult = { messageId: string } | { error: AwsError };
