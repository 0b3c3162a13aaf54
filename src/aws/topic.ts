import { PublishBatchCommand } from '@aws-sdk/client-sns';
import type { TopicPort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { topicArn } from '../topology/arns.ts';
import { failuresOf, sendBatches } from './batches.ts';
import type { Clients } from './clients.ts';
import { messageBytes, stringAttributes } from './messages.ts';

// SNS Developer Guide, PublishBatch: 10 messages, 256 KiB together, attributes included.
const LIMITS = { count: 10, bytes: 256 * 1024, sizeOf: messageBytes };

/** The topic of one stack. */
export async function createTopic(clients: Clients, names: StackNames): Promise<TopicPort> {
  const [sns, identity] = await Promise.all([clients.sns(), clients.identity()]);
  const TopicArn = topicArn(identity, names.topic);
  return {
    publish: (events) =>
      sendBatches(events, LIMITS, clients.pauses, async (batch) => {
        const entries = batch.map(({ index, item }) => ({
          Id: String(index),
          Message: item.body,
          MessageAttributes: stringAttributes(item.attributes),
        }));
        const answer = await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }));
        return failuresOf(answer.Failed);
      }),
  };
}
