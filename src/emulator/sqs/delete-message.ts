import { onQueue } from './access.ts';
import { checkBatch, runBatch } from './batch.ts';
import { invalidValue } from './errors.ts';
import { removeMessage } from './queue.ts';
import { findByReceipt } from './receipt.ts';
import type { Queue } from './state.ts';

export const deleteMessage = onQueue(
  'DeleteMessage',
  (_, queue, { ReceiptHandle }: { QueueUrl: string; ReceiptHandle: string }) => deleteByReceipt(queue, ReceiptHandle),
);

export const deleteMessageBatch = onQueue(
  'DeleteMessageBatch',
  (_, queue, { Entries }: { QueueUrl: string; Entries: { Id: string; ReceiptHandle: string }[] }) => {
    checkBatch(Entries, 'DeleteMessageBatchRequestEntry');
    return runBatch(Entries, ({ ReceiptHandle }) => deleteByReceipt(queue, ReceiptHandle));
  },
);

/**
 * Deleting what is gone succeeds. On a standard queue the latest handle deletes even after the visibility timeout,
 * while an older one succeeds without effect (SQS API, DeleteMessage); on a FIFO queue either has expired.
 */
function deleteByReceipt(queue: Queue, handle: string): undefined {
  const found = findByReceipt(queue, handle);
  if (found === undefined) return;
  const { message, latest } = found;
  if (queue.settings.fifo && !(latest && message.state === 'in-flight')) {
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }
  if (latest) removeMessage(queue, message);
}
