import { describe, expect, it } from 'vitest';
import { lab, NOON } from './lab.ts';

async function bodies({ call }: ReturnType<typeof lab>, QueueUrl: string): Promise<string[]> {
  const { Messages = [] } = await call('sqs', 'ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
  });
  return Messages.map((message: { Body: string }) => message.Body);
}

describe('snapshots', () => {
  it('bring back what was, again and again', async () => {
    const here = lab();
    const QueueUrl = await here.queueWith('a', 'b');
    expect((await here.control('POST /snapshots/before')).body.snapshot).toEqual({
      name: 'before',
      taken_at: '2026-01-01T12:00:00.000Z',
      taken_at_ms: NOON,
      bytes: expect.any(Number),
    });
    for (const _time of [1, 2]) {
      await here.call('sqs', 'PurgeQueue', { QueueUrl });
      await here.control('POST /clock/advance', { ms: 90_000 });
      expect(await bodies(here, QueueUrl)).toEqual([]);
      expect((await here.control('POST /snapshots/before/load')).body).toEqual({ loaded: 'before' });
      // The frozen clock goes back too: what happens after loading is the same each time.
      expect(here.engine.clock.now()).toBe(NOON);
      expect(await bodies(here, QueueUrl)).toEqual(['a', 'b']);
    }
  });

  it('leave a running clock alone, so that what has become due happens', async () => {
    const here = lab();
    const QueueUrl = await here.queueWith('a');
    await here.call('sqs', 'ReceiveMessage', { QueueUrl, VisibilityTimeout: 30 });
    await here.control('POST /snapshots/in-flight');
    await here.control('POST /clock/resume');
    await here.control('POST /clock/advance', { ms: 60_000 });
    await here.control('POST /snapshots/in-flight/load');
    expect(here.engine.clock.now()).toBe(NOON + 60_000);
    expect((await here.control('GET /sqs/queues')).body.queues).toMatchObject([
      { name: 'q', ready: 1, in_flight: 0, delayed: 0 },
    ]);
  });

  it('give the same ids after loading', async () => {
    const here = lab();
    await here.queueWith();
    await here.control('POST /snapshots/s');
    const send = () => here.call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'x' });
    const first = await send();
    await here.control('POST /snapshots/s/load');
    expect(await send()).toEqual(first);
  });

  it('are listed, replaced and deleted', async () => {
    const here = lab();
    await here.control('POST /snapshots/b');
    await here.control('POST /snapshots/a');
    await here.queueWith('x');
    await here.control('POST /snapshots/a');
    const list = (await here.control('GET /snapshots')).body.snapshots;
    expect(list.map((one: { name: string }) => one.name)).toEqual(['a', 'b']);
    expect(list[0].bytes).toBeGreaterThan(list[1].bytes);
    expect((await here.control('DELETE /snapshots/a')).body).toEqual({ deleted: 'a' });
    expect((await here.control('DELETE /snapshots/a')).status).toBe(404);
    expect((await here.control('POST /snapshots/a/load')).status).toBe(404);
  });

  it.each(['..', '%2e%2e%2fetc', '.hidden', 'a%20b', 'x'.repeat(65), 'a.draft', '__proto__'])(
    'refuse the name %s',
    async (name) => {
      const { control } = lab();
      expect((await control(`POST /snapshots/${name}`)).status).toBe(400);
    },
  );

  it('keep the rules of fault injection', async () => {
    const { control } = lab();
    await control('POST /snapshots/s');
    await control('POST /faults', { rule: 'latency 1ms' });
    await control('POST /snapshots/s/load');
    expect((await control('GET /faults')).body.faults).toHaveLength(1);
  });

  it('wake those who wait for a message', async () => {
    const here = lab();
    const QueueUrl = await here.queueWith('a');
    await here.control('POST /snapshots/s');
    await here.call('sqs', 'PurgeQueue', { QueueUrl });
    const waiting = here.call('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await here.control('POST /snapshots/s/load');
    expect((await waiting).Messages).toHaveLength(1);
  });
});

