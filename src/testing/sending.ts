import type { LabEngine } from './engine.ts';
import { LabError } from './error.ts';
import type { PublishOptions, SendOptions } from './types/resources.ts';

/** Calls of the test itself. */
const TEST = { caller: 'test', disturbed: false };

export async function send(lab: LabEngine, queue: string, body: unknown, options: SendOptions) {
  const { delay } = options;
  const input = {
    ...{ QueueUrl: queue, MessageBody: textOf(body), ...common(options) },
    ...(delay !== undefined && { DelaySeconds: delay }),
  };
  return sent(lab.call('sqs', 'SendMessage', input, TEST), `${queue} takes no message`);
}

export async function publish(lab: LabEngine, topic: string, body: unknown, options: PublishOptions) {
  const { subject } = options;
  const TopicArn = topic.startsWith('arn:') ? topic : lab.arn('sns', topic);
  const input = {
    TopicArn,
    Message: textOf(body),
    ...common(options),
    ...(subject !== undefined && { Subject: subject }),
  };
  return sent(lab.call('sns', 'Publish', input, TEST), `${topic} takes no message`);
}

function textOf(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text !== undefined) return text;
  throw new LabError(`a ${typeof body} cannot be sent`);
}

function common({ attributes = {}, group, deduplicationId }: PublishOptions) {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const DataType = typeof value === 'number' ? 'Number' : 'String';
      return [name, { DataType, StringValue: String(value) }];
    }),
  );
  return {
    MessageAttributes,
    ...(group !== undefined && { MessageGroupId: group }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
  };
}

async function sent(call: Promise<{ MessageId: string }>, refused: string): Promise<{ messageId: string }> {
  try {
    return { messageId: (await call).MessageId };
  } catch (error) {
    throw new LabError(`${refused}: ${(error as Error).message}`, { cause: error });
  }
}
