import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { startLab } from '../../src/testing/index.ts';
import { bodies, openLab } from './world.ts';

const put = (id: string) => new PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } });

describe('snapshots', () => {
  test('bring everything back: resources, messages, clock and faults; the past is empty', async () => {
    await using lab = await openLab();
    lab.consume('mails', () => {});
    await lab.send('mails', 'before');
    await lab.settled();
    const start = lab.snapshot();
    await lab.dynamodb.send(put('o-1'));
    await lab.send('mails', 'after');
    await lab.settled();
    lab.faults.add('dynamodb throttle');
    await lab.clock.advance('1h');
    expect(lab.diff(start)).toEqual([
      expect.objectContaining({
        service: 'dynamodb',
        path: 'tables[orders].items[o-1]',
        change: 'added',
        before: null,
      }),
    ]);
    const end = lab.snapshot();
    lab.restore(start);
    expect(lab.clock.now()).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(lab.table('orders').items()).toEqual([]);
    expect(lab.faults.list()).toEqual([]);
    expect(lab.queue('mails').deliveries()).toEqual([]);
    await lab.queue('mails').expectNone();
    expect(lab.diff(start, end)).toHaveLength(1);
    // Consumers go on in the world that is there.
    await lab.send('mails', 'again');
    await lab.queue('mails').consumed('again', { times: 1 });
    await using other = await openLab();
    expect(() => other.restore(start)).toThrow('no snapshot of this lab');
  });

  test('a handler of the world before calls no more, and deletes nothing', async () => {
    await using lab = await openLab();
    const refused: unknown[] = [];
    let release = () => {};
    const begun = new Promise<void>((begin) => {
      lab.consume('mails', async () => {
        begin();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        await lab.dynamodb.send(put('late')).catch((error: Error) => refused.push(error.message));
      });
    });
    const start = lab.snapshot();
    await lab.send('mails', 'x');
    await begun;
    lab.restore(start);
    release();
    await lab.settled();
    expect(refused).toEqual([expect.stringContaining('refused: the lab was restored')]);
    expect(lab.table('orders').items()).toEqual([]);
  });
});

test('labs know nothing of each other, and the same seed gives the same run', async () => {
  await using one = await openLab({ seed: 7 });
  await using same = await openLab({ seed: 7 });
  await using other = await openLab({ seed: 8 });
  await one.dynamodb.send(put('o-1'));
  expect(same.table('orders').items()).toEqual([]);
  const ids = await Promise.all([one, same, other].map(async (lab) => (await lab.send('mails', 'x')).messageId));
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
});

test("delivery 'aws' gives the disorder of a standard queue, by the seed", async () => {
  const order = async () => {
    await using lab = await openLab({ delivery: 'aws', seed: 3 });
    const seen: string[] = [];
    for (let index = 0; index < 12; index++) await lab.send('mails', String(index));
    lab.consume('mails', (event) => void seen.push(...bodies(event)), { batchSize: 1 });
    await lab.settled();
    return seen.join();
  };
  const first = await order();
  expect(first).not.toBe('0,1,2,3,4,5,6,7,8,9,10,11');
  expect(await order()).toBe(first);
});

test('a real clock runs, and settled turns it all the same', async () => {
  await using lab = await openLab({ clock: 'real', startsAt: undefined as never });
  const before = lab.clock.now().getTime();
  let failures = 1;
  lab.consume('audit', () => {
    if (failures-- > 0) throw new Error('once');
  });
  await lab.send('audit', 'x');
  await lab.settled();
  expect(lab.clock.now().getTime()).toBeGreaterThanOrEqual(before + 10_000);
  await expect(startLab({ clock: 'real', startsAt: 0 })).rejects.toThrow('startsAt is for a virtual clock');
  await expect(startLab({ startsAt: 'soon' })).rejects.toThrow('startsAt "soon" is no time');
});

test('a port is opened when it is asked for', async () => {
  const lab = await openLab();
  const env = await lab.env('billing');
  expect(env).toMatchObject({
    AWS_ENDPOINT_URL: await lab.endpoint(),
    AWS_SDK_UA_APP_ID: 'billing',
    AWS_REGION: 'us-east-1',
  });
  const client = new DynamoDBClient({ ...lab.client, endpoint: env.AWS_ENDPOINT_URL!, requestHandler: {} });
  await client.send(put('o-1'));
  expect((await client.send(new ScanCommand({ TableName: 'orders' }))).Count).toBe(1);
  expect(lab.table('orders').item('o-1')).toEqual({ id: 'o-1' });
  client.destroy();
  await lab.close();
  await expect(fetch(env.AWS_ENDPOINT_URL!)).rejects.toThrow('fetch failed');
});

describe('topology', () => {
  test("the shop's own", async () => {
    await using lab = await startLab({ config: { topology: 'shop' } });
    expect(lab.table('products').items().length).toBeGreaterThan(0);
    await using none = await startLab({ config: { topology: 'none' } });
    expect(() => none.table('products')).not.toThrow();
    expect(() => none.table('products').items()).toThrow('there is no table products');
  });

  test('what is wrong with it is told', async () => {
    const start = (topology: object) => startLab({ config: { topology: topology as never } });
    await expect(start({ template: 'nowhere.yaml' })).rejects.toThrow(/template .*nowhere.yaml cannot be read: ENOENT/);
    await expect(start({ template: {}, stack: 'x' })).rejects.toThrow('config: topology has no member "stack"');
    const odd = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'a b' } } } };
    await expect(start({ template: odd })).rejects.toThrow(/Resources.Queue.Properties.QueueName/);
  });
});
