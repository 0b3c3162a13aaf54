import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HttpServer, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../../src/emulator/index.ts';

/** What checks do to single calls, over the control interface. */

let emulator: Emulator;
let server: HttpServer;
let db: DynamoDBClient;
beforeEach(async () => {
  emulator = createEmulator({ seed: 1 });
  server = await serve(emulator, { port: 0 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const endpoint = `http://127.0.0.1:${server.port}`;
  db = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  for (const TableName of ['orders', 'totals']) {
    await emulator.engine.call({
      ...{ account: '000000000000', region: 'us-east-1', service: 'dynamodb', operation: 'CreateTable' },
      input: {
        ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    });
  }
});
afterEach(async () => {
  db.destroy();
  await server.close();
  emulator.close();
});

async function control(method: string, path: string, body?: object) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/_cliffracer${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return answer.json() as Promise<any>;
}
const add = async (rule: object) => (await control('POST', '/faults', rule)).fault.id as number;
const put = (TableName: string) => db.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' } } }));
const count = async (TableName: string) => (await db.send(new ScanCommand({ TableName }))).Count;

test('a rule for one resource leaves others alone', async () => {
  await add({ rule: 'dynamodb:PutItem error AccessDenied', resource: 'table/orders' });
  await put('totals');
  await expect(put('orders')).rejects.toThrow('AccessDenied');
});

test('a held call goes on when it is released', async () => {
  const id = await add({ rule: 'dynamodb:PutItem error AccessDenied before 1', pause: true });
  const held = put('orders');
  expect(await control('GET', `/faults/${id}/paused?wait=5000`)).toEqual({ waiting: 1 });
  expect(await count('orders')).toBe(0);
  await control('POST', `/faults/${id}/release`, {});
  await held;
  expect(await count('orders')).toBe(1);
});

test.each([
  ['before', 0],
  ['after', 1],
])('a held call fails %s it acted when its rule is removed', async (when, items) => {
  const id = await add({ rule: `dynamodb:PutItem error AccessDenied ${when} 1`, pause: true });
  const held = expect(put('orders')).rejects.toThrow('AccessDenied');
  await control('GET', `/faults/${id}/paused?wait=5000`);
  await control('DELETE', `/faults/${id}`);
  await held;
  expect(await count('orders')).toBe(items);
});

test('whoever is cut off makes no further call', async () => {
  await add({ rule: 'dynamodb:PutItem error AccessDenied before 1', cut: true });
  await put('totals').catch(() => {});
  await expect(count('orders')).rejects.toThrow('AccessDenied');
});

test('a snapshot with another seed goes on with other ids', async () => {
  await control('POST', '/snapshots/one');
  const uuids: string[] = [];
  for (const seed of [undefined, undefined, 7]) {
    await control('POST', '/snapshots/one/load', seed === undefined ? {} : { seed });
    uuids.push(emulator.engine.context({ account: '1', region: 'r', service: 'sqs' }).uuid());
  }
  expect(uuids[0]).toBe(uuids[1]);
  expect(uuids[2]).not.toBe(uuids[0]);
});

test.each([
  [{ rule: 'sqs throttle', pause: 'yes' }, 'pause must be true or false'],
  [{ rule: 'sqs throttle', resource: 1 }, 'resource must be text such as table/NAME'],
])('%j is refused', async (rule, message) => {
  expect((await control('POST', '/faults', rule)).error.message).toBe(message);
});

test('a held call belongs to what its caller had in hand when it made it', async () => {
  const scope = { account: '000000000000', region: 'us-east-1', service: 'sqs' } as const;
  const { QueueUrl } = (await emulator.engine.call({
    ...{ ...scope, operation: 'CreateQueue', input: { QueueName: 'jobs' } },
  })) as { QueueUrl: string };
  await emulator.engine.call({ ...scope, operation: 'SendMessage', input: { QueueUrl, MessageBody: 'a' } });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sqs = new SQSClient({ endpoint: `http://127.0.0.1:${server.port}`, region: 'us-east-1', credentials });
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const { MessageId, ReceiptHandle } = Messages![0]!;
  const id = await add({ rule: 'dynamodb:PutItem error AccessDenied before 1', pause: true });
  const held = put('orders');
  await control('GET', `/faults/${id}/paused?wait=5000`);
  // Another of the same name answers the message, and asks for more.
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  await control('POST', `/faults/${id}/release`, {});
  await held;
  const { calls } = await control('GET', '/calls?operation=PutItem');
  expect(calls.at(-1).deliveries).toMatchObject([{ message_id: MessageId, attempt: 1 }]);
  sqs.destroy();
});
