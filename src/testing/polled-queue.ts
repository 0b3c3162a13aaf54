import { type PolledMessage, type PolledQueue, polledMessage, type ReceivedMessage } from '../lab/lambda/queue.ts';
import type { LabEngine } from './engine.ts';
import type { LabTime } from './time.ts';

const LARGEST_BATCH = 10;

/** A queue of the lab for a consumer of this process, called in its name. */
export interface LabPolledQueue extends PolledQueue {
  /** As the SDK's ReceiveMessage answers it. */
  receiveAll(options: ReceiveOptions): Promise<ReceivedMessage[]>;
  deleteOne(receiptHandle: string, trace: string): Promise<void>;
  /** Makes a message visible in so many seconds. */
  returnIn(seconds: number, receiptHandle: string, trace: string): Promise<void>;
}

interface Received {
  Messages?: ReceivedMessage[];
}

interface Deleted {
  Failed?: { Message?: string }[];
}

interface ReceiveOptions {
  max: number;
  waitSeconds: number;
  visibilitySeconds?: number | undefined;
  trace: string;
  signal: AbortSignal;
}

export function labPolledQueue(
  { lab, time }: { lab: LabEngine; time: LabTime },
  { name, arn, visibilitySeconds }: { name: string; arn: string; visibilitySeconds: number },
  caller: string,
  /** Says that the messages belong to a world that is gone: nothing is done with them any more. */
  isOver: () => boolean,
): LabPolledQueue {
  const QueueUrl = name;
  /** Trace of the batch that is collected; more messages are received for it for as long as its window lasts. */
  let begun: string | undefined;
  async function receiveAll({ max, waitSeconds, visibilitySeconds: hidden, trace, signal }: ReceiveOptions) {
    const input = {
      ...{ QueueUrl, MaxNumberOfMessages: max, WaitTimeSeconds: waitSeconds },
      ...{ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] },
      ...(hidden !== undefined && { VisibilityTimeout: hidden }),
    };
    const call = lab.call<Received>('sqs', 'ReceiveMessage', input, { caller, trace, signal });
    const answer = await (begun === trace ? time.ending(time.now() + waitSeconds * 1000, call) : call);
    const { Messages = [] } = answer;
    if (Messages.length > 0) begun = trace;
    return Messages;
  }
  return {
    arn,
    visibilitySeconds,
    receiveAll,
    receive: async (options): Promise<PolledMessage[]> => (await receiveAll(options)).map(polledMessage),
    async delete(receiptHandles, trace) {
      if (isOver()) return;
      for (let at = 0; at < receiptHandles.length; at += LARGEST_BATCH) {
        const batch = receiptHandles.slice(at, at + LARGEST_BATCH);
        const Entries = batch.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        const call = lab.call<Deleted>('sqs', 'DeleteMessageBatch', { QueueUrl, Entries }, { caller, trace });
        const [failed] = (await call).Failed ?? [];
        if (failed !== undefined) throw new Error(`a message of ${name} could not be deleted: ${failed.Message}`);
      }
    },
    async deleteOne(ReceiptHandle, trace) {
      if (!isOver()) await lab.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle }, { caller, trace });
    },
    async returnIn(seconds, ReceiptHandle, trace) {
      if (isOver()) return;
      const input = { QueueUrl, ReceiptHandle, VisibilityTimeout: seconds };
      await lab.call('sqs', 'ChangeMessageVisibility', input, { caller, trace });
    },
  };
}
