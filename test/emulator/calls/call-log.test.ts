import { describe, expect, test } from 'vitest';
import { callerNames } from '../../../src/emulator/calls/caller.ts';
import { jobsAndOrders } from '../../support/programs.ts';
import { callWorld, NOON } from './world.ts';

describe('callers', () => {
  const nameOf = callerNames();
  test.each([
    [
      'the name that AWS_SDK_UA_APP_ID puts into the user agent',
      'Boto3/1.40 md/x app/billing cfg/y',
      'test',
      'billing',
    ],
    ['a name that Powertools appended to', 'aws-sdk-js/3.9 app/billing-PT-IDEMPOTENCY-2', 'test', 'billing'],
    ['an access key id of its own', 'Boto3/1.40', 'billing-key', 'billing-key'],
    ['a key of AWS, of which the middle is not shown', 'Boto3/1.40', 'AKIAIOSFODNN7EXAMPLE', 'AKIA…MPLE'],
    ['the product, where the key is anybody’s', 'Boto3/1.40 md/x', 'test', 'boto3'],
    ['an account id as key', 'aws-cli/2.0', '111122223333', 'aws-cli'],
    ['nothing', undefined, undefined, 'unnamed'],
    ['the SDK for JavaScript', 'aws-sdk-js/3.9 ua/2.1 app/billing', 'test', 'billing'],
    ['escape sequences are no name', 'app/\u001b[31mred', undefined, 'app'],
  ])('%s', (_what, userAgent, key, name) => {
    expect(nameOf(userAgent, key)).toBe(name);
  });
});

describe('records', () => {
  test('a call has its caller, resources, outcome, effects old and new, input and answer', async () => {
    const world = callWorld();
    await jobsAndOrders(world);
    const shop = world.program('shop');
    await shop.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-1' }, state: { S: 'new' } } });
    await shop.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-1' }, state: { S: 'paid' } } });
    const { calls } = (await world.get('?caller=shop')).body;
    expect(calls).toHaveLength(2);
    expect(calls[1]).toMatchObject({
      at_ms: NOON,
      caller: 'shop',
      service: 'dynamodb',
      operation: 'PutItem',
      resources: ['table/orders'],
      outcome: 'ok',
      effects: [
        {
          kind: 'item',
          table: 'orders',
          key: 'o-1',
          before: { id: { S: 'o-1' }, state: { S: 'new' } },
          after: { id: { S: 'o-1' }, state: { S: 'paid' } },
        },
      ],
    });
    const { call } = (await world.get(`/${calls[1].seq}`)).body;
    expect(call.input).toEqual({ TableName: 'orders', Item: { id: { S: 'o-1' }, state: { S: 'paid' } } });
    expect(call.answer).toEqual({});
  });

  test('of S3 the input as it was read, without the content of the object', async () => {
    const world = callWorld();
    const shop = world.program('shop', { 'x-amz-meta-who': 'ada', 'x-amz-tagging': 'a=1' });
    await shop.s3('PUT', '/receipts');
    await shop.s3('PUT', '/receipts/say%20%22hi%22.txt', 'content');
    const keys = '<Object><Key>a</Key></Object><Object><Key>b&lt;</Key></Object>';
    await shop.s3('POST', '/receipts?delete', `<Delete>${keys}</Delete>`);
    const { calls } = (await world.get('?caller=shop&whole=1')).body;
    expect(calls.slice(1).map(({ input }: any) => input)).toEqual([
      {
        ...{ Bucket: 'receipts', Key: 'say "hi".txt', Metadata: { who: 'ada' }, Tagging: 'a=1' },
        $contentBytes: 7,
      },
      { Bucket: 'receipts', Delete: { Objects: [{ Key: 'a' }, { Key: 'b<' }] } },
    ]);
    const numbersOf = async (query: string) => (await world.get(query)).body.calls.map(({ seq }: any) => seq);
    expect(await numbersOf('?text=say%20%22hi%22')).toEqual([2]);
    expect(await numbersOf('?text=b%3c')).toEqual([3]);
    expect(await numbersOf('?resource=bucket/receipts/say%20%22hi%22.txt')).toEqual([2]);
  });

  test('a refused call has its code, a fault the rule that struck', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    await world.program('shop').sqs('DeleteQueue', { QueueUrl: `${url}-none` });
    await world.emulator.handle({
      method: 'POST',
      url: '/_cliffracer/faults',
      headers: { host: '127.0.0.1:4566' },
      body: Buffer.from(JSON.stringify({ rule: 'sqs:SendMessage throttle 1' })),
    });
    await world.program('shop').sqs('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    const { calls } = (await world.get('?failed=1')).body;
    expect(calls.map(({ outcome, fault }: any) => [outcome, fault?.rule])).toEqual([
      ['QueueDoesNotExist', undefined],
      ['RequestThrottled', 'sqs:SendMessage throttle 1'],
    ]);
  });

  test('what becomes of a published message stands with each subscription', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    const shop = world.program('shop');
    const topic = /<TopicArn>(.*)<\/TopicArn>/.exec(await shop.sns('CreateTopic', { Name: 'news' }))![1]!;
    const queue = 'arn:aws:sqs:us-east-1:000000000000:jobs';
    await shop.sns('Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint: queue });
    await shop.sns('Publish', { TopicArn: topic, Message: 'one' });
    const policy = {
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: queue }],
    };
    await shop.sqs('SetQueueAttributes', { QueueUrl: url, Attributes: { Policy: JSON.stringify(policy) } });
    await shop.sns('Publish', { TopicArn: topic, Message: 'two' });
    const arn = (await world.get('?operation=Publish')).body.calls[0].effects[0].deliveries[0].subscription;
    await shop.sns('SetSubscriptionAttributes', {
      SubscriptionArn: arn,
      AttributeName: 'FilterPolicy',
      AttributeValue: '{"kind":["order"],"size":[{"numeric":[">",3]}]}',
    });
    await shop.sns('Publish', {
      TopicArn: topic,
      Message: 'three',
      'MessageAttributes.entry.1.Name': 'kind',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'order',
    });
    const { calls } = (await world.get('?operation=publish')).body;
    const outcomes = calls.map(({ effects }: any) => effects[0].deliveries[0]);
    expect(outcomes.map(({ outcome }: any) => outcome)).toEqual(['refused', 'delivered', 'filtered']);
    expect(outcomes[0].code).toBe('AccessDenied');
    expect(outcomes[2].unmatched).toEqual(['size: [{"numeric":[">",3]}], but the message has none']);
  });

  test('timers are entries of the engine', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    const worker = world.program('worker');
    await worker.sqs('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    await worker.sqs('ReceiveMessage', { QueueUrl: url });
    world.emulator.engine.advanceTo(NOON + 30_000);
    const { calls } = (await world.get('?caller=engine')).body;
    expect(calls).toMatchObject([
      { service: 'sqs', operation: 'visibility', at_ms: NOON + 30_000, effects: [{ change: 'visible', receives: 1 }] },
    ]);
  });
});

