import { DeleteMessageBatchCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { CliffracerError } from '../errors.ts';
import { type PolledQueue, polledMessage } from '../lab/lambda/queue.ts';
import { queueUrl } from './admin/queues.ts';
import { failuresOf, sendBatches } from './batches.ts';
import { createClients } from './clients.ts';
import type { Middleware } from './errors.ts';
import { ANSWER_TIMEOUT_MS, type Pauses } from './retry.ts';
import type { Target } from './target.ts';

export interface PolledQueueOptions {
  target: Target;
  /** Name of the queue. */
  name: string;
  /** In whose name it is called. */
  consumer: string;
  pauses: Pauses;
}

/** A queue for an event source mapping, by clients of its own, whose calls bear the consumer's name and the batch's trace. */
export async function polledQueue(options: PolledQueueOptions): Promise<PolledQueue & { close(): void }> {
  const { target, name, consumer, pauses } = options;
  const clients = createClients(target, { pauses, appId: consumer });
  const sqs = await clients.sqs();
  const traces = new WeakMap<object, string>();
  const addTrace: Middleware = (next) => (args) => {
    const { input, request } = args as { input?: object; request?: { headers: Record<string, string> } };
    const trace = input === undefined ? undefined : traces.get(input);
    if (trace !== undefined && request !== undefined) request.headers['x-amzn-trace-id'] = trace;
    return next(args);
  };
  sqs.middlewareStack.add(addTrace as never, { step: 'build', name: 'addTrace' });
  const QueueUrl = await queueUrl(sqs, name);
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'VisibilityTimeout'] }),
  );
  return {
    arn: Attributes.QueueArn ?? '',
    visibilitySeconds: Number(Attributes.VisibilityTimeout),
    close: () => clients.close(),
    async receive({ max, waitSeconds, trace, signal }) {
      if (signal.aborted) return [];
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      });
      traces.set(command.input, trace);
      try {
        const requestTimeout = ANSWER_TIMEOUT_MS + waitSeconds * 1_000;
        const { Messages = [] } = await sqs.send(command, { abortSignal: signal, requestTimeout });
        return Messages.map(polledMessage);
      } catch (error) {
        if (signal.aborted) return [];
        throw error;
      }
    },
    async delete(receiptHandles, trace) {
      const failures = await sendBatches(receiptHandles, { count: 10 }, pauses, async (batch) => {
        const Entries = batch.map(({ index, item }) => ({ Id: String(index), ReceiptHandle: item }));
        const command = new DeleteMessageBatchCommand({ QueueUrl, Entries });
        traces.set(command.input, trace);
        return failuresOf((await sqs.send(command)).Failed);
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
