import type { Context } from '../core/types.ts';
import { onQueue } from './access.ts';
import { checkBatch, runBatch } from './batch.ts';
import { checkRange, invalidValue, missingParameter } from './errors.ts';
import { hide, show } from './queue.ts';
import { findByReceipt } from './receipt.ts';
import { report } from './report.ts';
import type { Queue, SqsState } from './state.ts';

interface ChangeInput {
  ReceiptHandle: string;
  VisibilityTimeout?: number;
}

const MAX_SECONDS = 43_200;

export const changeMessageVisibility = onQueue(
  'ChangeMessageVisibility',
  (context, queue, input: ChangeInput & { QueueUrl: string }) => change(context, queue, input),
);

export const changeMessageVisibilityBatch = onQueue(
  'ChangeMessageVisibilityBatch',
  (context, queue, { Entries }: { QueueUrl: string; Entries: (ChangeInput & { Id: string })[] }) => {
    checkBatch(Entries, 'ChangeMessageVisibilityBatchRequestEntry');
    return runBatch(Entries, (entry) => change(context, queue, entry));
  },
);

/**
 * The new timeout counts from now, and twelve hours from the receive is the end (SQS Developer Guide, Visibility
 * timeout). When the timeout has ended already, a standard queue answers with success and changes nothing. There every
 * handle of a message counts, an earlier one too.
 */
function change(context: Context<SqsState>, queue: Queue, input: ChangeInput): undefined {
  const { ReceiptHandle: handle, VisibilityTimeout: seconds } = input;
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  const range = `VisibilityTimeout must be an integer between 0 and ${MAX_SECONDS}.`;
  checkRange(seconds, 'VisibilityTimeout', 0, MAX_SECONDS, range);
  const found = findByReceipt(queue, handle);
  const inFlight = found?.message.state === 'in-flight';
  if (found === undefined || (queue.settings.fifo && !(found.latest && inFlight))) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidValue(handle, 'ReceiptHandle', reason);
  }
  const { message } = found;
  if (!inFlight) return;
  const visibleAt = context.now + seconds * 1000;
  if (visibleAt > message.receivedAt + MAX_SECONDS * 1000) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAX_SECONDS} seconds]`;
    throw invalidValue(seconds, 'VisibilityTimeout', reason);
  }
  if (seconds === 0) {
    show(context, queue, message);
    report(context, queue, 'returned', message.content);
  } else {
    hide(context, queue, message, visibleAt);
    report(context, queue, 'extended', message.content, { until: visibleAt });
  }
}
