/** What an event source mapping and its function have to tell. */
export type MappingFact =
  /** Messages that match no filter were deleted. */
  | { kind: 'filtered'; messages: string[] }
  /** A batch was handled; `failed` are the messages that stay in the queue. */
  | {
      kind: 'invoked';
      requestId: string;
      messages: string[];
      failed: string[];
      durationMs: number;
      error?: InvocationError;
    }
  /** A message of a FIFO queue was deleted though an earlier one of its group failed. */
  | { kind: 'out_of_order'; message: string; group: string }
  /** Calling the queue failed; it is tried again. */
  | { kind: 'poll_failed'; message: string };

/** Why an invocation failed, in the form of Lambda's own error object. */
export interface InvocationError {
  /** `Error`, `Runtime.ExitError`, `Sandbox.Timedout`, `ReportBatchItemFailures` ... */
  type: string;
  message: string;
}

/** How an invocation ended. */
export type Invocation = { requestId: string } & (
  | { response: string; error?: never }
  | { error: InvocationError; response?: never }
);

export interface MappingClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