describe('reset', () => {
  it('empties the world', async () => {
    const here = lab();
    const QueueUrl = await here.queueWith('a');
    await here.call('s3', 'CreateBucket', { Bucket: 'bucket' });
    await here.control('POST /reset');
    expect((await here.control('GET /sqs/queues')).body.queues).toEqual([]);
    expect((await here.call('s3', 'ListBuckets')).Buckets).toEqual([]);
    await expect(here.call('sqs', 'GetQueueUrl', { QueueName: 'q' })).rejects.toThrow();
    expect(here.engine.state.timers).toEqual([]);
    expect(await here.queueWith('b')).toBe(QueueUrl);
    expect(await bodies(here, QueueUrl)).toEqual(['b']);
    const { calls } = (await here.control('GET /calls')).body;
    expect(calls.find(({ operation }: { operation: string }) => operation === 'Reset').effects).toMatchObject([
      { kind: 'world', change: 'reset', name: 'everything' },
    ]);
  });
});

describe('diff', () => {
  it('says what has come, gone and changed', async () => {
    const here = lab();
    const QueueUrl = await here.queueWith('a', 'b');
    await here.call('s3', 'CreateBucket', { Bucket: 'bucket' });
    await here.call('s3', 'PutObject', { Bucket: 'bucket', Key: 'ü/1', Body: Buffer.from('one') });
    await here.call('sns', 'CreateTopic', { Name: 'old' });
    await here.control('POST /snapshots/s');
    const [message] = (await here.call('sqs', 'ReceiveMessage', { QueueUrl })).Messages;
    await here.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
    await here.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'c' });
    await here.call('s3', 'PutObject', { Bucket: 'bucket', Key: 'ü/1', Body: Buffer.from('three') });
    await here.call('sns', 'CreateTopic', { Name: 'new' });
    await here.call('logs', 'CreateLogGroup', { logGroupName: 'g' });
    const { body } = await here.control('GET /snapshots/s/diff');
    const lines = body.differences.map(
      (one: { change: string; service: string; path: string }) => `${one.change} ${one.service} ${one.path}`,
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        `removed sqs queues[q].messages[${message.MessageId}]`,
        expect.stringMatching(/^added sqs queues\[q\]\.messages\[/),
        'changed s3 buckets[bucket].objects[ü/1].size',
        'added sns topics[new]',
        'added logs groups[g]',
      ]),
    );
    expect(body.totals).toContainEqual({
      service: 'sqs',
      kind: 'queues[].messages[]',
      added: 1,
      removed: 1,
      changed: 0,
    });
    expect(body.truncated).toBe(false);
    const size = body.differences.find((one: { path: string }) => one.path.endsWith('.size'));
    expect(size).toMatchObject({ before: '3', after: '5', scope: '*' });
  });

  it('compares two snapshots, and finds none between equals', async () => {
    const here = lab();
    await here.queueWith('a');
    await here.control('POST /snapshots/one');
    await here.control('POST /snapshots/two');
    expect((await here.control('GET /snapshots/one/diff?with=two')).body).toEqual({
      from: 'one',
      to: 'two',
      totals: [],
      differences: [],
      truncated: false,
    });
    expect((await here.control('GET /snapshots/one/diff?with=three')).status).toBe(404);
  });

  it('is bounded, but counts all', async () => {
    const here = lab();
    await here.queueWith();
    await here.control('POST /snapshots/s');
    for (let index = 0; index < 50; index++)
      await here.call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'x'.repeat(5000) });
    const { body } = await here.control('GET /snapshots/s/diff?limit=10');
    expect(body.differences).toHaveLength(10);
    expect(body.truncated).toBe(true);
    expect(body.totals).toEqual([{ service: 'sqs', kind: 'queues[].messages[]', added: 50, removed: 0, changed: 0 }]);
    expect(JSON.stringify(body).length).toBeLessThan(10_000);
  });
});
