import type { TopicPort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { topicArn } from '../topology/arns.ts';
import { failuresOf, sendBatches } from './batches.ts';
import type { AwsCalls } from './call.ts';
import { messageBytes, stringAttributes } from './messages.ts';

// SNS Developer Guide, PublishBatch: 10 messages, 256 KiB together, attributes included. A standard topic keeps no order.
const LIMITS = { count: 10, bytes: 256 * 1024, sizeOf: messageBytes, atOnce: 10 };

/** The topic of one stack. */
export async function createTopic({ call, pauses, identity }: AwsCalls, names: StackNames): Promise<TopicPort> {
  const TopicArn = topicArn(await identity(), names.topic);
  return {
    publish: (events) =>
      sendBatches(events, LIMITS, pauses, async (batch) => {
        const entries = batch.map(({ index, item }) => ({
          Id: String(index),
          Message: item.body,
          MessageAttributes: stringAttributes(item.attributes),
        }));
        const answer = await call('sns', 'PublishBatch', { TopicArn, PublishBatchRequestEntries: entries });
        return failuresOf(answer.Failed);
      }),
  };
}
