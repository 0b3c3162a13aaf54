import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requestHandler } from '../../src/emulator/request-handler.ts';
import { ConsoleBed } from '../support/console.ts';

const endpoint = 'http://127.0.0.1:4566';
const QUEUE = `${endpoint}/000000000000/jobs`;
const stop = new AbortController();
let bed: ConsoleBed;
let counting: Promise<void>;
beforeEach(async () => {
  bed = await new ConsoleBed().open();
  await bed.aws('sqs', 'CreateQueue', { QueueName: 'jobs' });
  await bed.aws('dynamodb', 'CreateTable', {
    TableName: 'totals',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  counting = count();
});
afterEach(async () => {
  stop.abort();
  await counting;
  await bed.close();
});

/** Counts every message that comes, until the test ends. */
async function count(): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const own = {
    endpoint,
    region: 'us-east-1',
    credentials,
    userAgentAppId: 'counter',
    requestHandler: requestHandler(bed.emulator),
  };
  const [sqs, db] = [new SQSClient(own), new DynamoDBClient(own)];
  const receive = () =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl: QUEUE, WaitTimeSeconds: 20 }), { abortSignal: stop.signal });
  while (!stop.signal.aborted) {
    const { Messages = [] } = await receive().catch(() => ({ Messages: [] }));
    for (const { ReceiptHandle } of Messages) {
      const add = { UpdateExpression: 'ADD messages :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
      await db.send(new UpdateItemCommand({ TableName: 'totals', Key: { id: { S: 'all' } }, ...add }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: QUEUE, ReceiptHandle }));
    }
  }
}

test('a verdict has the trace of each counterexample, and the command that repeats it', async () => {
  await bed.get('queues/hold', { queue: 'jobs' });
  await bed.aws('sqs', 'SendMessage', { QueueUrl: QUEUE, MessageBody: '{}' });
  await bed.get('check/start', { only: ['duplicate'] });
  await expect.poll(async () => (await bed.get('check')).check.running, { timeout: 60_000 }).toBe(false);
  const { verdict, error } = (await bed.get('check')).check;
  expect(error).toBeNull();
  expect(verdict).toMatchObject({ deliveries: 1, without_dead_letters: ['jobs'] });
  expect(verdict.failures).toMatchObject([
    {
      kind: 'same',
      command: 'cliffracer check --running --case duplicate:0',
      differences: [{ place: 'table totals', key: 'all', path: 'messages', before: '1', after: '2' }],
      trace: { messages: [{ to: 'jobs', deliveries: [{ attempt: 1 }, { attempt: 2 }] }] },
    },
  ]);
});
