import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallLog } from '../../src/emulator/calls/log.ts';
import { type Program, programsOf } from '../support/programs.ts';
import { Session, START } from '../support/session.ts';

let session: Session;
let shop: Program;
let worker: Program;

beforeEach(async () => {
  session = await new Session().engine();
  session.emulator!.engine.clock.freeze(START);
  const { program } = programsOf(session.emulator!);
  shop = program('shop');
  worker = program('worker');
});
afterEach(() => session.close());

const advance = (ms: number) => session.emulator!.engine.advanceTo(session.emulator!.engine.clock.now() + ms);

async function queue(name: string, Attributes: Record<string, string> = {}): Promise<string> {
  return (await shop.sqs('CreateQueue', { QueueName: name, Attributes })).QueueUrl;
}
const send = async (url: string, more: object = {}): Promise<string> =>
  (await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: 'work', ...more })).MessageId;
const receive = async (url: string) => (await worker.sqs('ReceiveMessage', { QueueUrl: url })).Messages[0];
const dlq = (name: string) =>
  JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`, maxReceiveCount: 2 });

/** Ids by the order in which they appear. */
function scrub(text: string): string {
  const names = new Map<string, string>();
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      if (!names.has(id)) names.set(id, `MESSAGE-${names.size + 1}`);
      return names.get(id)!;
    })
    .replace(/\b[0-9a-f]{8}\b/g, 'ID8');
}

async function why(what: string, terminal = 80): Promise<string> {
  const { code, stdout, stderr } = await session.run(`why ${what}`, { terminal, env: { NO_COLOR: '1' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(terminal);
  return scrub(stdout);
}
const fate = async (what: string) => (await session.run(`why ${what} --json`)).json().fate;

test('ready, and nobody comes', async () => {
  const url = await queue('jobs');
  await send(url);
  expect(await why(await send(url))).toMatchSnapshot();
});

test('delayed', async () => {
  expect(await why(await send(await queue('jobs'), { DelaySeconds: 60 }))).toMatchSnapshot();
});

test('in hand of a consumer, in 80 and 60 columns', async () => {
  const url = await queue('jobs');
  const id = await send(url);
  await receive(url);
  advance(31_000);
  await receive(url);
  expect(await why(id)).toMatchSnapshot();
  expect(await why(id, 60)).toMatchSnapshot();
});

test('blocked by a message of its group', async () => {
  const url = await queue('jobs.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  await send(url, { MessageGroupId: 'customer-1', MessageBody: 'first' });
  const id = await send(url, { MessageGroupId: 'customer-1', MessageBody: 'second' });
  await receive(url);
  expect(await why(id)).toMatchSnapshot();
});

test('a duplicate of one before, and the one before', async () => {
  const url = await queue('jobs.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const id = await send(url, { MessageGroupId: 'a' });
  expect(await send(url, { MessageGroupId: 'a' })).toBe(id);
  expect(await why(id)).toMatchSnapshot();
  const { calls } = (await session.run('calls --operation SendMessage --json --limit 1')).json();
  expect(await fate(calls[0].effects[0].message_id)).toEqual({ state: 'duplicate', of: id });
});

test('held', async () => {
  const url = await queue('jobs');
  const id = await send(url);
  await fetch(`${session.endpoint}/_cliffracer/sqs/queues/jobs/hold`, { method: 'POST' });
  expect(await why(id)).toMatchSnapshot();
});

test('dead-lettered, with the calls that were refused in its deliveries', async () => {
  await queue('jobs-dlq');
  const url = await queue('jobs', { RedrivePolicy: dlq('jobs-dlq') });
  const id = await send(url);
  for (let attempt = 1; attempt <= 2; attempt++) {
    await receive(url);
    await worker.dynamodb('PutItem', { TableName: 'nowhere', Item: { id: { S: 'x' } } });
    advance(31_000);
  }
  await worker.sqs('ReceiveMessage', { QueueUrl: url });
  expect(await why(id)).toMatchSnapshot();
});

test('deleted, by whom and in which delivery', async () => {
  const url = await queue('jobs');
  const id = await send(url);
  const { ReceiptHandle } = await receive(url);
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle });
  expect(await why(id)).toMatchSnapshot();
});

test('expired', async () => {
  const id = await send(await queue('jobs', { MessageRetentionPeriod: '60' }));
  advance(61_000);
  expect(await why(id)).toMatchSnapshot();
});

test('purged; the queue deleted; the state replaced', async () => {
  const url = await queue('jobs');
  const purged = await send(url);
  await worker.sqs('PurgeQueue', { QueueUrl: url });
  expect(await why(purged)).toMatchSnapshot();
  const lost = await send(url);
  await worker.sqs('DeleteQueue', { QueueUrl: url });
  expect(await fate(lost)).toMatchObject({ state: 'queue_deleted', by: { caller: 'worker' } });
  const url2 = await queue('others');
  await session.run('snapshot save before');
  const undone = await send(url2);
  await session.run('snapshot load before');
  expect(await fate(undone)).toMatchObject({ state: 'replaced', change: 'snapshot_loaded', name: 'before' });
});

test('what a loaded snapshot undid is not told, though the ids come again', async () => {
  const url = await queue('jobs');
  await session.run('snapshot save before');
  const first = await send(url);
  await receive(url);
  await session.run('snapshot load before');
  expect(await send(url)).toBe(first);
  const { ReceiptHandle } = await receive(url);
  const attempts = async () => (await session.run(`why ${first} --json`)).json().deliveries;
  expect(await attempts()).toMatchObject([{ attempt: 1, end: null }]);
  const trace = async () => (await session.run(`trace ${first} --json`)).json();
  expect((await trace()).counts).toMatchObject({ messages: 1, deliveries: 1 });
  await session.run('snapshot save received');
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle });
  await session.run('snapshot load received');
  expect(await fate(first)).toMatchObject({ state: 'in_flight', attempt: 1 });
  advance(31_000);
  await receive(url);
  expect(await attempts()).toMatchObject([{ attempt: 1 }, { attempt: 2, end: null }]);
  await session.run('snapshot load received');
  expect(await attempts()).toMatchObject([{ attempt: 1 }]);
});

test('moved by a task, and what it became', async () => {
  await queue('jobs-dlq');
  const url = await queue('jobs', { RedrivePolicy: dlq('jobs-dlq') });
  const id = await send(url);
  for (let attempt = 1; attempt <= 2; attempt++) {
    await receive(url);
    advance(31_000);
  }
  await worker.sqs('ReceiveMessage', { QueueUrl: url });
  await worker.sqs('StartMessageMoveTask', { SourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs-dlq' });
  advance(1_000);
  expect(await why(id)).toMatchSnapshot();
  const { message_id } = await fate(id);
  expect(await fate(message_id)).toMatchObject({ state: 'ready', received: 0 });
});

test('published: filtered, refused by the policy, delivered', async () => {
  const allowed = { Policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*' }] }) };
  await queue('billing', allowed);
  await queue('audit');
  await queue('mail', allowed);
  const topic = /<TopicArn>(.*)<\/TopicArn>/.exec(await shop.sns('CreateTopic', { Name: 'news' }))![1]!;
  for (const name of ['billing', 'audit', 'mail']) {
    const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${name}`;
    const filter = { 'Attributes.entry.1.key': 'FilterPolicy', 'Attributes.entry.1.value': '{"kind":["order"]}' };
    await shop.sns('Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint, ...(name === 'mail' && filter) });
  }
  await shop.sns('Publish', { TopicArn: topic, Message: 'hello' });
  const { messages } = (await (await fetch(`${session.endpoint}/_cliffracer/calls/messages`)).json()) as {
    messages: { message_id: string; sent_to: string }[];
  };
  const published = messages.find(({ sent_to }) => sent_to === 'news')!.message_id;
  expect(await why(published)).toMatchSnapshot();
  expect(await why('audit')).toMatchSnapshot();
  expect(await why('mail', 60)).toMatchSnapshot();
});

