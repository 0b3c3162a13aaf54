/** A message as SQS gives it to a receiver, with everything that is known of it. */
export interface PolledMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  md5OfMessageAttributes?: string;
  /** System attributes: SentTimestamp, ApproximateReceiveCount, MessageGroupId ... */
  attributes: Readonly<Record<string, string>>;
  messageAttributes: Readonly<Record<string, PolledAttribute>>;
}

export interface PolledAttribute {
  dataType: string;
  stringValue?: string;
  binaryValue?: Uint8Array;
}

interface ReceivedAttribute {
  DataType?: string | undefined;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}

/** A message as ReceiveMessage answers it. */
export interface ReceivedMessage {
  MessageId?: string | undefined;
  ReceiptHandle?: string | undefined;
  Body?: string | undefined;
  MD5OfBody?: string | undefined;
  MD5OfMessageAttributes?: string | undefined;
  Attributes?: Readonly<Record<string, string>> | undefined;
  MessageAttributes?: Readonly<Record<string, ReceivedAttribute>> | undefined;
}

export function polledMessage(message: ReceivedMessage): PolledMessage {
  const messageAttributes: Record<string, PolledAttribute> = Object.create(null);
  for (const [name, { DataType: dataType = 'String', StringValue, BinaryValue }] of Object.entries(
    message.MessageAttributes ?? {},
  )) {
    messageAttributes[name] = {
      dataType,
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    };
  }
  const { MD5OfMessageAttributes } = message;
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    md5OfBody: message.MD5OfBody ?? '',
    ...(MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: MD5OfMessageAttributes }),
    attributes: message.Attributes ?? {},
    messageAttributes,
  };
}

/** A queue as an event source mapping needs it, called as one consumer. */
export interface PolledQueue {
  readonly arn: string;
  readonly visibilitySeconds: number;
  /**
   * Up to ten messages, with SQS's long polling; none when `signal` aborts. They join the trace, so that calls that bear it
   * can be told to belong to them.
   */
  receive(options: { max: number; waitSeconds: number; trace: string; signal: AbortSignal }): Promise<PolledMessage[]>;
  delete(receiptHandles: readonly string[], trace: string): Promise<void>;
}
