/** A Lambda handler as AWS calls it: with an event of `Records`, a context, and a callback. */
// biome-ignore lint/suspicious/noExplicitAny: handlers name their own events
export type LambdaHandler = (event: any, context: any, callback: any) => unknown;

/** As in CreateEventSourceMapping and CreateFunction; times in seconds. */
export interface ConsumeOptions {
  /** By which its calls are known (default: the queue's name). */
  name?: string;
  /** 1 to 10000, FIFO 10 (default 10). */
  batchSize?: number;
  /** 0 to 300 (default 0). */
  batchWindow?: number;
  reportBatchItemFailures?: boolean;
  filterCriteria?: { Filters: { Pattern: string | object }[] };
  /** 2 to 1000 (default: five batches at a time). */
  maximumConcurrency?: number;
  /** Of an invocation, in engine time, 1 to 900 (default 3). */
  timeout?: number;
}

/** Handlers of sqs-consumer: they take messages as the SDK has them, and return those that are done. */
export interface SqsConsumerHandlers {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's Message
  handleMessage?(message: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's Message
  handleMessageBatch?(messages: any[]): unknown;
}

/** Options of sqs-consumer, under its names. */
export interface SqsConsumerOptions {
  name?: string;
  /** 1 to 10 (default 1). */
  batchSize?: number;
  /** Seconds; default: the queue's. */
  visibilityTimeout?: number;
  /** Deletes what was handled whatever the handler returns (default false). */
  alwaysAcknowledge?: boolean;
  /** Default true. */
  shouldDeleteMessages?: boolean;
  /** After an error, returns the messages at once (true) or in so many seconds, instead of leaving them. */
  terminateVisibilityTimeout?: boolean | number;
}

export interface LabConsumer {
  readonly name: string;
  /** What its handler threw, oldest first. */
  readonly errors: readonly unknown[];
  /** Takes no further message; resolves when what is in hand is handled. */
  stop(): Promise<void>;
}
