// What is measured: for each row the requests, built before, and what has to be there for them.
import { randomUUID } from 'node:crypto';
import { call, json, query, s3, sns } from './requests.mjs';

const REGION = 'us-east-1';
const TEXT = JSON.stringify({ event_type: 'order_created', order_id: randomUUID(), pad: 'x'.repeat(120) });
const OBJECT = Buffer.alloc(1024, 'o');
const KEYS = 200;

const unique = (stem) => `${stem}-${randomUUID().slice(0, 8)}`;
const range = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const once = (bytes) => [{ requests: [bytes.toString('base64')] }];
const cycle = (list) => [{ requests: list.map((bytes) => bytes.toString('base64')) }];

export async function createQueue({ port, connection }, name = unique('bench')) {
  return JSON.parse(await call(connection, json(port, 'sqs', 'CreateQueue', { QueueName: name }))).QueueUrl;
}

/** Sends so many messages, or as many as it can within the time; gives how many. */
export async function fillQueue({ port, connection }, QueueUrl, count, connections = [connection], seconds = 60) {
  const Entries = range(10, (index) => ({ Id: `e${index}`, MessageBody: TEXT }));
  const bytes = json(port, 'sqs', 'SendMessageBatch', { QueueUrl, Entries });
  const until = performance.now() + seconds * 1_000;
  const batches = Math.ceil(count / 10);
  let begun = 0;
  const fill = async (one) => {
    while (begun < batches && performance.now() < until) {
      begun++;
      await call(one, bytes);
    }
  };
  await Promise.all(connections.map(fill));
  return begun * 10;
}

export const sendSteps = ({ port }, QueueUrl) =>
  once(json(port, 'sqs', 'SendMessage', { QueueUrl, MessageBody: TEXT }));

export function pairSteps({ port }, QueueUrl) {
  const receive = json(port, 'sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 1 });
  const whole = json(port, 'sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: '@@HANDLE@@' }).toString();
  const [head, body] = whole.split('\r\n\r\n');
  const kept = head.split('\r\n').filter((line) => !line.startsWith('content-length'));
  return [
    { requests: [receive.toString('base64')], take: '"ReceiptHandle": ?"([^"]+)"' },
    { requests: [], hole: '@@HANDLE@@', head: `${kept.join('\r\n')}\r\n`, body },
  ];
}

const TABLE = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};

export async function createTable({ port, connection }) {
  const TableName = unique('bench');
  await call(connection, json(port, 'dynamodb', 'CreateTable', { TableName, ...TABLE }));
  for (;;) {
    const { Table } = JSON.parse(await call(connection, json(port, 'dynamodb', 'DescribeTable', { TableName })));
    if (Table.TableStatus === 'ACTIVE') return TableName;
  }
}

export const item = (index) => ({
  id: { S: `item-${index}` },
  customer: { S: 'ada' },
  status: { S: 'open' },
  total: { N: '1599.97' },
  stock: { N: '1000000000' },
  created_at: { S: '2026-01-01T00:00:00.000Z' },
  lines: { L: [{ M: { sku: { S: 'laptop-pro' }, quantity: { N: '1' }, price: { N: '1299.99' } } }] },
});

const put = (port, TableName, index) => json(port, 'dynamodb', 'PutItem', { TableName, Item: item(index) });

async function filledTable(context) {
  const TableName = await createTable(context);
  for (let index = 0; index < KEYS; index++) await call(context.connection, put(context.port, TableName, index));
  return TableName;
}

function take(TableName, index) {
  return {
    TableName,
    Key: { id: { S: `item-${index}` } },
    UpdateExpression: 'SET stock = stock - :q',
    ConditionExpression: 'stock >= :q',
    ExpressionAttributeValues: { ':q': { N: '1' } },
  };
}

async function fanOut({ port, account, connection }) {
  const arn = (await call(connection, sns(port, { Action: 'CreateTopic', Name: unique('bench') }))).match(
    /<TopicArn>(.*?)</,
  )[1];
  for (let index = 0; index < 5; index++) {
    const name = unique('sub');
    const endpoint = `arn:aws:sqs:${REGION}:${account}:${name}`;
    const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: endpoint };
    const Attributes = { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) };
    await call(connection, json(port, 'sqs', 'CreateQueue', { QueueName: name, Attributes }));
    const raw = { 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': 'true' };
    await call(
      connection,
      sns(port, { Action: 'Subscribe', TopicArn: arn, Protocol: 'sqs', Endpoint: endpoint, ...raw }),
    );
  }
  return arn;
}

async function bucket({ port, connection }) {
  const name = unique('bench');
  await call(connection, s3(port, 'PUT', `/${name}`));
  return name;
}

