import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConsumerEngine, engineForConsumers } from '../support/consumer.ts';
import { Session } from '../support/session.ts';

let session: Session;
let engine: ConsumerEngine;
beforeEach(async () => {
  session = new Session();
  engine = await engineForConsumers();
});
afterEach(async () => {
  await engine.close();
  await session.close();
});

const run = (line: string, options: Parameters<Session['run']>[1] = {}) =>
  session.run(line, { ...options, env: { AWS_ENDPOINT_URL: engine.endpoint, ...options.env } });

/** Puts the order down as paid, however often. */
const pay = async ({ Body = '' }: { Body?: string | undefined }, { dynamodb }: { dynamodb: DynamoDBClient }) => {
  const { id } = JSON.parse(Body);
  const Key = { id: { S: id } };
  await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key }));
  await dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName: 'orders', Key, UpdateExpression: 'SET #s = :paid ADD times :one' },
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':one': { N: '1' } },
    }),
  );
};

async function ordered(attributes: Record<string, string> = {}): Promise<string> {
  const jobs = await engine.world('jobs', attributes);
  const Item = { id: { S: 'o-1' }, state: { S: 'new' } };
  await engine.call('dynamodb', 'PutItem', { TableName: 'orders', Item });
  await engine.call('sqs', 'SendMessage', { QueueUrl: jobs, MessageBody: '{"id":"o-1"}' });
  return jobs;
}