describe('attribution', () => {
  async function received(count: number, bodies = ['{"order":"o-00001"}', '{"order":"o-00002"}']) {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    for (const MessageBody of bodies)
      await world.program('producer').sqs('SendMessage', { QueueUrl: url, MessageBody });
    const worker = world.program('worker');
    const { Messages } = await worker.sqs('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: count });
    return { world, url, worker, messages: Messages as { MessageId: string; ReceiptHandle: string }[] };
  }
  const last = async (world: Awaited<ReturnType<typeof received>>['world']) =>
    (await world.get('?last=1&limit=1')).body.calls[0];

  test('the only message in hand', async () => {
    const { world, worker, messages } = await received(1);
    await worker.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'any' } } });
    expect(await last(world)).toMatchObject({
      certainty: 'exact',
      deliveries: [{ message_id: messages[0]!.MessageId }],
    });
  });

  test('of two in hand, the one whose message alone shares an id with the call', async () => {
    const { world, worker, messages } = await received(2);
    await worker.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-00002' } } });
    expect(await last(world)).toMatchObject({
      certainty: 'content',
      deliveries: [{ message_id: messages[1]!.MessageId }],
    });
    await worker.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'neither' } } });
    expect(await last(world)).toMatchObject({ certainty: 'one_of', deliveries: [{}, {}] });
  });

  test('a receipt handle names its delivery, and another caller has none in hand', async () => {
    const { world, url, worker, messages } = await received(2);
    await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: messages[0]!.ReceiptHandle });
    expect(await last(world)).toMatchObject({
      certainty: 'exact',
      deliveries: [{ message_id: messages[0]!.MessageId, end: 'deleted' }],
    });
    await world.program('other').dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'x' } } });
    expect(await last(world)).toMatchObject({ certainty: null, deliveries: [] });
  });

  test('a trace header, whoever calls', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    const trace = { 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793' };
    await world.program('producer', trace).sqs('SendMessage', { QueueUrl: url, MessageBody: 'a' });
    await world.program('producer').sqs('SendMessage', { QueueUrl: url, MessageBody: 'b' });
    const { Messages } = await world
      .program('poller')
      .sqs('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10 });
    await world.program('handler', trace).dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'x' } } });
    expect(await last(world)).toMatchObject({
      certainty: 'exact',
      deliveries: [{ message_id: Messages[0].MessageId }],
    });
  });

  test('a receive that bears a trace takes its messages into it: batches of one caller are told apart', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    const header = (root: string) => ({
      'x-amzn-trace-id': `Root=1-5759e988-${root};Parent=53995c3f42cd8ad8;Sampled=0`,
    });
    const ids: string[] = [];
    for (const root of ['a'.repeat(24), 'b'.repeat(24)]) {
      // A trace that the message itself bears is another one.
      await world.program('producer', header('c'.repeat(24))).sqs('SendMessage', { QueueUrl: url, MessageBody: root });
      const { Messages } = await world.program('function', header(root)).sqs('ReceiveMessage', { QueueUrl: url });
      ids.push(Messages[0].MessageId);
    }
    const handler = world.program('function', header('a'.repeat(24)));
    await handler.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'x' } } });
    expect(await last(world)).toMatchObject({ certainty: 'exact', deliveries: [{ message_id: ids[0] }] });
  });

  test('after its visibility timeout a message stays in hand until its caller receives again', async () => {
    const { world, url, worker, messages } = await received(1);
    world.emulator.engine.advanceTo(NOON + 30_000);
    await worker.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'late' } } });
    expect(await last(world)).toMatchObject({ deliveries: [{ message_id: messages[0]!.MessageId, end: 'expired' }] });
    await worker.sqs('ReceiveMessage', { QueueUrl: url });
    expect((await world.get('/deliveries')).body.deliveries).toMatchObject([{ attempt: 2, caller: 'worker' }]);
  });
});

