import { describe, expect, it } from 'vitest';
import { lab } from './lab.ts';

describe('what the engine holds, over its control interface', () => {
  it('topics with their subscriptions', async () => {
    const { call, control, queueWith } = lab();
    await queueWith();
    const { TopicArn } = await call('sns', 'CreateTopic', { Name: 'events' });
    await call('sns', 'Subscribe', {
      ...{ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:q' },
      Attributes: { FilterPolicy: '{"kind":["a"]}' },
    });
    await call('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'ada@example.com' });
    expect((await control('GET /sns/topics')).body).toMatchObject({
      topics: [
        {
          name: 'events',
          subscriptions: [
            { protocol: 'sqs', queue: 'q', pending: false, filter_policy: '{"kind":["a"]}' },
            { protocol: 'email', queue: null, pending: true, filter_policy: null },
          ],
        },
      ],
    });
    expect((await control('GET /sns/topics?region=eu-west-1')).body).toEqual({ topics: [] });
  });

  it('tables, and their items page by page', async () => {
    const { call, control } = lab();
    await call('dynamodb', 'CreateTable', {
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await call('dynamodb', 'PutItem', { TableName: 'orders', Item: { id: { S: id } } });
    }
    const { tables } = (await control('GET /dynamodb/tables')).body;
    expect(tables).toMatchObject([{ name: 'orders', items: 5, keys: ['id'], indexes: [] }]);
    const keys: string[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const { body } = await control(`GET /dynamodb/tables/orders/items?limit=2&offset=${offset}`);
      keys.push(...body.items.map(({ key, item }: any) => (item.id.S === key ? key : '')));
      expect(body.total).toBe(5);
      offset = body.next_offset;
    }
    expect(keys.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await control('GET /dynamodb/tables/none/items')).status).toBe(404);
  });

  it('buckets, objects by prefix and page, and an object as text', async () => {
    const { call, control } = lab();
    await call('s3', 'CreateBucket', { Bucket: 'box' });
    const put = (Key: string, Body: string) => call('s3', 'PutObject', { Bucket: 'box', Key, Body: Buffer.from(Body) });
    for (const key of ['r/1', 'r/2', 'r/3', 's/1']) await put(key, `of ${key}`);
    await put('bytes', '\u00ff');
    expect((await control('GET /s3/buckets')).body.buckets).toMatchObject([{ name: 'box', objects: 5 }]);
    const page = async (query: string) => {
      const { body } = await control(`GET /s3/buckets/box/objects?${query}`);
      return [body.objects.map(({ key }: { key: string }) => key), body.next_after];
    };
    expect(await page('prefix=r/&limit=2')).toEqual([['r/1', 'r/2'], 'r/2']);
    expect(await page('prefix=r/&limit=2&after=r/2')).toEqual([['r/3'], null]);
    expect(await page('limit=1')).toEqual([['bytes'], 'bytes']);
    const object = await control('GET /s3/buckets/box/object?key=r/1');
    expect(object.body).toMatchObject({ bucket: 'box', key: 'r/1', size: 6, text: 'of r/1' });
    expect((await control('GET /s3/buckets/box/object')).status).toBe(400);
    expect((await control('GET /s3/buckets/box/object?key=none')).status).toBe(404);
    expect((await control('GET /s3/buckets/none/objects')).status).toBe(404);
  });

  it('metrics with their latest minute, alarms, and log lines oldest first', async () => {
    const { call, control } = lab();
    const MetricData = [{ MetricName: 'Paid', Dimensions: [{ Name: 'Shop', Value: 'a' }], Value: 3 }];
    await call('cloudwatch', 'PutMetricData', { Namespace: 'N', MetricData });
    expect((await control('GET /cloudwatch/metrics')).body).toMatchObject({
      total: 1,
      metrics: [{ namespace: 'N', name: 'Paid', dimensions: [{ name: 'Shop', value: 'a' }], latest: [{ sum: 3 }] }],
      alarms: [],
    });
    const logGroupName = '/shop/one';
    await call('logs', 'CreateLogGroup', { logGroupName });
    for (const logStreamName of ['a', 'b']) await call('logs', 'CreateLogStream', { logGroupName, logStreamName });
    const at = Date.UTC(2026, 0, 1, 12);
    const line = (logStreamName: string, offset: number) => {
      const logEvents = [{ timestamp: at - 10 + offset, message: `line ${offset}` }];
      return call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents });
    };
    for (const [stream, offset] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const)
      await line(stream, offset);
    expect((await control('GET /logs/groups')).body.groups).toMatchObject([{ name: logGroupName, streams: 2 }]);
    const { events } = (await control(`GET /logs/groups/events?group=${logGroupName}&limit=2`)).body;
    expect(events).toMatchObject([
      { stream: 'b', message: 'line 2' },
      { stream: 'a', message: 'line 3' },
    ]);
    expect((await control('GET /logs/groups/events?group=none')).status).toBe(404);
  });
});
