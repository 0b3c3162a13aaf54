import type { Message, MessageSystemAttributeName } from '@aws-sdk/client-sqs';
import { CliffracerError } from '../errors.ts';
import type { QueuePort, ReceivedMessage, TypedValue } from '../ports.ts';
import { unlessAborted } from './abort.ts';
import { failuresOf, sendBatches } from './batches.ts';
import type { AwsCalls } from './call.ts';
import { awsCodeOf } from './errors.ts';
import { messageAttributes, messageBytes } from './messages.ts';
import { createMoves } from './moves.ts';
import { ANSWER_TIMEOUT_MS, type Pauses, pauseMs } from './retry.ts';

const NEEDED: MessageSystemAttributeName[] = ['ApproximateReceiveCount', 'SentTimestamp', 'AWSTraceHeader'];
const ALL: MessageSystemAttributeName[] = ['All'];
const BATCH = { count: 10 };
// What is deleted or shown again has no order.
const BATCHES = { ...BATCH, atOnce: 10 };
// AWS takes 1 MiB since August 2025, older engines 256 KiB for a batch; the smaller one is right everywhere.
const SEND_BYTES = 256 * 1024;

/** Full names of queues: those of a stack, which has to own what is purged, or names as they are. */
export interface QueueNames {
  queue(name: string): string;
  stack?: string;
}

/** SQS under such names. Queue URLs are asked for once: each engine builds them in its own way. */
export async function createQueues(calls: AwsCalls, names: QueueNames): Promise<QueuePort> {
  const { call, pauses, target } = calls;
  const urls = new Map<string, Promise<string>>();
  const urlOf = (queue: string): Promise<string> => {
    let url = urls.get(queue);
    if (url === undefined) {
      url = call('sqs', 'GetQueueUrl', { QueueName: names.queue(queue) }).then(({ QueueUrl }) => QueueUrl!);
      // A queue that is missing now may be there at the next call.
      url.catch(() => urls.delete(queue));
      urls.set(queue, url);
    }
    return url;
  };

  const port: QueuePort = {
    async receive(queue, { max, waitSeconds, visibilitySeconds, whole, signal }) {
      const input = {
        QueueUrl: await urlOf(queue),
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: visibilitySeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: whole ? ALL : NEEDED,
      };
      if (signal?.aborted) return [];
      try {
        // An answer that comes at once need not be called off, and a call without options is the cheaper one.
        const answer =
          waitSeconds === 0
            ? unlessAborted(call('sqs', 'ReceiveMessage', input), signal)
            : call('sqs', 'ReceiveMessage', input, {
                ...(signal && { abortSignal: signal }),
                requestTimeout: ANSWER_TIMEOUT_MS + waitSeconds * 1_000,
              });
        const { Messages } = await answer;
        return (Messages ?? []).map(receivedMessage);
      } catch (error) {
        if (signal?.aborted) return [];
        throw error;
      }
    },
    async delete(queue, receiptHandles) {
      const QueueUrl = await urlOf(queue);
      return sendBatches(receiptHandles, BATCHES, pauses, async (batch) => {
        const Entries = batch.map(({ index, item }) => ({ Id: String(index), ReceiptHandle: item }));
        return failuresOf((await call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries })).Failed);
      });
    },
    async changeVisibility(queue, entries) {
      const QueueUrl = await urlOf(queue);
      return sendBatches(entries, BATCHES, pauses, async (batch) => {
        const Entries = batch.map(({ index, item }) => ({
          Id: String(index),
          ReceiptHandle: item.receiptHandle,
          VisibilityTimeout: item.seconds,
        }));
        return failuresOf((await call('sqs', 'ChangeMessageVisibilityBatch', { QueueUrl, Entries })).Failed);
      });
    },
    async send(queue, messages) {
      const QueueUrl = await urlOf(queue);
      const limits = { ...BATCH, bytes: SEND_BYTES, sizeOf: messageBytes };
      return sendBatches(messages, limits, pauses, async (batch) => {
        const Entries = batch.map(({ index, item }) => ({
          Id: String(index),
          MessageBody: item.body,
          MessageAttributes: messageAttributes(item),
          ...(item.group !== undefined && { MessageGroupId: item.group }),
          ...(item.deduplication !== undefined && { MessageDeduplicationId: item.deduplication }),
          ...(item.traceHeader !== undefined && {
            MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: item.traceHeader } },
          }),
        }));
        return failuresOf((await call('sqs', 'SendMessageBatch', { QueueUrl, Entries })).Failed);
      });
    },
    async depth(queue) {
      const { Attributes = {} } = await call('sqs', 'GetQueueAttributes', {
        QueueUrl: await urlOf(queue),
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      });
      return {
        ready: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      };
    },
    async purge(queue) {
      const QueueUrl = await urlOf(queue);
      if (target.kind === 'aws' && names.stack !== undefined) {
        const { checkQueueOwner } = await import('./ownership.ts');
        await checkQueueOwner(calls, QueueUrl, names.queue(queue), names.stack);
      }
      try {
        await call('sqs', 'PurgeQueue', { QueueUrl });
      } catch (error) {
        // "Only one PurgeQueue operation is allowed every 60 seconds": until then messages are deleted one by one.
        if (!/PurgeQueueInProgress/.test(awsCodeOf(error) ?? '')) throw error;
        await empty(port, queue, names.queue(queue), pauses);
      }
    },
    ...createMoves(calls, urlOf, names),
  };
  return port;
}

