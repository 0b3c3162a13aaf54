import type { AttributeText, Messaging, NewMessage, QueueState, TopicState } from '../lab/queues/port.ts';
import type { AwsCalls, Call } from './call.ts';

/** Queues asked about at the same time. */
const LANES = 8;

/** SQS and SNS of one account and region, by the resources' own names. */
export function createMessaging({ call }: AwsCalls): Messaging {
  return {
    queues: () => listQueues(call),
    topics: () => listTopics(call),
    async send(queue, message) {
      const { delaySeconds, ...common } = message;
      const { MessageId } = await call('sqs', 'SendMessage', {
        QueueUrl: await urlOf(call, queue),
        MessageBody: message.body,
        ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
        ...members(common),
      });
      return { message_id: MessageId! };
    },
    async publish(topicArn, { subject, ...message }) {
      const { MessageId } = await call('sns', 'Publish', {
        TopicArn: topicArn,
        Message: message.body,
        ...(subject !== undefined && { Subject: subject }),
        ...members(message),
      });
      return { message_id: MessageId! };
    },
  };
}

const urlOf = async (call: Call, queue: string) => (await call('sqs', 'GetQueueUrl', { QueueName: queue })).QueueUrl!;

function members({ attributes, group, deduplication }: NewMessage) {
  const typed = Object.entries(attributes).map(([name, { type, value }]: [string, AttributeText]) => [
    name,
    type.startsWith('Binary')
      ? { DataType: type, BinaryValue: Buffer.from(value, 'base64') }
      : { DataType: type, StringValue: value },
  ]);
  return {
    ...(typed.length > 0 && { MessageAttributes: Object.fromEntries(typed) }),
    ...(group !== undefined && { MessageGroupId: group }),
    ...(deduplication !== undefined && { MessageDeduplicationId: deduplication }),
  };
}

async function listQueues(call: Call): Promise<QueueState[]> {
  const urls: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await call('sqs', 'ListQueues', { MaxResults: 1_000, ...(NextToken && { NextToken }) });
    urls.push(...(page.QueueUrls ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const waiting = urls.map((url, index) => ({ url, index }));
  const states: (QueueState | undefined)[] = [];
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        states[next.index] = await stateOf(call, next.url);
      }
    }),
  );
  const found = states.filter((state) => state !== undefined);
  return found.map((state) => ({
    ...state,
    dead_letters_of: found.filter((other) => other.dead_letter_queue === state.queue).map(({ queue }) => queue),
  }));
}

/** Undefined for a queue that has gone since it was listed. */
async function stateOf(call: Call, QueueUrl: string): Promise<QueueState | undefined> {
  const answer = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }).catch(
    (error: { code?: string }) => {
      if (error.code === 'not_provisioned') return undefined;
      throw error;
    },
  );
  if (answer === undefined) return undefined;
  const attributes = (answer.Attributes ?? {}) as Record<string, string>;
  const count = (name: string) => Number(attributes[name] ?? 0);
  const queue = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  return {
    queue,
    fifo: queue.endsWith('.fifo'),
    ready: count('ApproximateNumberOfMessages'),
    in_flight: count('ApproximateNumberOfMessagesNotVisible'),
    delayed: count('ApproximateNumberOfMessagesDelayed'),
    ...{ held: 0, hold: null, oldest_at: null, dead_letters_of: [], consumers: null },
    dead_letter_queue: deadLetterQueueOf(attributes.RedrivePolicy),
  };
}

function deadLetterQueueOf(policy: string | undefined): string | null {
  try {
    const { deadLetterTargetArn } = JSON.parse(policy ?? '{}') as { deadLetterTargetArn?: unknown };
    return typeof deadLetterTargetArn === 'string' ? deadLetterTargetArn.split(':').at(-1)! : null;
  } catch {
    return null;
  }
}

async function listTopics(call: Call): Promise<TopicState[]> {
  const topics = new Map<string, TopicState>();
  for (let NextToken: string | undefined, first = true; first || NextToken !== undefined; first = false) {
    const page = await call('sns', 'ListTopics', { ...(NextToken && { NextToken }) });
    for (const { TopicArn: arn = '' } of page.Topics ?? []) {
      const topic = arn.split(':').at(-1)!;
      topics.set(arn, { topic, arn, fifo: topic.endsWith('.fifo'), subscriptions: [] });
    }
    NextToken = page.NextToken;
  }
  for (let NextToken: string | undefined, first = true; first || NextToken !== undefined; first = false) {
    const page = await call('sns', 'ListSubscriptions', { ...(NextToken && { NextToken }) });
    for (const { TopicArn = '', Protocol = '', Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? []) {
      const endpoint = Protocol === 'sqs' ? Endpoint.split(':').at(-1)! : Endpoint;
      topics.get(TopicArn)?.subscriptions.push({ protocol: Protocol, endpoint, arn: SubscriptionArn });
    }
    NextToken = page.NextToken;
  }
  return [...topics.values()];
}
