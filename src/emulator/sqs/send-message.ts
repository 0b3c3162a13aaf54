import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { onQueue } from './access.ts';
import { MAXIMUM_MESSAGE_SIZE } from './attributes.ts';
import { checkBatch, runBatch } from './batch.ts';
import { findSent, rememberSent } from './deduplication.ts';
import { checkRange, invalidParameter, invalidValue, missingParameter } from './errors.ts';
import { entriesOf } from './maps.ts';
import { type AttributeMap, attributesMd5, attributesSize, readAttributes } from './message-attributes.ts';
import { checkBody, md5, sha256 } from './message-body.ts';
import { addMessage } from './queue.ts';
import { report, reportWhole } from './report.ts';
import { nextSequenceNumber } from './sequence.ts';
import type { MessageContent, Queue, SqsState } from './state.ts';
import { countSent } from './traffic.ts';

interface SendInput {
  MessageBody: string;
  DelaySeconds?: number;
  MessageAttributes?: AttributeMap;
  MessageSystemAttributes?: AttributeMap;
  MessageDeduplicationId?: string;
  MessageGroupId?: string;
}

type SendEntry = SendInput & { Id: string };

export const sendMessage = onQueue('SendMessage', (context, queue, input: SendInput & { QueueUrl: string }) =>
  send(context, queue, input),
);

export const sendMessageBatch = onQueue(
  'SendMessageBatch',
  (context, queue, { Entries }: { QueueUrl: string; Entries: SendEntry[] }) => {
    checkBatch(Entries, 'SendMessageBatchRequestEntry');
    if (queue.settings.fifo) for (const entry of Entries) checkFifoEntry(queue, entry);
    checkBatchSize(Entries);
    return runBatch(Entries, (entry) => send(context, queue, entry));
  },
);

/** For a FIFO queue, one entry without its ids rejects the batch. */
function checkFifoEntry(queue: Queue, entry: SendEntry): void {
  if (!entry.MessageGroupId) throw invalidParameter('The request must contain the parameter MessageGroupId.');
  if (!entry.MessageDeduplicationId && !queue.settings.contentBasedDeduplication) throw noDeduplication();
}

/** The limit on a batch is that of one message, whatever the queue's MaximumMessageSize. */
function checkBatchSize(entries: readonly SendEntry[]): void {
  let size = 0;
  for (const { MessageBody, MessageAttributes } of entries) {
    size += Buffer.byteLength(MessageBody);
    for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of entriesOf(MessageAttributes)) {
      size += Buffer.byteLength(name) + Buffer.byteLength(DataType ?? '');
      size += Buffer.byteLength(StringValue) + BinaryValue.length;
    }
  }
  if (size > MAXIMUM_MESSAGE_SIZE) {
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAXIMUM_MESSAGE_SIZE} bytes. You have sent ${size} bytes.`,
    );
  }
}

function send(context: Context<SqsState>, queue: Queue, input: SendInput) {
  const attributes = readAttributes(input.MessageAttributes);
  const size = checkBody(input.MessageBody, attributesSize(attributes), queue.settings.maximumMessageSize);
  const system = readAttributes(input.MessageSystemAttributes);
  checkIds(input);
  const content: MessageContent = {
    id: context.uuid(),
    body: input.MessageBody,
    // A service that sends reads no digest; receivers get one that is computed then.
    bodyMd5: context.caller === undefined ? md5(input.MessageBody) : undefined,
    attributes,
    traceHeader: traceHeader(system) ?? context.traceHeader,
    senderId: context.caller === undefined ? context.account : `${context.caller.service}.amazonaws.com`,
    sentAt: context.now,
    enqueuedAt: context.now,
    receiveCount: 0,
    firstReceivedAt: 0,
    groupId: input.MessageGroupId,
    deduplicationId: input.MessageDeduplicationId,
    sequenceNumber: undefined,
    sourceArn: undefined,
  };
  const sent = queue.settings.fifo
    ? sendFifo(context, queue, content, input)
    : sendStandard(context, queue, content, input);
  // A duplicate got the id of the message that was sent before.
  if (sent.messageId === content.id) countSent(context, queue, size);
  return {
    MD5OfMessageBody: content.bodyMd5,
    MD5OfMessageAttributes: attributesMd5(attributes),
    MD5OfMessageSystemAttributes: attributesMd5(system),
    MessageId: sent.messageId,
    SequenceNumber: sent.sequenceNumber,
  };
}

function sendStandard(context: Context<SqsState>, queue: Queue, content: MessageContent, input: SendInput) {
  if (content.deduplicationId !== undefined) {
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    throw invalidValue(content.deduplicationId, 'MessageDeduplicationId', reason);
  }
  checkRange(input.DelaySeconds, 'DelaySeconds', 0, 900, 'DelaySeconds must be >= 0 and <= 900.');
  const delay = input.DelaySeconds === undefined ? queue.settings.delay : input.DelaySeconds * 1000;
  reportWhole(context, queue, 'sent', addMessage(context, queue, content, delay));
  return { messageId: content.id, sequenceNumber: undefined };
}

function sendFifo(context: Context<SqsState>, queue: Queue, content: MessageContent, input: SendInput) {
  // Only the queue's delay counts; zero says nothing, so SQS lets it pass.
  if (input.DelaySeconds) {
    const reason = 'The request include parameter that is not valid for this queue type.';
    throw invalidValue(input.DelaySeconds, 'DelaySeconds', reason);
  }
  if (!content.groupId) throw missingParameter('MessageGroupId');
  if (!content.deduplicationId && !queue.settings.contentBasedDeduplication) throw noDeduplication();
  const id = content.deduplicationId || sha256(content.body);
  const earlier = findSent(context, queue, id, content.groupId);
  if (earlier !== undefined) {
    report(context, queue, 'duplicate', content, { other: earlier.messageId });
    return earlier;
  }
  const sequenceNumber = nextSequenceNumber(context.state);
  const whole = { ...content, deduplicationId: id, sequenceNumber };
  reportWhole(context, queue, 'sent', addMessage(context, queue, whole, queue.settings.delay));
  const sent = { at: context.now, messageId: content.id, sequenceNumber };
  rememberSent(context, queue, id, content.groupId, sent);
  return sent;
}

const noDeduplication = () =>
  invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );

function checkIds(input: SendInput): void {
  for (const name of ['MessageGroupId', 'MessageDeduplicationId'] as const) {
    const value = input[name];
    if (value !== undefined && !/^[!-~]{1,128}$/.test(value)) {
      const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
      throw invalidValue(value, name, reason);
    }
  }
}

/** AWSTraceHeader is the only system attribute that can be sent, and is a string (SQS API, SendMessage). */
function traceHeader(system: ReturnType<typeof readAttributes>): string | undefined {
  for (const { name, type, value } of system) {
    if (name !== 'AWSTraceHeader') {
      throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
    }
    if (type !== 'String' || typeof value !== 'string') {
      throw invalidParameter(`Message system attribute '${name}' must be of type 'String'.`);
    }
    return value;
  }
  return undefined;
}
