import type { BatchFailure, OutgoingMessage, QueuePort, ReceivedMessage } from '../../../ports.ts';
import { type Addresses, batches, type EngineCall } from './call.ts';

const BATCH = 10;

interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: Uint8Array;
}
interface Message {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, MessageAttribute>;
}
interface Failed {
  Failed?: { Id: string; Code: string; Message?: string; SenderFault: boolean }[];
}
type Given = Pick<OutgoingMessage, 'attributes' | 'typed'>;

/** SQS, called without a wire. */
export function engineQueues(call: EngineCall, { queueUrl }: Addresses): QueuePort {
  const batched = async <T>(
    operation: string,
    queue: string,
    items: readonly T[],
    entry: (item: T) => object,
  ): Promise<BatchFailure[]> => {
    const failures: BatchFailure[] = [];
    const QueueUrl = queueUrl(queue);
    for (const [number, batch] of batches(items, BATCH).entries()) {
      const Entries = batch.map((item, index) => ({ Id: String(number * BATCH + index), ...entry(item) }));
      failures.push(...failuresOf(await call<Failed>('sqs', operation, { QueueUrl, Entries })));
    }
    return failures;
  };

  return {
    async receive(queue, { max, waitSeconds, visibilitySeconds, signal }) {
      if (signal?.aborted) return [];
      const { Messages = [] } = await call<{ Messages?: Message[] }>('sqs', 'ReceiveMessage', {
        QueueUrl: queueUrl(queue),
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        ...(visibilitySeconds !== undefined && { VisibilityTimeout: visibilitySeconds }),
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'AWSTraceHeader'],
      });
      return Messages.map(receivedMessage);
    },
    delete: (queue, handles) => batched('DeleteMessageBatch', queue, handles, (ReceiptHandle) => ({ ReceiptHandle })),
    changeVisibility: (queue, entries) =>
      batched('ChangeMessageVisibilityBatch', queue, entries, ({ receiptHandle, seconds }) => ({
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      })),
    send: (queue, messages) =>
      batched('SendMessageBatch', queue, messages, (message) => ({
        MessageBody: message.body,
        MessageAttributes: attributesFor(message),
      })),
    async depth(queue) {
      const { Attributes = {} } = await call<{ Attributes?: Record<string, string> }>('sqs', 'GetQueueAttributes', {
        QueueUrl: queueUrl(queue),
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
      await call('sqs', 'PurgeQueue', { QueueUrl: queueUrl(queue) });
    },
    // A storm moves dead letters message by message, which works everywhere.
    startMove: async () => undefined,
    moveProgress: async () => undefined,
    cancelMove: async () => {},
  };
}

/** Attributes of an outgoing message in the form that SQS and SNS share. */
export function attributesFor({ attributes = {}, typed = {} }: Given): Record<string, MessageAttribute> {
  const found: Record<string, MessageAttribute> = {};
  for (const name in attributes) found[name] = { DataType: 'String', StringValue: attributes[name]! };
  for (const [name, { type, value }] of Object.entries(typed)) {
    found[name] = {
      DataType: type,
      ...(typeof value === 'string' ? { StringValue: value } : { BinaryValue: value }),
    };
  }
  return found;
}

export const failuresOf = ({ Failed = [] }: Failed): BatchFailure[] =>
  Failed.map(({ Id, Code, Message = '', SenderFault }) => ({
    index: Number(Id),
    code: Code,
    message: Message,
    senderFault: SenderFault,
  }));

function receivedMessage(message: Message): ReceivedMessage {
  const attributes: Record<string, string> = {};
  const typed: NonNullable<ReceivedMessage['typed']> = {};
  const given = message.MessageAttributes ?? {};
  for (const name in given) {
    const { DataType: type, StringValue, BinaryValue } = given[name]!;
    if (StringValue !== undefined) attributes[name] = StringValue;
    const value = StringValue ?? BinaryValue;
    if (type !== 'String' && value !== undefined) typed[name] = { type, value };
  }
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes,
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    sentAt: Number(message.Attributes?.SentTimestamp ?? 0),
    ...(Object.keys(typed).length > 0 && { typed }),
  };
}