describe('connected', () => {
  test('from any call of a chain up to its first cause and down to every effect', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    const setup = world.program('setup');
    const { QueueUrl: next } = await setup.sqs('CreateQueue', { QueueName: 'next' });
    await world.program('producer').sqs('SendMessage', { QueueUrl: url, MessageBody: 'first' });
    await world.program('producer').sqs('SendMessage', { QueueUrl: url, MessageBody: 'unrelated' });
    const worker = world.program('worker');
    const { Messages } = await worker.sqs('ReceiveMessage', { QueueUrl: url });
    await worker.sqs('SendMessage', { QueueUrl: next, MessageBody: 'second' });
    await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[0].ReceiptHandle });
    await world.program('writer').sqs('ReceiveMessage', { QueueUrl: next });
    await world.program('writer').dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-9' } } });
    const { body } = await world.get(`/connected?of=${encodeURIComponent('orders/o-9')}`);
    expect(body.named).toBe('item');
    expect(body.calls.map(({ caller, operation }: any) => `${caller} ${operation}`)).toEqual([
      'producer SendMessage',
      'worker ReceiveMessage',
      'worker SendMessage',
      'worker DeleteMessage',
      'writer ReceiveMessage',
      'writer PutItem',
    ]);
    const sent = body.calls[2].effects[0].message_id;
    expect((await world.get(`/connected?of=${sent}`)).body.calls).toHaveLength(6);
    expect((await world.get('/connected?of=nowhere')).body).toMatchObject({ named: null, calls: [] });
  });
});

