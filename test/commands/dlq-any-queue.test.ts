import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Session } from '../support/session.ts';

const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

let session: Session;
/** Over HTTP, as the call log has only what came so. */
async function call(operation: string, input: object): Promise<any> {
  const answer = await fetch(session.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  return text === '' ? {} : JSON.parse(text);
}
const urlOf = (queue: string) => `${session.endpoint}/000000000000/${queue}`;
const send = (queue: string, body: string, more: object = {}) =>
  call('SendMessage', { QueueUrl: urlOf(queue), MessageBody: body, ...more });

async function makeQueue(QueueName: string, deadLetterQueue: string, more: Record<string, string> = {}) {
  await call('CreateQueue', { QueueName: deadLetterQueue, Attributes: more });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(deadLetterQueue), maxReceiveCount: 1 });
  await call('CreateQueue', { QueueName, Attributes: { RedrivePolicy, ...more } });
}

/** Received once and given back: the next receive moves it to the dead-letter queue. */
async function fail(queue: string): Promise<void> {
  const { Messages = [] } = await call('ReceiveMessage', { QueueUrl: urlOf(queue), MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages) {
    await call('ChangeMessageVisibility', { QueueUrl: urlOf(queue), ReceiptHandle, VisibilityTimeout: 0 });
  }
  await call('ReceiveMessage', { QueueUrl: urlOf(queue), MaxNumberOfMessages: 10 });
}

const bodies = async (queue: string) => {
  const { Messages = [] } = await call('ReceiveMessage', { QueueUrl: urlOf(queue), MaxNumberOfMessages: 10 });
  return (Messages as { Body: string }[]).map(({ Body }) => Body).sort();
};
const json = async (line: string) => (await session.run(`${line} --json`)).json();

beforeEach(async () => {
  session = await new Session().engine();
  await makeQueue('jobs', 'jobs-dead');
});
afterEach(() => session.close());

test('what the call log knows is the reason, without the stack', async () => {
  await send('jobs', '{"total": 7}');
  await fail('jobs');
  await send('jobs-dead', 'by hand');
  const { queue, messages } = await json('dlq show jobs');
  expect(queue).toBe('jobs-dead');
  expect(messages).toMatchObject([
    { source: 'jobs', reason: 'returned', attempts: 1, error: { message: expect.stringMatching(/ gave it back$/) } },
    { attempts: 0 },
  ]);
  expect(messages[0]).not.toHaveProperty('order');
  const { stdout } = await session.run(`dlq show jobs-d --message ${messages[0].message_id}`);
  expect(stdout).toMatch(/^ {2}from +jobs\n {2}attempts +1, sent .*\n {2}reason +returned: /m);
  expect(await json('dlq list')).toMatchObject({
    queues: [],
    others: [
      { queue: 'jobs-dead', dead_letters_of: ['jobs'], reasons: [{ reason: 'returned' }, { reason: 'unknown' }] },
    ],
  });
});

test('they are moved back, chosen by what their bodies hold and why they failed', async () => {
  for (const total of [1, 2, 3]) await send('jobs', `{"total": ${total}}`);
  await fail('jobs');
  const report = await json('dlq redrive jobs-dead --where "total > 1 and reason = returned"');
  expect(report).toMatchObject({ queue: 'jobs-dead', to: 'jobs', moved: 2, skipped: 1, unknown_fields: [] });
  expect(await bodies('jobs')).toEqual(['{"total": 2}', '{"total": 3}']);
  expect(await json('dlq redrive jobs')).toMatchObject({ moved: 1, way: 'move_task', remaining: 0 });
});

test('--order is for the shop', async () => {
  const outcome = await session.run('dlq redrive jobs --order ord_1');
  expect(outcome).toMatchObject({ code: 2 });
  expect(outcome.stderr).toContain("try: --where 'order_id = ord_1'");
});

test('purge asks, and deletes', async () => {
  await send('jobs-dead', 'a');
  expect((await session.run('dlq purge jobs', { answers: [false] })).code).toBe(5);
  expect(await json('dlq purge jobs --yes')).toEqual({ queue: 'jobs-dead', purged: 1 });
});

describe('a dead-letter queue of several queues', () => {
  beforeEach(async () => {
    await makeQueue('mails', 'jobs-dead');
    await send('jobs', 'job');
    await send('mails', 'mail');
    await fail('jobs');
    await fail('mails');
  });

  test('wants to know which of them', async () => {
    const outcome = await session.run('dlq redrive jobs-dead');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('dead letters of several queues are in jobs-dead: jobs, mails');
    expect(await json('dlq redrive mails')).toMatchObject({ to: 'mails', moved: 1, skipped: 1, remaining: 1 });
    expect(await bodies('mails')).toEqual(['mail']);
  });

  test('--to takes any queue, and source chooses', async () => {
    await call('CreateQueue', { QueueName: 'later' });
    const line = 'dlq redrive jobs-dead --to later --where "source = jobs"';
    expect(await json(line)).toMatchObject({ to: 'later', moved: 1, skipped: 1 });
    expect(await bodies('later')).toEqual(['job']);
    expect((await session.run('dlq redrive jobs-dead --to nowhere')).code).toBe(1);
  });
});

test('of a FIFO queue each goes back in its group and order, however soon', async () => {
  await makeQueue('steps.fifo', 'steps-dead.fifo', { FifoQueue: 'true' });
  for (const [index, MessageGroupId] of ['a', 'a', 'b'].entries()) {
    await send('steps.fifo', `${MessageGroupId}${index}`, { MessageGroupId, MessageDeduplicationId: `d${index}` });
  }
  for (let round = 0; round < 3; round++) await fail('steps.fifo');
  const report = await json('dlq redrive steps --where "body != x"');
  expect(report).toMatchObject({ way: 'receive_send_delete', moved: 3, failed: 0, remaining: 0 });
  const { Messages } = await call('ReceiveMessage', {
    QueueUrl: urlOf('steps.fifo'),
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['MessageGroupId'],
  });
  const got = (Messages as { Body: string; Attributes: { MessageGroupId: string } }[]).map(
    ({ Body, Attributes }) => Attributes.MessageGroupId + Body,
  );
  expect(got.filter((text) => text.startsWith('a'))).toEqual(['aa0', 'aa1']);
  expect(got).toContain('bb2');
});

test('a project without the shop has its own dead-letter queues, and no call that asks for the shop', async () => {
  await session.run('dlq list');
  await session.run('trace @last');
  expect((await session.run('calls --failed --as cliffracer --since 1h --json')).json().calls).toEqual([]);
});

test('queues without any dead-letter queue are no failure, and no queue at all is', async () => {
  const other = await new Session().engine();
  onTestFinished(() => other.close());
  expect((await other.run('dlq list')).code).toBe(4);
  const place = { account: '000000000000', region: 'us-east-1', service: 'sqs' } as const;
  await other.emulator!.engine.call({ ...place, operation: 'CreateQueue', input: { QueueName: 'alone' } });
  expect(await other.run('dlq list')).toMatchObject({ code: 0, stdout: 'No queue has a dead-letter queue.\n' });
});
