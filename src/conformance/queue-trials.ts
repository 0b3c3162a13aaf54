import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Trial } from './behaviour.ts';
import { until } from './expectations.ts';

export interface TrialQueue {
  sqs: SQSClient;
  url: string;
  arn: string;
}

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** A queue for the time of `use`. */
export async function withQueue<T>(
  trial: Trial,
  Attributes: Attributes,
  use: (queue: TrialQueue) => Promise<T>,
  suffix = '',
): Promise<T> {
  const sqs = await trial.clients.sqs();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: trial.name + suffix, Attributes }));
  try {
    const asked = { QueueUrl, AttributeNames: ['QueueArn' as const] };
    const found = await sqs.send(new GetQueueAttributesCommand(asked));
    return await use({ sqs, url: QueueUrl!, arn: found.Attributes?.QueueArn ?? '' });
  } finally {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
}

/** A queue that gives up after one receive, and the one behind it. */
export function withDeadLetters<T>(
  trial: Trial,
  use: (queue: TrialQueue, deadLetters: TrialQueue) => Promise<T>,
): Promise<T> {
  return withQueue(
    trial,
    {},
    (dead) => {
      const policy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 };
      const attributes = { VisibilityTimeout: '0', RedrivePolicy: JSON.stringify(policy) };
      return withQueue(trial, attributes, (queue) => use(queue, dead));
    },
    '-dead',
  );
}

export const send = ({ sqs, url: QueueUrl }: TrialQueue, MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

/** What one receive brings. */
export async function receive({ sqs, url: QueueUrl }: TrialQueue, more: object = {}): Promise<Message[]> {
  const all = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] };
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, ...all, ...more }),
  );
  return Messages ?? [];
}

/** The first message that comes, soon or a little later. */
export const firstMessage = (trial: Trial, queue: TrialQueue, more: object = {}): Promise<Message | undefined> =>
  until(trial, async () => (await receive(queue, more))[0]);