describe('the cursor', () => {
  test('goes on where it was, and says what was dropped', async () => {
    const world = callWorld({ calls: { count: 3, bytes: 1_000_000 } });
    const url = await jobsAndOrders(world);
    const first = (await world.get('?limit=1')).body;
    expect(first).toMatchObject({ next: 1, dropped: 0, calls: [{ seq: 1 }] });
    const shop = world.program('shop');
    for (let count = 0; count < 5; count++) await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    expect((await world.get('?after=1')).body).toMatchObject({ next: 7, first: 5, dropped: 3 });
    expect((await world.get('/2')).body.error.message).toBe('call 2 is no longer kept: the log begins at 5');
  });

  test('waits for the next call that is asked for', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    const waiting = world.get('?after=now&wait=30000&operation=SendMessage');
    const shop = world.program('shop');
    await shop.sqs('GetQueueAttributes', { QueueUrl: url });
    await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    expect((await waiting).body.calls).toMatchObject([{ operation: 'SendMessage' }]);
  });

  test('bytes are bounded too, and what was overwritten is gone with its call', async () => {
    const world = callWorld({ calls: { count: 1000, bytes: 40_000 } });
    const url = await jobsAndOrders(world);
    const MessageBody = 'y'.repeat(3000);
    for (let count = 0; count < 20; count++)
      await world.program('shop').sqs('SendMessage', { QueueUrl: url, MessageBody });
    const { calls } = (await world.get('?whole=1')).body;
    expect(calls.length).toBeLessThan(14);
    for (const { input } of calls) expect(input.MessageBody).toBe(MessageBody);
  });

  test.each([0, 1, 100, 5000])('a log of %i bytes takes calls of any size', async (bytes) => {
    const world = callWorld({ calls: { count: 10, bytes } });
    const url = await jobsAndOrders(world);
    const MessageBody = 'ü'.repeat(20_000);
    const sender = world.program('shop', { 'amz-sdk-invocation-id': 'x'.repeat(300) });
    expect(await sender.sqs('SendMessage', { QueueUrl: url, MessageBody })).toHaveProperty('MessageId');
    expect((await world.program('shop').sqs('ReceiveMessage', { QueueUrl: url })).Messages).toHaveLength(1);
    expect((await world.program('shop').s3('PUT', `/bucket?${'x'.repeat(9000)}`)).status).toBeLessThan(500);
    expect((await world.get('?last=1&limit=1')).body.calls).toHaveLength(1);
  });

  test.each([
    ['documents', 'DeleteObjects'],
    ['bodies of messages that are gone', 'DeleteMessage'],
    ['what became of a message for each subscription', 'Publish'],
  ])('a small log does not keep many of %s', async (_, operation) => {
    const world = callWorld({ calls: { count: 1000, bytes: 30_000 } });
    const url = await jobsAndOrders(world);
    const program = world.program('shop');
    const rounds = 30;
    const ARN = 'arn:aws:sns:us-east-1:000000000000:events';
    await program.s3('PUT', '/receipts');
    await program.sns('CreateTopic', { Name: 'events' });
    for (let count = 0; count < 50; count++) {
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:none-${count}`;
      await program.sns('Subscribe', { TopicArn: ARN, Protocol: 'sqs', Endpoint });
    }
    const handles: string[] = [];
    for (let count = 0; count < rounds; count++) {
      await program.sqs('SendMessage', { QueueUrl: url, MessageBody: 'y'.repeat(5000) });
      handles.push((await program.sqs('ReceiveMessage', { QueueUrl: url })).Messages[0].ReceiptHandle);
    }
    const keys = Array.from({ length: 100 }, (_each, index) => `<Object><Key>key-${index}</Key></Object>`).join('');
    for (const ReceiptHandle of handles) {
      if (operation === 'DeleteMessage') await program.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle });
      else if (operation === 'Publish') await program.sns('Publish', { TopicArn: ARN, Message: 'x' });
      else await program.s3('POST', '/receipts?delete', `<Delete>${keys}</Delete>`);
    }
    const { calls } = (await world.get(`?operation=${operation}`)).body;
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThan(rounds / 2);
  });

  test('a loaded snapshot and a reset are entries, and what they undid is left out of the present', async () => {
    const world = callWorld();
    const url = await jobsAndOrders(world);
    const { MessageId } = await world.program('shop').sqs('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    const post = (path: string) =>
      world.emulator.handle({
        method: 'POST',
        url: `/_cliffracer${path}`,
        headers: { host: '127.0.0.1:4566' },
        body: Buffer.alloc(0),
      });
    await post('/snapshots/before');
    const later = await world.program('shop').sqs('SendMessage', { QueueUrl: url, MessageBody: 'y' });
    await post('/snapshots/before/load');
    const load = { change: 'snapshot_loaded', name: 'before' };
    expect((await world.get('?operation=SendMessage')).body.calls).toMatchObject([
      { undone_by: null },
      { undone_by: load },
    ]);
    const present = (await world.get('?operation=SendMessage&present=1&last=1')).body;
    expect(present).toMatchObject({ calls: [{ undone_by: null }], undone: { calls: 1, by: load } });
    expect((await world.get(`/connected?of=${MessageId}`)).body).toMatchObject({ calls: [{}], undone: null });
    const gone = { named: null, calls: [], undone: { calls: 1, by: load } };
    expect((await world.get(`/connected?of=${later.MessageId}`)).body).toMatchObject(gone);
    expect((await world.get('/messages')).body.messages).toMatchObject([{ message_id: MessageId }]);
    await post('/reset');
    expect((await world.get('?caller=engine')).body.calls).toMatchObject([
      { operation: 'LoadSnapshot', effects: [{ change: 'snapshot_loaded', name: 'before' }] },
      { operation: 'Reset' },
    ]);
    const reset = { calls: [], undone: { calls: 1, by: { change: 'reset' } } };
    expect((await world.get(`/connected?of=${MessageId}`)).body).toMatchObject(reset);
  });

  test.each([
    ['?after=x', 'after must be the number of a call, or now'],
    ['?limit=0', 'limit must be a whole number from 1 to 10000'],
    ['?since=yesterday', 'since must be milliseconds since the epoch'],
    ['/connected', 'of must name a message, TABLE/KEY, BUCKET/KEY or a text in a message'],
  ])('%s is refused', async (path, message) => {
    expect((await callWorld().get(path)).body.error).toEqual({ code: 'invalid_request', message });
  });

  test('an engine without a log says so', async () => {
    expect((await callWorld({ calls: false }).get('')).body.error.code).toBe('unsupported');
  });
});
