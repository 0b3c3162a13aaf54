import { Engine } from '../../../src/emulator/core/engine.ts';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import type { ServiceDefinition, ServiceId } from '../../../src/emulator/core/types.ts';
import { logs } from '../../../src/emulator/logs/index.ts';
import { sns } from '../../../src/emulator/sns/index.ts';
import { sqs } from '../../../src/emulator/sqs/index.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const NOON = Date.UTC(2026, 0, 1, 12);

export interface Message {
  MessageId: string;
  Body: string;
  MessageAttributes?: Record<string, { DataType: string; StringValue?: string; BinaryValue?: Buffer }>;
  Attributes?: Record<string, string>;
}

/** An engine with a frozen clock, and shorthands for what every test does. */
export function world() {
  const services: ServiceDefinition[] = [sns, sqs, logs];
  const engine = new Engine({ services, host: { now: () => NOON, after: () => () => {} }, seed: 1, frozenAt: NOON });

  const at =
    (service: ServiceId, scope: { account?: string; region?: string } = {}) =>
    (operation: string, input: object = {}) =>
      engine.call({ account: ACCOUNT, region: REGION, ...scope, service, operation, input });
  const call = at('sns');
  const queues = at('sqs');

  async function createQueue(name: string, options: { policy?: 'open' | 'none' } = {}) {
    const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn,
    };
    const attributes: Record<string, string> = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    if (options.policy !== 'none')
      attributes.Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const { QueueUrl } = await queues('CreateQueue', { QueueName: name, Attributes: attributes });
    return { url: QueueUrl as string, arn };
  }

  async function createTopic(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const fifo = name.endsWith('.fifo') ? { FifoTopic: 'true' } : {};
    return (await call('CreateTopic', { Name: name, Attributes: { ...fifo, ...attributes } })).TopicArn;
  }

  async function subscribe(topic: string, queueArn: string, attributes: Record<string, string> = {}): Promise<string> {
    const input = { TopicArn: topic, Protocol: 'sqs', Endpoint: queueArn, Attributes: attributes };
    return (await call('Subscribe', input)).SubscriptionArn;
  }

  async function receive(url: string): Promise<Message[]> {
    const { Messages } = await queues('ReceiveMessage', {
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      AttributeNames: ['All'],
    });
    for (const { MessageAttributes = {} } of Messages ?? []) {
      for (const value of Object.values<{ BinaryValue?: Uint8Array }>(MessageAttributes)) {
        if (value.BinaryValue !== undefined) value.BinaryValue = Buffer.from(value.BinaryValue);
      }
    }
    return Messages ?? [];
  }

  return { engine, at, call, queues, createQueue, createTopic, subscribe, receive };
}

/** `Code: message` of what a call is refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    if (error instanceof AwsError) return `${error.code.replace(/Exception$/, '')}: ${error.message}`;
    throw error;
  }
}
