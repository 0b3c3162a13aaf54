import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { openLab } from './world.ts';

describe('queues and topics', () => {
  test('consumed answers for the past and the future, and turns the clock', async () => {
    await using lab = await openLab();
    lab.consume('mails', () => {});
    await lab.send('mails', { id: 1 });
    await lab.settled();
    await lab.send('mails', { id: 2 }, { delay: 60 });
    expect(await lab.queue('mails').consumed({ id: 1 })).toMatchObject([
      { consumer: 'mails', attempt: 1, end: 'deleted' },
    ]);
    expect(lab.queue('mails').messages()).toMatchObject([{ state: 'delayed' }]);
    expect(await lab.queue('mails').consumed({ id: 2 })).toMatchObject([{ json: { id: 2 } }]);
  });

  test('times is exact: it waits until all has settled', async () => {
    await using lab = await openLab();
    lab.consume('mails', () => {});
    for (const body of ['same', 'same']) await lab.send('mails', body);
    await lab.queue('mails').consumed('same', { times: 2 });
    await expect(lab.queue('mails').consumed('same', { times: 1 })).rejects.toThrow(
      /^expected 1 message matching "same" to be consumed from mails, found 2\n\nrecent calls:\n.*\nqueues:\n/s,
    );
    await expect(lab.queue('mails').consumed(/other/)).rejects.toThrow('a message matching /other/ to be consumed');
  });

  test('published, with the queues that got it; why others did not stands in the report', async () => {
    await using lab = await openLab();
    await lab.publish('orders', { id: 'o-1' }, { attributes: { kind: 'new', size: 3 }, subject: 'hello' });
    expect(await lab.topic('orders').published({ id: 'o-1' })).toMatchObject([
      { queues: ['jobs'], json: { id: 'o-1' } },
    ]);
    expect(lab.queue('jobs').messages({ id: 'o-1' })).toHaveLength(1);
    await lab.topic('orders').expectNone({ id: 'o-2' }, { except: 'jobs' });
    await expect(lab.topic('orders').expectNone({ id: 'o-1' }, { except: 'jobs' })).rejects.toThrow(
      'expected no message matching {"id":"o-1"} to be published on orders, found 1\n',
    );
    await expect(lab.topic('none').published()).rejects.toThrow('there is no topic none');
    await expect(lab.publish('none', 'x')).rejects.toThrow('none takes no message: Topic does not exist');
    await expect(lab.send('none', 'x')).rejects.toThrow('none takes no message');
    await expect(lab.send('mails', undefined)).rejects.toThrow('a undefined cannot be sent');
  });

  test('expectNone of a queue sees what came, handled or not, and from other queues too', async () => {
    await using lab = await openLab();
    await lab.queue('jobs-dlq').expectNone();
    lab.consume('jobs', () => {
      throw new Error('no');
    });
    await lab.send('jobs', 'bad');
    await expect(lab.queue('jobs-dlq').expectNone()).rejects.toThrow(/to be sent to jobs-dlq, found 1\n.* bad/);
    await lab.queue('jobs-dlq').expectNone('good');
    await lab.send('mails', 'x');
    await lab.queue('mails').expectNone('y');
    expect(() => lab.queue('none').messages()).toThrow('there is no queue none');
    expect(() => lab.queue('mails').deadLetters()).toThrow('mails has no dead-letter queue');
  });

  test.each<[unknown, string, boolean]>([
    ['b', 'abc', true],
    [/^a/g, 'abc', true],
    [/^b/, 'abc', false],
    [{ a: { b: 1 } }, '{"a":{"b":1,"c":2}}', true],
    [{ a: [1] }, '{"a":[1,2]}', false],
    [{ a: [1, { b: 2 }] }, '{"a":[1,{"b":2,"c":3}]}', true],
    [{ a: undefined }, '{"b":1}', true],
    [{ toString: 1 }, '{}', false],
    [{ id: expect.any(String), at: /^2026/ }, '{"id":"x","at":"2026-01-01"}', true],
    [{ id: expect.any(Number) }, '{"id":"x"}', false],
    [{ a: 1 }, 'no json', false],
    [({ n }: { n: number }) => n > 2, '{"n":3}', true],
    [{ id: 1 }, '{"Type":"Notification","TopicArn":"arn","Message":"{\\"id\\":1}"}', true],
  ])('%o and %s: %s', async (match, body, matched) => {
    await using lab = await openLab();
    await lab.send('mails', body);
    expect(lab.queue('mails').messages(match as never)).toHaveLength(matched ? 1 : 0);
  });
});