describe('step', () => {
  it('gives one message to whoever polls, and shows what it changed, sent and cost', async () => {
    const jobs = await ordered();
    await engine.call('sqs', 'SendMessage', { QueueUrl: jobs, MessageBody: '{"id":"o-2"}' });
    const { QueueUrl: next } = await engine.call('sqs', 'CreateQueue', { QueueName: 'next' });
    await run('queue hold jobs');
    engine.consume(jobs, 'billing', async (message, clients) => {
      await pay(message, clients);
      const QueueUrl = next.replace(/^http:\/\/[^/]+/, engine.endpoint);
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'paid' }));
    });
    const { code, stdout, stderr } = await run('step jobs --json');
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      ...{ queue: 'jobs', edited: false, snapshot: 'before-step', newly_held: ['next'], failed_call: null },
      deliveries: [
        {
          ...{ attempt: 1, caller: 'billing', outcome: 'acknowledged' },
          items: [
            {
              ...{ table: 'orders', key: 'o-1' },
              changes: [
                { attribute: 'state', before: 'new', after: 'paid' },
                { attribute: 'times', after: 1 },
              ],
            },
          ],
          sent: [{ queue: 'next', body: 'paid' }],
          published: [],
        },
      ],
    });
    const operations = report.deliveries[0].calls.map(({ operation }: { operation: string }) => operation);
    expect(operations).toEqual(['GetItem', 'UpdateItem', 'SendMessage', 'DeleteMessage']);
    const { queues } = (await run('queue list --json')).json();
    expect(queues).toMatchObject([
      { queue: 'jobs', held: 1, consumers: [{ caller: 'billing', received: 1 }] },
      { queue: 'next', held: 1 },
    ]);
    const second = await run('step');
    expect(second.stdout).toMatch(
      /^jobs {2}[0-9a-f-]{36}\n {2}billing, attempt 1: acknowledged \(4 calls, .*\)\n {4}orders\/o-2 new: id "o-2", state "paid", times 1\n {4}next [0-9a-f]{8} sent\n\nUndo: cliffracer snapshot load before-step\n$/,
    );
  });

  it('is undone by loading the snapshot, after which the message is held as before', async () => {
    const jobs = await ordered();
    await run('queue hold jobs');
    engine.consume(jobs, 'billing', pay);
    await run('step jobs');
    await run('snapshot load before-step');
    const { queues } = (await run('queue list --json')).json();
    expect(queues).toMatchObject([{ queue: 'jobs', held: 1 }]);
    expect((await run('step jobs --json')).json().deliveries).toMatchObject([{ attempt: 1, outcome: 'acknowledged' }]);
  });

  it('shows what is changed by a consumer whose other process has left a message unanswered', async () => {
    const jobs = await ordered();
    const QueueUrl = jobs.replace(/^http:\/\/[^/]+/, engine.endpoint);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const dead = new SQSClient({
      endpoint: engine.endpoint,
      region: 'us-east-1',
      credentials,
      userAgentAppId: 'counter',
    });
    await dead.send(new ReceiveMessageCommand({ QueueUrl }));
    dead.destroy();
    await run('queue hold jobs');
    await engine.call('sqs', 'SendMessage', { QueueUrl: jobs, MessageBody: 'count' });
    engine.consume(jobs, 'counter', (_, { dynamodb }) =>
      dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: 'total' } } })),
    );
    const { deliveries } = (await run('step jobs --json')).json();
    expect(deliveries).toMatchObject([{ outcome: 'acknowledged', items: [{ table: 'orders', key: 'total' }] }]);
  });

  it('shows also what a consumer does after it has deleted the message', async () => {
    const jobs = await ordered();
    await run('queue hold jobs');
    engine.consume(jobs, 'hasty', async (message, clients) => {
      const QueueUrl = jobs.replace(/^http:\/\/[^/]+/, engine.endpoint);
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      await pay(message, clients);
    });
    const { stdout } = await run('step jobs');
    expect(stdout).toContain('hasty, attempt 1: acknowledged');
    expect(stdout).toContain('orders/o-1 state "new" -> "paid"');
  });

  it('--twice shows what the second delivery changed, apart', async () => {
    const jobs = await ordered();
    await run('queue hold jobs');
    engine.consume(jobs, 'billing', pay);
    const { code, stdout } = await run('step jobs --twice --json');
    expect(code).toBe(0);
    const { deliveries } = JSON.parse(stdout);
    expect(deliveries).toMatchObject([
      { attempt: 1, outcome: 'acknowledged', items: [{ changes: [{ attribute: 'state' }, { attribute: 'times' }] }] },
      {
        ...{ attempt: 2, outcome: 'acknowledged' },
        items: [{ changes: [{ attribute: 'times', before: 1, after: 2 }] }],
      },
    ]);
    expect((await run('queue list --json')).json().queues).toMatchObject([{ ready: 0, in_flight: 0 }]);
  });

  it('--fail-call makes one call fail, once; the delivery that failed is exit code 1', async () => {
    const jobs = await ordered();
    await run('queue hold jobs');
    engine.consume(jobs, 'billing', pay);
    const failed = await run('step jobs --fail-call 2 --json');
    expect(failed.code).toBe(1);
    expect(failed.json()).toMatchObject({
      failed_call: { number: 2, struck: true },
      deliveries: [
        {
          ...{ outcome: 'returned', items: [] },
          calls: [
            { operation: 'GetItem', outcome: 'ok' },
            { operation: 'UpdateItem', outcome: 'AccessDenied', fault: { rule: 'error AccessDenied 1' } },
            { operation: 'ChangeMessageVisibility', outcome: 'ok' },
          ],
        },
      ],
    });
    expect((await run('fault list --json')).json().faults).toEqual([]);
    const again = await run('step jobs --fail-call 9');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Call 9 never came')]);
  });

  it('--edit gives the message another body first', async () => {
    const jobs = await ordered();
    const file = join(session.home, 'body.json');
    writeFileSync(file, '{"id":"edited"}');
    await run('queue hold jobs');
    engine.consume(jobs, 'billing', pay);
    const report = (await run(`step --edit ${file} --json`)).json();
    expect(report).toMatchObject({ edited: true, deliveries: [{ items: [{ key: 'edited' }] }] });
  });

  it('a message by the beginning of its id', async () => {
    const jobs = await engine.world('jobs');
    await engine.call('sqs', 'SendMessage', { QueueUrl: jobs, MessageBody: '{"id":"a"}' });
    await run(`queue send jobs --set id=b`);
    await run('queue hold jobs');
    const sent = (await run('queue peek jobs --json')).json().messages[1].message_id;
    engine.consume(jobs, 'billing', pay);
    const report = (await run(`step --message ${sent.slice(0, 8)} --json`)).json();
    expect(report).toMatchObject({ message_id: sent, deliveries: [{ items: [{ key: 'b' }] }] });
  });

  it('a visibility timeout that ends is the end of the delivery', async () => {
    const jobs = await ordered({ VisibilityTimeout: '5' });
    await run('queue hold jobs');
    let wake = () => {};
    const slept = new Promise<void>((resolve) => {
      wake = resolve;
    });
    engine.emulator.engine.freeze();
    engine.consume(jobs, 'billing', async () => {
      setImmediate(() => engine.emulator.engine.advanceTo(engine.emulator.engine.clock.now() + 5_000));
      await slept;
    });
    const { code, stdout } = await run('step jobs');
    wake();
    expect([code, stdout]).toEqual([1, expect.stringContaining('not answered in time: it is held again')]);
  });

  it('a message received too often goes to the dead-letter queue', async () => {
    const { QueueArn: deadLetterTargetArn } = (
      await engine.call('sqs', 'GetQueueAttributes', {
        QueueUrl: (await engine.call('sqs', 'CreateQueue', { QueueName: 'dead' })).QueueUrl,
        AttributeNames: ['QueueArn'],
      })
    ).Attributes;
    const jobs = await ordered({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }) });
    await run('queue hold jobs');
    engine.consume(jobs, 'billing', async () => {
      throw new Error('no');
    });
    expect((await run('step jobs --json')).json().deliveries).toMatchObject([{ outcome: 'returned' }]);
    const second = await run('step jobs');
    expect([second.code, second.stdout]).toEqual([1, expect.stringContaining('\n  dead-lettered\n')]);
    expect((await run('queue list --json')).json().queues).toMatchObject([
      { queue: 'dead', ready: 1, hold: null },
      { queue: 'jobs', ready: 0 },
    ]);
  });

  it('6 when nobody takes it; then it is held as before', async () => {
    await ordered();
    const { code, stderr } = await run('step jobs --timeout 0.05');
    expect(code).toBe(6);
    expect(stderr).toContain('of jobs within 0.05 s (no consumer was seen); it is held again');
    expect(stderr).toContain('try: start its consumer: cliffracer exec -- COMMAND');
    expect((await run('queue list --json')).json().queues).toMatchObject([{ held: 1 }]);
  });

  it.each([
    ['step', 1, 'no message waits in any queue'],
    ['step jobs', 1, 'no message waits in jobs'],
    ['step nothing', 1, 'there is no queue "nothing"'],
    ['step --message none', 1, 'no message "none" lies in any queue'],
    ['step jobs --edit /nowhere', 2, '"/nowhere" cannot be read'],
    ['step jobs --fail-call 0', 2, 'It must be a whole number'],
  ])('%s is refused', async (line, code, message) => {
    await engine.world('jobs');
    const outcome = await run(line);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect((await run('queue list --json')).json().queues).toMatchObject([{ hold: null }]);
  });

  it('a message that a consumer has already is told of, and its queue is left as it was', async () => {
    const QueueUrl = await ordered();
    await engine.call('sqs', 'ReceiveMessage', { QueueUrl });
    expect(await run('step jobs')).toMatchObject({
      code: 1,
      stderr:
        'error: no message waits in jobs (1 in flight); hold a queue before you send to it\ntry: cliffracer queue hold jobs\n',
    });
    expect((await run('queue list --json')).json().queues).toMatchObject([{ hold: null }]);
  });
});

