import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ConsumerEngine, engineForConsumers } from '../support/consumer.ts';
import { Session } from '../support/session.ts';

let session: Session;
let engine: ConsumerEngine;
let jobs: string;

/** A queue whose messages are dead letters after one delivery, and one of them. */
beforeEach(async () => {
  session = new Session();
  engine = await engineForConsumers();
  await engine.call('sqs', 'CreateQueue', { QueueName: 'dead' });
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  jobs = await engine.world('jobs', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }) });
  await engine.call('dynamodb', 'PutItem', { TableName: 'orders', Item: { id: { S: 'o-1' }, state: { S: 'new' } } });
});
afterEach(async () => {
  await engine.close();
  await session.close();
});

const run = (line: string, options: Parameters<Session['run']>[1] = {}) =>
  session.run(line, { ...options, env: { AWS_ENDPOINT_URL: engine.endpoint } });
const json = async (line: string) => (await run(`${line} --json`)).json();

async function deadLetter(body: string): Promise<string> {
  const { MessageId } = await engine.call('sqs', 'SendMessage', { QueueUrl: jobs, MessageBody: body });
  const receive = () => engine.call('sqs', 'ReceiveMessage', { QueueUrl: jobs, VisibilityTimeout: 0 });
  await receive();
  await receive();
  return MessageId;
}

const pay = async ({ Body = '' }: { Body?: string | undefined }, { dynamodb }: Parameters<Handler>[1]) => {
  const { id, state = 'paid' } = JSON.parse(Body);
  await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: id }, state: { S: state } } }));
};
type Handler = Parameters<ConsumerEngine['consume']>[2];

/** Everything that could have remained of it. */
async function world(): Promise<unknown> {
  const { queues } = await json('queue list');
  const { Items } = await engine.call('dynamodb', 'Scan', { TableName: 'orders' });
  const { messages } = await json('dlq show jobs');
  const { snapshots } = await json('snapshot list');
  const depths = queues.map(({ queue, ready, in_flight, hold }: Record<string, unknown>) => ({
    ...{ queue, ready, in_flight, hold },
  }));
  return { depths, Items, messages, snapshots };
}

test('the consumer handles it, the difference is shown, and nothing of it remains', async () => {
  const id = await deadLetter('{"id":"o-1"}');
  await run('queue send dead --body other');
  const before = await world();
  engine.consume(jobs, 'billing', pay);
  const { code, stdout } = await run(`dlq try ${id} --json`);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      ...{ message_id: id, dead_letter_queue: 'dead', queue: 'jobs', passed_over: [] },
      delivery: {
        ...{ caller: 'billing', attempt: 1, outcome: 'acknowledged' },
        items: [{ table: 'orders', key: 'o-1', changes: [{ attribute: 'state', before: 'new', after: 'paid' }] }],
      },
    },
  ]);
  expect(await world()).toEqual(before);
  const text = (await run(`dlq try ${id}`)).stdout;
  expect(text).toMatch(
    /^dead {2}[0-9a-f-]{36} {2}from jobs\n {2}billing, attempt 1: acknowledged \(2 calls, .*\)\n {4}orders\/o-1 state "new" -> "paid"\n\nNothing of it remains/,
  );
  expect(text).toContain(`Move it: cliffracer dlq redrive dead --where 'message_id = ${id}'`);
});

test('1 when it fails again', async () => {
  const id = await deadLetter('no JSON');
  engine.consume(jobs, 'billing', pay);
  const { code, stdout } = await run(`dlq try ${id}`);
  expect([code, stdout]).toEqual([1, expect.stringContaining('failed again: it gave the message back')]);
  expect((await json('dlq show jobs')).messages).toMatchObject([{ message_id: id }]);
});

test('--as waits for the turn of one consumer, and takes back what the others did', async () => {
  const id = await deadLetter('{"id":"o-1"}');
  engine.consume(jobs, 'audit', (message, clients) =>
    pay({ ...message, Body: '{"id":"o-1","state":"seen"}' }, clients),
  );
  await run('queue hold jobs');
  engine.consume(jobs, 'billing', pay);
  const report = await json(`dlq try ${id} --as bill`);
  expect(report.delivery).toMatchObject({
    ...{ caller: 'billing', outcome: 'acknowledged' },
    items: [{ changes: [{ before: 'new', after: 'paid' }] }],
  });
  const { Items } = await engine.call('dynamodb', 'Scan', { TableName: 'orders' });
  expect(Items).toEqual([{ id: { S: 'o-1' }, state: { S: 'new' } }]);
  expect((await json('queue list')).queues).toMatchObject([{ queue: 'dead', ready: 1 }, { hold: { where: null } }]);
});

test('6 when nobody takes it', async () => {
  const id = await deadLetter('{}');
  const before = await world();
  const { code, stderr } = await run(`dlq try ${id} --timeout 0.05 --as billing`);
  expect([code, stderr]).toEqual([6, expect.stringContaining('no consumer billing took message')]);
  expect(stderr).toContain('nothing was changed');
  expect(await world()).toEqual(before);
});

test.each([
  ['dlq try none', 1, 'no message "none" lies in a dead-letter queue'],
  ['dlq try', 2, 'missing required argument'],
  ['dlq try none --to nowhere', 1, 'there is no queue "nowhere"'],
])('%s is refused', async (line, code, message) => {
  const outcome = await run(line);
  expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
});
