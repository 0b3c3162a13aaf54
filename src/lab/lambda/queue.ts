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