describe('replay', () => {
  it('sends a message that was handled long ago, as a copy with its attributes', async () => {
    const jobs = await engine.world('jobs');
    await run('queue send jobs --set id=o-1 --attribute kind=test');
    const taken = await engine.call('sqs', 'ReceiveMessage', { QueueUrl: jobs });
    const [{ MessageId: first, ReceiptHandle }] = taken.Messages;
    await engine.call('sqs', 'DeleteMessage', { QueueUrl: jobs, ReceiptHandle });
    const { code, stdout } = await run(`replay ${first.slice(0, 8)} --json`);
    const copy = JSON.parse(stdout);
    expect([code, copy]).toMatchObject([
      0,
      { queue: 'jobs', edited: false, origin: { message_id: first, sent_by: 'cliffracer' } },
    ]);
    const { messages } = (await run('queue peek jobs --json')).json();
    expect((await run('replay @last --json')).json().origin.message_id).toBe(copy.message_id);
    expect(messages).toMatchObject([
      { message_id: copy.message_id, body: '{"id":"o-1"}', attributes: [{ name: 'kind', value: 'test' }] },
    ]);
    expect(copy.message_id).not.toBe(first);
  });

  it('takes another body, and says when the log has no such message', async () => {
    await engine.world('b.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const sent = (await run('queue send b.fifo --body first --group g --json')).json().message_id;
    const file = join(session.home, 'body.txt');
    writeFileSync(file, 'second');
    expect((await run(`replay ${sent} --edit ${file}`)).stdout).toMatch(
      /^Sent .* to b\.fifo: a copy of .*, edited\.\n$/,
    );
    await run(`replay ${sent}`);
    const { messages } = (await run('queue peek b.fifo --json')).json();
    expect(messages.map(({ body }: { body: string }) => body)).toEqual(['first', 'second', 'first']);
    const unknown = await run('replay nothing');
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('the call log has no message "nothing"'),
    ]);
  });
});

it('a put of an item that was not there is told as new', async () => {
  const jobs = await ordered();
  await run('queue hold jobs');
  const put = async (_message: object, { dynamodb }: { dynamodb: DynamoDBClient; sqs: SQSClient }) =>
    dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: 'p' }, camelCase: { S: 'kept' } } }));
  engine.consume(jobs, 'billing', put);
  const [{ items }] = (await run('step jobs --json')).json().deliveries;
  expect(items).toMatchObject([{ before: null, after: { camelCase: { S: 'kept' } } }]);
});