export async function logStream({ port, connection }) {
  const where = { logGroupName: unique('/bench'), logStreamName: 'one' };
  await call(connection, json(port, 'logs', 'CreateLogGroup', { logGroupName: where.logGroupName }));
  await call(connection, json(port, 'logs', 'CreateLogStream', where));
  return where;
}

/** `steps` makes what a measurement needs and gives the requests of one operation. */
export const ROWS = [
  {
    name: 'SendMessage',
    services: ['sqs'],
    steps: async (context) => sendSteps(context, await createQueue(context)),
  },
  {
    name: 'ReceiveMessage + DeleteMessage',
    services: ['sqs'],
    // So many messages are there as this engine handles in the time, and as many again.
    fill: (context, queue, count) => fillQueue(context, queue, count),
    prepare: createQueue,
    steps: async (context, queue) => pairSteps(context, queue),
  },
  {
    name: 'Publish to five queues',
    services: ['sns', 'sqs'],
    async steps(context) {
      const TopicArn = await fanOut(context);
      const kind = { 'MessageAttributes.entry.1.Name': 'event_type' };
      const value = {
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'order_created',
      };
      return once(sns(context.port, { Action: 'Publish', TopicArn, Message: TEXT, ...kind, ...value }));
    },
  },
  {
    name: 'PutItem',
    services: ['dynamodb'],
    async steps(context) {
      const TableName = await createTable(context);
      return cycle(range(KEYS, (index) => put(context.port, TableName, index)));
    },
  },
  {
    name: 'UpdateItem with a condition',
    services: ['dynamodb'],
    async steps(context) {
      const TableName = await filledTable(context);
      return cycle(range(KEYS, (index) => json(context.port, 'dynamodb', 'UpdateItem', take(TableName, index))));
    },
  },
  {
    name: 'TransactWriteItems (2 items)',
    services: ['dynamodb'],
    without: ['dynalite'],
    async steps(context) {
      const TableName = await filledTable(context);
      const transaction = (index) => ({
        TransactItems: [{ Update: take(TableName, index) }, { Put: { TableName, Item: item(`order-${index}`) } }],
      });
      return cycle(range(KEYS, (index) => json(context.port, 'dynamodb', 'TransactWriteItems', transaction(index))));
    },
  },
  {
    name: 'GetItem',
    services: ['dynamodb'],
    async steps(context) {
      const TableName = await filledTable(context);
      const get = (index) => ({ TableName, Key: { id: { S: `item-${index}` } }, ConsistentRead: true });
      return cycle(range(KEYS, (index) => json(context.port, 'dynamodb', 'GetItem', get(index))));
    },
  },
  {
    name: 'PutObject (1 KiB)',
    services: ['s3'],
    async steps(context) {
      const name = await bucket(context);
      return cycle(range(KEYS, (index) => s3(context.port, 'PUT', `/${name}/receipts/${index}.json`, OBJECT)));
    },
  },
  {
    name: 'GetObject (1 KiB)',
    services: ['s3'],
    async steps(context) {
      const name = await bucket(context);
      const path = (index) => `/${name}/receipts/${index}.json`;
      for (let index = 0; index < KEYS; index++)
        await call(context.connection, s3(context.port, 'PUT', path(index), OBJECT));
      return cycle(range(KEYS, (index) => s3(context.port, 'GET', path(index))));
    },
  },
  {
    name: 'PutMetricData',
    services: ['monitoring'],
    async steps({ port, connection }) {
      const Namespace = unique('Bench');
      const datum = {
        MetricName: 'Orders',
        Value: 1,
        Unit: 'Count',
        Dimensions: [{ Name: 'Service', Value: 'order' }],
      };
      const bytes = json(port, 'monitoring', 'PutMetricData', { Namespace, MetricData: [datum] });
      // Where JSON is not spoken, Query is.
      const answered = await call(connection, bytes).catch(() => undefined);
      return once(answered === undefined ? query(port, 'monitoring', '2010-08-01', queryDatum(Namespace)) : bytes);
    },
  },
  {
    name: 'PutLogEvents',
    services: ['logs'],
    async steps(context) {
      const where = await logStream(context);
      const logEvents = [{ timestamp: Date.now(), message: TEXT }];
      return once(json(context.port, 'logs', 'PutLogEvents', { ...where, logEvents }));
    },
  },
];

function queryDatum(Namespace) {
  const member = 'MetricData.member.1';
  return {
    ...{ Action: 'PutMetricData', Namespace, [`${member}.MetricName`]: 'Orders', [`${member}.Value`]: '1' },
    ...{ [`${member}.Unit`]: 'Count', [`${member}.Dimensions.member.1.Name`]: 'Service' },
    [`${member}.Dimensions.member.1.Value`]: 'order',
  };
}