function receivedMessage(message: Message): ReceivedMessage {
  const attributes: [string, string][] = [];
  const typed: [string, TypedValue][] = [];
  for (const [name, { DataType: type = 'String', StringValue, BinaryValue }] of Object.entries(
    message.MessageAttributes ?? {},
  )) {
    if (StringValue !== undefined) attributes.push([name, StringValue]);
    const value = StringValue ?? BinaryValue;
    if (type !== 'String' && value !== undefined) typed.push([name, { type, value }]);
  }
  const {
    AWSTraceHeader: traceHeader,
    MessageGroupId: group,
    DeadLetterQueueSourceArn: from,
  } = message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: Object.fromEntries(attributes),
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    sentAt: Number(message.Attributes?.SentTimestamp ?? 0),
    ...(typed.length > 0 && { typed: Object.fromEntries(typed) }),
    traceHeader,
    ...(group !== undefined && { group }),
    ...(from !== undefined && { source: from.slice(from.lastIndexOf(':') + 1) }),
  };
}

// A short poll asks a part of SQS's servers only, so an empty answer proves nothing while the depth is above zero.
const EMPTY_ANSWERS = 20;

async function empty(port: QueuePort, queue: string, fullName: string, pauses: Pauses): Promise<void> {
  for (let attempt = 0; attempt < EMPTY_ANSWERS; attempt++) {
    for (;;) {
      const messages = await port.receive(queue, { max: 10, waitSeconds: 0 });
      if (messages.length === 0) break;
      await port.delete(
        queue,
        messages.map(({ receiptHandle }) => receiptHandle),
      );
    }
    const { ready, inFlight, delayed } = await port.depth(queue);
    if (ready + inFlight + delayed === 0) return;
    if (ready === 0) throw stillHeld(fullName, inFlight + delayed);
    await pauses.sleep(pauseMs(attempt));
  }
  throw stillHeld(fullName, (await port.depth(queue)).ready);
}

function stillHeld(queue: string, count: number): CliffracerError {
  const messages = count === 1 ? 'a message' : `${count} messages`;
  return new CliffracerError('conflict', `${queue} still holds ${messages} that cannot be received now`, {
    hint: 'SQS purges a queue once a minute: stop what reads it and try again then',
    retryable: true,
  });
}
