import { eventsOf, LARGEST_EVENT, type WrittenRecord, writtenRecord } from './event.ts';
import type { Invocation, MappingClock, MappingFact } from './facts.ts';
import type { MessageFilter } from './filter.ts';
import type { PolledMessage, PolledQueue } from './queue.ts';
import { batchResult, outOfOrder } from './response.ts';
import type { MappingSettings } from './settings.ts';

export interface MappingOptions {
  queue: PolledQueue;
  settings: MappingSettings;
  filter: MessageFilter;
  /** Invokes the function with an event in JSON; never rejects. */
  invoke(event: string, trace: string): Promise<Invocation>;
  /** An X-Ray trace header; each batch has one of its own. */
  newTrace(): string;
  clock: MappingClock;
  /** Ends polling; what is in hand is finished. */
  signal: AbortSignal;
  tell(fact: MappingFact): void;
  /** Nothing more is done about these messages: they were deleted, or stay in the queue. */
  settled?(messages: readonly string[]): void;
}

const LONGEST_POLL = 20;
const LARGEST_RECEIVE = 10;
const RETRY_MS = 1_000;

/**
 * An event source mapping of a queue, until the signal: polls, filters, makes batches, invokes, and deletes what was handled.
 * What failed is left alone: it comes back when the queue's visibility timeout has ended (Lambda Developer Guide, "Using
 * Lambda with Amazon SQS").
 */
export async function runMapping(options: MappingOptions): Promise<void> {
  const { settings, signal, newTrace } = options;
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    if (running.size >= settings.maximumConcurrency) {
      await Promise.race(running);
      continue;
    }
    const trace = newTrace();
    const records = await nextBatch(options, trace);
    for (const { messages, json } of eventsOf(records)) {
      const handled = handle(options, messages, json, trace).finally(() => running.delete(handled));
      running.add(handled);
    }
  }
  await Promise.all(running);
}

/**
 * Messages for one batch: until it is full, its window, which begins with the first message, has ended, or an event can take
 * no more (same page, "Understanding batching windows"). Without a window what one poll brought is the batch.
 */
async function nextBatch(options: MappingOptions, trace: string): Promise<WrittenRecord[]> {
  const { settings, clock, signal } = options;
  const records: WrittenRecord[] = [];
  let bytes = 0;
  let until: number | undefined;
  const receive = async (waitSeconds: number) => {
    const max = Math.min(LARGEST_RECEIVE, settings.batchSize - records.length);
    for (const record of await receiveFiltered(options, { max, waitSeconds, trace })) {
      records.push(record);
      bytes += record.bytes;
      until ??= clock.now() + settings.batchWindow * 1000;
    }
  };
  const isOpen = () => records.length < settings.batchSize && bytes < LARGEST_EVENT && !signal.aborted;
  await receive(LONGEST_POLL);
  while (until !== undefined && isOpen()) {
    const left = until - clock.now();
    if (left <= 0) break;
    // A long poll waits whole seconds. For the rest of one a poll without waiting, at its end, is the same.
    if (left < 1000) await clock.sleep(left, signal);
    await receive(Math.min(LONGEST_POLL, Math.floor(left / 1000)));
  }
  return records;
}

/** Deletes what is not for the function (Lambda Developer Guide, "Properly filtering Amazon SQS messages"). */
async function receiveFiltered(
  options: MappingOptions,
  poll: { max: number; waitSeconds: number; trace: string },
): Promise<WrittenRecord[]> {
  const { queue, filter, signal, tell, settled } = options;
  let messages: PolledMessage[] = [];
  try {
    messages = await queue.receive({ ...poll, signal });
    const unwanted = messages.filter((message) => !filter(message));
    if (unwanted.length > 0) {
      messages = messages.filter((message) => !unwanted.includes(message));
      const ids = unwanted.map(({ messageId }) => messageId);
      tell({ kind: 'filtered', messages: ids });
      await queue.delete(handles(unwanted), poll.trace).finally(() => settled?.(ids));
    }
  } catch (error) {
    await pause(options, error);
  }
  return messages.map((message) => writtenRecord(message, queue.arn));
}

async function handle(options: MappingOptions, messages: PolledMessage[], event: string, trace: string): Promise<void> {
  const { queue, settings, invoke, clock, tell, settled } = options;
  const ids = messages.map(({ messageId }) => messageId);
  const started = clock.now();
  const { requestId, response, error } = await invoke(event, trace);
  const { failed, reason } =
    response === undefined
      ? { failed: new Set(ids), reason: undefined }
      : batchResult(response, ids, settings.reportBatchItemFailures);
  const why = error ?? (reason === undefined ? undefined : { type: 'ReportBatchItemFailures', message: reason });
  tell({
    ...{ kind: 'invoked', requestId, messages: ids, failed: [...failed], durationMs: clock.now() - started },
    ...(why !== undefined && { error: why }),
  });
  const broken = failed.size > 0 ? outOfOrder(messages, failed) : undefined;
  if (broken !== undefined) tell({ kind: 'out_of_order', message: broken.messageId, group: broken.group });
  const done = messages.filter(({ messageId }) => !failed.has(messageId));
  try {
    if (done.length > 0) await queue.delete(handles(done), trace);
    settled?.(ids);
  } catch (failure) {
    settled?.(ids);
    await pause(options, failure);
  }
}

const handles = (messages: readonly PolledMessage[]) => messages.map(({ receiptHandle }) => receiptHandle);

async function pause({ tell, clock, signal }: MappingOptions, error: unknown): Promise<void> {
  tell({ kind: 'poll_failed', message: error instanceof Error ? error.message : String(error) });
  await clock.sleep(RETRY_MS, signal);
}
