import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceId } from '../../../src/emulator/core/types.ts';
import { type HttpServer, serve } from '../../../src/emulator/http/server.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { START, World } from './contract.ts';

let server: HttpServer;
const emulator = createEmulator({ seed: 1, frozenAt: START });
beforeAll(async () => {
  server = await serve(emulator, { port: 0 });
});
afterAll(async () => {
  emulator.close();
  await server.close();
});

const TABLE = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};

/** How something is made in a service, and how many of it a world has. */
const RESOURCES: readonly (readonly [ServiceId, string, object, string, (answer: any) => number])[] = [
  ['sqs', 'CreateQueue', { QueueName: 'q' }, 'ListQueues', ({ QueueUrls }) => QueueUrls?.length ?? 0],
  ['sns', 'CreateTopic', { Name: 't' }, 'ListTopics', ({ Topics }) => Topics.length],
  ['dynamodb', 'CreateTable', { TableName: 'table', ...TABLE }, 'ListTables', ({ TableNames }) => TableNames.length],
  ['logs', 'CreateLogGroup', { logGroupName: 'g' }, 'DescribeLogGroups', ({ logGroups }) => logGroups.length],
  [
    'cloudwatch',
    'PutMetricData',
    { Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1 }] },
    'ListMetrics',
    ({ Metrics }) => Metrics.length,
  ],
];

describe('accounts and regions are separate worlds', () => {
  test.each(RESOURCES)('%s', async (service, make, input, list, count) => {
    const [one, other] = ['111111111111', '222222222222'].map((id) => new World(id, emulator, server.port));
    const seen = async (world: World, region: string) => count(await world.call(service, list, {}, region));
    await one!.call(service, make, input, 'us-east-1');
    expect(await seen(one!, 'us-east-1')).toBe(1);
    expect(await seen(one!, 'eu-west-1')).toBe(0);
    expect(await seen(other!, 'us-east-1')).toBe(0);
    // The same name is free there, and what happens to it stays there.
    await other!.call(service, make, input, 'us-east-1');
    await one!.call(service, make, input, 'eu-west-1');
    expect(await seen(one!, 'us-east-1')).toBe(1);
    one!.close();
    other!.close();
  });

  test('s3: names are shared by all, buckets are not', async () => {
    const one = new World('111111111111', emulator, server.port);
    const other = new World('222222222222', emulator, server.port);
    await one.call('s3', 'CreateBucket', { Bucket: 'shared-name' });
    expect((await other.refused('s3', 'CreateBucket', { Bucket: 'shared-name' })).name).toBe('BucketAlreadyExists');
    expect((await other.call('s3', 'ListBuckets')).Buckets).toEqual([]);
    for (const [operation, more] of [
      ['PutObject', { Key: 'k', Body: 'x' }],
      ['ListObjectsV2', {}],
      ['DeleteBucket', {}],
    ] as const) {
      const error = await other.refused('s3', operation, { Bucket: 'shared-name', ...more });
      expect([operation, error.name]).toEqual([operation, 'AccessDenied']);
    }
    one.close();
    other.close();
  });

  test('sts: the account of the key, and the default one for every other key', async () => {
    for (const [key, account] of [
      ['123456789012', '123456789012'],
      ['test', '000000000000'],
      ['AKIAIOSFODNN7EXAMPLE', '000000000000'],
    ] as const) {
      const world = new World(key, emulator, server.port);
      expect((await world.call('sts', 'GetCallerIdentity')).Account).toBe(account);
      world.close();
    }
  });
});