test('a queue: who sends and receives', async () => {
  const url = await queue('jobs');
  await send(url);
  await receive(url);
  expect(await why('jobs')).toMatchSnapshot();
});

test('by the beginning of an id, and @last; a beginning of several is a usage error', async () => {
  const url = await queue('jobs');
  const id = await send(url);
  expect((await session.run(`why ${id.slice(0, 6)} --json`)).json().message_id).toBe(id);
  expect((await session.run('why @last --json')).json().message_id).toBe(id);
  const ids = [id];
  while (new Set(ids.map((each) => each[0])).size === ids.length) ids.push(await send(url));
  const { code, stderr } = await session.run(`why ${ids.at(-1)![0]}`);
  expect(code).toBe(2);
  expect(stderr).toContain('is the beginning of several messages');
});

test('a message older than the log: still in its queue, and gone', async () => {
  session.emulator!.engine.calls = new CallLog({ count: 3, bytes: 1_000_000 });
  const url = await queue('jobs');
  const id = await send(url);
  for (let more = 0; more < 4; more++) await send(url);
  expect(await why(id)).toMatchSnapshot();
  const { ReceiptHandle } = await receive(url);
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle });
  for (let more = 0; more < 4; more++) await send(url);
  const { code, stderr } = await session.run(`why ${id}`);
  expect(code).toBe(1);
  expect(stderr).toContain('in the call log, which begins at call 10: what came before is no longer kept');
});

test('an id of nothing', async () => {
  await queue('jobs');
  const { code, stderr } = await session.run('why nothing');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'error: no message "nothing" in a queue or in the call log\ntry: cliffracer calls --operation SendMessage\n',
  });
});
