// Queues, tables and orders for one consumer.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { aws, expect } from './engine.mjs';
import { PROGRAMS } from './programs.mjs';

const arn = (queue) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

async function makeTable(TableName) {
  await aws('DynamoDB_20120810.CreateTable', {
    ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
}

export async function makeTables() {
  await makeTable('orders');
  await makeTable('idempotency');
}

/** `NAME-jobs` with a visibility timeout of thirty seconds, behind it `NAME-dead`. */
export async function makeQueues(name) {
  await aws('AmazonSQS.CreateQueue', { QueueName: `${name}-dead` });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(`${name}-dead`), maxReceiveCount: 2 });
  const Attributes = { VisibilityTimeout: '30', RedrivePolicy };
  await aws('AmazonSQS.CreateQueue', { QueueName: `${name}-jobs`, Attributes });
}

/** An order that is new, and the message about it. */
export async function send(folder, name, order) {
  await aws('DynamoDB_20120810.PutItem', { TableName: 'orders', Item: { id: { S: order }, state: { S: 'new' } } });
  const custom = PROGRAMS[name]?.send;
  if (custom === undefined) {
    const input = { QueueUrl: `${name}-jobs`, MessageBody: JSON.stringify({ id: order }) };
    return aws('AmazonSQS.SendMessage', input);
  }
  const cwd = join(folder, name);
  const env = { ...process.env, QUEUE: `${name}-jobs`, AWS_SDK_UA_APP_ID: 'sender' };
  const [command, ...args] = custom(cwd, order);
  const { status, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  expect(`${name}: an order is sent`, status === 0, stderr);
}

export async function orderOf(id) {
  const { Item } = await aws('DynamoDB_20120810.GetItem', { TableName: 'orders', Key: { id: { S: id } } });
  return { state: Item?.state?.S, times: Number(Item?.times?.N ?? 0) };
}
