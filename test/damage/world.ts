import { createHash } from 'node:crypto';
import type { EngineState } from '../../src/emulator/core/engine.ts';
import { Engine } from '../../src/emulator/core/engine.ts';
import type { ServiceId } from '../../src/emulator/core/types.ts';
import { installFaults } from '../../src/emulator/faults/source.ts';
import type { Compactor } from '../../src/emulator/persistence/compaction.ts';
import { inThisThread } from '../../src/emulator/persistence/compaction.ts';
import { DataDirectory, type DataDirectoryOptions } from '../../src/emulator/persistence/data-directory.ts';
import { systemFiles } from '../../src/emulator/persistence/files.ts';
import { allServices } from '../../src/emulator/services.ts';

const START = Date.UTC(2026, 0, 1);
const SCOPE = { account: '000000000000', region: 'us-east-1' };

/** An engine whose host's clock stands, so that two readings of the same files end alike. */
export function engineOn(directory: string, options: DataDirectoryOptions = {}, now: () => number = () => START) {
  const engine = new Engine({ services: allServices, host: { now, after: () => () => {} }, seed: 3 });
  installFaults(engine);
  return { engine, data: new DataDirectory(engine, directory, options) };
}

type Call = [service: ServiceId, operation: string, input: object];

const TABLE = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
};

const SETUP: Call[] = [
  ['sqs', 'CreateQueue', { QueueName: 'orders' }],
  ['sqs', 'CreateQueue', { QueueName: 'ledger.fifo', Attributes: { FifoQueue: 'true' } }],
  ['dynamodb', 'CreateTable', { TableName: 'orders', ...TABLE }],
  ['s3', 'CreateBucket', { Bucket: 'receipts' }],
  ['logs', 'CreateLogGroup', { logGroupName: 'shop' }],
  ['logs', 'CreateLogStream', { logGroupName: 'shop', logStreamName: 'orders' }],
];

function order(index: number): Call[] {
  const id = `order-${index}`;
  const body = JSON.stringify({
    order_id: id,
    customer: 'Zoé 🚀',
    total: '1599.97',
    lines: [{ sku: 'laptop-pro', n: 1 }],
  });
  const attributes = { kind: { DataType: 'String', StringValue: 'order_created' } };
  return [
    [
      'dynamodb',
      'PutItem',
      { TableName: 'orders', Item: { id: { S: id }, total: { N: '1599.97' }, state: { S: 'open' } } },
    ],
    ['sqs', 'SendMessage', { QueueUrl: 'orders', MessageBody: body, MessageAttributes: attributes }],
    [
      'sqs',
      'SendMessage',
      { QueueUrl: 'ledger.fifo', MessageBody: body, MessageGroupId: `g${index % 5}`, MessageDeduplicationId: id },
    ],
    [
      's3',
      'PutObject',
      { Bucket: 'receipts', Key: `receipts/${id}.json`, Body: Buffer.from(body.repeat(1 + (index % 7))) },
    ],
    [
      'cloudwatch',
      'PutMetricData',
      { Namespace: 'Shop', MetricData: [{ MetricName: 'Orders', Value: index, Unit: 'Count' }] },
    ],
    [
      'logs',
      'PutLogEvents',
      { logGroupName: 'shop', logStreamName: 'orders', logEvents: [{ timestamp: START, message: id }] },
    ],
    ['sqs', 'ReceiveMessage', { QueueUrl: 'orders', MaxNumberOfMessages: 1, VisibilityTimeout: 60 }],
  ];
}

/**
 * Writes a data directory as a killed engine leaves it: two generations of snapshots, an ended journal, and one that was
 * being written. With `pending`, a compaction was under way. Returns the state that it stands for.
 */
export async function writeWorld(directory: string, orders: number, pending: boolean): Promise<EngineState> {
  let now = START;
  const sound = inThisThread(systemFiles);
  const endless: Compactor = () => ({ done: new Promise<number>(() => {}), cancel() {} });
  let compactions = 0;
  const last = pending ? 2 : Number.POSITIVE_INFINITY;
  const compactor: Compactor = (job) => (++compactions >= last ? endless(job) : sound(job));
  const { engine, data } = engineOn(directory, { compactAt: 24_000, compactor }, () => now);
  const call = async ([service, operation, input]: Call) => {
    now += 250;
    await engine.call({ ...SCOPE, service, operation, input });
    if (compactions < last) await data.compacted();
  };
  for (const each of SETUP) await call(each);
  for (let index = 0; index < orders; index++) for (const each of order(index)) await call(each);
  if (compactions < 2) throw new Error(`${orders} orders are too few for ${compactions} compactions`);
  return structuredClone(engine.state);
}

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