describe('what is stored', () => {
  test('items as plain values, by their keys', async () => {
    await using lab = await openLab();
    const Item = {
      ...{ id: { S: 'o-1' }, total: { N: '12.5' }, huge: { N: '12345678901234567890' }, tags: { SS: ['a', 'b'] } },
      ...{
        sizes: { NS: ['1', '2'] },
        lines: { L: [{ M: { sku: { S: 'x' } } }] },
        paid: { BOOL: true },
        none: { NULL: true },
      },
      raw: { B: new Uint8Array([1, 2]) },
    };
    await lab.dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: Item as never }));
    expect(lab.table('orders').item('o-1')).toEqual({
      ...{ id: 'o-1', total: 12.5, huge: '12345678901234567890', tags: new Set(['a', 'b']), sizes: new Set([1, 2]) },
      ...{ lines: [{ sku: 'x' }], paid: true, none: null, raw: expect.anything() },
    });
    expect([...lab.table('orders').item({ id: 'o-1' })!.raw]).toEqual([1, 2]);
    expect(lab.table('orders').item('o-2')).toBeUndefined();
    expect(() => lab.table('orders').item({ key: 1 })).toThrow('the key of orders has id; id is missing');
    expect(() => lab.table('none').items()).toThrow('there is no table none; there are orders');
  });

  test('objects, metrics and log events', async () => {
    await using lab = await openLab();
    const s3 = new S3Client(lab.client);
    await s3.send(new CreateBucketCommand({ Bucket: 'receipts' }));
    const object = { Bucket: 'receipts', Key: 'a/ü.json', Body: '{"id":1}', ContentType: 'application/json' };
    await s3.send(new PutObjectCommand({ ...object, Metadata: { by: 'test' } }));
    expect(lab.bucket('receipts').object('a/ü.json')).toMatchObject({
      ...{ size: 8, contentType: 'application/json', metadata: { by: 'test' }, etag: expect.any(String) },
    });
    expect(lab.bucket('receipts').object('a/ü.json')!.json()).toEqual({ id: 1 });
    expect(
      lab
        .bucket('receipts')
        .objects()
        .map(({ key }) => key),
    ).toEqual(['a/ü.json']);
    expect(() => lab.bucket('none').objects()).toThrow('there is no bucket none');

    const metrics = new CloudWatchClient(lab.client);
    const data = (Value: number, kind: string) => ({
      MetricName: 'Paid',
      Value,
      Dimensions: [{ Name: 'Kind', Value: kind }],
    });
    await metrics.send(
      new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [data(2, 'a'), data(5, 'b'), data(1, 'a')] }),
    );
    expect(lab.metric('Shop', 'Paid')).toEqual({ samples: 3, sum: 8, minimum: 1, maximum: 5 });
    expect(lab.metric('Shop', 'Paid', { Kind: 'a' })).toEqual({ samples: 2, sum: 3, minimum: 1, maximum: 2 });
    expect(lab.metric('Shop', 'Lost')).toEqual({ samples: 0, sum: 0, minimum: 0, maximum: 0 });

    const logs = new CloudWatchLogsClient(lab.client);
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/shop' }));
    const timestamp = lab.clock.now().getTime();
    for (const [logStreamName, message] of [
      ['one', '{"level":"info"}'],
      ['two', 'plain'],
    ] as const) {
      await logs.send(new CreateLogStreamCommand({ logGroupName: '/shop', logStreamName }));
      await logs.send(
        new PutLogEventsCommand({ logGroupName: '/shop', logStreamName, logEvents: [{ timestamp, message }] }),
      );
    }
    expect(lab.logs('/shop')).toMatchObject([{ json: { level: 'info' } }, { message: 'plain', stream: 'two' }]);
    expect(lab.logs('/shop', 'two')).toHaveLength(1);
    expect(() => lab.logs('/none')).toThrow('there is no log group /none; there are /shop');
  });
});

test('a fault that never struck fails the test, and says why', async () => {
  await using lab = await openLab();
  const fault = lab.faults.add('dynamodb:PutItem throttle 1');
  lab.faults.add('sqs:DeleteMessage drop 1');
  lab.consume('mails', () => {});
  await lab.send('mails', 'x');
  // The delete was lost, so it comes again.
  await lab.settled();
  expect(
    lab
      .queue('mails')
      .deliveries()
      .map(({ end }) => end),
  ).toEqual(['expired', 'deleted']);
  expect(lab.faults.list().map(({ struck }) => struck)).toEqual([0, 1]);
  expect(() => lab.faults.assertStruck()).toThrow(
    /^faults that never struck:\n {2}dynamodb:PutItem throttle 1: no call that it is for\n\nrecent calls/,
  );
  const item = { TableName: 'orders', Item: { id: { S: 'o-1' } } };
  await expect(lab.dynamodb.send(new PutItemCommand(item))).rejects.toThrow();
  lab.faults.assertStruck();
  expect(fault.struck).toBe(1);
  lab.faults.clear();
  expect(() => lab.faults.add('sqs explode')).toThrow('the fault "sqs explode": \'explode\' is no kind of fault');
});
