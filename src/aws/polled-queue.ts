import { CliffracerError } from '../errors.ts';
import { type PolledQueue, polledMessage } from '../lab/lambda/queue.ts';
import { failuresOf, sendBatches } from './batches.ts';
import { type AwsCalls, tracedCalls } from './call.ts';
import { ANSWER_TIMEOUT_MS } from './retry.ts';

/** A queue for an event source mapping, by its name; its calls bear the consumer's name and the batch's trace. */
export async function polledQueue(calls: AwsCalls, name: string, consumer: string): Promise<PolledQueue> {
  const callIn = (traceHeader?: string) => tracedCalls(calls, { caller: consumer, traceHeader }).call;
  const { QueueUrl } = await callIn()('sqs', 'GetQueueUrl', { QueueName: name });
  const { Attributes = {} } = await callIn()('sqs', 'GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['QueueArn', 'VisibilityTimeout'],
  });
  return {
    arn: Attributes.QueueArn ?? '',
    visibilitySeconds: Number(Attributes.VisibilityTimeout),
    async receive({ max, waitSeconds, trace, signal }) {
      if (signal.aborted) return [];
      const input = {
        QueueUrl,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All' as const],
      };
      try {
        const requestTimeout = ANSWER_TIMEOUT_MS + waitSeconds * 1_000;
        const { Messages = [] } = await callIn(trace)('sqs', 'ReceiveMessage', input, {
          abortSignal: signal,
          requestTimeout,
        });
        return Messages.map(polledMessage);
      } catch (error) {
        if (signal.aborted) return [];
        throw error;
      }
    },
    async delete(receiptHandles, trace) {
      const failures = await sendBatches(receiptHandles, { count: 10 }, calls.pauses, async (batch) => {
        const Entries = batch.map(({ index, item }) => ({ Id: String(index), ReceiptHandle: item }));
        return failuresOf((await callIn(trace)('sqs', 'DeleteMessageBatch', { QueueUrl, Entries })).Failed);
      });
      const [first] = failures;
      if (first !== undefined) {
        throw new CliffracerError(
          'aws_error',
          `${failures.length} messages of ${name} could not be deleted: ${first.message}`,
        );
      }
    },
  };
}
