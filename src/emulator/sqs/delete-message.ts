import type { Context } from '../core/types.ts';
import { onQueue } from './access.ts';
import { checkBatch, runBatch } from './batch.ts';
import { invalidValue } from './errors.ts';
import { addMessage, removeMessage } from './queue.ts';
import { findByReceipt } from './receipt.ts';
import { report } from './report.ts';
import type { Queue, SqsState } from './state.ts';
import { trafficOf } from './traffic.ts';

export const deleteMessage = onQueue(
  'DeleteMessage',
  (context, queue, { ReceiptHandle }: { QueueUrl: string; ReceiptHandle: string }) =>
    deleteByReceipt(context, queue, ReceiptHandle),
);

export const deleteMessageBatch = onQueue(
  'DeleteMessageBatch',
  (context, queue, { Entries }: { QueueUrl: string; Entries: { Id: string; ReceiptHandle: string }[] }) => {
    checkBatch(Entries, 'DeleteMessageBatchRequestEntry');
    return runBatch(Entries, ({ ReceiptHandle }) => deleteByReceipt(context, queue, ReceiptHandle));
  },
);

/**
 * Deleting what is gone succeeds. On a standard queue every handle of a message deletes it, an earlier one too; on a FIFO
 * queue only the latest does, and only until the visibility timeout ends (SQS API, DeleteMessage).
 */
function deleteByReceipt(context: Context<SqsState>, queue: Queue, handle: string): undefined {
  const found = findByReceipt(queue, handle);
  if (found === undefined) return;
  const { message, latest } = found;
  if (queue.settings.fifo && !(latest && message.state === 'in-flight')) {
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }
  report(context, queue, 'deleted', message.content);
  const again = queue.hold?.again.has(message.key);
  removeMessage(context, queue, message);
  if (again) addMessage(context, queue, { ...message.content });
  trafficOf(context, queue).deleted++;
}
