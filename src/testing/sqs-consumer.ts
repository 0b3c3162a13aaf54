import type { ReceivedMessage } from '../lab/lambda/queue.ts';
import {
  type Attached,
  attach,
  type ConsumerPlace,
  newTrace,
  type RunningConsumer,
  runConsumer,
  type Session,
} from './consume.ts';
import { LabError } from './error.ts';
import type { SqsConsumerHandlers, SqsConsumerOptions } from './types/consumers.ts';

const LONG_POLL_S = 20;
const PAUSE_MS = 1_000;

/**
 * Polls and deletes as sqs-consumer 14 does (github.com/bbc/sqs-consumer, README): one receive at a time; of a single handler
 * the messages of a receive at once. A message is deleted when the handler returns it, or a list with it; with
 * `alwaysAcknowledge` whatever it returns; never when it throws.
 */
export function consumeAsSqsConsumer(
  place: ConsumerPlace,
  queue: string,
  handlers: SqsConsumerHandlers,
  options: SqsConsumerOptions,
): RunningConsumer {
  const { handleMessage, handleMessageBatch } = handlers;
  if ((handleMessage === undefined) === (handleMessageBatch === undefined))
    throw new LabError('consume takes a Lambda handler, or an object with handleMessage or handleMessageBatch');
  const { batchSize = 1 } = options;
  if (!(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= 10))
    throw new LabError(`batchSize must be a whole number from 1 to 10, not ${batchSize}`);
  const attached = attach(place, queue, options.name);
  const common = { place, attached, options };
  return runConsumer(place, attached, (session) => poll({ ...common, session }, handlers, batchSize));
}

interface Common {
  place: ConsumerPlace;
  attached: Attached;
  session: Session;
  options: SqsConsumerOptions;
}

async function poll(common: Common, handlers: SqsConsumerHandlers, max: number): Promise<void> {
  const { place, attached, session, options } = common;
  const { polled, signal } = session;
  const { visibilityTimeout: visibilitySeconds } = options;
  while (!signal.aborted) {
    const trace = newTrace(place);
    try {
      const messages = await polled.receiveAll({ max, waitSeconds: LONG_POLL_S, visibilitySeconds, trace, signal });
      const { handleMessage, handleMessageBatch } = handlers;
      if (messages.length === 0) continue;
      const work = { ...common, trace, batched: handleMessageBatch !== undefined };
      if (handleMessageBatch !== undefined) await handle(work, messages, () => handleMessageBatch(messages));
      else await Promise.all(messages.map((message) => handle(work, [message], () => handleMessage!(message))));
    } catch (error) {
      // A receive or a delete that failed, as by a fault: sqs-consumer emits an error, and goes on polling.
      attached.throws(error);
      await place.time.sleep(PAUSE_MS, signal);
    }
  }
}

interface Work extends Common {
  trace: string;
  /** Whether the handler takes all messages of a receive. */
  batched: boolean;
}

async function handle(work: Work, batch: ReceivedMessage[], handler: () => unknown) {
  const messages = batch.map(({ MessageId = '' }) => MessageId);
  try {
    await handleAndDelete(work, batch, messages, handler);
  } finally {
    if (!work.session.isOver()) work.place.handled(messages);
  }
}

async function handleAndDelete(
  { place, attached, session, options, trace, batched }: Work,
  batch: ReceivedMessage[],
  messages: readonly string[],
  handler: () => unknown,
) {
  const { polled } = session;
  const {
    shouldDeleteMessages = true,
    alwaysAcknowledge = false,
    terminateVisibilityTimeout: returned = false,
  } = options;
  let result: unknown;
  try {
    result = await place.invocations.run({ consumer: attached.name, trace, messages }, handler);
  } catch (error) {
    attached.throws(error);
    if (returned === false) return;
    const seconds = returned === true ? 0 : returned;
    for (const { ReceiptHandle = '' } of batch) await polled.returnIn(seconds, ReceiptHandle, trace);
    return;
  }
  const named = new Set([result].flat().map((each) => (each as ReceivedMessage | null | undefined)?.MessageId));
  const done = alwaysAcknowledge ? batch : batch.filter(({ MessageId }) => named.has(MessageId));
  if (!shouldDeleteMessages || done.length === 0) return;
  const handles = done.map(({ ReceiptHandle = '' }) => ReceiptHandle);
  await (batched ? polled.delete(handles, trace) : polled.deleteOne(handles[0]!, trace));
}
