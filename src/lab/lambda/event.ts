import type { PolledAttribute, PolledMessage } from './queue.ts';

/** One record of the event, in the form and order of Lambda Developer Guide, "Using Lambda with Amazon SQS". */
export interface SqsRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Readonly<Record<string, string>>;
  messageAttributes: Record<string, RecordAttribute>;
  md5OfMessageAttributes?: string;
  md5OfBody: string;
  eventSource: 'aws:sqs';
  eventSourceARN: string;
  awsRegion: string;
}

interface RecordAttribute {
  stringValue?: string;
  /** Base64. */
  binaryValue?: string;
  stringListValues: [];
  binaryListValues: [];
  dataType: string;
}

/** A message of the queue `arn` as Lambda hands it to a function. */
export function sqsRecord(message: PolledMessage, arn: string): SqsRecord {
  const { messageId, receiptHandle, body, attributes, md5OfBody, md5OfMessageAttributes } = message;
  const messageAttributes: Record<string, RecordAttribute> = Object.create(null);
  for (const [name, value] of Object.entries(message.messageAttributes)) messageAttributes[name] = attribute(value);
  return {
    ...{ messageId, receiptHandle, body, attributes, messageAttributes },
    ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
    ...{ md5OfBody, eventSource: 'aws:sqs', eventSourceARN: arn, awsRegion: arn.split(':')[3] ?? '' },
  };
}

function attribute({ dataType, stringValue, binaryValue }: PolledAttribute): RecordAttribute {
  return {
    ...(stringValue !== undefined && { stringValue }),
    ...(binaryValue !== undefined && { binaryValue: Buffer.from(binaryValue).toString('base64') }),
    ...{ stringListValues: [], binaryListValues: [], dataType },
  };
}

/** Lambda quotas: a synchronous invocation takes 6 MB. */
export const LARGEST_EVENT = 6 * 1024 * 1024;
const FRAME = Buffer.byteLength('{"Records":[]}');

/** Records as JSON, so that each is put into text once. */
export interface WrittenRecord {
  message: PolledMessage;
  json: string;
  bytes: number;
}

export function writtenRecord(message: PolledMessage, arn: string): WrittenRecord {
  const json = JSON.stringify(sqsRecord(message, arn));
  return { message, json, bytes: Buffer.byteLength(json) + 1 };
}

/** Records in the order in which they came, in as few events as their size allows. */
export function* eventsOf(
  records: readonly WrittenRecord[],
  largest = LARGEST_EVENT,
): Generator<{ messages: PolledMessage[]; json: string }> {
  let part: WrittenRecord[] = [];
  let bytes = FRAME;
  const event = () => ({
    messages: part.map(({ message }) => message),
    json: `{"Records":[${part.map(({ json }) => json).join(',')}]}`,
  });
  for (const record of records) {
    if (part.length > 0 && bytes + record.bytes > largest) {
      yield event();
      part = [];
      bytes = FRAME;
    }
    part.push(record);
    bytes += record.bytes;
  }
  if (part.length > 0) yield event();
}
