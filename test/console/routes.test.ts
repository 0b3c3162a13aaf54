import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleBed } from '../support/console.ts';

let bed: ConsoleBed;
beforeAll(async () => {
  bed = await new ConsoleBed().open();
  for (const QueueName of ['jobs-dlq', 'other']) await bed.aws('sqs', 'CreateQueue', { QueueName });
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:jobs-dlq',
    maxReceiveCount: 1,
  });
  await bed.aws('sqs', 'CreateQueue', {
    QueueName: 'jobs',
    Attributes: new Map([
      ['RedrivePolicy', RedrivePolicy],
      ['VisibilityTimeout', '0'],
    ]),
  });
  await bed.aws('dynamodb', 'CreateTable', {
    TableName: 'orders',
    KeySchema: [
      { AttributeName: 'customer', KeyType: 'HASH' },
      { AttributeName: 'number', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'customer', AttributeType: 'S' },
      { AttributeName: 'number', AttributeType: 'N' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await bed.aws('s3', 'CreateBucket', { Bucket: 'papers' });
});
afterAll(() => bed.close());

const item = (customer: string, number: number, more: object = {}) => ({
  customer: { S: customer },
  number: { N: String(number) },
  ...more,
});

describe('tables', () => {
  test('are browsed, queried by key, filtered and paged', async () => {
    for (const number of [1, 2, 3]) await bed.get('tables/put', { table: 'orders', item: item('ada', number) });
    await bed.get('tables/put', { table: 'orders', item: item('bob', 1, { total: { N: '7' }, raw: { B: 'AAE=' } }) });
    expect((await bed.get('tables')).tables[0]).toMatchObject({
      table: 'orders',
      keys: [
        { name: 'customer', type: 'S' },
        { name: 'number', type: 'N' },
      ],
    });
    const key = [
      { attribute: 'customer', comparison: '=', value: { S: 'ada' } },
      { attribute: 'number', comparison: '>=', value: { N: '2' } },
    ];
    expect((await bed.get('tables/items', { table: 'orders', key })).items).toEqual([item('ada', 2), item('ada', 3)]);
    const filter = [{ attribute: 'total', comparison: 'exists' }];
    const found = await bed.get('tables/items', { table: 'orders', filter });
    expect(found.items).toEqual([item('bob', 1, { total: { N: '7' }, raw: { B: 'AAE=' } })]);
    const first = await bed.get('tables/items', { table: 'orders', limit: 3 });
    const rest = await bed.get('tables/items', { table: 'orders', limit: 3, after: first.after });
    expect([...first.items, ...rest.items]).toHaveLength(4);
  });

  test('an item is only written where nobody changed it meanwhile', async () => {
    const was = item('eve', 1, { total: { N: '1' } });
    await bed.get('tables/put', { table: 'orders', item: was });
    expect((await bed.ask('tables/put', { table: 'orders', item: was })).body.error.code).toBe('conflict');
    await bed.get('tables/put', { table: 'orders', item: item('eve', 1, { total: { N: '2' } }), was });
    const late = await bed.ask('tables/put', { table: 'orders', item: item('eve', 1), was });
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    expect((await bed.get('blame', { table: 'orders', key: 'eve/1' })).changes).toHaveLength(2);
    await bed.get('tables/delete', { table: 'orders', key: item('eve', 1) });
  });
});

test('what the console reads does not stand in the call log; what it changes does, in its name', async () => {
  const { next } = await bed.deps.log.page({ last: true, limit: 1 });
  for (const path of ['tables', 'buckets', 'metrics', 'alarms', 'logs', 'queues', 'topics']) await bed.get(path);
  await bed.get('tables/items', { table: 'orders' });
  await bed.get('queues/send', { queue: 'other', body: 'x' });
  const { calls } = await bed.deps.log.page({ after: next });
  expect(calls.map(({ caller, operation }) => [caller, operation])).toEqual([['console', 'SendMessage']]);
});

describe('queues', () => {
  test('are only emptied by who types the name', async () => {
    await bed.get('queues/send', { queue: 'jobs', body: 'x', attributes: [{ name: 'a', type: 'String', value: 'b' }] });
    expect((await bed.ask('queues/purge', { queue: 'jobs', typed: 'job' })).body.error.code).toBe('refused');
    expect((await bed.get('queues/messages', { queue: 'jobs', state: 'ready' })).messages).toMatchObject([
      { body: 'x', attributes: [{ name: 'a', value: 'b' }] },
    ]);
    expect(await bed.get('queues/purge', { queue: 'jobs', typed: 'jobs' })).toEqual({ queue: 'jobs', purged: 1 });
  });

  test('are held and released, edited', async () => {
    await bed.get('queues/hold', { queue: 'jobs' });
    const { message_id: message } = await bed.get('queues/send', { queue: 'jobs', body: 'one' });
    const receive = async () =>
      (await bed.aws('sqs', 'ReceiveMessage', { QueueUrl: 'jobs', VisibilityTimeout: 30 })).Messages ?? [];
    expect(await receive()).toEqual([]);
    expect((await bed.get('why', { message })).fate.state).toBe('held');
    await bed.get('queues/release', { queue: 'jobs', message, body: 'two' });
    const [received] = await receive();
    expect(received.Body).toBe('two');
    await bed.aws('sqs', 'DeleteMessage', { QueueUrl: 'jobs', ReceiptHandle: received.ReceiptHandle });
    await bed.get('queues/end_hold', { queue: 'jobs' });
  });

  test('dead letters are told with their reason, and go back, edited', async () => {
    const { message_id: id } = await bed.get('queues/send', { queue: 'jobs', body: '{"total":1}' });
    // Received once, it is visible again at once; the second receive gives it up.
    for (const _time of [1, 2]) await bed.aws('sqs', 'ReceiveMessage', { QueueUrl: 'jobs' });
    const { letters } = await bed.get('dead_letters', { queue: 'jobs-dlq' });
    expect(letters).toMatchObject([{ message_id: id, source: 'jobs', body: '{"total":1}' }]);
    const moved = await bed.get('dead_letters/redrive', { queue: 'jobs-dlq', message: id, body: '{"total":2}' });
    expect(moved).toMatchObject({ to: 'jobs', moved: 1 });
    const { messages } = await bed.get('queues/messages', { queue: 'jobs', state: 'ready' });
    expect(messages.map(({ body }: { body: string }) => body)).toEqual(['{"total":2}']);
    expect((await bed.get('queues')).queues.find(({ queue }: any) => queue === 'jobs-dlq').hold).toBeNull();
    await bed.get('queues/purge', { queue: 'jobs', typed: 'jobs' });
  });
});

test('a message is traced, copied as commands, and sent again', async () => {
  const { message_id: id } = await bed.get('queues/send', { queue: 'other', body: "it's" });
  const { calls } = await bed.get('trace', { id });
  const copies = await bed.get('call', { seq: calls[0].seq });
  expect(copies.cli).toContain('sqs send-message');
  expect(copies.curl).toContain('AmazonSQS.SendMessage');
  expect(copies.sdk).toContain('new SendMessageCommand({');
  expect(await bed.get('replay', { message: id })).toMatchObject({ queue: 'other' });
  expect((await bed.ask('trace', { id: 'nothing' })).body.error.code).toBe('not_found');
});

describe('objects', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const put = (key: string, text: string) =>
    bed.get('buckets/upload', { bucket: 'papers', key, base64: base64(text), content_type: 'text/html' });

  test('are uploaded, listed, shown as text, downloaded, presigned and deleted', async () => {
    await put('a/<b>.html', '<script>1</script>');
    await put('empty', '');
    const at = { bucket: 'papers', key: 'a/<b>.html' };
    expect((await bed.get('buckets/objects', { bucket: 'papers', prefix: 'a/' })).objects).toMatchObject([
      { key: at.key, size: 18 },
    ]);
    expect(await bed.get('buckets/object', at)).toMatchObject({
      text: '<script>1</script>',
      content_type: 'text/html',
      truncated: false,
    });
    expect((await bed.get('buckets/object', { ...at, key: 'empty' })).text).toBe('');
    expect((await bed.get('buckets/download', at)).base64).toBe(base64('<script>1</script>'));
    const { url } = await bed.get('buckets/presign', { ...at, seconds: 60 });
    expect(await (await fetch(url)).text()).toBe('<script>1</script>');
    await bed.get('buckets/delete', at);
    expect((await bed.ask('buckets/object', at)).status).toBe(404);
  });

  test('large ones are shown in part, and what is no text not at all', async () => {
    await bed.get('buckets/upload', {
      ...{ bucket: 'papers', key: 'large', content_type: 'text/plain' },
      base64: base64('ä'.repeat(200_000)),
    });
    const shown = await bed.get('buckets/object', { bucket: 'papers', key: 'large' });
    expect(shown).toMatchObject({ size: 400_000, truncated: true });
    expect(shown.text).toBe('ä'.repeat(131_072));
    const bytes = Buffer.from([0xff, 0, 1]).toString('base64');
    await bed.get('buckets/upload', { bucket: 'papers', key: 'bytes', base64: bytes, content_type: 'image/png' });
    expect((await bed.get('buckets/object', { bucket: 'papers', key: 'bytes' })).text).toBeNull();
  });
});

test('metrics with percentiles, alarms and log lines by a pattern', async () => {
  const MetricData = [1, 2, 3, 4].map((Value) => ({ MetricName: 'Time', Value, Unit: 'Milliseconds' }));
  await bed.aws('cloudwatch', 'PutMetricData', { Namespace: 'Mine', MetricData });
  const statistics = ['Sum', 'p50'];
  const asked = { namespace: 'Mine', name: 'Time', dimensions: {}, since_ms: 600_000, statistics };
  const { points } = await bed.get('metrics/points', asked);
  expect([points.Sum[0].value, points.p50.length]).toEqual([10, 1]);
  await bed.aws('logs', 'CreateLogGroup', { logGroupName: 'g' });
  await bed.aws('logs', 'CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
  const logEvents = ['one', 'two'].map((message) => ({ timestamp: Date.now(), message }));
  await bed.aws('logs', 'PutLogEvents', { logGroupName: 'g', logStreamName: 's', logEvents });
  const { lines } = await bed.get('logs/lines', { group: 'g', pattern: 'two' });
  expect(lines).toMatchObject([{ stream: 's', message: 'two' }]);
  expect(await bed.get('alarms')).toEqual({ alarms: [] });
});

test('the feed tells what changed something, and a page that is late how much it missed', async () => {
  const { next } = await bed.get('feed');
  await bed.get('queues/send', { queue: 'other', body: 'x'.repeat(1_000) });
  const news = await bed.get('feed', { after: next });
  expect(news.calls).toMatchObject([{ caller: 'console', effects: [{ kind: 'message', change: 'sent' }] }]);
  expect(news.calls[0].effects[0].body).toHaveLength(300);
  for (let sent = 0; sent < 1_000; sent++) {
    const entry = bed.emulator.engine.calls!.own('sqs', 'SendMessage', '000000000000', 'us-east-1');
    const input = { QueueUrl: 'other', MessageBody: String(sent) };
    await bed.emulator.engine.call({
      account: '000000000000',
      region: 'us-east-1',
      service: 'sqs',
      operation: 'SendMessage',
      input,
      log: entry,
    });
    bed.emulator.engine.calls!.add(entry);
  }
  const late = await bed.get('feed', { after: news.next });
  expect(late.calls).toHaveLength(300);
  expect(late.skipped).toBe(700);
  expect(late.calls.at(-1).effects[0].body).toBe('999');
});

test('after a loaded snapshot the feed has only what still counts, to be shown in place of the rest', async () => {
  await bed.get('queues/send', { queue: 'other', body: 'kept' });
  await bed.get('snapshots/save', { name: 'mark' });
  const { next } = await bed.get('feed');
  await bed.get('queues/send', { queue: 'other', body: 'undone' });
  const bodies = ({ calls }: { calls: { effects: { body?: string }[] }[] }) =>
    calls.flatMap(({ effects }) => effects.map(({ body }) => body));
  const before = await bed.get('feed', { after: next });
  expect([before.again, bodies(before)]).toEqual([false, ['undone']]);
  await bed.get('snapshots/load', { name: 'mark' });
  const after = await bed.get('feed', { after: before.next });
  expect(after.again).toBe(true);
  expect(bodies(after)).toContain('kept');
  expect(bodies(after)).not.toContain('undone');
  expect(bodies(await bed.get('feed'))).not.toContain('undone');
  await bed.get('snapshots/delete', { name: 'mark' });
});

test('snapshots are kept, compared and brought back; faults and the clock are turned', async () => {
  await bed.get('snapshots/save', { name: 'before' });
  await bed.get('queues/send', { queue: 'other', body: 'later' });
  expect((await bed.get('snapshots/difference', { name: 'before' })).totals).not.toEqual([]);
  await bed.get('snapshots/load', { name: 'before' });
  expect((await bed.get('snapshots/difference', { name: 'before' })).totals).toEqual([]);
  await bed.get('snapshots/delete', { name: 'before' });
  expect((await bed.get('snapshots')).snapshots).toEqual([]);
  await bed.get('faults/add', { rule: 'sqs:DeleteMessage drop 1' });
  expect((await bed.get('faults')).faults).toMatchObject([{ rule: 'sqs:DeleteMessage drop 1', struck: 0 }]);
  expect((await bed.ask('faults/add', { rule: 'nonsense' })).body.error.code).toBe('invalid_input');
  await bed.get('faults/clear');
  await bed.get('clock/freeze');
  expect((await bed.get('clock/advance', { ms: 1_000 })).clock.frozen).toBe(true);
  expect((await bed.get('clock/resume')).clock.frozen).toBe(false);
});

test.each([
  ['queues/send', { queue: 1, body: 'x' }, 'queue must be a text'],
  ['queues/messages', { queue: 'jobs', state: 'all' }, 'state must be one of ready, in-flight, delayed'],
  ['clock/advance', { ms: -1 }, 'ms must be a whole number from 0 to'],
  ['tables/put', { table: 'orders', item: [] }, 'item must be an object'],
  ['call', {}, 'seq must be a number'],
])('%s with %j is refused in words', async (path, input, message) => {
  const { status, body } = await bed.ask(path, input);
  expect(status).toBe(400);
  expect(body.error.message).toContain(message);
});
