import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type HttpServer, serve } from '../../src/emulator/http/server.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/index.ts';

const SCOPE = { account: '000000000000', region: 'us-east-1' } as const;

/** An engine over HTTP that waits in real time, as consumers see it. */
export async function engineForConsumers(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ seed: 1, ...options });
  const server = await serve(emulator, { port: 0 });
  return new ConsumerEngine(emulator, server);
}

export class ConsumerEngine {
  readonly emulator: Emulator;
  readonly endpoint: string;
  readonly #server: HttpServer;
  readonly #consumers: { stop(): Promise<void> }[] = [];

  constructor(emulator: Emulator, server: HttpServer) {
    this.emulator = emulator;
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${server.port}`;
  }

  call(service: 'sqs' | 'sns' | 'dynamodb' | 's3', operation: string, input: object): Promise<any> {
    return this.emulator.engine.call({ ...SCOPE, service, operation, input });
  }

  /** A queue and the table `orders`, keyed by `id`. */
  async world(queue: string, attributes: Record<string, string> = {}): Promise<string> {
    await this.call('dynamodb', 'CreateTable', {
      ...{ TableName: 'orders', BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    return (await this.call('sqs', 'CreateQueue', { QueueName: queue, Attributes: attributes })).QueueUrl;
  }

  /** A program of its own kind: an SDK loop that gives each message to `handle`, and deletes what it does not throw at. */
  consume(
    queueUrl: string,
    name: string,
    handle: (message: Message, clients: { dynamodb: DynamoDBClient; sqs: SQSClient }) => Promise<unknown>,
  ): void {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const settings = { endpoint: this.endpoint, region: 'us-east-1', credentials, userAgentAppId: name };
    const clients = { sqs: new SQSClient(settings), dynamodb: new DynamoDBClient({ ...settings, maxAttempts: 1 }) };
    const QueueUrl = queueUrl.replace(/^http:\/\/[^/]+/, this.endpoint);
    const stopped = new AbortController();
    const loop = async () => {
      while (!stopped.signal.aborted) {
        const input = { QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 1 };
        const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand(input), {
          abortSignal: stopped.signal,
        });
        for (const message of Messages) {
          const { ReceiptHandle } = message;
          await handle(message, clients).then(
            () => clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
            () =>
              clients.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
          );
        }
      }
    };
    const running = loop().catch((error) => {
      if (!stopped.signal.aborted) throw error;
    });
    this.#consumers.push({
      async stop() {
        stopped.abort();
        await running;
        for (const client of Object.values(clients)) client.destroy();
      },
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await this.#server.close();
    this.emulator.close();
  }
}
